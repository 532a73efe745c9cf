"""A thousand messages a minute: how old is what is answered, and does it still obey at once?"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.commands import commands_ms, ping
from tests.bench.figures import Figure, percentile
from tests.bench.first_sound import other_arm, sound_device
from tests.bench.flood import chatter
from tests.bench.services import read_journal
from tests.bench.stage import CoHost, Stage, co_host, stage
from tests.brain import planted
from tests.stand_ins.pulse import NullSink

ABOUT = (
    "1,000 messages a minute about the road, a mention every 24 s, cooldown 1 s; "
    "the same model, voice and processes as for the first sound; age is from the sending of the "
    "line to the decision as a subscriber sees it; the event loop is watched by a task in it that "
    "sleeps 4 ms at a time: how late it wakes is how long the loop was blocked or had no processor"
)
PER_MINUTE = 1000
MENTION_EVERY = 400
"""Messages."""

MENTION_TTL_S = 20.0


@dataclass
class Crowd:
    """What was said, by id."""

    mentions: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """What the co-host made of it, in ms."""

    ages: list[float] = field(default_factory=list)
    mentions: list[float] = field(default_factory=list)
    """To the first sound of their answers."""
    unanswered: int = 0
    """Mentions of which nothing was decided within their time."""
    commands: list[float] = field(default_factory=list)
    """While it spoke."""
    blocked: tuple[float, float] = (0.0, 0.0)
    """The longest time, and how much of it the loop itself used the processor."""
    memory_mb: tuple[float, float] = (0.0, 0.0)
    """At the beginning and at the end."""


async def measure(how: str) -> list[Figure]:
    """Ours, then the plain pipeline, with the same chat."""
    seconds = {"quick": 25, "bench": 120, "prove": 600}[how]
    async with sound_device() as sink:
        ours = await _ours(sink, seconds)
        ages, sounds = await _plain(sink, min(seconds, 120))
    return [*_figures(ours, seconds), *_plain_figures(ages, sounds, ours)]


def _figures(seen: Seen, seconds: int) -> list[Figure]:
    blocked, own = seen.blocked
    return [
        Figure(
            what="age of an unaddressed message that is answered, p95",
            value=percentile(seen.ages, 95) / 1000 if seen.ages else None,
            unit="s",
            at_most=4,
            note=f"{len(seen.ages)} answers in {seconds} s",
        ),
        Figure(
            what="mentions neither answered nor expired in their 20 s",
            value=seen.unanswered,
            at_most=0,
            note=f"{len(seen.mentions)} answered",
        ),
        Figure(
            what="command while it speaks, seen by a subscriber, p95",
            value=percentile(seen.commands, 95) if seen.commands else None,
            unit="ms",
            at_most=200,
            note=f"{len(seen.commands)} commands, longest {max(seen.commands, default=0):.0f} ms",
        ),
        Figure(
            what="event loop blocked while it speaks, longest",
            value=blocked,
            unit="ms",
            at_most=30,
            note=f"of it {own:.0f} ms of its own work, the rest without a processor",
        ),
        Figure(
            what="daemon's memory at the end",
            value=seen.memory_mb[1],
            unit="MB",
            at_most=150,
            note=f"{seen.memory_mb[0]:.0f} MB before",
        ),
    ]


def _plain_figures(ages: Sequence[float], sounds: Sequence[float], ours: Seen) -> list[Figure]:
    return [
        Figure(what="mention to first sound, p50", value=_p50(ours.mentions), unit="s"),
        Figure(what="plain pipeline: mention to first sound, p50", value=_p50(sounds), unit="s"),
        Figure(
            what="plain pipeline: age of what is answered, p95",
            value=percentile(ages, 95) / 1000 if ages else None,
            unit="s",
            note="of all lines in its batches",
        ),
    ]


def _p50(values: Sequence[float]) -> float | None:
    return median(values) / 1000 if values else None


async def _ours(sink: NullSink | None, seconds: int) -> Seen:
    async with stage(sink) as on:
        watched = on.folder / "loop.jsonl"
        async with co_host(on, watched=watched) as co:
            await co.send("cooldown/set", "1")
            before = co.daemon.resident_mb
            asking = asyncio.create_task(ping(co, every_s=0.2))
            crowd = await flood(on, seconds)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await asyncio.sleep(MENTION_TTL_S + 1)
            seen = _seen(co, crowd)
            seen.memory_mb = (before, co.daemon.resident_mb)
            seen.blocked = longest(watched, _speaking(co))
            return seen


async def flood(on: Stage, seconds: int, *, seed: int = 1) -> Crowd:
    """The chat."""
    dice, crowd = random.Random(seed), Crowd()
    texts = chatter(dice, planted.corpus("dev"))
    began = time.monotonic()
    for number in range(seconds * PER_MINUTE // 60):
        await asyncio.sleep(max(0.0, began + number * 60 / PER_MINUTE - time.monotonic()))
        text = next(texts)
        user = f"Viewer{dice.randrange(400)}"
        if number % MENTION_EVERY == MENTION_EVERY // 4:
            crowd.mentions.append(await on.chat(f"john, {text}?", user=user))
            continue
        crowd.others.append(await on.chat(text, user=user))
    return crowd


def _seen(co: CoHost, crowd: Crowd) -> Seen:
    seen, sent = Seen(), co.stage.sent
    others, decided = set(crowd.others), {}
    turns = {}
    for at, said in co.seen("event/decision"):
        if said["event_type"] == "answer":
            turns |= dict.fromkeys(said["messages"], said["turn"])
            asked = said["messages"][-1]
            if asked in others:
                seen.ages.append((at - sent[asked]) * 1000)
        if said["event_type"] in ("answer", "merge", "expire", "skip"):
            decided |= dict.fromkeys(said["messages"], at)
    sounds = _first_sounds(co)
    for name in crowd.mentions:
        if decided.get(name, float("inf")) > sent[name] + MENTION_TTL_S + 0.2:
            seen.unanswered += 1
        if sounds.get(turns.get(name, "")):
            seen.mentions.append((sounds[turns[name]] - sent[name]) * 1000)
    speaking = _speaking(co)
    seen.commands = [
        taken_ms
        for at, taken_ms in commands_ms(co)
        if any(begin <= at <= end for begin, end in speaking)
    ]
    return seen


def _first_sounds(co: CoHost) -> dict[str, float]:
    sounds: dict[str, float] = {}
    for at, said in co.seen("node/{node}/played"):
        if said["state"] == "started":
            sounds.setdefault(said["utterance"].partition(".")[0], at)
    return sounds


def _speaking(co: CoHost) -> list[tuple[float, float]]:
    """From when until when it spoke."""
    times: list[tuple[float, float]] = []
    since = None
    for at, said in co.seen("speaking/state"):
        if said == "ON" and since is None:
            since = at
        elif said == "OFF" and since is not None:
            times.append((since, at))
            since = None
    return times


def longest(watched: Path, within: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The longest time that the loop was blocked, and how much of it it used itself; ms."""
    late = [
        (each["ms"], min(each["ms"], each["own_ms"]))
        for each in read_journal(watched)
        if each["what"] == "late" and any(begin <= each["at"] <= end for begin, end in within)
    ]
    return max(late, default=(0.0, 0.0))


async def _plain(sink: NullSink | None, seconds: int) -> tuple[list[float], list[float]]:
    """Ages of what it answers, and mention to first sound; ms."""
    async with stage(sink) as on, other_arm(on, "plain") as journal:
        crowd = await flood(on, seconds)
        await asyncio.sleep(MENTION_TTL_S + 1)
        entries: list[dict[str, Any]] = read_journal(journal)
    ages = [
        (each["at"] - on.sent[name]) * 1000
        for each in entries
        if each["what"] == "decided"
        for name in each["ids"]
    ]
    sounds = [
        (each["at"] - on.sent[name]) * 1000
        for each in entries
        if each["what"] == "sound"
        for name in each["ids"]
        if name in crowd.mentions
    ]
    return ages, sounds
