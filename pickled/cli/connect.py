"""Which broker and which instance a command talks to: options, environment, `pickled.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pickled.config import MqttConfig, load
from pickled.config.forms import PORT, TLS_PORT, broker_address
from pickled.errors import UsageError
from pickled.topics import Root


@dataclass(frozen=True)
class BrokerOptions:
    """Where the broker is, who we are there, and whose topics we use."""

    mqtt: MqttConfig
    instance: str

    @property
    def root(self) -> Root:
        """The instance's topics."""
        return Root(self.mqtt.base_topic, self.instance)


def resolve(
    *,
    broker: str | None,
    instance: str | None,
    password_file: Path | None,
    config: Path | None,
    environ: Mapping[str, str],
    ca_file: Path | None = None,
) -> BrokerOptions:
    """Options win over the environment, which wins over the configuration file.

    Raises UsageError and ConfigError.
    """
    told = parse_broker_url(broker) if broker else {}
    if instance is not None:
        told["PICKLED_INSTANCE"] = instance
    kept = dict(environ)
    if password_file is not None:
        kept.pop("PICKLED_MQTT__PASSWORD", None)
        told["PICKLED_MQTT__PASSWORD_FILE"] = str(password_file.absolute())
    if ca_file is not None:
        told["PICKLED_MQTT__CA_FILE"] = str(ca_file.absolute())
    loaded = load(config, environ=kept | told, cwd=Path.cwd()).config
    return BrokerOptions(loaded.mqtt, loaded.instance)


def parse_broker_url(url: str) -> dict[str, str]:
    """The variables that say the same as `mqtt[s]://[user@]host[:port]`; raises UsageError."""
    try:
        address = broker_address(url, wanted="write mqtt[s]://[user@]host[:port]")
    except ValueError as error:
        raise UsageError(f"--broker {error}.") from error
    told = {
        "PICKLED_MQTT__HOST": address.host,
        "PICKLED_MQTT__PORT": str(address.port or (TLS_PORT if address.tls else PORT)),
        "PICKLED_MQTT__TLS": str(bool(address.tls)).lower(),
    }
    if address.username:
        told["PICKLED_MQTT__USERNAME"] = address.username
    return told
