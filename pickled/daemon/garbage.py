"""Garbage is looked for where it holds nobody up: in small steps, and in all in a quiet second."""

from __future__ import annotations

import gc
from collections.abc import Callable

from pickled.daemon.life import Life

MIDDLE = 5
"""Half of what is usual: steps half as long for what is not quite new."""

DUE = 20
"""After so many such steps, 70,000 new objects, a quiet second is used to look at all."""

MOST = 400
"""After so many, 1.4 million new objects, no quiet second is waited for. Under a flood of chat
that is after minutes, a few thousand of them are garbage then, and to look takes 50 ms and more."""


def rarely() -> None:
    """Leave what is loaded by now alone, as it lives to the end, and look at all only as above."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(gc.get_threshold()[0], MIDDLE, MOST)


def collecting(is_quiet: Callable[[], bool]) -> Life:
    """Looks at all in a quiet second, once that is due."""

    def look() -> None:
        if gc.get_count()[2] >= DUE and is_quiet():
            gc.collect()

    return Life("garbage", every_second=look)
