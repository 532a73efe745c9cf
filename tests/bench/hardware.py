"""First sound on slow and fast machines: how fast the model reads and writes decides."""

from __future__ import annotations

import asyncio
import json
from math import inf
from statistics import median
from typing import Any

from tests.bench.figures import Figure, percentile
from tests.bench.first_sound import sound_device
from tests.bench.pieces import ANSWERS
from tests.bench.services import Hardware
from tests.bench.stage import QUESTIONS, CoHost, co_host, stage
from tests.bench.turns import ours

ABOUT = (
    "as the first sound, with models that write and read at other speeds: tokens a second, and "
    "tokens of the prompt a second (4 characters each; what is the same as in the prompt before "
    "is not read again) before the first one is written, with 50 ms for the way; a prompt is as "
    "short as the model can read in 3 s, and what all of them begin with is read before"
)
WRITING = (5.0, 10.0, 40.0)
READING = (20.0, 200.0, 2000.0)
HOME_SERVER = (10.0, 50.0)
WORTH_S = 20.0
"""So long after it a mention is worth an answer."""
LINES = 6
LINE = "the harbour looks so calm tonight, does it not, with all the boats back home"
_WAY_MS = 50.0
WITHIN_S = 120.0
"""So long an answer may take."""


async def measure(how: str) -> list[Figure]:
    """A home server without a GPU in a chat that goes on, and each speed on a quiet one."""
    count = {"quick": 2, "bench": 3, "prove": 16}[how]
    pairs = [(writing, reading) for writing in WRITING for reading in READING]
    figures = await _mentions(*HOME_SERVER, count * 2)
    return [*figures, *[await _row(writing, reading, count) for writing, reading in pairs]]


async def _mentions(writing: float, reading: float, count: int) -> list[Figure]:
    """From the first one on, right after the start, with lines of others before each."""
    hardware = Hardware(first_token_ms=_WAY_MS, tokens_per_s=writing, prefill_per_s=reading)
    took: list[float] = []
    sockets: list[str] = []
    async with sound_device() as sink, stage(sink, hardware) as on, co_host(on) as co:
        for number in range(count):
            for line in range(LINES):
                await on.chat(f"{LINE} {number}.{line}", user=f"Guest{number}x{line}")
                await asyncio.sleep(0.2)
            name = await on.chat(QUESTIONS[number % len(QUESTIONS)], user=f"Viewer{number}")
            took.append(await _worded(co, name))
            await asyncio.sleep(2.0)
        sockets += [each["text"] for each in on.model.entries() if each["what"] == "socket"]
    in_time = [each for each in took if each <= WORTH_S]
    what = f"{writing:g} tokens/s, reading {reading:g}/s, a chat that goes on"
    return [
        Figure(
            what=f"{what}: mentions that the model answered within {WORTH_S:g} s",
            value=100 * len(in_time) / count,
            unit="%",
            at_least=100,
            note=f"{count} mentions, {LINES} lines of others before each, the first right after "
            "the start; the others are read out, or expire",
        ),
        Figure(
            what=f"{what}: first sound, p50",
            value=median(in_time) if in_time else None,
            unit="s",
            at_most=WORTH_S,
            note=f"the longest {max(in_time, default=0):.1f} s",
        ),
        Figure(
            what=f"{what}: prompts on a connection to the model that was open already",
            value=100 * sockets.count("kept") / len(sockets),
            unit="%",
            at_least=100,
            note=f"{len(sockets)} prompts",
        ),
    ]


async def _worded(co: CoHost, name: str) -> float:
    """From the line to the sound of an answer that the model worded, s; for ever without one."""
    sent = co.stage.sent[name]
    try:
        decided = await co.until("event/decision", _answers(name), after=sent, timeout=WITHIN_S)
    except TimeoutError:
        return inf
    turn = json.loads(decided.payload)["turn"]
    ended = await co.until(
        "response/state", lambda said: said["turn"] == turn, after=sent, timeout=WITHIN_S
    )
    if json.loads(ended.payload)["text"] not in ANSWERS:
        return inf
    sounds = co.seen("node/{node}/played", after=sent)
    return next((at - sent for at, said in sounds if said.get("utterance") == f"{turn}.0"), inf)


def _answers(name: str) -> Any:
    return lambda said: said["event_type"] == "answer" and name in said["messages"]


async def _row(writing: float, reading: float, count: int) -> Figure:
    hardware = Hardware(first_token_ms=_WAY_MS, tokens_per_s=writing, prefill_per_s=reading)
    async with sound_device() as sink:
        turns = await ours(sink, count, hardware, within_s=WITHIN_S)
    totals = [each.total_ms for each in turns]
    read = median((each.began - each.asked) * 1000 for each in turns)
    return Figure(
        what=f"{writing:g} tokens/s, reading {reading:,g}/s: first sound, p50",
        value=median(totals) / 1000,
        unit="s",
        note=f"{len(turns)} turns, p95 {percentile(totals, 95) / 1000:.1f} s; of it {read:,.0f} ms "
        "until the first token",
    )
