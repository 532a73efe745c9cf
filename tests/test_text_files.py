"""Files of the owner's: each that can't be used is named, and none is waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pickled.config import Config, MqttConfig, load
from pickled.daemon.tables import load_tables
from pickled.errors import BrokerError, ConfigError
from pickled.mqtt.secure import tls_context
from pickled.orchestrator.controls.personas import load_personas
from pickled.text_files import LARGEST, read_text


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 1000 * LARGEST)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (Path.mkdir, "is a folder"),
    "pipe": (os.mkfifo, "is a pipe"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
    "socket": (_socket, "is a socket"),
    "huge": (_sparse, "is larger than 1000000 bytes"),
    "not there": (lambda _: None, "No such file"),
    "linked to itself": (lambda path: path.symlink_to(path.name), "can't be read: "),
    "not text": (lambda path: path.write_bytes(b"fine\xff\xfe"), "is not UTF-8 text"),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kind", UNUSABLE)
@pytest.mark.parametrize("key", ["words_file", "private_words_file", "emotes_file"])
def test_list_that_cannot_be_used_is_refused_by_name(tmp_path: Path, kind: str, key: str) -> None:
    """Folders, pipes, devices, what is huge or not text: a sentence, and no waiting."""
    path = tmp_path / "own.lst"
    make, why = UNUSABLE[kind]
    make(path)
    named = {key: path} if key == "emotes_file" else {"safety": {key: path}}
    with pytest.raises(ConfigError) as refused:
        load_tables(Config.model_validate(named))
    assert str(refused.value).startswith(f"{path}: ")
    assert why in str(refused.value)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kind", [each for each in UNUSABLE if each != "not there"])
def test_table_that_cannot_be_used_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    """One that extends ours, too."""
    path = tmp_path / "bots.txt"
    make, why = UNUSABLE[kind]
    make(path)
    with pytest.raises(ConfigError) as refused:
        load_tables(Config(words_dir=tmp_path))
    assert str(refused.value).startswith(f"{path}: ")
    assert why in str(refused.value)


@pytest.mark.timeout(10)
def test_persona_that_is_a_pipe_is_left_out_unless_it_is_wanted(tmp_path: Path) -> None:
    """It is waited for neither way."""
    os.mkfifo(tmp_path / "odd.yaml")
    assert "odd" not in load_personas([tmp_path], wanted="default")
    with pytest.raises(ConfigError, match="is a pipe"):
        load_personas([tmp_path], wanted="odd")


def test_text_of_the_largest_size_is_read(tmp_path: Path) -> None:
    """One byte more is too much."""
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * LARGEST)
    assert len(read_text(path)) == LARGEST
    path.write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(ConfigError, match="larger"):
        read_text(path)


NAMED = {
    "configuration": ("pickled.yaml", ""),
    "variables": (".env", ""),
    "password": ("secret", "mqtt: {username: a, password_file: secret}"),
    "key of a part": ("secret", "llm: {kind: openai, api_key_file: secret}"),
    "shared secrets": ("secrets.yaml", "mqtt: {username: a, password: !secret word}"),
}
"""What is read: the file's name, and the configuration that names it."""


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "kind", sorted(UNUSABLE.keys() - {"not there", "linked to itself", "not text"})
)
@pytest.mark.parametrize("what", NAMED)
def test_configuration_and_secrets_that_cannot_be_used_are_refused_by_name(
    tmp_path: Path, kind: str, what: str
) -> None:
    """The same sentences for what the configuration is made of; nothing is waited for."""
    name, text = NAMED[what]
    if text:
        (tmp_path / "pickled.yaml").write_text(text)
    make, why = UNUSABLE[kind]
    make(tmp_path / name)
    with pytest.raises(ConfigError) as refused:
        load(None, environ={"HOME": str(tmp_path / "home")}, cwd=tmp_path)
    assert f"{tmp_path / name}: {why}" in str(refused.value)


def test_virtual_environment_called_env_is_none_of_ours(tmp_path: Path) -> None:
    """Some people have theirs in a folder of that name."""
    (tmp_path / ".env").mkdir()
    (tmp_path / ".env" / "pyvenv.cfg").touch()
    assert load(None, environ={"HOME": str(tmp_path / "home")}, cwd=tmp_path).path is None


@pytest.mark.timeout(10)
def test_authority_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """As all other files."""
    os.mkfifo(tmp_path / "ca.pem")
    with pytest.raises(BrokerError, match=r"ca\.pem: is a pipe"):
        tls_context(MqttConfig(tls=True, ca_file=tmp_path / "ca.pem"))
