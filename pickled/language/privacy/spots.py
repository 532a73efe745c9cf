"""Reads a text in one plain form (no case, accents, invisible characters) and knows the places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pickled.language.moderation import lookalikes
from pickled.language.moderation.folding import ByCharacter
from pickled.language.moderation.skeleton import without_amounts
from pickled.language.tables import any_of, listed
from pickled.patterns import pattern

MARK = "…"
"""Stands where something was taken out."""


class Spot(NamedTuple):
    """What a rule found, from `start` up to `end`."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in lower case without accents, widths, invisible characters and spelling-out."""

    text: str
    source: str
    places: Sequence[int]
    """Where each character of `text` comes from in `source`."""

    def kept(self, places: Iterable[int]) -> Plain:
        """Only these characters."""
        kept = list(places)
        text = "".join(self.text[place] for place in kept)
        return Plain(text, self.source, [self.places[place] for place in kept])

    def back(self, spots: Iterable[Spot]) -> list[Spot]:
        """The same spots, in the source."""
        return [
            Spot(self.places[start], self._end(end), rule)
            for start, end, rule in spots
            if end > start
        ]

    def _end(self, end: int) -> int:
        following = self.places[end] if end < len(self.places) else len(self.source)
        return max(following, self.places[end - 1] + 1)


def plain(text: str) -> Plain:
    """The plain form; an ASCII text that spells nothing out keeps its length."""
    if text.isascii():
        form = Plain(text.lower(), text, range(len(text)))
    elif all(len(_PLAIN[ord(each)]) == 1 for each in set(text)):
        form = Plain(text.translate(_PLAIN), text, range(len(text)))
    else:
        letters: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            for letter in _PLAIN[ord(character)]:
                letters.append(letter)
                places.append(place)
        form = Plain("".join(letters), text, places)
    return _spaced(_joined(form))


def level(text: str) -> Plain:
    """The text itself, each white space as one space."""
    return _spaced(Plain(text, text, range(len(text))))


def calm(form: Plain) -> Plain:
    """Runs of one letter are one letter: statiooon is station."""
    kept: list[int] = []
    done = 0
    for run in _LETTER_RUN.finditer(form.text):
        kept += form.places[done : run.start() + 1]
        done = run.end()
    if not kept:
        return form
    return Plain(calm_form(form.text), form.source, [*kept, *form.places[done:]])


def calm_form(text: str) -> str:
    """The same of its text alone, for whoever asks first whether there is anything to find."""
    return _AGAIN.sub("", text)


def calm_text(text: str) -> str:
    """The same of a bare text, or of what describes one: escapes like `\\bb` stay."""
    return _RUN.sub(r"\1", text)


