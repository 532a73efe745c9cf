"""Cuts a growing text into clauses that can be spoken one by one, the first one early."""

from __future__ import annotations

from pickled.patterns import pattern

FIRST = 12
"""The first clause has at least so many characters; it may end at a comma."""

SHORT = 24
"""A later clause that is shorter is spoken together with the next one."""

LONG = 100
"""A clause that is this long may end at a comma."""

LONGEST = 200
"""A clause that is longer ends at a space."""

_ABBREVIATION = pattern(
    r"mr|mrs|ms|dr|prof|st|sr|jr|vs|etc|approx|ca|inc|ltd|co|cf|al|fig|vol|dept|est"
    r"|jan|feb|mar|apr|aug|sept|oct|nov|dec|mon|tue|wed|thu|fri|sat"
    r"|hr|fr|nr|bzw|usw|ggf|evtl|str|tel|mme|mlle|sra"
    r"|\d+|(?:[^\W\d_]\.)*[^\W\d_]"  # 1. and e.g. and U.S.
)
_CLOSERS = "\"'”’»)]」』）"
_SENTENCE_END = ".!?…"
_PAUSE_END = ",;:—–"
_SPACELESS_END = "。！？｡"
_STRONG, _WEAK, _NONE = 2, 1, 0


class ClauseSplitter:
    """Give it the text so far, again and again; each clause comes out once.

    What comes out does not depend on how the text was cut on its way here.
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
                spaceless = self._text[place - 1] in _SPACELESS_END
                end = _STRONG if spaceless and self._text[place] not in _CLOSERS else _NONE
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
        elif place and character not in _CLOSERS + _SPACELESS_END:
            before = self._text[self._start : place].rstrip(_CLOSERS)
            if before.endswith(tuple(_SPACELESS_END)) and len(before) >= FIRST // 2:
                return self._cut(place)
        if place - self._start >= LONGEST and self._space > self._start:
            return self._cut(self._space)
        return []

    def _ends(self, place: int, *, newline: bool) -> bool:
        clause = " ".join(self._text[self._start : place].split())
        end = _STRONG if newline else _end(clause)
        if self._first:
            return end != _NONE and len(clause) >= FIRST
        return len(clause) >= (SHORT if end == _STRONG else LONG) and end != _NONE

    def _cut(self, place: int) -> list[str]:
        clause = " ".join(self._text[self._start : place].split())
        if not clause:
            return []
        self._start = self._looked = place
        self._space = -1
        self._first = False
        return [clause]


def _end(clause: str) -> int:
    """How well a clause could end here, before a space."""
    bare = clause.rstrip(_CLOSERS)
    if bare.endswith(tuple(_SPACELESS_END)):
        return _STRONG
    if bare.endswith(tuple(_PAUSE_END)) or clause.endswith(" -"):
        return _WEAK
    if not bare.endswith(tuple(_SENTENCE_END)):
        return _NONE
    if bare.endswith("..") or not bare.endswith("."):
        return _STRONG
    word = bare[:-1].rsplit(" ", 1)[-1].lstrip("\"'“‘«([¿¡").casefold()
    return _NONE if word != "i" and _ABBREVIATION.fullmatch(word) else _STRONG
