"""A node's log: each cause once, then counted; with what sound libraries print by themselves."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from pickled.patterns import pattern
from pickled.recurring import Recurring, times

_NUMBER = pattern(r"\d+")
_LONGEST_LINE = 500

log = logging.getLogger(__name__)


def log_to_stderr() -> None:
    """Log to where stderr is now; what C libraries write there from now on becomes part of it."""
    if sys.platform == "linux" and sys.stderr is not None:
        _take_stderr()  # ALSA and PortAudio print there whatever they meet
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RepeatFilter())
    logging.basicConfig(
        handlers=[handler], level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )


class RepeatFilter(logging.Filter):
    """Lets a warning through at once, then counted, ever more seldom."""

    def __init__(self) -> None:
        super().__init__()
        self._causes = Recurring()
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Is it to be shown? What differs only in its numbers has the same cause."""
        if record.levelno < logging.WARNING:
            return True
        text = record.getMessage()
        with self._lock:
            count = self._causes.due(_NUMBER.sub("#", text), time.monotonic())
        if count is not None and count > 1:
            record.msg, record.args = text + times(count), ()
        return count is not None


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
