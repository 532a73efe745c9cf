"""A node's log: each cause once a minute, what sound libraries print by themselves included."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from dataclasses import dataclass, field

from pickled.patterns import pattern

AGAIN_S = 60.0
"""So long the same warning is only counted."""

_NUMBER = pattern(r"\d+")
_MOST_CAUSES = 100
_LONGEST_LINE = 500

log = logging.getLogger(__name__)


def log_to_stderr() -> None:
    """Log to where stderr is now; what C libraries write there from now on becomes part of it."""
    if (
        sys.platform == "linux" and sys.stderr is not None
    ):  # ALSA and PortAudio print there whatever they meet
        _take_stderr()
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Repeats())
    logging.basicConfig(
        handlers=[handler], level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )


class Repeats(logging.Filter):
    """Lets a warning through once a minute; the next one tells how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._causes: dict[str, _Cause] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Is it to be shown? What differs only in its numbers has the same cause."""
        if record.levelno < logging.WARNING:
            return True
        text = record.getMessage()
        with self._lock:
            cause = self._causes.setdefault(_NUMBER.sub("#", text), _Cause())
            if len(self._causes) > _MOST_CAUSES:
                del self._causes[next(iter(self._causes))]
            now = time.monotonic()
            if now - cause.told_at < AGAIN_S:
                cause.left_out += 1
                return False
            more, cause.left_out, cause.told_at = cause.left_out, 0, now
        if more:
            record.msg, record.args = f"{text} ({more} more like this since)", ()
        return True


@dataclass
class _Cause:
    told_at: float = field(default=float("-inf"))
    left_out: int = 0


def _take_stderr() -> None:
    encoding = sys.stderr.encoding
    kept = os.dup(2)
    reading, writing = os.pipe()
    os.dup2(writing, 2)
    os.close(writing)
    os.set_blocking(2, False)  # who prints there may be playing: it must never wait
    sys.stderr = os.fdopen(kept, "w", buffering=1, encoding=encoding, errors="backslashreplace")
    threading.Thread(target=_log_lines, args=(reading,), name="stderr", daemon=True).start()


def _log_lines(reading: int) -> None:
    with os.fdopen(reading, encoding="utf-8", errors="backslashreplace") as lines:
        while line := lines.readline(_LONGEST_LINE):
            if line.strip():
                log.warning("sound library: %s", line.strip())
