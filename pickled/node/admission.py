"""Which streams a node lets begin: only newer ones than all before, of those that it can play.

Old and new are told apart by the stream's number: it starts at Unix seconds and only rises, also
over restarts of the daemon. What is not above everything that was begun or cleared before never
begins, whatever session it names; a session that was followed by another one never comes back.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from pickled.audio import SPEECH_RATE
from pickled.messages.node import StreamEnd, TtsBegin

OLDEST_BEGIN_MS = 5_000

_MOST_STREAMS = 4


@dataclass
class Admission:
    """What was begun and cleared so far."""

    floor: int = 0
    """The highest stream that was begun or cleared: no other one up to it may begin."""
    refusal: str = ""
    """Why a stream was refused last."""
    _session: int | None = None
    _retired: deque[int] = field(default_factory=lambda: deque(maxlen=16))

    def is_new(self, begin: TtsBegin) -> bool:
        """Does it begin a stream that was not begun before?"""
        return begin.session != self._session or begin.stream > self.floor

    def objection(self, begin: TtsBegin, *, age_ms: float, known: bool, waiting: int) -> str:
        """Why it may not begin, or go on if it is `known`; `waiting` streams are there to sound."""
        if age_ms > OLDEST_BEGIN_MS:
            return f"it is {age_ms / 1000:.1f} s old"
        if begin.session in self._retired:
            return "it belongs to an earlier run of the daemon"
        if begin.session != self._session and begin.stream <= self.floor:
            return "a new run of the daemon began below the streams of the one before"
        if begin.format != "s16le" or begin.rate != SPEECH_RATE:
            return f"this node plays s16le at {SPEECH_RATE} Hz only"
        if not known and begin.stream > self.floor and waiting >= _MOST_STREAMS:
            return f"{_MOST_STREAMS} streams are waiting already"
        return ""

    def open(self, begin: TtsBegin) -> bool:
        """It begins; is it another run's, so that everything before is over?"""
        others = begin.session != self._session
        if others and self._session is not None:
            self._retired.append(self._session)
        self._session = begin.session
        self.floor = begin.stream
        return others

    def refuse(self, begin: TtsBegin, why: str) -> None:
        """It does not begin, and nothing before it does; an empty reason is told elsewhere."""
        if why:
            self.refusal = f"stream {begin.stream} is not played: {why}"
        if begin.session == self._session:
            self.floor = max(self.floor, begin.stream)

    def clear(self, clear: StreamEnd) -> bool:
        """Nothing up to it may begin any more; False if an earlier run asks for that."""
        if clear.session in self._retired:
            return False
        self.floor = max(self.floor, clear.stream)
        return True
