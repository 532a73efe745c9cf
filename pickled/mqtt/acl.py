"""Mosquitto's access list, printed from the contract's table: for one instance, or for several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pickled.topic_rows import Role, Topic
from pickled.topics import REPLIES, TOPICS, Root

USERS: tuple[Role, ...] = ("pickled", "vision", "web", "hass", "deck")
"""The users that exist once.

Beside them each node has one of its own, `node-<name>`, and whoever brings chat, `chat-<name>`.
"""

EXAMPLE_NODE = "laptop"
EXAMPLE_CHAT = "youtube"
_OWN_TREE = "node/{node}/"
_DISCOVERY = {
    "pickled": (
        "read {prefix}/status",
        "read homeassistant/status",  # its birth message, whatever the prefix is
        "readwrite {prefix}/device/+/config",  # `doctor` and `mqtt purge` read what is left over
    ),
    "hass": ("readwrite {prefix}/#",),
}


@dataclass(frozen=True)
class Access:
    """An instance whose users get rights."""

    root: Root = field(default_factory=Root)
    nodes: tuple[str, ...] = (EXAMPLE_NODE,)
    chats: tuple[str, ...] = ()
    """Who brings chat from elsewhere."""
    discovery_prefix: str = "homeassistant"


def user_name(user: str, root: Root) -> str:
    """What that user is called at the broker: of all but the default instance, with its name."""
    return user if root.instance == Root().instance else f"{root.instance}.{user}"


def of_user(name: str | None, root: Root) -> str:
    """Whose rights that name has in this instance: `hass`, `node-laptop` …; empty if nobody's."""
    if name is None:
        return ""
    plain = name
    if root.instance != Root().instance:
        plain = name.removeprefix(f"{root.instance}.")
        if plain == name:
            return ""
    return plain if plain in USERS or plain.startswith(("node-", "chat-")) else ""


def users(instances: Sequence[Access], *, shared: Sequence[str] = ()) -> list[str]:
    """The names of all users of those instances, each once."""
    found: dict[str, None] = {}
    for each in instances:
        plain = [*USERS, *(f"node-{name}" for name in each.nodes)]
        plain += [f"chat-{name}" for name in each.chats]
        found |= {user if user in shared else user_name(user, each.root): None for user in plain}
    return list(found)


def access_list(
    root: Root,
    *,
    nodes: Sequence[str] = (EXAMPLE_NODE,),
    chats: Sequence[str] = (EXAMPLE_CHAT,),
    discovery_prefix: str = "homeassistant",
) -> str:
    """The access list of one instance; what no line allows is denied."""
    return access_lists([Access(root, tuple(nodes), tuple(chats), discovery_prefix)])


def access_lists(instances: Sequence[Access], *, shared: Sequence[str] = ()) -> str:
    """Those of several instances, as one file: Mosquitto takes no second one.

    A user in `shared`, as `hass`, is one and the same for all of them.
    Mosquitto can't cut `node-` off a user's name in a pattern, so each node has its own block.
    """
    blocks: dict[str, list[str]] = {}
    for each in instances:
        for role in USERS:
            user = role if role in shared else user_name(role, each.root)
            blocks.setdefault(user, []).extend(_rights(role, user, each))
        for name in each.nodes:
            user = user_name(f"node-{name}", each.root)
            blocks.setdefault(user, []).extend(_node(name, user, each.root))
        for name in each.chats:
            user = user_name(f"chat-{name}", each.root)
            blocks.setdefault(user, []).extend(_rights("chat", user, each))
    texts = ("\n".join([f"user {user}", *dict.fromkeys(lines)]) for user, lines in blocks.items())
    return "\n".join([_HEAD, *(f"{text}\n" for text in texts)])


_HEAD = """\
# Who may do what, printed by `pickled topics write` from the contract's table.
# For your own instances and nodes: `pickled topics acl --instance home --node laptop --node phone`.
# For who brings chat from elsewhere, `--chat youtube` adds the user chat-youtube.
# A user who is not named here may do nothing. Below `reply` everybody has a place of his own,
# for the answers on MQTT 5 response topics.
"""


def _rights(role: Role, user: str, access: Access) -> Iterable[str]:
    root = access.root
    yield from _rows(role, ((row, root(row.path, node="+")) for row in TOPICS))
    if role == "pickled":
        yield f"topic write {root(REPLIES)}/#"
    yield _own_replies(user, root)
    for each in _DISCOVERY.get(role, ()):
        yield f"topic {each.format(prefix=access.discovery_prefix)}"


def _node(name: str, user: str, root: Root) -> Iterable[str]:
    shared = ((row, root(row.path)) for row in TOPICS if not row.path.startswith(_OWN_TREE))
    yield from _rows("node", shared)
    yield f"topic readwrite {root(_OWN_TREE, node=name)}#"
    yield _own_replies(user, root)


def _own_replies(user: str, root: Root) -> str:
    return f"topic readwrite {root(REPLIES)}/{user}/#"


def _rows(role: Role, rows: Iterable[tuple[Topic, str]]) -> Iterable[str]:
    for row, topic in rows:
        if role in row.by and role in row.to:
            yield f"topic readwrite {topic}"
        elif role in row.by:
            yield f"topic write {topic}"
        elif role in row.to:
            yield f"topic read {topic}"
