"""Why there is no connection, in words that name the remedy."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass

from pickled.config import MqttConfig

_BAD_PROTOCOL, _BAD_CREDENTIALS, _TAKEN_OVER = 132, (134, 135), 142
_CUT, _KEEPALIVE = 128, 141
"""What paho calls a lost connection that the broker did not explain."""


@dataclass(frozen=True)
class Cause:
    """Why, and what follows from it."""

    text: str
    bad_credentials: bool = False
    """Trying again soon can't help."""
    taken_over: bool = False
    """Another connection of the same name has taken our place."""


def silence(config: MqttConfig) -> Cause:
    """Nothing is answered."""
    where = f"{config.host}:{config.port}"
    return Cause(f"the broker at {where} does not answer: does it hang, or the network to it?")


def explain(error: BaseException, config: MqttConfig) -> Cause:
    """Find the cause in an error of aiomqtt's: in its reason code, or in what lies behind it."""
    reason = getattr(error, "rc", None)
    code = getattr(reason, "value", None)
    if code is not None:
        return _of_code(code, str(reason), config)
    where = f"{config.host}:{config.port}"
    match error.__context__ or error:
        case TimeoutError():
            return silence(config)
        case ConnectionRefusedError():
            text = f"nothing listens at {where}: is Mosquitto running there?"
        case ssl.SSLCertVerificationError():
            text = f"the certificate of {where} is not trusted: name its authority in mqtt.ca_file"
        case ssl.SSLError():
            text = f"{where} does not speak TLS: check mqtt.port and mqtt.tls"
        case socket.gaierror():
            text = f"the name {config.host} is unknown: check mqtt.host"
        case _:
            text = f"the broker at {where}: {error}"
    return Cause(text)


def _of_code(code: int, reason: str, config: MqttConfig) -> Cause:
    if code in _BAD_CREDENTIALS and config.username is None:
        text = "the broker wants a user: set mqtt.username and mqtt.password_file"
        return Cause(text, bad_credentials=True)
    if code in _BAD_CREDENTIALS:
        check = "check mqtt.username and mqtt.password_file"
        return Cause(f"the broker refuses user {config.username}: {check}", bad_credentials=True)
    if code == _BAD_PROTOCOL:
        return Cause("the broker does not speak MQTT 5: use Mosquitto 2")
    if code == _CUT:
        return Cause(f"the connection to {config.host}:{config.port} was cut")
    if code == _KEEPALIVE:
        return silence(config)
    return Cause(f"the broker ended the connection: {reason}", taken_over=code == _TAKEN_OVER)
