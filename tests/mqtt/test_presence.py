"""Who is there, by what is heard at the broker."""

from __future__ import annotations

import json

import pytest

from pickled.mqtt.presence import LIFE_S, Presence
from pickled.topics import Root

ROOT = Root()


def info(session: int) -> str:
    """What a daemon says of itself."""
    lists = {"personas": [], "voices": [], "emotions": []}
    return json.dumps({"version": "1", "session": session, "instance": "home", **lists})


def told(*messages: tuple[str, str]) -> Presence:
    """Those came, in order, and all the time was waited."""
    found = Presence(watched_s=LIFE_S)
    for path, payload in messages:
        row = ROOT.find(ROOT(path))
        assert row
        found.take(row, payload.encode())
    return found


@pytest.mark.parametrize(
    ("messages", "rivals"),
    [
        ([("info", info(1)), ("info", info(2))], True),
        ([("info", info(1)), ("info", info(1))], False),
        ([("availability", each) for each in ("online", "offline", "online")], True),
        ([("availability", each) for each in ("offline", "online", "online")], False),
    ],
)
def test_two_daemons_of_one_name(messages: list[tuple[str, str]], rivals: bool) -> None:
    """Two runs speak at once, or it comes and goes."""
    assert told(*messages).rivals == rivals


def test_node_that_answers_no_ping_is_silent_while_a_daemon_asks() -> None:
    """Without one nobody asks; and one that answers is there, whatever its availability says."""
    online = ("node/a/availability", "online")
    asked = ("availability", "online")
    pong = ("node/b/pong", '{"id": 1, "sent_ms": 1, "node_ms": 1}')
    assert told(online).silent == []
    assert told(online, asked, pong).silent == ["a"]
    assert told(online, asked, pong).online == ["a", "b"]
    assert told(online, asked, ("node/a/pong", pong[1])).silent == []


def test_what_is_not_in_the_contract_tells_nothing() -> None:
    """Garbage that is retained does no harm."""
    found = told(
        ("info", "{"), ("health/state", "[]"), ("availability", "maybe"), ("node/a/state", "{")
    )
    assert (found.daemon, found.info, found.health, found.online) == (False, None, None, [])
