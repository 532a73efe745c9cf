"""Cuts a growing answer into clauses, the opener that it begins with as one of its own."""

from __future__ import annotations

from collections.abc import Sequence

from pickled.brain.openers import Beginning
from pickled.language.clauses import ClauseSplitter
from pickled.messages.emotion import Emotion
from pickled.messages.opener import Opener


class OpenedClauses(ClauseSplitter):
    """As a ClauseSplitter; behind an opener, the next clause may be as short as a first one."""

    def __init__(self, openers: Sequence[Opener], *, silent: bool = False) -> None:
        """`openers` are those that it may begin with; `silent`: what is found is left out."""
        super().__init__()
        self._beginning = Beginning(openers)
        self._silent = silent
        self._waiting = ""
        self.emotion: Emotion | None = None
        """The answer's, once it is known: not every opener fits it."""
        self.opener = ""
        """The one that came out as the first clause."""

    def feed(self, text: str) -> list[str]:
        """The clauses that have become complete; `text` is all of the text so far."""
        return self._feed(text, whole=False)

    def finish(self, *, torn: bool = False) -> list[str]:
        """The rest, if there is one, as `ClauseSplitter.finish`."""
        return [*self._feed(self._waiting, whole=True), *super().finish(torn=torn)]

    def _feed(self, text: str, *, whole: bool) -> list[str]:
        self._waiting = text
        place = self._beginning.place(text, self.emotion, whole=whole)
        if place is None:
            return []
        return [*(self._begin(text, place) if place else ()), *super().feed(text)]

    def _begin(self, text: str, place: int) -> list[str]:
        self._text = text
        found, self._first = self._cut(place), True
        if self._silent:
            return []
        [self.opener] = found
        return found
