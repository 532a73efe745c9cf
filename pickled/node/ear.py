"""The node's ear: from the microphone's samples to speech that goes out, and a softer own voice."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.audio import MIC_RATE, SAMPLE_BYTES, SPEECH_RATE
from pickled.messages.node import Vad
from pickled.node.ducking import Ducking
from pickled.node.echo import BlockClock, EchoWatch
from pickled.node.mic_stream import MicStream
from pickled.node.microphone import Microphone
from pickled.node.resampler import Resampler
from pickled.node.sound import Sound
from pickled.node.stretch import FRAME_BYTES, FRAME_MS, MicStep, Stretches
from pickled.node.voicing import CHUNK_BYTES, Detector, LevelGuard, VoiceSense, level_db

_WAIT_S = 0.25
_TOGETHER = 4
"""So many blocks that were played are looked at at once: 20 ms of the shortest."""

log = logging.getLogger(__name__)


@dataclass
class Ear:
    """One thread of its own reads what the microphone took; mute may be called from any."""

    microphone: Microphone
    detector: Detector
    stream: MicStream
    sound: Sound
    tell: Callable[[Vad], None]
    """Publishes that somebody begins or stops to speak."""
    soften: Callable[[bool], None]
    """Makes what the node plays softer, or as loud as before."""
    sound_latency_s: Callable[[], float] = lambda: 0.0
    """Of the output."""
    guard: LevelGuard = field(default_factory=LevelGuard)
    watch: EchoWatch = field(default_factory=EchoWatch)
    ducking: Ducking = field(default_factory=Ducking)
    muted: bool = False
    _voicing: VoiceSense = field(init=False)
    _stretches: Stretches = field(default_factory=Stretches)
    _resampler: Resampler = field(default_factory=lambda: Resampler(MIC_RATE))
    _heard: BlockClock = field(default_factory=lambda: BlockClock(MIC_RATE))
    _played: BlockClock = field(default_factory=lambda: BlockClock(SPEECH_RATE))
    _rest: bytearray = field(default_factory=bytearray)
    """Less than a frame."""
    _chunk: bytearray = field(default_factory=bytearray)
    """Less than what the detector judges."""
    _deaf: bool = False
    _told: bool = False
    """What was published of the voice last."""
    _onset_ms: float | None = None
    _soft: bool = False
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._voicing = VoiceSense(self.guard)

    @property
    def lost_ms(self) -> float:
        """What was never read in time, and what the network left out."""
        per_ms = self.microphone.rate * self.microphone.channels * SAMPLE_BYTES / 1000
        return self.microphone.ring.lost / per_ms + self.stream.lost * FRAME_MS

    @property
    def trouble(self) -> str:
        """Why nothing is heard, or what is odd about it; empty when all is well."""
        return self.microphone.problem or self.microphone.note

    def start(self) -> None:
        """Open the microphone and listen."""
        self.microphone.start()
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send what has begun to its end, and listen no more."""
        self._stopping.set()
        self.microphone.ring.wake.set()
        if self._thread:
            self._thread.join(timeout=1)
        self._fall_silent()
        self.microphone.stop()

    def mute(self, on: bool) -> None:
        """Let nothing out, from the moment that this returns, or again."""
        with self._lock:
            if on and not self.muted:
                self._fall_silent()
            self.muted = on

    def again(self) -> None:
        """The daemon knows nothing of what was sent so far: begin it anew."""
        with self._lock:
            self._send(self._stretches.stop())
            self._told = False

    def _run(self) -> None:
        wake = self.microphone.ring.wake
        while not self._stopping.is_set():
            came = wake.wait(_WAIT_S)
            wake.clear()
            self._listen_to_ourselves()
            data, lost = self.microphone.ring.read()
            with self._lock:
                if data:
                    self.hear(data, lost, time.monotonic())
                elif not came and self.microphone.problem:
                    self._fall_silent()

    def _listen_to_ourselves(self) -> None:
        blocks, now = self.sound.take_overheard()
        ago = sum(map(len, blocks)) // SAMPLE_BYTES
        while blocks:
            pcm = b"".join(blocks[:_TOGETHER])
            del blocks[:_TOGETHER]
            samples = len(pcm) // SAMPLE_BYTES
            at_s = self._played.at(now - ago / SPEECH_RATE, samples) + self.sound_latency_s()
            ago -= samples
            self.watch.sounded(pcm, at_s, samples / SPEECH_RATE)

    def hear(self, data: bytes, lost: int, now: float) -> None:
        """The microphone took these bytes by now (monotonic, s), after it lost so many."""
        source = self.microphone
        if data.count(0) < len(data):
            source.sound_at = now
        if self.muted:
            return
        if (source.rate, source.channels) != (self._resampler.rate, self._resampler.channels):
            self._resampler = Resampler(source.rate, source.channels)
        if lost:
            log.warning("the machine is too busy: some of the microphone was not heard")
            per_sample = SAMPLE_BYTES * source.channels * source.rate / MIC_RATE
            self.stream.gap(round(lost / per_sample))
        self._rest += self._resampler(data)
        while len(self._rest) >= FRAME_BYTES:
            frame = bytes(self._rest[:FRAME_BYTES])
            del self._rest[:FRAME_BYTES]
            waits_s = (len(self._rest) + FRAME_BYTES) / SAMPLE_BYTES / MIC_RATE
            at_s = self._heard.at(now - waits_s - source.latency_s, FRAME_BYTES // SAMPLE_BYTES)
            self._hear_frame(frame, at_s)
        self.watch.look(now)

    def _hear_frame(self, frame: bytes, at_s: float) -> None:
        self.watch.took(frame, at_s)
        if self.watch.deaf(at_s):
            if not self._deaf:
                self._fall_silent()
            self._deaf = True
        else:
            self._deaf = False
            self._judge(frame)
            self._send(self._stretches.take(frame, speaking=self._voicing.speaking))
            self._tell(at_s)
        sounding = self.watch.sounding(at_s)
        soft = self.ducking.wanted(at_s, voice=self._voicing.voiced, sounding=sounding)
        if soft != self._soft:
            self._soft = soft
            self.soften(soft)

    def _judge(self, frame: bytes) -> None:
        self._chunk += frame
        while len(self._chunk) >= CHUNK_BYTES:
            chunk = bytes(self._chunk[:CHUNK_BYTES])
            del self._chunk[:CHUNK_BYTES]
            self._voicing.hear(self.detector(chunk), level_db(chunk))

    def _send(self, step: MicStep) -> None:
        if step.begins and not self.stream.begin():
            self._stretches.open = False  # there is no broker: it begins when there is one
        *first, last = step.frames or (b"",)
        for frame in first:
            self.stream.frame(frame)
        if step.frames:
            self.stream.frame(last, last=step.ends)
        if step.ends:
            self.stream.end()

    def _tell(self, at_s: float) -> None:
        """Say at once that a voice begins or is over."""
        speaking = self._voicing.speaking
        if speaking == self._told:
            return
        if speaking:
            began_s = at_s + FRAME_MS / 1000 - self._voicing.voice_s
            self._onset_ms = round((began_s + time.time() - time.monotonic()) * 1000)
        self._told = speaking
        self.tell(Vad(speaking=speaking, onset_ms=self._onset_ms))

    def _fall_silent(self) -> None:
        """Nothing of what was heard so far goes out any more."""
        with self._lock:
            self._voicing.stop()
            self.detector.reset()
            self._rest.clear()
            self._chunk.clear()
            self._send(self._stretches.stop())
            self._tell(0.0)
            if self._soft:
                self._soft = False
                self.soften(False)
