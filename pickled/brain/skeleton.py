"""Reads a text as somebody would who wants to see the word behind its disguise: for matching only.

Nothing of this is ever spoken or shown. The steps follow Unicode's confusables (UTS 39), with what
chat does besides: digits and symbols for letters, stretched and spelled words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pickled.brain import lookalikes
from pickled.brain.lookalikes import QUOTES, STARS, SYMBOLS

LETTER, DIGIT, SYMBOL, STAR, QUOTE, OTHER, SPACE = "ads*'. "
"""What a folded character is; `Folded.kinds` has one for each."""

MEANINGS = {
    **dict(zip("0345789" + SYMBOLS, "oeastbg" + "asiltelcyhas", strict=True)),
    "1": "il",
    "2": "z",
    "6": "gb",
    "!": "il",
    "|": "li",
    "£": "le",
}
"""Which letters a digit or symbol within a word may stand for, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in lower-case letters without marks and tricks, and where each one came from."""

    text: str
    kinds: str
    at: Sequence[int]
    """The place in the original of each character."""
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from start up to end are in the original."""
        if start >= end:
            return (0, 0)
        following = self.at[end] if end < len(self.at) else len(self.source)
        last = max(following, self.at[end - 1] + 1)  # marks and the like go with their letter
        while last > self.at[end - 1] + 1 and self.source[last - 1].isspace():
            last -= 1
        return self.at[start], last


_ASCII_KINDS = "".join(
    LETTER if each.isalpha()
    else DIGIT if each.isdigit()
    else SPACE if each.isspace()
    else SYMBOL if each in SYMBOLS
    else STAR if each in STARS
    else QUOTE if each in QUOTES
    else OTHER
    for each in map(chr, range(128))
)  # fmt: skip
_CAPITAL_I = re.compile(r"(?<=[a-z])I(?=[a-z])|(?<![A-Za-z])l(?=[A-Z]{2})|(?<=[A-Z])l(?=[A-Z])")


def fold(text: str) -> Folded:
    """The text letter by letter; linear in its length, for any text."""
    upright = text if text.islower() else _CAPITAL_I.sub("|", text)
    if upright.isascii() and upright.isprintable():
        return Folded(upright.lower(), upright.translate(_ASCII_KINDS), range(len(text)), text)
    letters, at = _letters(upright)
    kinds = "".join(map(_kind, letters))
    return Folded(_latin(letters, kinds), kinds, at, text)


def _letters(text: str) -> tuple[list[str], list[int]]:
    """Each character folded, and its place; decoration dropped."""
    letters: list[str] = []
    at: list[int] = []
    marked = True
    for place, character in enumerate(text):
        seen = lookalikes.folded(character)
        if not seen:
            continue
        if len(seen) == 1 and unicodedata.category(seen)[0] == "M":
            if marked:
                continue
        else:
            marked = lookalikes.bears_marks(seen[-1])
        letters += seen
        at += [place] * len(seen)
    return letters, at


def _kind(letter: str) -> str:
    if letter.isascii():
        return _ASCII_KINDS[ord(letter)]
    if letter.isalpha() or unicodedata.category(letter)[0] == "M":
        return LETTER
    if letter in SYMBOLS:
        return SYMBOL
    if letter in STARS:
        return STAR
    return QUOTE if letter in QUOTES else OTHER


_LETTERS = re.compile("a+")


def _latin(letters: list[str], kinds: str) -> str:
    """The text with look-alikes of Latin letters read as such, where they are not at home."""
    words = [(each.start(), each.end()) for each in _LETTERS.finditer(kinds)]
    home, has_latin = _home(letters, words)
    for start, end in words:
        word = letters[start:end]
        scripts = _scripts(word)
        if scripts != {"LATIN"}:
            letters[start:end] = _read(word, scripts, home, has_latin=has_latin)
    return "".join(letters)


def _home(letters: list[str], words: list[tuple[int, int]]) -> tuple[set[str], bool]:
    """Scripts that are honestly used: some word of one script has a letter that is only its own."""
    written = [(letters[start:end], _scripts(letters[start:end])) for start, end in words]
    has_latin = any("LATIN" in scripts for _, scripts in written)
    home: set[str] = set()
    for word, scripts in written:
        if len(scripts) == 1 and not _is_taken(word, has_latin=has_latin):
            home |= scripts - lookalikes.SHAPES
    return home, has_latin


def _scripts(word: list[str]) -> set[str]:
    return {lookalikes.script(each) for each in word}


def _is_taken(word: list[str], *, has_latin: bool) -> bool:
    """Would the word of another script be read as a Latin one? Alone, only if nobody can tell."""
    return all(
        lookalikes.in_word_of_one_script(each) if has_latin else lookalikes.same_shape(each)
        for each in word
    )


def _read(word: list[str], scripts: set[str], home: set[str], *, has_latin: bool) -> list[str]:
    """One word with letters that are not Latin, as it would be taken."""
    mixed = len(scripts) > 1 or scripts <= lookalikes.SHAPES
    if mixed or (not scripts <= home and _is_taken(word, has_latin=has_latin)):
        taken = [lookalikes.in_mixed_word(each) or each for each in word]
        if all(each.isascii() for each in taken) or scripts <= _RELATED:
            return taken
    return [lookalikes.own_letter(each) for each in word]


