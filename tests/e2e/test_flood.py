"""Floods of chat in real time: through IRC, the daemon and Mosquitto, as a subscriber sees it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from random import Random
from typing import Any

import pytest

from tests.bench.commands import commands_ms, ping
from tests.bench.figures import percentile
from tests.bench.flood import (
    ALIKE,
    EAGER,
    Flood,
    Sent,
    Told,
    account,
    ages,
    chatter,
    f1_of_topics,
    flood,
    lost_mentions,
    p95,
    shown,
)
from tests.bench.stage import CHANNEL, CoHost, Stage, co_host, stage
from tests.brain import planted
from tests.stand_ins.twitch_irc import line as irc_line
from tests.stand_ins.twitch_irc import privmsg

pytestmark = [pytest.mark.e2e, pytest.mark.prove, pytest.mark.timeout(900)]

MINUTES = 10
RATE, SECONDS, BURST = 5_000, 20, 50
END_S = 25.0
"""After the last line: every mention has ended by then."""

Record = Callable[[str, object], None]
_TOLD = ("queue/state", "event/decision", "crowd/state", "crowd_question/state")


async def test_flood_of_ten_minutes(record_property: Record) -> None:
    """A thousand lines a minute: each is accounted for, fresh ones are answered, memory is flat."""
    planned, kept = flood(minutes=MINUTES), list[float]()
    async with stage(None) as on, co_host(on) as co:
        pinging = asyncio.create_task(ping(co, every_s=1.0))
        began = time.monotonic()
        sent = await _say(on, planned, began, lambda: kept.append(co.daemon.resident_mb))
        await asyncio.sleep(END_S)
        pinging.cancel()
        kept.append(co.daemon.resident_mb)
        told, found = _told(co), account(_told(co))
        fresh, commands = ages(told, sent), [each for _, each in commands_ms(co)]
        f1 = f1_of_topics(told, planned, sent, began=began)
        record_property("answered", found.answered)
        record_property("dropped", found.dropped)
        record_property("age p95, s", p95(fresh))
        record_property("F1 of questions", f1)
        record_property("memory by minute, MB", kept)
        record_property("command p95, ms", p95(commands))
        assert not lost_mentions(found, sent)
        assert sum(each.about == "mention" for each in planned.lines) == 30 + EAGER + ALIKE
        assert found.counted == len(sent) == 1000 * MINUTES
        assert p95(fresh) <= 4.0
        assert shown(told, planned, sent, began=began) == set(planned.questions)
        assert f1 >= 0.9
        assert _welcomed(co, "Finch")
        assert p95(commands) <= 200
        assert kept[-1] <= 1.15 * kept[1]


async def test_flood_of_five_thousand_a_second(record_property: Record) -> None:
    """For 20 s: each line is answered, merged, or dropped and counted; commands are obeyed."""
    texts = list(islice(chatter(Random(5), planted.corpus("dev")), 10_000))
    async with stage(None) as on, co_host(on) as co:
        kept, began = [co.daemon.resident_mb], time.monotonic()
        pinging = asyncio.create_task(ping(co, every_s=0.1))
        await _pour(on, texts, began)
        took = time.monotonic() - began
        await co.until(
            "queue/state", lambda said: said["waiting"] == 0, after=time.monotonic() + 2, timeout=60
        )
        pinging.cancel()
        kept.append(co.daemon.resident_mb)
        found = account(_told(co))
        commands = [each for _, each in commands_ms(co)]
        record_property("dropped", found.dropped)
        record_property("seconds", took)
        record_property("memory, MB", kept)
        record_property("command p95 and longest, ms", (p95(commands), max(commands)))
        assert found.counted == RATE * SECONDS
        assert len(commands) >= 5 * SECONDS
        assert percentile(commands, 95) <= 200
        assert kept[-1] <= 150


async def _say(
    on: Stage, planned: Flood, began: float, each_minute: Callable[[], None]
) -> dict[str, Sent]:
    """All that is planned, in its time."""
    sent: dict[str, Sent] = {}
    raided, minute = False, 0
    for line in planned.lines:
        await asyncio.sleep(max(0.0, began + line.at - time.monotonic()))
        if line.at >= planned.raid_at and not raided:
            raided = True
            await on.irc.say(_raid())
        if line.at // 60 > minute:
            minute += 1
            each_minute()
        name = await on.chat(line.text, user=line.user)
        sent[name] = Sent(on.sent[name], line)
    return sent


def _raid() -> str:
    tags = {"login": "finch", "display_name": "Finch", "msg_param_viewerCount": "250"}
    return irc_line("USERNOTICE", CHANNEL, id="raid-1", msg_id="raid", user_id="77", **tags)


async def _pour(on: Stage, texts: Iterable[str], began: float) -> None:
    """5,000 lines a second, each hundredth to the co-host."""
    said = cycle(texts)
    for start in range(0, RATE * SECONDS, BURST):
        await on.irc.say(*(_line(number, next(said)) for number in range(start, start + BURST)))
        await asyncio.sleep(max(0.0, began + (start + BURST) / RATE - time.monotonic()))


def _line(number: int, text: str) -> str:
    text = f"john, {text}" if number % 100 == 0 else text
    viewer = f"viewer{number % 2999}"
    return privmsg(text, channel=CHANNEL, user_id=viewer, login=viewer, display_name=viewer)


def _told(co: CoHost) -> list[Told]:
    """In the order in which it was seen."""
    told = [Told(at, path, value) for path in _TOLD for at, value in co.seen(path)]
    return sorted(told, key=lambda each: each.at)


def _welcomed(co: CoHost, who: str) -> bool:
    """Was a turn for them heard?"""
    states: list[Any] = [said for _, said in co.seen("response/state")]
    return any(said["heard"] and any(each["user"] == who for each in said["to"]) for said in states)
