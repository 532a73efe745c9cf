"""Mosquitto's configuration and access list, printed from the contract's table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pickled.topic_rows import Role, Topic
from pickled.topics import REPLIES, TOPICS, Root

USERS: tuple[Role, ...] = ("pickled", "vision", "web", "hass", "deck")
"""The users that exist once; each node has one of its own beside them, `node-<name>`."""

EXAMPLE_NODE = "laptop"
_OWN_TREE = "node/{node}/"
_DISCOVERY = {
    "pickled": (
        "read {prefix}/status",
        "read homeassistant/status",  # its birth message, whatever the prefix is
        "readwrite {prefix}/device/+/config",  # `doctor` and `mqtt purge` read what is left over
    ),
    "hass": ("readwrite {prefix}/#",),
}

CONFIGURATION = """\
# Mosquitto for pickled. Copy it to /etc/mosquitto/conf.d/pickled.conf, the file `acl` beside it
# to /etc/mosquitto/pickled.acl, and give each user a password:
#   mosquitto_passwd -c /etc/mosquitto/pickled.passwd pickled
#   mosquitto_passwd /etc/mosquitto/pickled.passwd node-laptop      (vision, web, hass, deck)

allow_anonymous false
password_file /etc/mosquitto/pickled.passwd
acl_file /etc/mosquitto/pickled.acl

set_tcp_nodelay true
max_packet_size 1000000
max_queued_messages 200
persistent_client_expiration 1d
autosave_interval 300

listener 1883 127.0.0.1

# The laptop, Home Assistant and a Stream Deck come over the network. With a certificate:
#listener 8883
#certfile /etc/mosquitto/certs/server.crt
#keyfile /etc/mosquitto/certs/server.key

# Browsers and some Stream Deck plugins speak MQTT over WebSocket:
#listener 8884
#protocol websockets
#certfile /etc/mosquitto/certs/server.crt
#keyfile /etc/mosquitto/certs/server.key

# Without a certificate, passwords and voices cross the network in the clear. In a home network that
# you trust: write `listener 1883` above, without an address. Never open that port to the internet.
"""


def access_list(
    root: Root, *, nodes: Sequence[str] = (EXAMPLE_NODE,), discovery_prefix: str = "homeassistant"
) -> str:
    """The access list of an instance; what no line allows is denied.

    Mosquitto can't cut `node-` off a user's name in a pattern, so each node has its own block.
    """
    blocks = [_HEAD, *(_user(role, root, discovery_prefix) for role in USERS)]
    blocks += [_node(name, root) for name in nodes]
    own = f"{root(REPLIES)}/%u/#"
    blocks.append(
        f"# Answers on MQTT 5 response topics: everybody reads his own.\npattern read {own}\n"
    )
    return "\n".join(blocks)


_HEAD = """\
# Who may do what, printed by `pickled topics write` from the contract's table.
# For your own instance and nodes: `pickled topics acl --instance home --node laptop --node phone`.
# A user who is not named here may do nothing.
"""


def _user(role: Role, root: Root, discovery_prefix: str) -> str:
    lines = [_line(row, root(row.path, node="+"), role) for row in TOPICS]
    if role == "pickled":
        lines.append(f"topic write {root(REPLIES)}/#")
    extra = (each.format(prefix=discovery_prefix) for each in _DISCOVERY.get(role, ()))
    return _block(role, [*lines, *(f"topic {each}" for each in extra)])


def _node(name: str, root: Root) -> str:
    shared = [row for row in TOPICS if not row.path.startswith(_OWN_TREE)]
    lines = [_line(row, root(row.path), "node") for row in shared]
    return _block(f"node-{name}", [*lines, f"topic readwrite {root(_OWN_TREE, node=name)}#"])


def _line(row: Topic, topic: str, role: Role) -> str | None:
    if role in row.by and role in row.to:
        return f"topic readwrite {topic}"
    if role in row.by:
        return f"topic write {topic}"
    return f"topic read {topic}" if role in row.to else None


def _block(user: str, lines: Iterable[str | None]) -> str:
    return "\n".join([f"user {user}", *dict.fromkeys(each for each in lines if each)]) + "\n"