_RELATED = frozenset({"LATIN", "GREEK", "CYRILLIC"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of one that something stands in."""

    text: str
    start: int
    end: int
    """Its place in the folded text."""


_CONTRACTED = re.compile(r"(?<=a)'(?=a)")
_ENDINGS = frozenset({"ll", "re", "ve", "t", "s", "d", "m", "em", "all", "am"})
_EDGES = "!|+#^@§¥"
_UNIT = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|k|m|b|g|h|s|min|mins|hr|hrs|sec|secs|x|p|i|fps|hz|khz|mhz|ghz|kb|mb"
    r"|gb|tb|gbps|mbps|kbps|cm|mm|km|kg|kmh|mph|ml|cl|l|w|kw|v|ms|mg|lb|lbs|oz|ft|in|d|y|c|f|e|n"
    r"|mil|bn|px|pt|pts|xp|hp|ish|kcal|mp|ah|mah|wh|kwh|yo|min|eur|usd|yen|jpy|gbp|er|te|ten|go"
    r"|º|ª|°|de|em|eme|ème|ère|a|o|ta|ka)"
    r"|\d+[xv]\d+|[\d$€£¥¢+#@!|^§]+"
)
PIECES = {
    "symbols are letters": re.compile("[ads]*[ad][ads]*"),
    "edges too": re.compile("[ads]+"),
    "symbols part": re.compile("[ad]+"),
    "digits part": re.compile("a+"),
}
"""The ways to cut a folded text into pieces."""


def pieces(folded: Folded, how: str = "symbols are letters") -> Iterator[Piece]:
    """The text's pieces in order; endings like the 'll of he'll are left out."""
    for found in PIECES[how].finditer(folded.kinds):
        start, end = found.span()
        text = folded.text[start:end]
        if how == "symbols are letters":
            end -= len(text) - len(text.rstrip(_EDGES))
            start += len(text) - len(text.lstrip(_EDGES))
            text = folded.text[start:end]
        if start and folded.kinds[start - 1] == QUOTE and text in _ENDINGS:
            continue
        if text:
            yield Piece(text, start, end)


def is_number(piece: str) -> bool:
    """Is it an amount (`10k`, `5th`, `$5`, `2v2`) and no word?"""
    return _UNIT.fullmatch(piece) is not None


def spelled(text: str, *, one: str = "i", bar: str = "l") -> str:
    """A piece with its digits and symbols read as letters; numbers stay."""
    if text.isalpha() or is_number(text):
        return text
    return "".join(
        {"1": one, "!": one, "|": bar}.get(each) or MEANINGS.get(each, each)[0] for each in text
    )


_RUN = re.compile(r"(.)\1+", re.DOTALL)
_LONG_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)


def calm(text: str) -> str:
    """Each run of a letter is one letter; digits stay."""
    return _RUN.sub(lambda run: run[0] if run[1].isdigit() else run[1], text)


def skeleton(text: str) -> str:
    """The text's words as letters behind any disguise, one space between two; numbers as digits.

    Each run of one letter is one letter, three and more single letters in a row are a word. Fit to
    be searched for whole words of what went through the same function.
    """
    return _line(fold(text))


def readings(text: str) -> tuple[str, ...]:
    """All the ways the text may be meant, the skeleton first, each of the same form.

    Also: runs kept as pairs, 1 and | as the other letter, symbols and digits as mere separators,
    words in one piece that punctuation cuts, words cut at capitals, and the text from its end.
    """
    folded = fold(text)
    lines = [_line(folded), _line(folded, doubled=True), _line(folded, joined=True)]
    if not folded.kinds.isspace() and set(folded.kinds) & {DIGIT, SYMBOL}:
        lines += [
            _line(folded, one="l", bar="i"),
            _line(folded, how="symbols part"),
            _line(folded, how="digits part"),
            _line(folded, how="digits part", joined=True),
        ]
    if (cut := at_capitals(text)) != text:
        lines.append(_line(fold(cut)))
    lines += [lines[0][::-1], upside_down(text)]
    return tuple(dict.fromkeys(each for each in lines if each))


def squeezed(text: str) -> str:
    """Only letters and digits, folded, in one piece: for codes that no honest text has."""
    folded = fold(text)
    return "".join(
        letter
        for letter, kind in zip(folded.text, folded.kinds, strict=True)
        if kind in LETTER + DIGIT
    )


def _line(
    folded: Folded,
    how: str = "symbols are letters",
    *,
    one: str = "i",
    bar: str = "l",
    joined: bool = False,
    doubled: bool = False,
) -> str:
    """One reading of a folded text."""
    words: list[str] = []
    singles: list[str] = []
    last = 0
    for piece in pieces(folded, how):
        word = spelled(piece.text, one=one, bar=bar)
        single = len(calm(word)) == 1 and (not word.isdigit() or len(word) == 1)
        glued = joined and words and SPACE not in folded.kinds[last : piece.start]
        last = piece.end
        if single:
            singles.append(word)
            continue
        words += _joined(singles)
        singles = []
        words[-1:] = [words[-1] + word] if glued and words else [*words[-1:], word]
    words += _joined(singles)
    settle = (lambda word: _LONG_RUN.sub(r"\1\1", word)) if doubled else calm
    return " ".join(word if word.isdigit() else settle(word) for word in words)


def _joined(singles: list[str]) -> list[str]:
    """Three and more single letters are a word; digits among them are letters then."""
    if len(singles) < 3 or all(each.isdigit() for each in singles):
        return singles
    return ["".join(spelled(f"a{each}")[1:] for each in singles)]


def at_capitals(text: str) -> str:
    """The text with a space before each capital that follows a small letter."""
    parts = [
        before + " " if before.islower() and after.isupper() else before
        for before, after in pairwise(text)
    ]
    return "".join(parts) + text[-1:]


def upside_down(text: str) -> str:
    """The skeleton of a text that stands on its head; "" where none does."""
    if text.isascii() or not any(map(lookalikes.is_turned, text)):
        return ""
    return skeleton("".join(map(lookalikes.turned, reversed(text))))
