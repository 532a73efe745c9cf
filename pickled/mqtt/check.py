"""Holds live traffic against the contract: every message that a subscriber to `#` sees."""

from __future__ import annotations

import json

from pydantic import ValidationError

from pickled.audio import Frame
from pickled.bucket import Bucket
from pickled.errors import CommandRefused, ContractError
from pickled.messages import command
from pickled.mqtt.rules import too_large
from pickled.topic_rows import Topic
from pickled.topics import REPLIES, Root

_TOLERANCE = 1.1
"""Messages don't arrive in the rhythm in which they were sent."""

_BURST_S = 1.5
"""How much of a second's messages may come at once."""

_LEAST_BURST = 4
"""A state may be sent again on a reconnect, and for Home Assistant."""


class ContractCheck:
    """Feed it everything; each message yields its violations, as sentences.

    `commands`: hold commands against the contract too; not where a test sends hostile ones.
    `elsewhere`: topics outside the instance that are fine, as response topics; a trailing `/#`
    covers all below.
    """

    def __init__(
        self,
        root: Root,
        discovery_prefix: str = "homeassistant",
        *,
        commands: bool = True,
        elsewhere: tuple[str, ...] = (),
    ) -> None:
        self._root = root
        self._prefix = discovery_prefix
        self._commands = commands
        self._elsewhere = elsewhere
        self._buckets: dict[str, Bucket] = {}

    def feed(self, topic: str, payload: bytes, retain: bool, at: float) -> list[str]:
        """Check one message: `retain` as it was published, `at` in s on any steady clock."""
        if not topic.startswith(self._root("")):
            return self._outside(topic, payload, retain)
        found = self._root.find(topic)
        if found is None:
            fine = self._is_reply(topic) or self._is_foreign_command(topic)
            return [] if fine else [f"{topic}: not in the contract"]
        row = found[0]
        if row.kind == "command" and not self._commands:
            return []
        if retain and not payload:
            return []  # somebody clears a retained message
        problems = [
            *_unbuilt(row),
            *_flag(row, retain),
            *_payload(row, payload, retain),
            *self._rate(row, topic, at),
        ]
        return [f"{topic}: {each}" for each in problems]

    def _outside(self, topic: str, payload: bytes, retain: bool) -> list[str]:
        if any(_covers(each, topic) for each in self._elsewhere):
            return []
        if not topic.startswith(f"{self._prefix}/"):
            return [f"{topic}: a stray topic"]
        if topic == f"{self._prefix}/status":
            return []
        if not retain:
            return [f"{topic}: discovery must be retained"]
        try:
            fine = not payload or isinstance(json.loads(payload), dict)
        except (ValueError, RecursionError):
            fine = False
        return [] if fine else [f"{topic}: discovery must be one JSON object"]

    def _is_reply(self, topic: str) -> bool:
        return topic.startswith(f"{self._root(REPLIES)}/")

    def _is_foreign_command(self, topic: str) -> bool:
        path = topic[len(self._root("")) :]
        return not self._commands and (path.startswith("cmd/") or path.endswith("/set"))

    def _rate(self, row: Topic, topic: str, at: float) -> list[str]:
        if row.max_rate is None:
            return []
        most = max(_LEAST_BURST, row.max_rate * _BURST_S)
        bucket = self._buckets.setdefault(topic, Bucket(row.max_rate * _TOLERANCE, most))
        return [] if bucket.take(at) else [f"more than {row.max_rate:g} a second"]


def _unbuilt(row: Topic) -> list[str]:
    ours = row.kind != "command" and "vision" not in row.by
    return ["its feature does not exist yet"] if ours and not row.built else []


def _flag(row: Topic, retain: bool) -> list[str]:
    if row.retain == retain:
        return []
    return ["must be retained" if row.retain else "must not be retained"]


def _payload(row: Topic, payload: bytes, retain: bool) -> list[str]:
    if too_large(payload, retain=retain):
        return [f"{len(payload)} bytes are too large"]
    try:
        if row.kind == "command":
            command.parse(row.payload, payload)
        elif row.path.endswith("/audio"):
            Frame.decode(payload)
        else:
            row.decode(payload)
    except (ContractError, ValidationError) as error:
        return [f"invalid payload {payload[:80]!r}: {_first_line(error)}"]
    return []


def _first_line(error: ContractError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
    return error.code if isinstance(error, CommandRefused) else str(error)


def _covers(allowed: str, topic: str) -> bool:
    if allowed.endswith("/#"):
        return topic.startswith(allowed[:-1])
    return topic == allowed
