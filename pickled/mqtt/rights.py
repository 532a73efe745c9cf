"""Which classes of topics the daemon's user may really use: tried by delivery, harmlessly."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pickled.errors import BrokerError
from pickled.messages.command import CommandEvent
from pickled.messages.node import Ping
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root, topic

_SETTLE_S = 0.5


@dataclass(frozen=True)
class _Trial:
    """Something that may be published at any time, and changes nothing."""

    what: str
    topic: str
    payload: bytes
    retain: bool = False
    comes_back: bool = True
    """May the user read it, too?"""


def lacking(
    talk: Conversation, root: Root, *, mark: str, info: bytes, discovery_prefix: str
) -> list[str]:
    """What the list refuses to the user that the daemon has, in words; empty if nothing.

    `info` is what is retained on `info` now, or nothing: it is sent once more as it is.
    """
    trials = list(_trials(root, mark, info, discovery_prefix))
    talk.subscribe(*(each.topic for each in trials if each.comes_back))
    _drain(talk)
    found, waits = [], {}
    for each in trials:
        try:
            talk.publish(each.topic, each.payload, retain=each.retain, expiry_s=_expiry(each))
        except BrokerError:
            found.append(f"to publish {each.what}")
        else:
            if each.comes_back:
                waits[each.topic] = each.what
    end = time.monotonic() + _SETTLE_S
    while waits and (left := end - time.monotonic()) > 0:
        if message := talk.next(left):
            waits.pop(message.topic, None)
    return found + [f"to read {what}" for what in waits.values()]


def _trials(root: Root, mark: str, info: bytes, prefix: str) -> Iterator[_Trial]:
    ping = json.dumps({"id": f"doctor-{mark}"}).encode()
    yield _Trial("commands (cmd/ping)", root("cmd/ping"), ping)
    answer = CommandEvent(
        ts=datetime.now(UTC),
        event_type="accepted",
        command="cmd/ping",
        id=f"doctor-{mark}",
        code="ok",
    )
    event = topic("event/command").encode(answer)
    yield _Trial("events (event/command)", root("event/command"), event)
    yield _Trial("states (info)", root("info"), info, retain=True)
    life = topic("node/{node}/ping").encode(Ping(id=0, sent_ms=time.time() * 1000))
    to_nobody = root("node/{node}/ping", node=f"doctor-{mark}")
    yield _Trial("what nodes are told", to_nobody, life, comes_back=False)
    if prefix:
        nobody = f"{prefix}/device/{root.base}_{root.instance}_doctor/config"
        yield _Trial("Home Assistant's discovery", nobody, b"", retain=True, comes_back=False)


def _expiry(trial: _Trial) -> int | None:
    return None if trial.retain else 1


def _drain(talk: Conversation) -> None:
    """What came before is no answer."""
    with suppress(BrokerError):
        while talk.next(0) is not None:
            pass
