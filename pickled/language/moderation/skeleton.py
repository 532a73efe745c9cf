"""Reads a text as somebody would who wants to see the word behind its disguise: for matching only.

Nothing of this is ever spoken or shown. The steps follow Unicode's confusables (UTS 39), with what
chat does besides: digits and symbols for letters, stretched and spelled words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pickled.language.moderation import lookalikes
from pickled.language.moderation.folding import DIGIT, LETTER, QUOTE, SPACE, SYMBOL, Folded, fold
from pickled.language.moderation.lookalikes import EITHER, SYMBOLS
from pickled.patterns import pattern

MEANINGS = {
    **dict(zip("0345789" + SYMBOLS, "oeastbg" + "asiltelcyhas", strict=True)),
    "1": "il",
    "2": "z",
    "6": "gb",
    "!": "il",
    "|": "li",
    EITHER: "li",
    "£": "le",
}
"""Which letters a digit or symbol within a word may stand for, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a part of one that something stands in."""

    text: str
    start: int
    end: int
    """Its place in the folded text."""


_ENDINGS = frozenset({"ll", "re", "ve", "t", "s", "d", "m", "em", "all", "am"})
_PUNCTUATION = {"symbols are letters": "!|+#^@§¥", "edges too, but for !": "!"}
_UNIT = pattern(
    r"\d+(?:st|nd|rd|th|am|pm|k|m|b|g|h|s|min|mins|hr|hrs|sec|secs|x|p|i|fps|hz|khz|mhz|ghz|kb|mb"
    r"|gb|tb|gbps|mbps|kbps|cm|mm|km|kg|kmh|mph|ml|cl|l|w|kw|v|ms|mg|lb|lbs|oz|ft|in|d|y|c|f|e|n"
    r"|mil|bn|px|pt|pts|xp|hp|lp|mmr|elo|ish|kcal|mp|ah|mah|wh|kwh|yo|min|eur|usd|yen|jpy|gbp|er|te|ten|go"
    r"|º|ª|°|de|em|eme|ème|ère|a|o|ta|ka)"
    r"|\d+[xv]\d+|[\d$€£¥¢+#@!|^§]+"
)
PIECES = {
    "symbols are letters": pattern("[ads]+"),
    "edges too": pattern("[ads]+"),
    "edges too, but for !": pattern("[ads]+"),
    "symbols part": pattern("[ad]+"),
    "digits part": pattern("a+"),
}
"""The ways to cut a folded text into tokens."""


def tokens(folded: Folded, how: str = "symbols are letters") -> Iterator[Token]:
    """The text's tokens in order; endings like the 'll of he'll are left out."""
    for found in PIECES[how].finditer(folded.kinds):
        start, end = found.span()
        text = folded.text[start:end]
        if edges := _PUNCTUATION.get(how):
            start, end = _trimmed(folded, start, end, edges)
            text = folded.text[start:end]
        if text and not (text in _ENDINGS and _is_contracted(folded.kinds, start)):
            yield Token(text, start, end)


def _is_contracted(kinds: str, start: int) -> bool:
    """Does it end a word that an apostrophe cuts, and no spelled one?"""
    return kinds[max(0, start - 3) : start] == LETTER + LETTER + QUOTE


def _trimmed(folded: Folded, start: int, end: int, edges: str) -> tuple[int, int]:
    """Without what is punctuation at the ends of a word."""
    while start < end and folded.kinds[start] == SYMBOL and folded.text[start] in edges:
        start += 1
    while start < end and folded.kinds[end - 1] == SYMBOL and folded.text[end - 1] in edges:
        end -= 1
    return start, end


def is_number(token: str) -> bool:
    """Is it an amount (`10k`, `5th`, `$5`, `2v2`) and no word?"""
    return _UNIT.fullmatch(token) is not None


def without_amounts(text: str) -> str:
    """The text without its numbers and amounts (`10k`, `5th`, `1080p`)."""
    return _AMOUNT.sub(" ", text)


_AMOUNT = pattern(lambda: rf"(?<![\w$@|!+*^#])(?:{_UNIT.pattern})(?![\w$@|!+*^#])", re.IGNORECASE)


def spelled(text: str, *, one: str = "i", bar: str = "l") -> str:
    """A token with its digits and symbols read as letters; numbers stay."""
    if (text.isalpha() and EITHER not in text) or is_number(text):
        return text
    return "".join(
        {"1": one, "!": one, "|": bar, EITHER: bar}.get(each) or MEANINGS.get(each, each)[0]
        for each in text
    )


_RUN = pattern(r"(.)\1+", re.DOTALL)
_LONG_RUN = pattern(r"(\D)\1{2,}", re.DOTALL)


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
    lines += [lines[0][::-1], skeleton(upside_down(text))]
    return tuple(dict.fromkeys(each for each in lines if each))


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
    for token in tokens(folded, how):
        word = spelled(token.text, one=one, bar=bar)
        single = len(word) == 1 or (len(set(word)) == 1 and not word.isdigit())
        glued = joined and words and SPACE not in folded.kinds[last : token.start]
        last = token.end
        if single:
            singles.append(word)
            continue
        words += _joined(singles)
        singles = []
        words[-1:] = [words[-1] + word] if glued and words else [*words[-1:], word]
    words += _joined(singles)
    line = " ".join(words)
    return _LONG_RUN.sub(r"\1\1", line) if doubled else calm(line)


def _joined(singles: list[str]) -> list[str]:
    """Three and more single letters are a word; digits among them are letters then."""
    if len(singles) < 3 or all(each.isdigit() for each in singles):
        return singles
    return ["".join(spelled(f"a{each}")[1:] for each in singles)]


def at_capitals(text: str) -> str:
    """The text with a space before each capital with which a word begins: `I Am A Nice One`."""
    parts = [
        before + " " if after.isupper() and (before.islower() or behind.islower()) else before
        for before, after, behind in zip(text, text[1:], text[2:] + "A", strict=False)
    ]
    return "".join(parts) + text[-1:]


def upside_down(text: str) -> str:
    """A text that stands on its head put upright; "" where none does."""
    if text.isascii() or not any(map(lookalikes.is_turned, set(text))):
        return ""
    return "".join(map(lookalikes.turned, reversed(text)))
