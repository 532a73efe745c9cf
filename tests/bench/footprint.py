"""How soon the daemon is ready, and what daemon and node cost."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import psutil

from tests.bench.figures import Figure
from tests.bench.first_sound import sound_device
from tests.bench.listening_node import Cost, measure_listening
from tests.bench.stage import ROOT, CoHost, co_host, stage
from tests.stand_ins.processes import Process, python, started

ABOUT = (
    "ready: from the start of the process to `availability` online as a subscriber sees it, the "
    "median of several starts; memory: resident, idle, chat and a node connected; processor: of "
    "the node, user and system, while it plays"
)
TEXT = "This is a long story about a harbour, and about all the boats that came to it one day. " * 2


async def measure(how: str) -> list[Figure]:
    """Starts, then rests, then speaks."""
    starts = {"quick": 2, "bench": 7, "prove": 20}[how]
    async with sound_device() as sink, stage(sink) as on, co_host(on) as co:
        await asyncio.sleep(3)
        daemon_mb, node_mb = co.daemon.resident_mb, co.node.resident_mb
        shares = [await _playing(co) for _ in range(1 if how == "quick" else 3)]
        co.daemon.terminate()
        co.daemon.wait()
        ready = [await _start(co) for _ in range(starts)]
    listening = await asyncio.to_thread(measure_listening)
    return [
        *(_of_the_ear(listening) if listening else ()),
        Figure(
            what="daemon ready",
            value=median(ready),
            unit="s",
            at_most=2,
            note=f"{starts} starts, longest {max(ready):.2f} s",
        ),
        Figure(what="daemon's memory", value=daemon_mb, unit="MB", at_most=150),
        Figure(what="node's memory", value=node_mb, unit="MB", at_most=80),
        Figure(
            what="node's processor while playing", value=median(shares), unit="%", at_most=8,
            note="of one core",
        ),
    ]  # fmt: skip


def _of_the_ear(cost: Cost) -> tuple[Figure, ...]:
    return (
        Figure(
            what="memory of a node that plays and listens",
            value=cost.resident_mb, unit="MB", at_most=80,
        ),
        Figure(
            what="processor of a node that plays while somebody talks over it",
            value=cost.processor, unit="%", at_most=8, note="of one core",
        ),
    )  # fmt: skip


async def _start(co: CoHost) -> float:
    """Seconds until it is online; it is ended again."""
    command = python("pickled", "run", "--config", str(co.stage.folder / "pickled.yaml"))
    folder, environ = co.stage.folder, co.stage.environ()
    began = time.monotonic()
    with started("daemon", command, folder=folder, environ=environ) as process:
        seen = await co.watcher.until(
            lambda each: (each.at > began and each.topic == ROOT("availability")
                          and each.text == "online")
        )  # fmt: skip
        _end(process)
    return seen.at - began


def _end(process: Process) -> None:
    process.terminate()
    process.wait()


async def _playing(co: CoHost) -> float:
    """The node's share of a core between the first sample and the last, percent."""
    node = psutil.Process(co.node.child.process.pid)
    said = await co.send("cmd/say", TEXT)
    began = await co.until("node/{node}/played", lambda e: e["state"] == "started", after=said)
    before = node.cpu_times()
    await co.until("response/state", lambda _: True, after=began.at, timeout=60)
    after, seconds = node.cpu_times(), time.monotonic() - began.at
    used = after.user + after.system - before.user - before.system
    return used / seconds * 100
