"""Cuts a growing text into clauses that can be spoken one by one, the first one early."""

from __future__ import annotations

from pickled.language.normalization.cleaning import open_span
from pickled.language.sentences import CLOSERS, SPACELESS_ENDS, ends_sentence

FIRST = 12
"""The first clause has at least so many characters; it may end at a comma."""

SHORT = 24
"""A later clause that is shorter is spoken together with the next one."""

LONG = 100
"""A clause that is this long may end at a comma."""

LONGEST = 200
"""A clause that is longer ends at a space."""

_PAUSE_END = ",;:—–"
_STRONG, _WEAK, _NONE = 2, 1, 0


class ClauseSplitter:
    """Give it the text so far, again and again; each clause comes out once.

    What comes out does not depend on how the text was cut on its way here. A clause may have
    several lines: only who reads them knows what the lines of a list are.
    """

    def __init__(self) -> None:
        self._text = ""
        self._start = 0
        self._looked = 0
        self._space = -1
        self._first = True

    def feed(self, text: str) -> list[str]:
        """The clauses that have become complete; `text` is all of the text so far."""
        self._text = text
        clauses = []
        while self._looked < len(text):
            clauses += self._look(self._looked)
        return clauses

    def likely(self) -> str:
        """The clause that comes out if the text goes on with another word; empty if none does."""
        place = len(self._text)
        if place == self._start or self._text[-1].isspace():
            return ""
        ends = self._ends(place, newline=False) or self._ends_spaceless(place)
        return self._clause(place) if ends else ""

    def finish(self, *, torn: bool = False) -> list[str]:
        """The rest, if there is one; of a `torn` text as far as a sentence or clause is whole.

        Where none is, and nothing came out before, it stands as it is: better than nothing.
        """
        rest = self._cut(self._last_end() if torn else len(self._text))
        self._looked = self._start
        return rest

    def _last_end(self) -> int:
        """Where the last whole sentence of the rest ends, or else its last clause."""
        best = _NONE, len(self._text) if self._first else self._start
        for place in range(self._start + 1, len(self._text) + 1):
            if place < len(self._text) and not self._text[place].isspace():
                spaceless = self._text[place - 1] in SPACELESS_ENDS
                end = _STRONG if spaceless and self._text[place] not in CLOSERS else _NONE
            else:
                end = _end(" ".join(self._text[self._start : place].split()))
            if end != _NONE and end >= best[0]:
                best = end, place
        return best[1]

    def _look(self, place: int) -> list[str]:
        """Is there an end of a clause before the character at that place?"""
        self._looked = place + 1
        character = self._text[place]
        if character.isspace():
            self._space = place
            if self._ends(place, newline=character in "\n\r"):
                return self._cut(place)
        elif character not in CLOSERS + SPACELESS_ENDS and self._ends_spaceless(place):
            return self._cut(place)
        if place - self._start >= LONGEST and self._space > self._start:
            return self._cut(self._space)
        return []

    def _ends(self, place: int, *, newline: bool) -> bool:
        clause = " ".join(self._text[self._start : place].split())
        end = _STRONG if newline else _end(clause)
        if end != _NONE and open_span(clause):
            return False
        if self._first:
            return end != _NONE and len(clause) >= FIRST
        return len(clause) >= (SHORT if end == _STRONG else LONG) and end != _NONE

    def _ends_spaceless(self, place: int) -> bool:
        before = self._text[self._start : place].rstrip(CLOSERS)
        return before.endswith(tuple(SPACELESS_ENDS)) and len(before) >= FIRST // 2

    def _clause(self, place: int) -> str:
        lines = self._text[self._start : place].splitlines()
        return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))

    def _cut(self, place: int) -> list[str]:
        clause = self._clause(place)
        if not clause:
            return []
        self._start = self._looked = place
        self._space = -1
        self._first = False
        return [clause]


def _end(clause: str) -> int:
    """How well a clause could end here, before a space."""
    bare = clause.rstrip(CLOSERS)
    if bare.endswith(tuple(_PAUSE_END)) or clause.endswith(" -"):
        return _WEAK
    return _STRONG if ends_sentence(bare) else _NONE
