"""What a microphone has taken and nobody has read yet: a few seconds at most, the newest."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

HOLD_S = 2.0


@dataclass
class CaptureRing:
    """Written by the device's thread, which must not wait or allocate; read by another one."""

    wake: threading.Event = field(default_factory=threading.Event)
    """Set when there is something."""
    lost: int = 0
    """Bytes that nobody read in time, in all."""
    _room: memoryview = field(default_factory=lambda: memoryview(bytearray(0)))
    _used: int = 0
    _lost_here: int = 0
    """Of these, those before what can be read next."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, bytes_per_s: int) -> None:
        """Make room for a device's samples; what is there is forgotten."""
        with self._lock:
            self._room = memoryview(bytearray(max(2, int(HOLD_S * bytes_per_s))))
            self._used = self._lost_here = 0

    def write(self, data: memoryview | bytes) -> None:
        """Keep what was taken; where there is no room, all that is older goes."""
        size = len(data)
        with self._lock:
            if self._used + size > len(self._room):
                self.lost += self._used
                self._lost_here += self._used
                self._used = 0
            if size > len(self._room):
                self.lost += size
                self._lost_here += size
                return
            self._room[self._used : self._used + size] = data
            self._used += size
        self.wake.set()

    def read(self) -> tuple[bytes, int]:
        """All that is there, and how many bytes were lost before it."""
        with self._lock:
            data, lost = bytes(self._room[: self._used]), self._lost_here
            self._used = self._lost_here = 0
            return data, lost
