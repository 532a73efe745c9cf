"""From the microphone's samples to what goes out: with the real detector, on time that is told."""

from __future__ import annotations

import threading
from array import array
from dataclasses import dataclass, field
from typing import Any

import pytest

from pickled.audio import MIC_RATE, SPEECH_RATE, Frame
from pickled.messages.node import MicBegin, StreamEnd, Vad
from pickled.node.ducking import Ducking
from pickled.node.ear import Ear
from pickled.node.echo import EchoWatch
from pickled.node.mic_stream import LATE_FRAMES, MicStream
from pickled.node.microphone import Microphone
from pickled.node.sound import Sound
from pickled.node.streams import Playback
from pickled.node.stretch import FRAME_BYTES, FRAME_SAMPLES
from pickled.node.voicing import silero
from tests.node.soup import begin, utterance
from tests.node.spoken import SENTENCES, VOICES, at_rate, louder, mixed, noise, onset, said, silence

SESSION = 0x1234_5678
START_S = 1000.0


@dataclass
class OnItsWay:
    """A message that the network has, or has not yet."""

    rc: int = 0
    gone: bool = True

    def is_published(self) -> bool:
        return self.gone


@dataclass
class Broker:
    """Takes what a node publishes."""

    up: bool = True
    stalled: bool = False
    heard: list[tuple[str, Any]] = field(default_factory=list)
    sent: list[OnItsWay] = field(default_factory=list)

    def publish(self, path: str, value: Any) -> OnItsWay:
        self.heard.append((path.removeprefix("node/{node}/"), value))
        self.sent.append(OnItsWay(gone=not self.stalled))
        return self.sent[-1]

    @property
    def frames(self) -> list[Frame]:
        return [Frame.decode(value) for path, value in self.heard if path == "mic/audio"]

    @property
    def vads(self) -> list[Vad]:
        return [value for path, value in self.heard if path == "vad"]

    def paths(self) -> list[str]:
        """In order, without frames."""
        return [path for path, _ in self.heard if path != "mic/audio"]


@dataclass
class Scene:
    """An ear whose microphone takes what it is given, 20 ms at a time."""

    broker: Broker = field(default_factory=Broker)
    softer: list[bool] = field(default_factory=list)
    watch: EchoWatch = field(default_factory=lambda: EchoWatch("no", sure=True))
    sound: Sound = field(default_factory=lambda: Sound(threading.Event(), Playback()))
    now: float = START_S
    ear: Ear = field(init=False)

    def __post_init__(self) -> None:
        self.ear = Ear(
            microphone=Microphone("none"),
            detector=silero(),
            stream=MicStream(SESSION, self.broker.publish, lambda: self.broker.up),
            sound=self.sound,
            tell=lambda vad: self.broker.heard.append(("vad", vad)),
            soften=self.softer.append,
            watch=self.watch,
            ducking=Ducking(),
        )

    def hear(self, pcm: bytes, *, playing: bytes = b"") -> None:
        """While it plays that, also at 16 kHz here."""
        for at in range(0, len(pcm), FRAME_BYTES):
            self.now += 0.02
            if block := playing[at : at + FRAME_BYTES]:
                played = at_rate(array("h", block), MIC_RATE, SPEECH_RATE).tobytes()
                self.watch.sounded(played, self.now - 0.02, 0.02)
            self.ear.hear(pcm[at : at + FRAME_BYTES], 0, self.now)


