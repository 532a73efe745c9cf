"""What of the microphone goes out over MQTT: a stream for each stretch of speech, or nothing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pickled.audio import Frame
from pickled.messages.node import U16, U32, MicBegin, StreamEnd
from pickled.node.stretch import FRAME_SAMPLES

LATE_FRAMES = 100
"""Two seconds of frames may wait for a slow network: what comes after them is lost, not late."""


class Sent(Protocol):
    """Tells of a message whether it is on its way."""

    rc: Any

    def is_published(self) -> bool:
        """Is it?"""


@dataclass
class MicStream:
    """One at a time; numbers only rise, from the node's start in Unix seconds on."""

    session: int
    publish: Callable[[str, Any], Sent]
    connected: Callable[[], bool]
    lost: int = 0
    """Frames that a slow network left out."""
    number: int = field(default_factory=lambda: int(time.time()) & U32)
    _open: bool = False
    _seq: int = 0
    _pts: int = 0
    _waiting: deque[Sent] = field(default_factory=lambda: deque(maxlen=LATE_FRAMES))

    @property
    def is_open(self) -> bool:
        """Was it begun, and not ended?"""
        return self._open

    def begin(self) -> bool:
        """Begin one; False without a broker: then nothing is kept for it."""
        if not self.connected():
            return False
        self.number = (self.number + 1) & U32
        self._open, self._seq, self._pts = True, 0, 0
        self._waiting.clear()
        self.publish("node/{node}/mic/begin", MicBegin(session=self.session, stream=self.number))
        return True

    def frame(self, data: bytes, *, last: bool = False) -> None:
        """Send a frame, unless it would come too late."""
        if not self._open:
            return
        frame = Frame(self.session & U16, self.number, self._seq, self._pts, data, last)
        self._seq = (self._seq + 1) & U32
        self._pts += FRAME_SAMPLES
        if self._stalled() or not self.connected():
            self.lost += 1
            return
        self._waiting.append(self.publish("node/{node}/mic/audio", frame.encode()))

    def gap(self, samples: int) -> None:
        """So many samples were never read: what comes next is later by as much."""
        self._pts += samples

    def end(self) -> None:
        """No further frames come."""
        if self._open:
            self._open = False
            end = StreamEnd(session=self.session, stream=self.number)
            self.publish("node/{node}/mic/end", end)

    def _stalled(self) -> bool:
        if len(self._waiting) < LATE_FRAMES:
            return False
        oldest = self._waiting[0]
        return not oldest.rc and not oldest.is_published()
