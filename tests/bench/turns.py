"""Turns of ours on a quiet chat, with the moments of each."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from pickled.node.jitter import SHALLOW_MS
from tests.bench.services import DEFAULT, Hardware, Service
from tests.bench.stage import CoHost, co_host, quiet_chat, stage
from tests.stand_ins.pulse import NullSink

ANSWER_S = 40.0
"""So long an answer may take."""


@dataclass(frozen=True)
class Turn:
    """The moments of one of our turns, s."""

    sent: float
    asked: float
    """The model got the prompt."""
    began: float
    """It wrote the first token."""
    ended: float
    """It wrote the last token of the first clause."""
    spoken: float
    """The voice got the clause."""
    delivered: float
    """The voice had sent 60 ms of sound: what a node that knows nothing of it wants to have."""
    sounded: float
    """The device took the first sample."""

    @property
    def total_ms(self) -> float:
        return (self.sounded - self.sent) * 1000

    @property
    def above_ms(self) -> float:
        """What is ours: all but the time that model and voice needed."""
        needed = (self.ended - self.asked) + (self.delivered - self.spoken)
        return self.total_ms - needed * 1000

    @property
    def parts_ms(self) -> tuple[float, float, float]:
        """Chat to model, clause to voice, sound to device."""
        parts = (self.asked - self.sent, self.spoken - self.ended, self.sounded - self.delivered)
        return tuple(each * 1000 for each in parts)  # type: ignore[return-value]


async def ours(
    sink: NullSink | None,
    count: int,
    hardware: Hardware = DEFAULT,
    *,
    within_s: float = ANSWER_S,
    guessing: bool = True,
) -> list[Turn]:
    """The moments of so many turns."""
    async with stage(sink, hardware) as on, co_host(on, guessing=guessing) as co:

        async def answered(name: str, sent: float) -> None:
            decided = await co.until("event/decision", is_answer_to(name), after=sent)
            turn = json.loads(decided.payload)["turn"]
            await co.until(
                "response/state", lambda said: said["turn"] == turn, after=sent, timeout=within_s
            )

        await _read(on.model, within_s=within_s)
        asked = await quiet_chat(on, count + 1, answered=answered)
        return [_turn(co, name) for name in asked[1:]]  # the first one warms everything up


async def _read(model: Service, *, within_s: float) -> None:
    """Wait until the model has read what all prompts begin with, as it does before a stream."""
    async with asyncio.timeout(within_s):
        while not any(each["what"] == "read" for each in model.entries()):
            await asyncio.sleep(0.1)


def is_answer_to(name: str) -> Any:
    """Is a decision the one to answer that line?"""
    return lambda said: said["event_type"] == "answer" and said["messages"][-1] == name


def _turn(co: CoHost, name: str) -> Turn:
    sent = co.stage.sent[name]
    turn = next(said["turn"] for _, said in co.seen("event/decision") if is_answer_to(name)(said))
    clause = next(
        said["text"]
        for _, said in co.seen("event/response")
        if said.get("turn") == turn and said["event_type"] == "clause" and said["index"] == 0
    )
    (sounded,) = (
        said["at_ms"] / 1000 - clock_shift()
        for _, said in co.seen("node/{node}/played")
        if said["state"] == "started" and said["utterance"] == f"{turn}.0"
    )
    asked, began, ended = _written(co.stage.model, clause, sent)
    spoken, delivered = _delivered(co.stage.voice, clause, sent)
    return Turn(sent, asked, began, ended, spoken, delivered, sounded)


def _written(model: Service, clause: str, since: float) -> tuple[float, float, float]:
    """When the model was asked, began, and wrote the token with the clause's last character."""
    of_it = ("asked", "token")
    entries = [each for each in model.entries() if each["at"] >= since and each["what"] in of_it]
    began = next(each["at"] for each in entries if each["what"] == "token")
    text = ""
    for each in entries:
        text += each["text"]
        if clause in text:
            return entries[0]["at"], began, each["at"]
    raise ValueError(f"the model did not write {clause!r}")


def _delivered(voice: Service, clause: str, since: float) -> tuple[float, float]:
    """When the voice was asked for the clause, and when it had sent the prebuffer's sound."""
    entries = [e for e in voice.entries() if e["at"] >= since and e["text"] == clause]
    asked = next(each["at"] for each in entries if each["what"] == "asked")
    return asked, next(each["at"] for each in entries if each.get("ms", 0) >= SHALLOW_MS)


def clock_shift() -> float:
    """From the monotonic clock to the calendar, s."""
    return time.time() - time.monotonic()
