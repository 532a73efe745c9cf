"""What was said last, in memory only: the conversation that a prompt shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pickled.messages.chat import ChatMessage
from pickled.messages.memory import Line

KEPT = 15
"""Lines that are kept."""


@dataclass(frozen=True, slots=True)
class _Kept:
    line: Line
    messages: frozenset[str]
    """Ids of the messages that it is, or answers."""
    viewers: frozenset[str]
    """Ids of those who wrote them."""


class ShortTerm:
    """The last lines, oldest first; a new one pushes the oldest out."""

    def __init__(self, size: int = KEPT) -> None:
        self._lines: deque[_Kept] = deque(maxlen=size)

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: Line, *, answers: Iterable[ChatMessage] = ()) -> None:
        """Keep a line; what it answers takes it along when it is forgotten."""
        asked = tuple(answers)
        messages = frozenset({line.message_id, *(each.id for each in asked)})
        viewers = frozenset({line.user_id, *(each.user_id for each in asked)})
        self._lines.append(_Kept(line, messages, viewers))

    def recent(self, n: int) -> tuple[Line, ...]:
        """The last `n` lines, oldest first."""
        return tuple(each.line for each in self._lines)[-n:] if n > 0 else ()

    def remove(self, *, message_id: str | None = None, user_id: str | None = None) -> int:
        """Forget a message, or all that a viewer wrote, and the answers; how many lines went."""

        def stays(each: _Kept) -> bool:
            by_id = bool(message_id) and message_id in each.messages
            return not (by_id or (bool(user_id) and user_id in each.viewers))

        return self._keep(stays)

    def clear(self) -> int:
        """Forget everything; tells how many lines went."""
        return self._keep(lambda _: False)

    def _keep(self, stays: Callable[[_Kept], bool]) -> int:
        before = len(self._lines)
        self._lines = deque(filter(stays, self._lines), maxlen=self._lines.maxlen)
        return before - len(self._lines)
