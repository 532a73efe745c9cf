"""The node's ear at a sound server: what is said into a virtual microphone arrives, and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from pickled.messages.node import NodeInfo
from tests.node.listening import (
    CABLE,
    HEADPHONES,
    MIC,
    MIC_BEGIN,
    MIC_END,
    ROOM,
    VAD,
    Scene,
    listening,
)
from tests.node.monitored import tone
from tests.node.process import Daemon, node_process
from tests.node.spoken import SENTENCES, VOICES, said, silence
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.pulse import Kind, NullSink, SoundServer

pytestmark = [pytest.mark.integration, pytest.mark.alone]

WORDS = "go forward ten meters"


@pytest.fixture(scope="module")
def server() -> Iterator[NullSink]:
    """A cable to play to, and a room that is listened to."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
    with NullSink() as started:
        started.load(ROOM, channels=1)
        yield started


@pytest.fixture
def scene(broker: Broker, server: NullSink, tmp_path: Path) -> Iterator[Scene]:
    """With headphones."""
    with ExitStack() as stack:
        yield listening(stack, broker, server, tmp_path, *HEADPHONES)


def understood(pcm: bytes) -> str:
    """What a recognizer makes of it."""
    sphinx = pytest.importorskip("pocketsphinx")
    decoder = sphinx.Decoder(loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    return str(decoder.hyp().hypstr) if decoder.hyp() else ""


def test_speech_arrives_as_it_was_said(scene: Scene) -> None:
    """Begin, frames that a recognizer understands, end, and the voice's onset; nothing else."""
    info = scene.daemon.wait("node/{node}/info", lambda _: True)
    assert isinstance(info, NodeInfo)
    assert info.devices["input"] == MIC
    before = time.time() * 1000
    scene.say(silence(0.5) + said(WORDS) + silence(0.5))
    end = scene.daemon.wait(MIC_END, lambda _: True)
    began = scene.daemon.wait(MIC_BEGIN, lambda _: True)
    scene.daemon.wait(VAD, lambda vad: not vad.speaking)
    assert (began.session, began.stream) == (info.session, end.stream)
    onset, over = [value for path, value in scene.daemon.heard if path == VAD]
    assert (onset.speaking, over.speaking) == (True, False)
    assert 0 < onset.onset_ms - before < 4_000
    frames = [frame for _, frame in scene.daemon.frames]
    assert [each.seq for each in frames] == list(range(len(frames)))
    assert frames[-1].last
    heard = understood(b"".join(each.data for each in frames))
    assert len(set(WORDS.split()) & set(heard.split())) >= 3, heard
    assert scene.daemon.shown_state().mic_lost_ms == 0


def test_muted_microphone_sends_nothing_until_it_is_released(scene: Scene) -> None:
    """In mid-sentence all ends; what is said meanwhile is never heard of; the mouth still works."""
    speech = said(SENTENCES[2])
    talk = threading.Thread(target=scene.say, args=(speech,))
    talk.start()
    scene.daemon.wait(MIC_BEGIN, lambda _: True)
    scene.daemon.tell("mic_muted/set", "ON")
    scene.daemon.wait(MIC_END, lambda _: True)
    scene.daemon.wait_until_shown(lambda state: state.mic_muted)
    count = len(scene.daemon.frames)
    scene.daemon.speak(tone(0.2))
    scene.daemon.wait_played("finished")
    talk.join()
    assert len(scene.daemon.frames) == count
    assert scene.count(MIC_BEGIN) == 1
    scene.daemon.tell("mic_muted/set", "OFF")
    scene.daemon.wait_until_shown(lambda state: not state.mic_muted)
    scene.say(said(WORDS) + silence(0.5))
    scene.daemon.wait(MIC_BEGIN, lambda begin: True, since=len(scene.daemon.heard) - 40)
    assert scene.count(MIC_BEGIN) == 2


def test_node_that_starts_into_a_mute_sends_nothing_before_it_knows_of_it(
    broker: Broker, server: NullSink, tmp_path: Path
) -> None:
    """Somebody talks all the time; that the microphone is muted only the broker knows."""
    with ExitStack() as stack:
        daemon = stack.enter_context(Daemon(broker))
        daemon.tell("mic_muted/state", "ON")
        daemon.tell("availability", "online")
        talk = threading.Thread(
            target=Scene(server, daemon, tmp_path).say, args=(said(SENTENCES[2]),)
        )
        talk.start()
        options = ("--output", pulse.DEVICE, "--input", MIC, "--echo", "no")
        stack.enter_context(node_process(broker, tmp_path, *options, environ=server.environ))
        daemon.wait_until_shown(lambda state: state.hears)
        talk.join()
        assert daemon.frames == []
        assert MIC_BEGIN not in {path for path, _ in daemon.heard}


@pytest.mark.parametrize("kind", ["PulseAudio", pytest.param("PipeWire", marks=pytest.mark.prove)])
def test_microphone_that_goes_is_told_and_never_replaced(
    broker: Broker, tmp_path: Path, kind: Kind
) -> None:
    """What is said elsewhere is not heard; when it is back it listens again, to it alone."""
    if why := pulse.missing(kind):
        pytest.skip(why)
    with SoundServer(kind) as server, ExitStack() as stack:
        for sink in ("cable", ROOM, "headset"):
            server.load(sink, channels=1)
        options = ("--output", "cable", "--input", "headset.monitor", "--echo", "no")
        scene = listening(stack, broker, server, tmp_path, *options)
        server.unload("headset")
        scene.daemon.wait_until_shown(
            lambda state: not state.hears and "headset.monitor" in state.last_error
        )
        assert scene.daemon.shown_state().has_sound
        scene.say(said(WORDS))
        scene.daemon.speak(tone(0.3))
        scene.daemon.wait_played("finished")
        assert scene.count(MIC_BEGIN) == 0
        server.load("headset", channels=1)
        scene.daemon.wait_until_shown(lambda state: state.hears and not state.last_error)
        scene.say(silence(0.5) + said(WORDS) + silence(0.5), sink="headset")
        scene.daemon.wait(MIC_END, lambda _: True)


def test_node_whose_microphone_is_missing_speaks_all_the_same(
    broker: Broker, server: NullSink, tmp_path: Path
) -> None:
    """It names those that there are, and listens once it is plugged in."""
    with ExitStack() as stack:
        daemon = stack.enter_context(Daemon(broker))
        options = ("--output", pulse.DEVICE, "--input", "usb_mic.monitor")
        stack.enter_context(node_process(broker, tmp_path, *options, environ=server.environ))
        daemon.wait_online()
        state = daemon.shown_state()
        assert not state.hears
        assert "No microphone is called usb_mic.monitor" in state.last_error
        assert MIC in state.last_error
        daemon.speak(tone(0.2))
        daemon.wait_played("finished")
        server.load("usb_mic", channels=1)
        daemon.wait_until_shown(lambda state: state.hears)
        server.unload("usb_mic")


def test_own_voice_in_the_microphone_is_not_heard(
    broker: Broker, server: NullSink, tmp_path: Path
) -> None:
    """What it plays comes straight back: it is known for an echo, and not a frame goes out."""
    with ExitStack() as stack:
        scene = listening(stack, broker, server, tmp_path, *CABLE, "--input", "cable.monitor")
        for text, voice in ((SENTENCES[0], "slt"), (WORDS, "rms")):
            scene.daemon.speak(said(text, voice, 24_000))
            scene.daemon.wait_played("finished")
        scene.daemon.wait_until_shown(lambda state: state.echo == "yes")
        assert (scene.daemon.frames, scene.count(VAD)) == ([], 0)


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_own_voice_in_the_microphone_is_not_heard_for_minutes(
    broker: Broker, server: NullSink, tmp_path: Path
) -> None:
    """Two minutes of it, with pauses of all lengths."""
    with ExitStack() as stack:
        scene = listening(stack, broker, server, tmp_path, *CABLE, "--input", "cable.monitor")
        until, turn = time.monotonic() + 120, 0
        while time.monotonic() < until:
            text, voice = SENTENCES[turn % 4], VOICES[(turn // 4 + turn) % 4]
            scene.daemon.speak(said(text, voice, 24_000))
            scene.daemon.wait_played("finished")
            turn += 1
            time.sleep(turn * 0.37 % 2)
        shown = {value.echo for path, value in scene.daemon.heard if path == "node/{node}/state"}
        assert shown == {"unknown", "yes"}
        assert (len(scene.daemon.frames), scene.count(VAD)) == (0, 0)


def test_node_that_plays_and_listens_is_light(scene: Scene) -> None:
    """Within its memory; what it costs more than a node that does neither is not much."""
    process = psutil.Process(scene.daemon.process_id)
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    scene.daemon.speak(tone(4))
    scene.say(said(SENTENCES[0]))
    scene.daemon.wait_played("finished")
    busy = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    assert process.memory_info().rss < 80_000_000
    assert busy < 0.3