def calm_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern for texts whose runs of one letter are one letter."""
    return pattern(lambda: calm_text(expression), flags)


def listed_choices(
    table: str, head: str = "", *, parts: Callable[[], Mapping[str, str]] = dict
) -> re.Pattern[str]:
    """One calm pattern from the entries of a table, each of them a choice, as `choices` has it."""
    return pattern(lambda: choices_of(table, head, parts()))


def choices_of(table: str, head: str, parts: Mapping[str, str]) -> str:
    """The expression of that pattern."""
    lines = "\n".join(f"| {each}" for each in listed(table, head))
    return any_of([_choices(lines, True, parts)] if lines else [])


def choices(text: str, *, calm: bool = False, **parts: str) -> re.Pattern[str]:
    """One pattern from many lines: `| ` opens one more choice, a space is white space.

    Other lines go on where the one before ended; NAMES in capitals stand for `parts`.
    A calm one is for texts whose runs of one letter are one letter.
    """
    return pattern(lambda: _choices(text, calm, parts))


def _choices(text: str, calm: bool, parts: Mapping[str, str]) -> str:
    names = re.compile(rf"(?<![A-Z])(?:{'|'.join(parts)})(?![A-Z])" if parts else r"(?!)")
    lines = (names.sub(lambda name: parts[name[0]], line.strip()) for line in text.splitlines())
    joined = "".join("|" + line[1:].strip() if line.startswith("| ") else line for line in lines)
    joined = joined.replace(" | ", "|")
    if calm:
        joined = calm_text(joined)
    return joined.removeprefix("|").replace(" ", r"\s")


def is_disguised(text: str, *, amounts: bool = False) -> bool:
    """Might letters stand for others: digits or symbols in a word, look-alikes, spelling-out?

    Amounts like `10k` are no words, unless they are asked for, too.
    """
    disguised = _DISGUISED if _SIGN.search(text) else _SPELLED_OUT  # all that needs no sign
    if disguised.search(text) and (amounts or _DISGUISED.search(without_amounts(text))):
        return True
    return not text.isascii() and (
        any(map(_is_lookalike, set(text))) or _BROKEN.search(text) is not None
    )


@lru_cache(maxsize=16_384)
def _is_lookalike(character: str) -> bool:
    """Is it read as something else than the plain form has, or may it be in a mixed word?"""
    if character.isascii():
        return False
    seen, bare = lookalikes.folded(character), _PLAIN[ord(character)]
    if any(map(lookalikes.in_mixed_word, seen + bare)) or lookalikes.is_turned(character):
        return True
    return seen != bare and (not seen or any(map(str.isalnum, seen + bare)))


def without(text: str, spots: Iterable[Spot]) -> str:
    """The text with a mark where the spots were; spots may overlap."""
    pieces, end = [], 0
    for spot in sorted(spots):
        if spot.end <= end:
            continue
        if spot.start >= end:
            pieces += [text[end : spot.start], MARK]
        end = spot.end
    return _MARKS.sub(MARK, "".join(pieces) + text[end:])


_RUN = pattern(r"(?<!\\)([^\W\d_])\1+")
_LETTER_RUN = pattern(r"([^\W\d_])\1+")
_AGAIN = pattern(r"([^\W\d_])(?=\1)")
_SPELLED_OUT = pattern(r"(?<![^\W_])[a-z](?:[\W_]{1,3}[a-z](?![^\W_])){2}", re.IGNORECASE)
_IN_LETTERS = r"[\d@$|!+*_(<{\[^~`#&%=\\]"
_SIGN = pattern(_IN_LETTERS)
_DISGUISED = pattern(
    lambda: rf"[a-z]{_IN_LETTERS}[a-z\d@$|!+*]|\d[a-z]|{_SPELLED_OUT.pattern}", re.IGNORECASE
)
_BROKEN = pattern(r"[^\W_][^\w\s\x00-\x7f’‘–—…“”„«»、。・，！？]{1,3}[^\W_]")
_SPACES = pattern(r"\s{2,}|[^\S ]")
_MARKS = pattern(rf"{MARK}(?:\s*+{MARK})+")
_SPELLED = pattern(r"(?<![^\W_])(?:[^\W\d_][ .\-_*|/,]){2,}[^\W\d_](?![^\W_])")
_SEPARATORS = frozenset(" .-_*|/,")
_LATIN = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "’": "'",
          "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "—": "-",
          "−": "-", "…": "…", "′": "'", "\u00a0": " "}  # fmt: skip


def _letters(character: str) -> str:
    """What a character is in the plain form; nothing for what can't be seen."""
    if character in _LATIN:
        return _LATIN[character]
    if "\u0300" <= character <= "\u036f" or "\ufe00" <= character <= "\ufe0f":
        return ""
    if unicodedata.category(character) in {"Cf", "Cs", "Co"}:
        return ""
    if character.isspace():
        return " "
    parts = unicodedata.normalize("NFKD", character)
    if parts[0] < "\u0530":
        parts = "".join(each for each in parts if not unicodedata.combining(each))
    folded = unicodedata.normalize("NFKC", parts).casefold()
    return "".join(_LATIN.get(letter, letter) for letter in folded)


_PLAIN = ByCharacter(_letters)


def _joined(form: Plain) -> Plain:
    """`h o t e l` and `h.o.t.e.l` read as hotel."""
    dropped = {
        place
        for match in _SPELLED.finditer(form.text)
        for place in range(*match.span())
        if form.text[place] in _SEPARATORS
    }
    if not dropped:
        return form
    return form.kept(place for place in range(len(form.text)) if place not in dropped)


def _spaced(form: Plain) -> Plain:
    if (form.text.isprintable() and "  " not in form.text) or not _SPACES.search(form.text):
        return form
    dropped = {
        place
        for match in _SPACES.finditer(form.text)
        for place in range(match.start() + 1, match.end())
    }
    kept = form.kept(place for place in range(len(form.text)) if place not in dropped)
    return Plain(re.sub(r"\s", " ", kept.text), form.source, kept.places)
