"""What a node acknowledges of its streams: that one sounds, how far it is, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.audio import SPEECH_RATE
from pickled.messages.node import Played, TtsBegin
from pickled.node.shape import Piece
from pickled.node.stream import PlayingStream, State

PROGRESS = SPEECH_RATE // 10
"""Samples from one report of progress to the next."""
LEAD_IN = SPEECH_RATE
"""So much silence at the beginning is not reported, so that `started` comes first."""


@dataclass(frozen=True, slots=True)
class Report:
    """An acknowledgement to send, and the moment that it tells of (monotonic, s)."""

    played: Played
    at: float


@dataclass
class Reports:
    """Those that were not taken yet."""

    latency_s: float = 0.0
    """From the taking of a sample by the device until it is heard."""
    _waiting: list[Report] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        """Is there something to acknowledge?"""
        return bool(self._waiting)

    def take(self) -> list[Report]:
        """What has to be acknowledged since the last call."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def add(self, stream: PlayingStream, state: State, now: float) -> None:
        """A stream is in that state now."""
        latency_s = self.latency_s if state in {"started", "progress"} else 0.0
        self._waiting.append(Report(stream.played(state, latency_s), now))

    def sounded(self, stream: PlayingStream, piece: Piece, now: float) -> None:
        """The device took a piece of it: reported where it is the first sound, or far enough."""
        utterance = stream.utterance
        if not utterance.started and isinstance(piece, bytes) and any(piece):
            utterance.started = True
            self._tell(stream, "started", now)
        elif (stream.ring.position or 0) >= (stream.told or LEAD_IN - PROGRESS) + PROGRESS:
            self._tell(stream, "progress", now)

    def refused(self, begin: TtsBegin, now: float) -> None:
        """This one is not played."""
        played = Played(
            session=begin.session,
            stream=begin.stream,
            utterance=begin.utterance,
            state="cleared",
            played_ms=0,
        )
        self._waiting.append(Report(played, now))

    def _tell(self, stream: PlayingStream, state: State, now: float) -> None:
        stream.told = stream.ring.position
        self.add(stream, state, now)
