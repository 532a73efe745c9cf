"""Takes from what a model writes what is not for the ear: its thoughts, and the marks of turns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pickled.language.tables import listed, pairs
from pickled.patterns import on_first_use


@dataclass(frozen=True)
class _Marks:
    """The table: a mark in lower case → its sort."""

    sorts: dict[str, str]
    closings: dict[str, re.Pattern[str]]
    """By the mark that opens the thought."""
    any: re.Pattern[str]
    plain: re.Pattern[str]
    """An opening in plain letters, where an answer begins."""
    begun: frozenset[str]
    """All that a mark can begin with."""
    longest: int


@on_first_use
def _marks() -> _Marks:
    sorts: dict[str, str] = {}
    closings: dict[str, re.Pattern[str]] = {}
    for sort in ("think", "begin"):
        for opening, closing in pairs("thoughts", sort):
            sorts[closing.lower()] = "close"
            closings[opening.lower()] = re.compile(re.escape(closing), re.IGNORECASE)
            if sort == "think":
                sorts[opening.lower()] = sort
    for sort in ("drop", "stop"):
        sorts |= dict.fromkeys((each.lower() for each in listed("thoughts", sort)), sort)
    plain = [opening for opening, _ in pairs("thoughts", "begin")]
    known = sorted(sorts, key=len, reverse=True)
    begun = {each[:end] for each in known for end in range(1, len(each))}
    return _Marks(
        sorts=sorts,
        closings=closings,
        any=re.compile("|".join(map(re.escape, known)), re.IGNORECASE),
        plain=re.compile(rf"\s*({'|'.join(plain)})(?![a-z\s])"),
        begun=frozenset(begun),
        longest=max(map(len, known)),
    )


class Thoughts:
    """Takes what a model writes piece by piece; what comes out does not depend on the pieces."""

    def __init__(self) -> None:
        self.said = ""
        """What is for the ear so far. It is taken back if it turns out to have been thought."""
        self.thought = False
        """The model has thought."""
        self.ended = False
        """The model's turn is over, whatever it still writes."""
        self.committed = False
        """Somebody took `said`: a thought that ends here can't have begun before it any more."""
        self._rest = ""
        self._closing: re.Pattern[str] | None = None
        self._begun = False

    def feed(self, piece: str, *, final: bool = False) -> None:
        """Take the next piece; `final`: no other one comes."""
        self._rest += piece
        while self._rest and not self.ended and self._goes_on(final=final):
            pass

    def finish(self) -> None:
        """Nothing comes any more: what could have become a mark is none."""
        self.feed("", final=True)

    def _goes_on(self, *, final: bool) -> bool:
        """Take the rest up to the next mark; False if none is there yet."""
        marks = _marks()
        if self._closing is not None:
            return self._think(self._closing)
        if not self._begun and not final and not _decided(self._rest, marks):
            return False
        if not self._begun and (plain := marks.plain.match(self._rest)):
            self._open(plain[1].lower(), plain.end())
            return True
        self._begun = self._begun or bool(self._rest.strip())
        found = marks.any.search(self._rest)
        if found and not final and self._rest[found.start() :].lower() in marks.begun:
            return False  # it may become a longer one
        if found is None:
            kept = 0 if final else _held(self._rest, marks)
            end = len(self._rest) - kept
            self.said, self._rest = self.said + self._rest[:end], self._rest[end:]
            return False
        self._mark(found[0].lower(), found, marks)
        return True

    def _mark(self, mark: str, found: re.Match[str], marks: _Marks) -> None:
        self.said += self._rest[: found.start()]
        match marks.sorts[mark]:
            case "think":
                self._open(mark, found.end())
                return
            case "close":
                self.thought = True
                if not self.committed:
                    self.said = ""
            case "stop":
                self.ended = bool(self.said.strip())
        self._rest = self._rest[found.end() :]

    def _open(self, mark: str, end: int) -> None:
        self.thought = self._begun = True
        self._closing = _marks().closings[mark]
        self._rest = self._rest[end:]

    def _think(self, closing: re.Pattern[str]) -> bool:
        if found := closing.search(self._rest):
            self._closing, self._rest = None, self._rest[found.end() :]
            return True
        self._rest = self._rest[-_marks().longest :]
        return False


def _decided(rest: str, marks: _Marks) -> bool:
    """Can it be told whether the answer begins with a thought in plain letters?"""
    start = rest.lstrip()
    openings = [each for each in marks.closings if each.isalpha()]
    return bool(start) and not any(each.startswith(start) for each in openings)


def _held(rest: str, marks: _Marks) -> int:
    """How many characters of its end may be the beginning of a mark."""
    for length in range(min(len(rest), marks.longest - 1), 0, -1):
        if rest[-length:].lower() in marks.begun:
            return length
    return 0