def test_sentence_goes_out_as_one_stream_sample_by_sample() -> None:
    """Begin, numbered frames of 20 ms, end; the speech is whole, with 300 ms before it."""
    scene, speech = Scene(), said(SENTENCES[0])
    room = silence(1.0) + speech + silence(2.0)
    scene.hear(room)
    assert scene.broker.paths() == ["mic/begin", "vad", "mic/end", "vad"]
    first = scene.broker.heard[0][1]
    assert isinstance(first, MicBegin)
    assert (first.session, first.rate, first.channels, first.format) == (
        SESSION,
        16_000,
        1,
        "s16le",
    )
    frames = scene.broker.frames
    assert {(each.session, each.stream) for each in frames} == {(SESSION & 0xFFFF, first.stream)}
    assert [each.seq for each in frames] == list(range(len(frames)))
    assert [each.pts for each in frames] == [n * FRAME_SAMPLES for n in range(len(frames))]
    assert [each.last for each in frames] == [False] * (len(frames) - 1) + [True]
    sent = b"".join(each.data for each in frames)
    start = room.index(sent)
    before_ms = (onset(room) - start / 2) / MIC_RATE * 1000
    assert 200 < before_ms < 500
    assert room[2 * onset(room) : 2 * (MIC_RATE + len(speech) // 2)] in sent
    ended = scene.broker.heard[-2][1]
    assert ended == StreamEnd(session=SESSION, stream=first.stream)


def test_vad_tells_the_onset_and_the_end() -> None:
    """The onset is that of the voice, on the wall clock; both messages bear it."""
    scene = Scene()
    scene.hear(silence(1.0) + said(SENTENCES[1], "rms") + silence(2.0))
    begins, ends = scene.broker.vads
    assert (begins.speaking, ends.speaking) == (True, False)
    assert begins.onset_ms is not None
    assert begins.onset_ms == ends.onset_ms


def test_two_sentences_are_two_streams_with_rising_numbers() -> None:
    """Between them nothing goes out."""
    scene, speech = Scene(), said(SENTENCES[1], "rms")
    scene.hear(silence(0.5) + speech + silence(2.0))
    count = len(scene.broker.frames)
    scene.hear(noise(3.0, 20))
    assert len(scene.broker.frames) == count
    scene.hear(speech + silence(2.0))
    begins = [value for path, value in scene.broker.heard if path == "mic/begin"]
    assert begins[1].stream > begins[0].stream


def test_mute_lets_nothing_out_from_that_moment() -> None:
    """In mid-sentence: the stream and the voice end, and no sample follows, nor later from it."""
    scene, speech = Scene(), said(SENTENCES[2])
    scene.hear(silence(0.5) + speech[:MIC_RATE])
    scene.ear.mute(True)
    assert scene.broker.paths() == ["mic/begin", "vad", "mic/end", "vad"]
    count = len(scene.broker.heard)
    scene.hear(speech + silence(1.0) + speech)
    assert len(scene.broker.heard) == count
    scene.ear.mute(False)
    scene.hear(silence(1.0))
    assert len(scene.broker.heard) == count
    secret = speech[-2 * MIC_RATE :]
    scene.hear(said(SENTENCES[3], "kal") + silence(2.0))
    sent = b"".join(each.data for each in scene.broker.frames)
    assert secret[:FRAME_BYTES] not in sent
    assert scene.broker.paths()[4:] == ["mic/begin", "vad", "mic/end", "vad"]


def test_daemon_that_comes_anew_is_told_anew() -> None:
    """What it knows nothing of ends, and the sentence goes on as another stream."""
    scene, speech = Scene(), said(SENTENCES[0])
    scene.hear(silence(0.5) + speech[: 2 * MIC_RATE])
    scene.ear.again()
    scene.hear(speech[2 * MIC_RATE : 4 * MIC_RATE])
    assert scene.broker.paths() == ["mic/begin", "vad", "mic/end", "mic/begin", "vad"]
    assert scene.broker.vads[1].speaking


def test_without_a_broker_nothing_is_kept() -> None:
    """What is said meanwhile is gone; as soon as it is there, the rest of the sentence goes out."""
    scene, speech = Scene(), said(SENTENCES[0])
    scene.broker.up = False
    scene.hear(silence(0.5) + speech[: 3 * MIC_RATE])
    assert [path for path, _ in scene.broker.heard] == ["vad"]
    scene.broker.up = True
    scene.hear(speech[3 * MIC_RATE :])
    assert scene.broker.frames[0].seq == 0
    assert len(scene.broker.frames) < len(speech) / FRAME_BYTES - 50


def test_slow_network_loses_frames_instead_of_making_them_late() -> None:
    """Two seconds wait; what comes after them is counted, and its place in time stays free."""
    scene = Scene()
    scene.broker.stalled = True
    stream = scene.ear.stream
    assert stream.begin()
    for _ in range(LATE_FRAMES + 50):
        stream.frame(bytes(FRAME_BYTES))
    assert len(scene.broker.frames) == LATE_FRAMES
    assert stream.lost == 50
    for each in scene.broker.sent:
        each.gone = True
    stream.frame(bytes(FRAME_BYTES))
    assert scene.broker.frames[-1].pts == (LATE_FRAMES + 50) * FRAME_SAMPLES


def test_own_output_is_softer_while_somebody_speaks_over_it() -> None:
    """From a moment after the onset until two seconds after the voice; not for an answer."""
    scene, speech = Scene(), said(SENTENCES[3])
    own = said(SENTENCES[0]) * 3
    scene.hear(silence(1.0) + speech[: 3 * MIC_RATE] + silence(3.5), playing=own)
    assert scene.softer == [True, False]
    scene.hear(silence(1.5) + speech + silence(0.8))
    scene.hear(silence(1.0), playing=own)
    assert scene.softer == [True, False]


@pytest.mark.parametrize("delay_s", [0.0, 0.25, 0.8, 1.5])
@pytest.mark.parametrize("factor", [1.0, 0.2])
def test_own_voice_never_goes_out(delay_s: float, factor: float) -> None:
    """Four sentences come back into the microphone: not a frame, no voice, nothing softer."""
    scene = Scene(watch=EchoWatch())
    for text, voice in zip(SENTENCES, VOICES, strict=True):
        own = silence(0.2) + said(text, voice)
        back = louder(silence(delay_s) + own, factor) + silence(2.5)
        scene.hear(mixed(back, noise(len(back) / 2 / MIC_RATE, 15)), playing=own)
    assert scene.broker.heard == []
    assert scene.softer == []
    assert scene.watch.echo == "yes"
    scene.hear(said(SENTENCES[2], "rms") + silence(2.0))
    assert scene.broker.paths() == ["mic/begin", "vad", "mic/end", "vad"]


def test_streamer_with_headphones_is_heard_over_it_once_that_is_known() -> None:
    """The second sentence of the co-host can be interrupted."""
    scene = Scene(watch=EchoWatch())
    own = said(SENTENCES[0])
    scene.hear(noise(3.0, 15))
    scene.hear(noise(len(own) / 2 / MIC_RATE + 1, 15), playing=own)
    assert scene.watch.echo == "no"
    scene.hear(said(SENTENCES[1], "rms")[: 3 * MIC_RATE], playing=own)
    assert scene.broker.paths() == ["mic/begin", "vad"]
    assert scene.softer == [True]


def test_ear_listens_to_what_the_device_took() -> None:
    """What was pulled, with its time and the output's latency; silence is none."""
    scene = Scene(watch=EchoWatch())
    scene.ear.sound_latency_s = lambda: 0.25
    scene.sound.pull(480)
    scene.ear._listen_to_ourselves()
    assert scene.watch._sounded_until == float("-inf")
    scene.sound.change(lambda playback, now: playback.begin(begin(), now))
    for each in utterance(length_ms=200):
        scene.sound.change(lambda playback, now, each=each: playback.frame(each, now))
    for _ in range(20):
        scene.sound.pull(120)
    _, at = scene.sound.take_overheard()
    scene.sound.pull(120)
    scene.ear._listen_to_ourselves()
    assert scene.watch._sounded_until == pytest.approx(at + 0.25, abs=0.2)
    assert scene.sound.take_overheard()[0] == []
