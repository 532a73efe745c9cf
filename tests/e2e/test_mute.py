"""The stop button, with the daemon hanging, killed and restarted: silence until an explicit OFF."""

from __future__ import annotations

import asyncio
import statistics
from pathlib import Path

import pytest

from tests.e2e import hearing
from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process
from tests.stand_ins.pulse import RATE, NullSink, Recording
from tests.stand_ins.wyoming import WyomingStandIn

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

LONG = "This is a tone without a pause that goes on and on for more than four seconds."
"""As a tone it lasts 5 s: a word's end can't be mistaken for the end of the sound."""
WATCHED_S = 0.5


async def test_mute_silences_the_device_while_the_daemon_hangs(
    tmp_path: Path, broker: Broker, sink: NullSink
) -> None:
    """A mute is obeyed by the node alone, within a moment."""
    times = await silencing_ms(tmp_path, broker, sink, count=6)
    assert max(times) < 300, times
    assert statistics.median(times) < 100, times


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_mute_silences_the_device_within_100_ms(
    tmp_path: Path, broker: Broker, sink: NullSink
) -> None:
    """Of 50 mutes with the daemon hanging, 95 % reach silence at the device within 100 ms."""
    times = await silencing_ms(tmp_path, broker, sink, count=50)
    p95 = statistics.quantiles(times, n=20)[-1]
    assert p95 <= 100, times


async def silencing_ms(folder: Path, broker: Broker, sink: NullSink, *, count: int) -> list[float]:
    """How long each of so many mutes takes from the publish to the last sample that is heard."""
    async with WyomingStandIn(tone=True).serve() as voice:
        tts = {"kind": "wyoming", "url": voice.url}
        async with house(folder, broker, sink=sink, tts=tts) as at_home:
            await at_home.node()
            daemon = await at_home.daemon()
            with sink.recording() as recording:
                return [await silenced_ms(at_home, daemon, recording) for _ in range(count)]


async def silenced_ms(at_home: House, daemon: Process, recording: Recording) -> float:
    """Mute it while it speaks and the daemon hangs; then let all go on."""
    turn = await at_home.say(LONG)
    await until_heard(recording)
    daemon.freeze()
    mark = len(recording)
    await at_home.send("muted/set", "ON")
    await asyncio.sleep(WATCHED_S)
    samples = hearing.of_recording(recording.samples())
    sound = hearing.sounding(samples[mark:])

    moment = at_home.now
    daemon.thaw()
    ended = await at_home.outcome(turn)
    assert ended.outcome == "muted"
    assert ended.heard != ended.text
    await at_home.send("muted/set", "OFF")
    await at_home.until_state("muted/state", "OFF")
    await at_home.until("node/laptop/state", lambda text: '"muted":false' in text, after=moment)
    return sound[1] / RATE * 1000 if sound else 0.0


async def until_heard(recording: Recording) -> None:
    """Until the newest tenth of a second sounds from its beginning on."""
    async with asyncio.timeout(5):
        while True:
            newest = hearing.of_recording(recording.samples()[-RATE // 10 :])
            if (sound := hearing.sounding(newest)) and sound[0] < RATE // 100:
                return
            await asyncio.sleep(0.02)


async def test_panic_outlives_every_process(tmp_path: Path, broker: Broker, sink: NullSink) -> None:
    """Panic, daemon killed, node restarted, daemon restarted: silent until an explicit OFF."""
    async with house(tmp_path, broker, sink=sink) as at_home:
        node = await at_home.node()
        daemon = await at_home.daemon()
        await at_home.say("This is going to be interrupted by somebody in a panic.")
        await at_home.send("cmd/panic")
        await at_home.until("muted/state", "ON", after=at_home.now - 1)
        await asyncio.sleep(0.3)
        with sink.recording() as recording:
            daemon.kill()
            node.terminate()
            assert await asyncio.to_thread(node.wait) == 0
            # An old setting: as if the daemon had not had the time to save the mute.
            (tmp_path / "data" / "settings.json").unlink()
            node = await at_home.node()
            daemon = await at_home.daemon()
            await at_home.until_state("muted/state", "ON")
            refused = await at_home.command("cmd/say", "Nobody may hear this.")
            assert refused.code == "not_allowed"
            await asyncio.sleep(1)
            assert hearing.is_silent(hearing.of_recording(recording.samples()))
            assert at_home.state("muted/state") == "ON"

            moment = at_home.now
            await at_home.send("muted/set", "OFF")
            await at_home.until("muted/state", "OFF", after=moment)
            await at_home.in_service(moment)
            assert not hearing.is_silent(hearing.of_recording(recording.samples()))
