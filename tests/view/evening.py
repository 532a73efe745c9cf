"""What is published about turns: as a daemon does it, and as somebody who means harm would."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from pickled.messages.decision import Decision
from pickled.messages.node import Played
from pickled.messages.response import Recipient, ResponseEvent, ResponseState, StageTimes
from pickled.messages.state import HeldState, LatencyState
from pickled.mqtt.examples import examples
from pickled.topic_rows import Topic
from pickled.topics import TOPICS

NOW = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
ANA, BEN = "abcdefghijkl", "bcdefghijklm"

TOLD = tuple(row for row in TOPICS if row.kind in ("state", "event") or row.path.endswith("played"))
"""What a reader of turns may hear."""


def moment(at: float) -> datetime:
    """Seconds after the begin."""
    return NOW + timedelta(seconds=at)


def response(turn: str, kind: str, at: float, **fields: Any) -> ResponseEvent:
    """An event of a turn."""
    given = {"ts": moment(at), "turn": turn, "event_type": kind, "persona": "John", **fields}
    return ResponseEvent.model_validate(given)


def told(turn: str, at: float, *words: str, old: bool = False) -> list[tuple[object, float]]:
    """All that is published about a turn, each with the second in which it is heard.

    `old`: by a daemon whose latency names no turn, and whose last event has no more than words.
    """
    times = StageTimes(gate=2.0, llm_first_token=200.0, total=240.0 + at)
    last = at + len(words) + 2
    new = {} if old else {"messages": (f"m-{turn}",), "reason": "mention", "stages": times}
    text = " ".join(words)
    ended = {"text": text, "heard": text, "outcome": "finished", "emotion": "happy", **new}
    asked = {"turn": turn, "messages": (f"m-{turn}",), "reason": "mention"}
    waiting = {"turn": turn, "text": text, "expires_at": moment(at + 30)}
    values: list[tuple[object, float]] = [
        (Decision(ts=moment(at), event_type="answer", **asked), at),
        (response(turn, "started", at), at),
        (HeldState.model_validate([waiting]), at),
    ]
    for index, clause in enumerate(words):
        begun = at + 1 + index
        said = {"index": index, "text": clause, "emotion": "happy"}
        values.append((response(turn, "clause", begun, **said), begun))
        values.append((played(turn, index, 900.0 * (index + 1)), begun + 0.9))
    return [
        *values,
        (LatencyState(**times.model_dump(), turn=None if old else turn), last),
        (state(turn, text, last), last),
        (response(turn, "finished", last, **ended), last),
    ]


def played(turn: str, index: int, ms: float, how: Any = "finished") -> Played:
    """A node has played so much."""
    return Played(session=1, stream=9, utterance=f"{turn}.{index}", state=how, played_ms=ms)


def state(turn: str, text: str, at: float, *to: Recipient) -> ResponseState:
    """`response/state` of it."""
    to = to or (Recipient(source="twitch", user="ana", text="and now?"),)
    said = {"emotion": "happy", "text": text, "heard": text, "outcome": "finished"}
    return ResponseState(turn=turn, persona="John", to=to, at=moment(at), **said)


_ODD = st.sampled_from(
    [
        *(None, True, -1, 0, 1e308, float("inf"), float("nan"), 2**80),
        *("", "\x1b[2J", "\ud800", "x" * 5000, ANA, f"{BEN}.0", [], {}, [ANA] * 3),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ]
)


@st.composite
def hostile(draw: st.DrawFn) -> tuple[Topic, bytes]:
    """A row, and a payload that is nearly what it should be, or anything at all."""
    row = draw(st.sampled_from(TOLD))
    payload = draw(st.sampled_from(examples(row)))
    if row.form != "json" or draw(st.integers(0, 9)) == 0:
        return row, draw(st.binary(max_size=40) | st.just(payload) | st.just(b"[" * 5000))
    fields = json.loads(payload)
    inner = fields[0] if isinstance(fields, list) and fields else fields
    for key in draw(st.lists(st.sampled_from([*inner, "turn", "stages"]), max_size=3)):
        inner[key] = draw(_ODD)
    return row, json.dumps(fields).encode("utf-8", "surrogatepass")
