"""Mosquitto's configuration and its password file, as 2.0 and 2.1 both take them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FOLDER = "/etc/mosquitto"
PASSWORDS, ACCESS_LIST = f"{FOLDER}/pickled.passwd", f"{FOLDER}/pickled.acl"
CERTIFICATE, KEY = f"{FOLDER}/certs/pickled.crt", f"{FOLDER}/certs/pickled.key"
PORT, TLS_PORT, WEBSOCKET_PORT = 1883, 8883, 8884

_ITERATIONS, SALT_BYTES = 101, 12
"""As mosquitto_passwd has them."""
_PARTS = 5
_BEGIN = "# >>> pickled: written by `pickled install mosquitto`, which replaces all of it"
_END = "# <<< pickled"


@dataclass(frozen=True)
class Listeners:
    """Where the broker listens, beside port 1883 for this machine alone."""

    open_port: bool = False
    """Port 1883 for the network, too, in clear text."""
    tls: bool = False
    """8883 for the network, by a certificate."""
    websocket: bool = False
    """8884 for browsers and Stream Decks; by the certificate, if there is one."""


@dataclass(frozen=True)
class Settled:
    """What other files of the configuration say already: named twice, it is an error."""

    passwords: str = ""
    """The password file."""
    access_list: str = ""
    ports: frozenset[int] = frozenset()
    anonymous: bool = False
    """Whoever gives no name is let in."""
    per_listener: bool = False
    """Each listener has settings of its own."""


NOTHING = Settled()

BY_HAND = """\
# Mosquitto 2.0 or 2.1 for pickled. `pickled install mosquitto` puts this in place, with users,
# passwords and certificates. By hand: copy it to /etc/mosquitto/conf.d/pickled.conf and the file
# `acl` beside it to /etc/mosquitto/pickled.acl, give each user a password, and both files to
# Mosquitto's own user, or 2.1 does not start:
#   sudo mosquitto_passwd -c /etc/mosquitto/pickled.passwd pickled
#   sudo mosquitto_passwd /etc/mosquitto/pickled.passwd node-laptop
#     (and so on: vision, web, hass, deck, chat-youtube)
#   sudo chown mosquitto: /etc/mosquitto/pickled.passwd /etc/mosquitto/pickled.acl
#   sudo chmod 600 /etc/mosquitto/pickled.passwd /etc/mosquitto/pickled.acl
"""

_LIMITS = """\
set_tcp_nodelay true
max_packet_size 1000000
# So many values a view at QoS 1 gets when it subscribes with a wildcard; of more it never hears.
max_queued_messages 5000
persistent_client_expiration 1d
autosave_interval 300
"""

_COMMENTED = """\
# The laptop, Home Assistant and a Stream Deck come over the network. With a certificate (its key
# has to be readable by Mosquitto's own user: chown mosquitto):
{tls}
# Browsers and some Stream Deck plugins speak MQTT over WebSocket:
{websocket}
# Without a certificate, passwords and voices cross the network in the clear. In a home network that
# you trust: write `listener 1883` above, without an address. Never open that port to the internet.
"""


def configuration(
    listeners: Listeners | None = None, settled: Settled = NOTHING, *, head: str = BY_HAND
) -> str:
    """The file; without `listeners` those for the network are there to be uncommented."""
    chosen = listeners or Listeners()
    files = []
    if not settled.passwords:
        files.append(f"password_file {PASSWORDS}")
    if not settled.access_list:
        files.append(f"acl_file {ACCESS_LIST}")
    text = "\n".join([head, "allow_anonymous false", *files, "", _LIMITS])
    if PORT not in settled.ports:
        text += f"\nlistener {PORT}{'' if chosen.open_port else ' 127.0.0.1'}\n"
    tls, websocket = _listener(TLS_PORT, tls=True), _listener(WEBSOCKET_PORT, tls=True, web=True)
    if listeners is None:
        return f"{text}\n{_COMMENTED.format(tls=_comment(tls), websocket=_comment(websocket))}"
    if chosen.tls and TLS_PORT not in settled.ports:
        text += f"\n{tls}\n"
    if chosen.websocket and WEBSOCKET_PORT not in settled.ports:
        text += f"\n{_listener(WEBSOCKET_PORT, tls=chosen.tls, web=True)}\n"
    return text


def _listener(port: int, *, tls: bool, web: bool = False) -> str:
    lines = [f"listener {port}"]
    if web:
        lines.append("protocol websockets")
    if tls:
        lines += [f"certfile {CERTIFICATE}", f"keyfile {KEY}"]
    return "\n".join(lines)


def _comment(lines: str) -> str:
    return "".join(f"#{line}\n" for line in lines.splitlines())


def settled_in(files: Iterable[str]) -> Settled:
    """What the texts of other files of the configuration say, the last word counting."""
    said: dict[str, str] = {}
    ports = set()
    for text in files:
        for line in text.splitlines():
            word, _, rest = line.strip().partition(" ")
            said[word] = rest.strip()
            if word in ("listener", "port") and (found := re.match(r"\s*(\d+)", rest)):
                ports.add(int(found[1]))
    return Settled(
        passwords=said.get("password_file", ""),
        access_list=said.get("acl_file", ""),
        ports=frozenset(ports - {0}),
        anonymous=said.get("allow_anonymous") == "true",
        per_listener=said.get("per_listener_settings") == "true",
    )


def password_line(user: str, password: str, *, salt: bytes) -> str:
    """A user's line of the password file, as mosquitto_passwd would write it (PBKDF2, SHA-512)."""
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    coded = (base64.b64encode(each).decode() for each in (salt, made))
    return f"{user}:$7${_ITERATIONS}${'$'.join(coded)}"


def named_in(passwords: str) -> list[str]:
    """The users of a password file."""
    return [line.split(":")[0] for line in passwords.splitlines() if ":" in line]


def with_users(passwords: str, lines: Mapping[str, str]) -> str:
    """A password file with those users' lines beside the others'."""
    return _without(passwords, lines) + "".join(f"{line}\n" for line in lines.values())


def without_users(passwords: str, users: Iterable[str]) -> str:
    """A password file without those users."""
    return _without(passwords, set(users))


def _without(passwords: str, users: Iterable[str]) -> str:
    gone = set(users)
    return "".join(f"{line}\n" for line in passwords.splitlines() if line.split(":")[0] not in gone)


def has_password(passwords: str, user: str, password: str) -> bool:
    """Does the file hold that user with that password, as we write it?"""
    line = next((each for each in passwords.splitlines() if each.startswith(f"{user}:")), "")
    parts = line.partition(":")[2].split("$")
    if len(parts) != _PARTS or parts[1:3] != ["7", str(_ITERATIONS)] or not password:
        return False
    try:
        salt = base64.b64decode(parts[3], validate=True)
    except ValueError:
        return False
    return password_line(user, password, salt=salt) == line


def with_block(text: str, block: str) -> str:
    """Somebody's file with ours at its end."""
    rest = without_block(text)
    gap = "" if not rest or rest.endswith("\n") else "\n"
    return f"{rest}{gap}{_BEGIN}\n{block.rstrip()}\n{_END}\n"


def without_block(text: str) -> str:
    """Somebody's file without ours."""
    before, begun, rest = text.partition(f"{_BEGIN}\n")
    if not begun:
        return text
    return before + rest.partition(f"{_END}\n")[2]
