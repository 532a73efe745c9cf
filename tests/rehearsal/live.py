"""A stream with the whole daemon on virtual time, recorded as `pickled record` does it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pickled.messages.chat import ChatCleared, ChatDeleted
from pickled.messages.recording import RecordingLine, written
from pickled.messages.stream import StreamEvent
from pickled.rehearsal.recorder import Recorder
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import BEGIN, in_virtual_time

Scene = Callable[[Rig], Awaitable[None]]

WORDS = ("market", "loud", "bright", "I love", "trams", "dumplings", "rain", "lamps", "coffee")


def live(tmp_path: Path, scene: Scene, **parts: Any) -> tuple[Rig, Path]:
    """Run a scene, and write its recording; the rig, and the file."""
    lines: list[RecordingLine] = []
    rigs: list[Rig] = []

    async def work() -> None:
        rig = Rig(tmp_path / "data", **parts)
        rigs.append(rig)
        rig.nodes.append(StandInNode(rig.broker))
        loop = asyncio.get_running_loop()
        recorder = Recorder(rig.broker.root, began=loop.time(), moment=BEGIN)
        lines.extend(recorder.begin())

        def hear(topic: str, payload: bytes, retain: bool) -> None:
            lines.extend(recorder.feed(topic, payload, retain=retain, at=loop.time()))

        rig.broker.bus(announce=False).on_raw(rig.broker.root("#"), hear)
        async with rig.running():
            await scene(rig)

    (tmp_path / "data").mkdir()
    in_virtual_time(work)
    path = tmp_path / "live.jsonl"
    path.write_bytes(b"".join(map(written, lines)))
    return rigs[0], path


async def busy_evening(rig: Rig) -> None:
    """Four minutes of chat with mentions and questions, a raid, a deletion, a skip, a mute."""
    dice = random.Random(7)
    for number in range(150):
        await asyncio.sleep(dice.expovariate(0.6))
        text = " ".join(dice.choices(WORDS, k=dice.randint(2, 7)))
        kind = dice.random()
        text = f"John, {text}" if kind < 0.08 else f"{text}?" if kind < 0.2 else text
        message = rig.chat(text, user=f"viewer{dice.randint(1, 25)}")
        await asyncio.sleep(0.05)  # nothing else happens in the same instant
        match number:
            case 20:
                raid = StreamEvent(ts=rig.clock.wall(), event_type="raid", user="kim", viewers=40)
                rig.happen(raid)
            case 40:
                rig.happen(ChatDeleted(ts=rig.clock.wall(), id=message))
            case 60:
                rig.tell("cmd/ask", "what do you think of this street")
                await rig.until(lambda: rig.state("speaking/state") == "ON")
                await asyncio.sleep(0.8)
                rig.tell("cmd/skip")
            case 80:
                rig.tell("muted/set", "ON")
            case 90:
                rig.tell("muted/set", "OFF")
            case 100:
                rig.tell("cmd/say", "Please be kind to each other. We love you all.")
            case 110:
                rig.happen(ChatCleared(ts=rig.clock.wall(), user_id="id-viewer3"))
            case _:
                pass
    await asyncio.sleep(30)
