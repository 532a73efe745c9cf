"""From the mute to silence at the sound device, with the daemon running and stopped."""

from __future__ import annotations

import array
import asyncio
import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

from tests.bench.figures import Figure, percentile
from tests.bench.first_sound import sound_device
from tests.bench.stage import CoHost, co_host, stage
from tests.stand_ins.pulse import NullSink

ABOUT = (
    "muted/set ON while it speaks, at a random moment; silence as recorded from the monitor of a "
    "PulseAudio null sink, so device and recording latency are in it; every second time the daemon "
    "is stopped by SIGSTOP"
)
RATE, BLOCK_MS, LOUD = 48_000, 5, 200
TEXT = "This is a long story about a harbour, and about all the boats that came to it one day. " * 3


async def measure(how: str) -> list[Figure]:
    """So many mutes."""
    count = {"quick": 6, "bench": 50, "prove": 200}[how]
    what = "mute to silence at the device"
    async with sound_device() as sink:
        if sink is None:
            note = "PulseAudio is not installed"
            return [Figure(what=what, value=None, unit="ms", at_most=100, note=note)]
        async with stage(sink) as on, co_host(on) as co:
            with monitor(sink) as heard:
                times = [await _mute(co, heard, stopped=bool(n % 2)) for n in range(count)]
    return [
        Figure(what=f"{what}, p50", value=percentile(times, 50), unit="ms"),
        Figure(what=f"{what}, p95", value=percentile(times, 95), unit="ms", at_most=100,
               note=f"{count} mutes, longest {max(times):.0f} ms"),
        Figure(what=f"{what}, daemon stopped, p95", value=percentile(times[1::2], 95), unit="ms",
               at_most=100),
    ]  # fmt: skip


async def _mute(
    co: CoHost, heard: Monitor, *, stopped: bool, dice: random.Random | None = None
) -> float:
    dice = dice or random.Random()
    said = await co.send("cmd/say", TEXT)
    await co.until("node/{node}/played", lambda each: each["state"] == "started", after=said)
    await asyncio.sleep(dice.uniform(0.5, 1.0))
    if stopped:
        co.daemon.freeze()
    try:
        muted = await co.send("muted/set", "ON")
        await asyncio.sleep(0.5)
        silent = heard.silent_since()
    finally:
        co.daemon.thaw()
    assert silent is not None, "it still sounds"
    assert silent > muted, "it was silent before"
    await co.until("response/state", lambda each: True, after=muted)
    await co.send("muted/set", "OFF")
    await co.until("muted/state", lambda each: each == "OFF", after=muted)
    await asyncio.sleep(0.2)
    return (silent - muted) * 1000


class Monitor:
    """What is heard, in blocks of 5 ms with the moments at which they came."""

    def __init__(self) -> None:
        self._blocks: list[tuple[float, int]] = []

    def silent_since(self) -> float | None:
        """When the first block came of those that are silent up to now; None if it still sounds."""
        silent = list(takewhile(lambda block: block[1] < LOUD, reversed(self._blocks[-2000:])))
        return silent[-1][0] if silent else None

    def read(self, pipe: int) -> None:
        """Everything until the end."""
        size = RATE * BLOCK_MS // 1000 * 2
        waiting = b""
        while data := os.read(pipe, size):
            now = time.monotonic()
            waiting += data
            while len(waiting) >= size:
                samples = array.array("h", waiting[:size])
                waiting = waiting[size:]
                self._blocks.append((now, max(max(samples), -min(samples))))


@contextmanager
def monitor(sink: NullSink) -> Iterator[Monitor]:
    """Record while it lasts."""
    command = ["parec", "--device=cable.monitor", f"--rate={RATE}", "--channels=1"]
    command += ["--format=s16le", "--latency-msec=5"]
    process = subprocess.Popen(command, env=os.environ | sink.environ, stdout=subprocess.PIPE)
    assert process.stdout
    heard = Monitor()
    reading = threading.Thread(target=heard.read, args=(process.stdout.fileno(),), daemon=True)
    reading.start()
    try:
        yield heard
    finally:
        process.terminate()
        process.wait(5)
        reading.join(5)
        process.stdout.close()
