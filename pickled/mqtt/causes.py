"""Why there is no connection, or not all of one, in words that name the remedy: for all programs.

Needs nothing but the configuration, so that the node can use it, too.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from pickled.config import MqttConfig
from pickled.topics import Root

_SENTENCES = {
    "silent": (
        "the broker at {where} does not answer",
        "does it hang, or the network to it? Is it an MQTT broker?",
    ),
    "nothing listens": ("nothing listens at {where}", "is Mosquitto running there?"),
    "unknown host": ("the name {host} is unknown", "check mqtt.host"),
    "no way": ("there is no way to {host}", "check mqtt.host, and the network of this machine"),
    "untrusted": (
        "the certificate of {where} is not trusted",
        "name its authority in mqtt.ca_file (PICKLED_MQTT__CA_FILE)",
    ),
    "expired": (
        "the certificate of {where}, or its authority's, has expired",
        "have a new one made; if it has not, check the clock of this machine",
    ),
    "not yet valid": (
        "the certificate of {where}, or its authority's, is not valid yet",
        "check the clock of this machine, and that of the one that made it",
    ),
    "other name": (
        "the certificate of {where} is made for another name than {host}",
        "write into mqtt.host the name that it is made for, or have one made for {host}",
    ),
    "no tls": (
        "{where} does not speak TLS",
        "check mqtt.port (for TLS mostly 8883) and mqtt.tls",
    ),
    "hung up": (
        "{where} closed the connection before it answered",
        "does that port want mqtt.tls? Is it an MQTT broker?",
    ),
    "hung up in tls": (
        "{where} closed the connection before it answered",
        "does it ask for a certificate of ours? Is it an MQTT broker?",
    ),
    "anonymous": (
        "the broker at {where} wants a user",
        "set mqtt.username and mqtt.password_file; clientid_prefixes, if set, have to fit {base}-",
    ),
    "credentials": (
        "the broker at {where} refuses user {user}",
        "check mqtt.username, mqtt.password_file; clientid_prefixes, if set, have to fit {base}-",
    ),
    "banned": ("the broker at {where} has banned us", "look into its log and its configuration"),
    "protocol": ("the broker at {where} does not speak MQTT 5", "use Mosquitto 2"),
    "cut": ("the connection to {where} was cut", "it is tried again"),
    "shutting down": ("the broker at {where} was stopped", "it is tried again"),
    "packet": (
        "the broker at {where} takes no packet as large as one of ours",
        "raise max_packet_size in mosquitto.conf",
    ),
    "retain": (
        "the broker at {where} keeps no retained messages, and nothing works without",
        "set `retain_available true` in mosquitto.conf",
    ),
    "qos": (
        "the broker at {where} takes nothing but QoS 0, and we need QoS 1",
        "set `max_qos 2` in mosquitto.conf",
    ),
}
"""A cause, and the remedy for it."""

_CODES = {
    128: "cut",
    132: "protocol",
    134: "credentials",
    135: "credentials",
    138: "banned",
    139: "shutting down",
    141: "silent",
    149: "packet",
    154: "retain",
    155: "qos",
}
"""The broker's reason codes, of a refused or ended connection."""

NOT_AUTHORIZED = "Not authorized"
"""The broker's reason where its access list forbids something."""

_VERIFY_CODES = {9: "not yet valid", 10: "expired", 62: "other name", 64: "other name"}
"""OpenSSL's; all others mean that nobody vouches for the certificate."""

_TAKEN_OVER = 142
_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)


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
    return _cause("silent", config)


def hung_up(config: MqttConfig) -> Cause:
    """The connection was closed before the broker said yes or no."""
    return _cause("hung up in tls" if config.tls else "hung up", config)


def explain(error: BaseException, config: MqttConfig) -> Cause:
    """Find the cause in an error of a library's: in its reason code, or in what lies behind it."""
    reason = getattr(error, "rc", None)
    code = getattr(reason, "value", None)
    if code is not None:
        return of_code(code, str(reason), config)
    for each in _behind(error):
        if kind := _kind(each, config):
            return _cause(kind, config)
    return Cause(f"the broker at {_where(config)} can't be reached: {error}")


def of_code(code: int, reason: str, config: MqttConfig, *, answered: bool = True) -> Cause:
    """What the broker's reason code means, at connecting or at the end of a connection.

    Not `answered`: it ended before the broker said yes or no.
    """
    kind = _CODES.get(code)
    if not answered and kind != "silent":
        return hung_up(config)
    if kind is None:
        text = f"the broker at {_where(config)} ended the connection: {reason}"
        return Cause(text, taken_over=code == _TAKEN_OVER)
    return _cause("anonymous" if kind == "credentials" and not config.username else kind, config)


def rival(name: str) -> str:
    """Somebody else has that client name, so that each takes the other's place."""
    return (
        f"another process uses the same name {name} at this broker: stop it, or give each its own "
        "`instance`, a node its own --name"
    )


def refusal(reason: str, what: str, config: MqttConfig, root: Root, *, node: str = "") -> str:
    """Why the broker does not take, or give us, `what`: a topic, or topics; of a `node`, or not."""
    if reason != NOT_AUTHORIZED:
        return f"the broker at {_where(config)} does not take {what}: {reason}"
    told = (
        f"the broker's access list forbids {what} to user {config.username or 'without a name'} "
        f"({reason}): give that user the rights that `{access_command(root, node=node)}` prints"
    )
    if node and config.username and not config.username.endswith(f"node-{node}"):
        told += f"; node {node} comes as the user node-{node}, or under another --name"
    return told


def access_command(root: Root, *, node: str = "") -> str:
    """What prints the access list of that instance."""
    command = f"pickled topics acl --instance {root.instance}"
    if root.base != MqttConfig().base_topic:
        command += f" --base-topic {root.base}"
    return f"{command} --node {node}" if node else command


def too_small(limit: int, config: MqttConfig) -> str:
    """The broker takes no packets above so many bytes, and we have larger ones."""
    text = _cause("packet", config).text
    return f"{text}; it takes {limit} bytes now"


def _kind(error: BaseException, config: MqttConfig) -> str | None:
    match error:
        case TimeoutError():
            return "silent"
        case ConnectionRefusedError():
            return "nothing listens"
        case ssl.SSLCertVerificationError():
            return _VERIFY_CODES.get(error.verify_code, "untrusted")
        case ssl.SSLError():
            return "no tls"
        case ConnectionResetError() | BrokenPipeError():
            return "no tls" if config.tls else "hung up"
        case socket.gaierror() | UnicodeError():
            return "unknown host"
        case OSError() if error.errno in _NO_WAY:
            return "no way"
    return None


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it was made of."""
    yield error
    if (inner := error.__cause__ or error.__context__) is not None:
        yield from _behind(inner)


def _cause(kind: str, config: MqttConfig) -> Cause:
    what, remedy = _SENTENCES[kind]
    text = f"{what}: {remedy}".format(
        where=_where(config), host=config.host, user=config.username, base=config.base_topic
    )
    return Cause(text, bad_credentials=kind in ("anonymous", "credentials"))


def _where(config: MqttConfig) -> str:
    return f"{config.host}:{config.port}"
