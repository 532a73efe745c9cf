"""How much chat it takes in, and that each message is counted; commands are obeyed meanwhile."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pickled.config import Config
from pickled.daemon import Daemon, Plugs
from pickled.messages.chat import ChatMessage
from pickled.mqtt.memory import MemoryBroker
from pickled.orchestrator.clock import system_clock
from tests.bench.commands import commands_ms, ping
from tests.bench.figures import Figure, percentile
from tests.bench.stage import CHANNEL, ROOT, CoHost, Stage, co_host, stage, value
from tests.orchestrator.rig import Door
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, plug
from tests.stand_ins.twitch_irc import privmsg

ABOUT = (
    "through IRC: lines as fast as the daemon's process takes them from the stand-in, until a "
    "subscriber has seen or counted all of them on event/chat; then as many again at 5,000 a "
    "second, a command every 0.1 s beside them; inside: the daemon's parts on the in-memory "
    "broker, without parsing; counted: answered, merged, and dropped by reason, against what was "
    "sent"
)
BURST, PACE = 50, 5000


async def measure(how: str) -> list[Figure]:
    """One flood through everything, one inside."""
    count = {"quick": 10_000, "bench": 50_000, "prove": 500_000}[how]
    return [*await _through_irc(count), *await _inside(count)]


async def _through_irc(count: int) -> list[Figure]:
    async with stage(None) as on, co_host(on) as co:
        before = co.daemon.resident_mb
        began = time.monotonic()
        await _lines(on, count)
        seconds = await _until_all_seen(co, count) - began
        pinging = asyncio.create_task(ping(co, every_s=0.1))
        await _lines(on, count, per_second=PACE)
        await _until_all_seen(co, 2 * count)
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
            value=abs(2 * count - answered - sum(dropped.values())),
            at_most=0,
        ),
        Figure(
            what=f"through IRC: command at {PACE:,} messages/s, p95",
            value=percentile(commands, 95),
            unit="ms",
            at_most=200,
            note=f"{len(commands)} commands, longest {max(commands):.0f} ms",
        ),
    ]


async def _lines(on: Stage, count: int, *, per_second: int | None = None) -> None:
    began = time.monotonic()
    for start in range(0, count, BURST):
        lines = (
            privmsg(f"what a view number {n}", channel=CHANNEL, user_id=str(n % 900))
            for n in range(start, start + BURST)
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


async def _inside(count: int) -> list[Figure]:
    broker = MemoryBroker()
    async with _daemon(broker) as door:
        seconds = await _flood(door, count)
        await _until_decided(broker)
        counted, published = _counted(broker), _published(broker)
    return [
        Figure(
            what="inside: taken in",
            value=count / seconds,
            unit="messages/s",
            at_least=5000,
            note=f"{count:,} in {seconds:.1f} s",
        ),
        Figure(what="inside: not counted", value=abs(count - counted), at_most=0),
        Figure(
            what="inside: neither on event/chat nor counted there",
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


async def _flood(door: Door, count: int) -> float:
    """Seconds that it took."""
    clock = system_clock()
    messages = [
        ChatMessage(
            ts=clock.wall(),
            id=f"m{number}",
            user=f"Viewer{number % 900}",
            user_id=str(number % 900),
            text=f"what a view number {number}{'?' * (number % 8 == 0)}",
        )
        for number in range(count)
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
