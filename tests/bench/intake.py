"""How much chat it takes in, and that each message is counted; commands are obeyed meanwhile."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path

from pickled.config import Config
from pickled.daemon.daemon import Daemon
from pickled.messages.chat import ChatMessage
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.parts.clock import system_clock
from pickled.plugins import Plugs
from tests.bench.busy import longest
from tests.bench.commands import commands_ms, ping
from tests.bench.figures import Figure, percentile
from tests.bench.flood import chatter
from tests.bench.services import read_journal
from tests.bench.stage import CHANNEL, ROOT, CoHost, Stage, co_host, stage, value
from tests.brain import planted
from tests.orchestrator.rig import Door
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, plug
from tests.stand_ins.twitch_irc import privmsg

ABOUT = (
    "through IRC: lines as fast as the daemon's process takes them from the stand-in, until a "
    "subscriber has seen or counted all of them on event/chat; then for 20 s at 5,000 a second, a "
    "command every 0.1 s beside them; inside: the daemon's parts on the in-memory broker, without "
    "parsing; counted: answered, merged, and dropped by reason, against what was sent; the lines "
    "are what 900 viewers say about the road (a third of them again in other words or spelling), "
    "but for those that are all different: `what a view number 1`, `… 2`"
)
BURST, PACE = 50, 5000
_DIFFERENT = 20_000
"""Lines, after which chat says the same again."""


async def measure(how: str) -> list[Figure]:
    """One flood through everything, two inside."""
    count, paced = {
        "quick": (10_000, 10_000),
        "bench": (50_000, 100_000),
        "prove": (500_000, 100_000),
    }[how]
    inside = await _inside(count, _texts(), "inside")
    new = await _inside(count, map("what a view number {}".format, range(count)), "all new")
    return [*await _through_irc(count, paced), *inside, *new]


def _texts() -> Iterator[str]:
    """What chat says, round and round."""
    said = list(islice(chatter(random.Random(1), planted.corpus("dev")), _DIFFERENT))
    return cycle(said)


async def _through_irc(count: int, paced: int) -> list[Figure]:
    async with stage(None) as on, co_host(on, watched=on.folder / "loop.jsonl") as co:
        before, texts = co.daemon.resident_mb, _texts()
        began = time.monotonic()
        await _lines(on, texts, count)
        seconds = await _until_all_seen(co, count) - began
        pinging, began = asyncio.create_task(ping(co, every_s=0.1)), time.monotonic()
        await _lines(on, texts, paced, per_second=PACE)
        ended = await _until_all_seen(co, count + paced)
        pinging.cancel()
        await asyncio.gather(pinging, return_exceptions=True)
        await co.until(
            "queue/state", lambda said: said["waiting"] == 0, after=time.monotonic(), timeout=60
        )
        decisions = [said for _, said in co.seen("event/decision")]
        answered = sum(len(e["messages"]) for e in decisions if e["event_type"] == "answer")
        dropped = co.seen("queue/state")[-1][1]["dropped"]
        commands = [taken_ms for _, taken_ms in commands_ms(co)]
        after = co.daemon.resident_mb
        blocked, own = longest(on.folder / "loop.jsonl", [(began, ended)])
        garbage = _longest_collection(on.folder / "loop.jsonl", since=began)
    return [
        Figure(
            what="through IRC: taken in",
            value=count / seconds,
            unit="messages/s",
            at_least=PACE,
            note=f"{count:,} in {seconds:.1f} s; memory {before:.0f} → {after:.0f} MB",
        ),
        Figure(
            what="through IRC: not counted",
            value=abs(count + paced - answered - sum(dropped.values())),
            at_most=0,
        ),
        Figure(
            what=f"through IRC: command at {PACE:,} messages/s, p95",
            value=percentile(commands, 95),
            unit="ms",
            at_most=200,
            note=f"{len(commands)} commands, longest {max(commands):.0f} ms; "
            f"{paced:,} lines in {ended - began:.1f} s",
        ),
        Figure(
            what=f"through IRC: event loop blocked at {PACE:,} messages/s, longest",
            value=blocked,
            unit="ms",
            at_most=30,
            note=f"of it {own:.0f} ms of its own work, the rest without a processor; longest look "
            f"for garbage {garbage:.0f} ms",
        ),
    ]


def _longest_collection(watched: Path, *, since: float) -> float:
    """ms"""
    entries = read_journal(watched)
    took = (e["own_ms"] for e in entries if e["what"] == "collected" and e["at"] >= since)
    return max(took, default=0.0)


async def _lines(
    on: Stage, texts: Iterator[str], count: int, *, per_second: int | None = None
) -> None:
    began = time.monotonic()
    for start in range(0, count, BURST):
        lines = (
            privmsg(text, channel=CHANNEL, user_id=str(n % 900), display_name=f"Viewer{n % 900}")
            for n, text in zip(range(start, start + BURST), texts, strict=False)
        )
        await on.irc.say(*lines)
        due = began + (start + BURST) / per_second if per_second else 0.0
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _until_all_seen(co: CoHost, count: int) -> float:
    """When the last of so many messages was seen on event/chat, or counted there."""
    total = done = 0
    topic = ROOT("event/chat")
    async with asyncio.timeout(60 + count / 1000):
        while True:
            for each in co.watcher.seen[done:]:
                done += 1
                if each.topic == topic:
                    said = value(each)
                    total += len(said.get("messages", "x")) + said.get("suppressed", 0)
                    if total >= count:
                        return each.at
            await asyncio.sleep(0.05)


async def _inside(count: int, texts: Iterator[str], name: str) -> list[Figure]:
    broker = MemoryBroker()
    async with _daemon(broker) as door:
        used = time.thread_time()
        seconds = await _flood(door, count, texts)
        used = time.thread_time() - used
        await _until_decided(broker)
        counted, published = _counted(broker), _published(broker)
    return [
        Figure(
            what=f"{name}: taken in",
            value=count / seconds,
            unit="messages/s",
            at_least=PACE if name == "inside" else None,
            note=f"{count:,} in {seconds:.1f} s, {used / count * 1e6:.0f} µs of a processor each",
        ),
        Figure(what=f"{name}: not counted", value=abs(count - counted), at_most=0),
        Figure(
            what=f"{name}: neither on event/chat nor counted there",
            value=abs(count - published),
            at_most=0,
        ),
    ]


@asynccontextmanager
async def _daemon(broker: MemoryBroker) -> AsyncIterator[Door]:
    door, stop = Door(), asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="pickled-bench-") as folder:
        daemon = Daemon(
            config=Config(data_dir=Path(folder)),
            bus=broker.bus(),
            audio=broker.bus(announce=False),
            clock=system_clock(),
            random=random.Random(1),
            plugs=Plugs(
                inputs=(plug("inputs", door, kind="door"),),
                llm=(plug("llm", ScriptedModel()),),
                tts=(plug("tts", ScriptedVoice()),),
            ),
        )
        running = asyncio.create_task(daemon.run(stop))
        while not hasattr(door, "emit"):
            await asyncio.sleep(0.01)
            if running.done():
                running.result()
        yield door
        stop.set()
        await running


async def _flood(door: Door, count: int, texts: Iterator[str]) -> float:
    """Seconds that it took."""
    clock = system_clock()
    messages = [
        ChatMessage(
            ts=clock.wall(),
            id=f"m{number}",
            user=f"Viewer{number % 900}",
            user_id=str(number % 900),
            text=text,
        )
        for number, text in zip(range(count), texts, strict=False)
    ]
    began = time.perf_counter()
    for start in range(0, count, BURST):
        for message in messages[start : start + BURST]:
            door.emit(message)
        await asyncio.sleep(0)
    return time.perf_counter() - began


async def _until_decided(broker: MemoryBroker) -> None:
    """Until nothing waits, and the counts of that moment are published."""
    async with asyncio.timeout(120):
        while True:
            await asyncio.sleep(1.5)
            if broker.value("queue/state").waiting == 0:
                await asyncio.sleep(2.5)
                return


def _counted(broker: MemoryBroker) -> int:
    decisions = broker.sent("event/decision")
    answered = sum(len(each.messages) for each in decisions if each.event_type == "answer")
    return answered + sum(broker.value("queue/state").dropped.values())


def _published(broker: MemoryBroker) -> int:
    total = 0
    for each in broker.sent("event/chat"):
        total += each.suppressed
        total += len(each.messages) if each.event_type == "batch" else 1
    return total
