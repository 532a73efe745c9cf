"""A sound device that is a page in a browser: takes samples in real time, tells what is heard."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.node.sound import Pull

BLOCK_S = 0.02
BLOCK = int(BLOCK_S * SPEECH_RATE)
CLOSED = "no page with ?sound=1 is open"
BLOCKED = "the browser plays no sound before somebody has clicked on the page"

_BEHIND_S = 0.25
"""After a longer stop of the process the time that has passed is silence."""
_USUAL_S, _LONGEST_S = 0.15, 2.0
_SMOOTH = 0.3
_NUMBER = struct.Struct("<I")


@dataclass
class PageSink:
    """Of one node; pages come and go."""

    give: Callable[[bytes], None]
    """Takes a block for the page, from our thread."""
    name: str = "a page in a browser"
    problem: str = CLOSED
    note: str = ""
    underflows: int = 0
    latency_s: float = _USUAL_S
    """From the taking of a sample until the page says that it is heard."""
    block: int = 0
    """How many blocks were taken."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self, pull: Pull) -> None:
        """Begin to take samples."""
        self._thread = threading.Thread(target=self._run, args=(pull,), name="page", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=1)

    def heard(self, samples: float) -> None:
        """The page has played so far, in samples since the beginning."""
        late = (self.block * BLOCK - samples) / SPEECH_RATE
        if 0 <= late <= _LONGEST_S:
            self.latency_s += (late - self.latency_s) * _SMOOTH

    def _run(self, pull: Pull) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            behind = time.monotonic() - due
            if behind > _BEHIND_S:
                missed = int(behind / BLOCK_S)
                self.block, due = self.block + missed, due + missed * BLOCK_S
                self.underflows += 1
            pcm = pull(BLOCK)
            if pcm.count(0) < BLOCK * SAMPLE_BYTES:  # silence need not be sent
                self.give(_NUMBER.pack(self.block & 0xFFFF_FFFF) + pcm)
            self.block += 1
            due += BLOCK_S
            self._stop.wait(max(0.0, due - time.monotonic()))
