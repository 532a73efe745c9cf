"""Holds chat back while it comes in another way, so that none is missing when that way breaks."""

from __future__ import annotations

import asyncio
from collections import deque

KEPT_S = 40.0
"""So long lines are held: longer than anybody needs to notice that the other way is silent."""
MOST = 15_000
"""Lines; 300 a second are 12,000 in that time."""


class Standby:
    """Lines as they came, not taken apart yet; off until `rest` is called."""

    def __init__(self, *, kept_s: float = KEPT_S, most: int = MOST) -> None:
        self._kept_s = kept_s
        self._lines: deque[tuple[float, str]] = deque(maxlen=most)
        self._resting = False

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def resting(self) -> bool:
        """Is chat held back just now?"""
        return self._resting

    def rest(self) -> None:
        """From now on, hold lines back."""
        self._resting = True

    def hold(self, line: str) -> bool:
        """Is that line held back? It is not where nobody else reads chat."""
        if not self._resting:
            return False
        now = asyncio.get_running_loop().time()
        self._lines.append((now, line))
        while now - self._lines[0][0] > self._kept_s:
            self._lines.popleft()
        return True

    def next(self) -> str | None:
        """The oldest line that is held; None when there is none: then nothing is held any more."""
        oldest = asyncio.get_running_loop().time() - self._kept_s
        while self._lines:
            at, line = self._lines.popleft()
            if at >= oldest:
                return line
        self._resting = False
        return None
