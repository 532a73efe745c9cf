"""What was said last, in memory only: the conversation that a prompt shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pickled.messages.chat import ChatMessage, Ids, Retraction
from pickled.messages.memory import Line

KEPT = 15
"""Lines that are kept."""

OWN_KEPT = 6
"""Of the co-host's own so many, whatever chat said since: it is not to say them again."""


@dataclass(frozen=True, slots=True)
class _Kept:
    line: Line
    about: frozenset[Ids]
    """The messages that it is, or answers."""


class ShortTerm:
    """The last lines, oldest first; a new one pushes the oldest out."""

    def __init__(self, size: int = KEPT) -> None:
        self._lines: deque[_Kept] = deque(maxlen=size)
        self._own: deque[_Kept] = deque(maxlen=OWN_KEPT)

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: Line, *, answers: Iterable[ChatMessage] = ()) -> None:
        """Keep a line; what it answers takes it along when it is forgotten."""
        asked = (Ids(each.id, each.user_id) for each in answers)
        kept = _Kept(line, frozenset({Ids(line.message_id, line.user_id), *asked}))
        self._lines.append(kept)
        if line.speaker == "cohost":
            self._own.append(kept)

    def recent(self, n: int) -> tuple[Line, ...]:
        """The last `n` lines, oldest first."""
        return tuple(each.line for each in self._lines)[-n:] if n > 0 else ()

    def own(self) -> tuple[str, ...]:
        """What the co-host said last, oldest first."""
        return tuple(each.line.text for each in self._own)

    def writers(self, who: str) -> frozenset[str]:
        """Ids of those viewers who wrote some of it under that name, or have that id (`id:…`)."""
        wanted = who.strip().removeprefix("@").casefold()
        lines = (each.line for each in self._lines if each.line.user_id)
        return frozenset(
            each.user_id
            for each in lines
            if wanted in (each.user.casefold(), f"id:{each.user_id}".casefold())
        )

    def retract_own(self, quotes: Callable[[str], bool]) -> None:
        """Forget what the co-host said that quotes what is taken back."""
        own = [each for each in self._own if not quotes(each.line.text)]
        self._own = deque(own, maxlen=OWN_KEPT)
        stay = [
            each for each in self._lines
            if each.line.speaker != "cohost" or not quotes(each.line.text)
        ]  # fmt: skip
        self._lines = deque(stay, maxlen=self._lines.maxlen)

    def retract(self, retraction: Retraction) -> int:
        """Forget what is taken back, and the answers to it; how many lines went.

        With all of chat goes the whole conversation: what the others said was about it.
        """
        own = [each for each in self._own if not any(map(retraction.concerns, each.about))]
        self._own = deque(own, maxlen=OWN_KEPT)
        stay = [each for each in self._lines if not any(map(retraction.concerns, each.about))]
        gone = len(self._lines) - len(stay)
        self._lines = deque(stay, maxlen=self._lines.maxlen)
        return gone
