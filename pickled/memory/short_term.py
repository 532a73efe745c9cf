"""What was said last, in memory only: the conversation that a prompt shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from pickled.messages.memory import Line

KEPT = 15
"""Lines that are kept."""


class ShortTerm:
    """The last lines, oldest first; a new one pushes the oldest out."""

    def __init__(self, size: int = KEPT) -> None:
        self._lines: deque[Line] = deque(maxlen=size)

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: Line) -> None:
        """Keep a line."""
        self._lines.append(line)

    def recent(self, n: int) -> tuple[Line, ...]:
        """The last `n` lines, oldest first."""
        return tuple(self._lines)[-n:] if n > 0 else ()

    def remove(self, *, message_id: str | None = None, user_id: str | None = None) -> int:
        """Forget a message, or all that a viewer wrote; tells how many lines went."""

        def stays(line: Line) -> bool:
            by_id = bool(message_id) and line.message_id == message_id
            return not (by_id or (bool(user_id) and line.user_id == user_id))

        return self._keep(stays)

    def clear(self) -> int:
        """Forget everything; tells how many lines went."""
        return self._keep(lambda _: False)

    def _keep(self, stays: Callable[[Line], bool]) -> int:
        before = len(self._lines)
        self._lines = deque(filter(stays, self._lines), maxlen=self._lines.maxlen)
        return before - len(self._lines)
