"""Secrets come from files and credentials, and show nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.config import secrets
from tests.config.reading import read, refused


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_secret_from_a_file(tmp_path: Path, ending: str) -> None:
    """`password_file` and any part's `…_file` of a secret are read; the line's end is no part."""
    (tmp_path / "secret").write_text("pa ss" + ending, newline="")
    text = "mqtt: {username: a, password_file: secret}\nllm: {kind: x, api_key_file: secret}"
    config = read(tmp_path, text).config
    assert config.mqtt.password
    assert config.mqtt.password.get_secret_value() == "pa ss"
    assert config.llm.options == {"api_key": "pa ss"}
    assert secrets(config) == {"pa ss"}


def test_secret_from_the_environments_file(tmp_path: Path) -> None:
    """A file named in the environment wins over a password in the configuration."""
    (tmp_path / "secret").write_text("new")
    config = read(tmp_path, "mqtt: {password: old}", PICKLED_MQTT__PASSWORD_FILE="secret").config
    assert secrets(config) == {"new"}


def test_secret_from_systemds_credentials(tmp_path: Path) -> None:
    """`LoadCredential=mqtt_password:…` is enough."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "mqtt_password").write_text("s3cret\n")
    (folder / "something_else").write_text("x")
    config = read(tmp_path, CREDENTIALS_DIRECTORY=str(folder)).config
    assert secrets(config) == {"s3cret"}


def test_folder_of_credentials(tmp_path: Path) -> None:
    """As units load it: named after it; one that is empty, or stands in for none, is not set."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    for name, text in {
        "pickled": "none",
        "pickled_mqtt_password": "s3cret\n",
        "pickled_llm_api_key": "\n",
        "tts_api_key": "none",
    }.items():
        (folder / name).write_text(text)
    loaded = read(tmp_path, CREDENTIALS_DIRECTORY=str(folder))
    assert secrets(loaded.config) == {"s3cret"}
    assert any("llm_api_key is empty" in note for note in loaded.notes)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mqtt: {password_file: nowhere}", "nowhere"),
        ("mqtt: {password_file: empty}", "is empty"),
        ("mqtt: {password: a, password_file: empty}", "both given"),
    ],
)
def test_secret_that_can_not_be_read(tmp_path: Path, text: str, part: str) -> None:
    """The file is named, never its content."""
    (tmp_path / "empty").write_text("\n")
    assert part in refused(tmp_path, text)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    """Neither in a printed configuration nor in the text of an error."""
    text = "mqtt: {password: hunter22}\ninputs: [{kind: x, token: hunter22, url: 'ws://u:pw99@h'}]"
    config = read(tmp_path, text).config
    assert "hunter22" not in repr(config)
    assert secrets(config) == {"hunter22", "pw99"}
    assert "hunter22" not in refused(tmp_path, "mqtt: {password: [hunter22], port: hunter22}")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_password_in_clear_text_to_this_machine(tmp_path: Path, host: str) -> None:
    """On the machine itself nobody listens in."""
    assert read(tmp_path, f"mqtt: {{host: '{host}', password: a}}").config.mqtt.host == host


def test_password_in_clear_text_to_another_machine(tmp_path: Path) -> None:
    """Refused, unless the owner says that he trusts the network."""
    text = "mqtt: {host: 192.168.1.5, password: hunter22%s}"
    assert "mqtt.tls" in refused(tmp_path, text % "")
    assert "hunter22" not in refused(tmp_path, text % "")
    assert read(tmp_path, text % ", insecure: true").config.mqtt.insecure
    assert read(tmp_path, text % ", tls: true").config.mqtt.tls
