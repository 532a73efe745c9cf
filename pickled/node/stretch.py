"""Which of a microphone's frames are sent: speech, what was just before it, and the pause after."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from pickled.audio import MIC_RATE, bytes_for

FRAME_MS = 20
FRAME_BYTES = bytes_for(FRAME_MS, MIC_RATE)
FRAME_SAMPLES = FRAME_BYTES // 2

BEFORE_MS = 400
"""A voice is known about 100 ms after it has begun: 300 ms before that are sent."""


@dataclass(frozen=True, slots=True)
class MicStep:
    """What to send because of one more frame, in this order."""

    begins: bool = False
    frames: tuple[bytes, ...] = ()
    ends: bool = False


@dataclass
class Stretches:
    """Cuts what is heard into stretches of speech."""

    open: bool = False
    _before: deque[bytes] = field(default_factory=lambda: deque(maxlen=BEFORE_MS // FRAME_MS))

    def take(self, frame: bytes, *, speaking: bool) -> MicStep:
        """One more frame; is somebody speaking, as far as is known behind it?"""
        if self.open:
            self.open = speaking
            return MicStep(frames=(frame,), ends=not speaking)
        if not speaking:
            self._before.append(frame)
            return MicStep()
        frames = (*self._before, frame)
        self._before.clear()
        self.open = True
        return MicStep(begins=True, frames=frames)

    def stop(self) -> MicStep:
        """Nothing more may be sent, also not of what was before."""
        was_open, self.open = self.open, False
        self._before.clear()
        return MicStep(ends=was_open)
