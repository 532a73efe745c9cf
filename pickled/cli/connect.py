"""Which broker and which instance a command talks to: options, environment, `pickled.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pickled.config import MqttConfig, load
from pickled.errors import UsageError
from pickled.topics import Root

_TLS_PORT, _PORT = 8883, 1883


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
    loaded = load(config, environ=kept | told, cwd=Path.cwd()).config
    return BrokerOptions(loaded.mqtt, loaded.instance)


def parse_broker_url(url: str) -> dict[str, str]:
    """The variables that say the same as `mqtt[s]://[user@]host[:port]`; raises UsageError."""
    hint = "write mqtt[s]://[user@]host[:port]"
    try:
        parts = urlsplit(url if "://" in url else f"mqtt://{url}")
        port = parts.port
    except ValueError as error:
        raise UsageError(f"--broker: not a valid address ({error}); {hint}.") from error
    if parts.password is not None:
        raise UsageError(
            "A password in a URL ends up in process lists: use --password-file, or set "
            "PICKLED_MQTT__PASSWORD."
        )
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or parts.path.strip("/"):
        raise UsageError(f"--broker {url}: {hint}.")
    tls = parts.scheme == "mqtts"
    told = {
        "PICKLED_MQTT__HOST": parts.hostname,
        "PICKLED_MQTT__PORT": str(port or (_TLS_PORT if tls else _PORT)),
        "PICKLED_MQTT__TLS": str(tls).lower(),
    }
    if parts.username:
        told["PICKLED_MQTT__USERNAME"] = unquote(parts.username)
    return told
