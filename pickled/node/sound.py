"""What the sound device and the MQTT threads share: playback and its shape, behind one lock."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pickled.node.ducking import DUCK_DB
from pickled.node.reports import Report
from pickled.node.shape import Shape, decibels
from pickled.node.streams import Playback

Pull = Callable[[int], bytes]
"""Gives the next so many samples; called by the device, never blocks for long."""

_OVERHEARD_BLOCKS = 1000
"""Five seconds of the shortest ones."""


class Sink(Protocol):
    """Where sound goes: takes samples in real time, from a thread of its own."""

    @property
    def name(self) -> str:
        """How it shows in the node's `info`."""

    def start(self, pull: Pull) -> None:
        """Begin to take samples; raises DeviceError."""

    def stop(self) -> None:
        """Take no more."""

    @property
    def latency_s(self) -> float:
        """From the taking of a sample until it is heard."""

    @property
    def underflows(self) -> int:
        """How often the device wanted samples sooner than it got them."""

    @property
    def problem(self) -> str:
        """Why nothing is heard just now; empty when all is well."""

    @property
    def note(self) -> str:
        """What is odd, though it is heard; empty when all is well."""


@dataclass
class Sound:
    """Everything that sounds; each method may be called from any thread."""

    wake: threading.Event
    """Set when there is something to report."""
    _playback: Playback = field(default_factory=Playback)
    _shape: Shape = field(default_factory=Shape)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _overheard: deque[bytes] = field(default_factory=lambda: deque(maxlen=_OVERHEARD_BLOCKS))
    """What the device took lately."""
    _overheard_at: float = 0.0
    soft: bool = False
    """Is it softer just now, because somebody speaks?"""
    _volume: float = 1.0

    def pull(self, samples: int) -> bytes:
        """The next samples for the device."""
        now = time.monotonic()
        with self._lock:
            pieces = self._playback.pull(samples, now)
            pcm = self._shape.apply(pieces)
            told = self._playback.reports.waiting
            self._overheard.append(pcm)
            self._overheard_at = now
        if told:
            self.wake.set()
        return pcm

    def take_overheard(self) -> tuple[list[bytes], float]:
        """What the device took since the last call, and when the last of it (monotonic, s).

        For an ear, which must know the node's own voice.
        """
        with self._lock:
            taken = list(self._overheard)
            self._overheard.clear()
            return taken, self._overheard_at

    def change(self, what: Callable[[Playback, float], None]) -> None:
        """Let playback be told something, at this moment."""
        with self._lock:
            what(self._playback, time.monotonic())
            told = self._playback.reports.waiting
        if told:
            self.wake.set()

    def volume(self, factor: float) -> None:
        """Set the volume; 1.0 leaves the samples as they are."""
        with self._lock:
            self._volume = factor
            self._loudness()

    def soften(self, soft: bool) -> None:
        """Somebody speaks: be so much softer, or no longer."""
        with self._lock:
            self.soft = soft
            self._loudness()

    def _loudness(self) -> None:
        self._shape.target = self._volume * (decibels(DUCK_DB) if self.soft else 1.0)

    def reports(self, latency_s: float) -> list[Report]:
        """Let time pass, and take what is to be acknowledged."""
        with self._lock:
            self._playback.reports.latency_s = latency_s
            self._playback.tick(time.monotonic())
            return self._playback.reports.take()

    @property
    def playback(self) -> Playback:
        """To look at, not to change."""
        return self._playback
