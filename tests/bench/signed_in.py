"""What listening signed in costs beside reading without an account, at the same rate of chat."""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil

from tests.bench.figures import Figure
from tests.bench.flood import chatter
from tests.brain import planted
from tests.e2e.house import house
from tests.inputs.twitch.listening import sign_in
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process
from tests.stand_ins.twitch import TwitchService, payloads, twitch_service
from tests.stand_ins.twitch_irc import privmsg

ABOUT = (
    "the daemon's own process, from a line to its decision: 300 lines a second for a minute "
    "(20 s in a quick run) from one stand-in, without an account over IRC, then signed in over "
    "EventSub with the same lines on standby over IRC; what 900 viewers say about the road"
)
PER_S, BURST = 300, 15


@dataclass(frozen=True)
class _Ran:
    """What one flood took."""

    processor_s: float
    seen: int
    growth_mb: float


async def measure(how: str) -> list[Figure]:
    """One flood in each way."""
    seconds = 20 if how == "quick" else 60
    count = PER_S * seconds
    said = islice(chatter(random.Random(1), planted.corpus("dev")), 5000)
    texts = list(islice(cycle(said), count))
    anonymous = await _flooded(texts, signed_in=False)
    signed = await _flooded(texts, signed_in=True)
    took = f"{signed.processor_s:.1f} s and {anonymous.processor_s:.1f} s for {count:,} lines"
    grew = f"{signed.growth_mb:.0f} MB and {anonymous.growth_mb:.0f} MB"
    return [
        Figure(
            what="processor time, signed in beside without an account",
            value=round(signed.processor_s / anonymous.processor_s, 2),
            unit="×",
            at_most=1.3,
            note=took,
        ),
        Figure(
            what="lines neither published nor counted",
            value=2 * count - signed.seen - anonymous.seen,
            at_most=0,
        ),
        Figure(
            what="growth of memory, signed in above without an account",
            value=max(0.0, signed.growth_mb - anonymous.growth_mb),
            unit="MB",
            at_most=25,
            note=grew,
        ),
    ]


async def _flooded(texts: Sequence[str], *, signed_in: bool) -> _Ran:
    with tempfile.TemporaryDirectory(prefix="pickled-bench-") as name, Broker() as broker:
        folder = Path(name)
        async with twitch_service() as service:
            part: dict[str, Any] = {"kind": "twitch_anonymous", "channel": "wren"}
            part["irc_url"] = service.irc.url
            if signed_in:
                part |= {"kind": "twitch", **service.urls}
                sign_in(service, folder / "data", "bot")
            async with house(folder, broker, contract=False, inputs=[part]) as at_home:
                daemon = await at_home.daemon()
                await service.irc.joined(within_s=30)
                ready = "listening to" if signed_in else "reading"
                await at_home.until("health/state", lambda text: ready in text, timeout=30)
                await asyncio.sleep(6)  # on standby, and all that is made at the start is made
                return await _measured(service, daemon, at_home.watcher, texts)


async def _measured(
    service: TwitchService, daemon: Process, watcher: Any, texts: Sequence[str]
) -> _Ran:
    process = psutil.Process(daemon.child.process.pid)
    before, memory = process.cpu_times(), daemon.resident_mb
    loop = asyncio.get_running_loop()
    began = loop.time()
    for at in range(0, len(texts), BURST):
        lines = []
        for number, text in enumerate(texts[at : at + BURST], at):
            user = f"viewer{number % 900}"
            event = payloads.chat(text, who=(user, user, user))
            if service.events.enabled():
                await service.events.notify("channel.chat.message", event)
            tags = {"id": event["message_id"], "user_id": user, "login": user}
            lines.append(privmsg(text, **tags, display_name=user))
        await service.irc.say(*lines)
        await asyncio.sleep(max(0.0, began + (at + BURST) / PER_S - loop.time()))
    seen = 0
    for _ in range(100):
        await asyncio.sleep(0.1)
        seen = sum(map(_lines, (each for each in watcher.seen if "event/chat" in each.topic)))
        if seen >= len(texts):
            break
    after = process.cpu_times()
    used = after.user + after.system - before.user - before.system
    return _Ran(used, seen, daemon.resident_mb - memory)


def _lines(seen: Any) -> int:
    """How many lines an event on chat stands for."""
    event = json.loads(seen.text)
    return len(event["messages"]) + event["suppressed"] if "messages" in event else 1
