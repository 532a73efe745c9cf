"""Which broker a command talks to."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.cli.connect import BrokerOptions, parse_broker_url, resolve
from pickled.errors import ConfigError, UsageError


def found(
    folder: Path,
    *,
    broker: str | None = None,
    instance: str | None = None,
    password_file: Path | None = None,
    config: str | None = None,
    **environ: str,
) -> BrokerOptions:
    """Resolve in a folder of the test's own."""
    path = None
    if config is not None:
        path = folder / "pickled.yaml"
        path.write_text(config)
    return resolve(
        broker=broker,
        instance=instance,
        password_file=password_file,
        config=path,
        environ={"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), **environ},
    )


def test_option_wins_over_environment_over_file(tmp_path: Path) -> None:
    """`--broker` and `--instance` win, then the variables, then the file."""
    config = "instance: cellar\nmqtt: {host: 127.0.0.3, port: 3, base_topic: mine}\n"
    options = found(
        tmp_path,
        broker="mqtt://127.0.0.1:1",
        config=config,
        PICKLED_MQTT__HOST="127.0.0.2",
        PICKLED_MQTT__USERNAME="node-a",
    )
    assert (options.mqtt.host, options.mqtt.port) == ("127.0.0.1", 1)
    assert (options.mqtt.username, options.instance) == ("node-a", "cellar")
    assert options.root("info") == "mine/cellar/info"
    assert found(tmp_path, config=config, PICKLED_MQTT__HOST="127.0.0.2").mqtt.port == 3
    assert found(tmp_path, config=config, instance="attic").instance == "attic"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("mqtt://broker", "broker", "1883", "false"),
        ("mqtts://broker", "broker", "8883", "true"),
        ("mqtts://deck@broker:7", "broker", "7", "true"),
        ("broker:7", "broker", "7", "false"),
        ("mqtt://[::1]:7", "::1", "7", "false"),
        ("::1", "::1", "1883", "false"),
        ("tls://broker", "broker", "8883", "true"),
    ],
)
def test_url_gives_host_port_and_tls(url: str, host: str, port: str, tls: str) -> None:
    """The usual ports are taken where none is named."""
    told = parse_broker_url(url)
    assert told["PICKLED_MQTT__HOST"] == host
    assert told["PICKLED_MQTT__PORT"] == port
    assert told["PICKLED_MQTT__TLS"] == tls
    assert ("PICKLED_MQTT__USERNAME" in told) is ("@" in url)


@pytest.mark.parametrize(
    "url", ["mqtt://a:secret@b", "ws://b", "mqtt://", "mqtt://b:99999", "mqtt://b/c", "mqtt://[b"]
)
def test_wrong_url_is_refused_without_its_secret(url: str) -> None:
    """A password in a URL is refused, and not repeated."""
    with pytest.raises(UsageError) as refused:
        parse_broker_url(url)
    assert "secret" not in str(refused.value)
    assert "--password-file" in str(refused.value) or "write mqtt[s]://" in str(refused.value)


def test_password_file_wins_over_the_variable(tmp_path: Path) -> None:
    """The file that is named is the one that counts."""
    secret = tmp_path / "password"
    secret.write_text("from-file\n")
    secret.chmod(0o600)
    options = found(tmp_path, password_file=secret, PICKLED_MQTT__PASSWORD="from-environment")
    assert options.mqtt.password is not None
    assert options.mqtt.password.get_secret_value() == "from-file"


def test_password_to_another_machine_needs_tls(tmp_path: Path) -> None:
    """A password is not sent in clear text over the network unless that is wanted."""
    with pytest.raises(ConfigError, match="clear text"):
        found(tmp_path, broker="mqtt://192.0.2.1", PICKLED_MQTT__PASSWORD="secret")
    found(tmp_path, broker="mqtts://192.0.2.1", PICKLED_MQTT__PASSWORD="secret")


def test_authority_of_the_option_wins(tmp_path: Path) -> None:
    """`--ca-file` is a path from here, over the file and the variable."""
    path = tmp_path / "pickled.yaml"
    path.write_text("mqtt: {host: 127.0.0.1, ca_file: old.pem}")
    options = resolve(
        broker="mqtts://127.0.0.1",
        instance=None,
        password_file=None,
        config=path,
        environ={"HOME": str(tmp_path), "PICKLED_MQTT__CA_FILE": "/older.pem"},
        ca_file=tmp_path / "ca.pem",
    )
    assert options.mqtt.ca_file == tmp_path / "ca.pem"
    assert options.mqtt.tls
