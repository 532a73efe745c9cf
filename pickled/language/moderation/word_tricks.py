"""Sees letters that are drawn of several characters, and words with letters left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pickled.language.moderation.folding import DIGIT, LETTER, OTHER, STAR, SYMBOL, Folded
from pickled.language.moderation.skeleton import MEANINGS
from pickled.patterns import pattern

_DRAWN = {
    "|\\|": "n", "/\\/": "n", "\\/\\/": "w", "|\\/|": "m", "/\\/\\": "m", "\\/": "v", "/\\": "a",
    "()": "o", "[]": "o", "{}": "o", "<>": "o", "|-|": "h", "]-[": "h", "}{": "h", "|_|": "u",
    "|<": "k", "|{": "k", "><": "x", ")(": "x", "|)": "d", "|]": "d", "[)": "d", "|>": "p",
    "|3": "b", "|2": "r", "|=": "f", "|_": "l", "_|": "j", "vv": "w", "`/": "y",
    "/-\\": "a", "/v\\": "m", "|8": "b", "|?": "r", "-|-": "t", "'][": "t", "']['": "t", "ph": "f",
}  # fmt: skip
_DRAWING = pattern(
    r"(?P<tag></?[a-z]{1,6}>)|"
    + "|".join(re.escape(each) for each in sorted(_DRAWN, key=len, reverse=True))
    + r"|(?<=[^\W_])[(<\[{](?=\w)"  # c
)
_MAY_BE_DRAWN = pattern(r"[\\/|()\[\]{}<>`]")
_DRAWN_LETTERS = ("vv", "ph")
_HOLES = STAR + OTHER + SYMBOL
_HOLED = pattern(r"[ad][s*.]+[ad]|a\*")
_CHUNK = pattern(r"[^ ]+")
_SHORTEST, _LONGEST = 3, 40


def redrawn(folded: Folded) -> Folded | None:
    """The text with a letter for each one drawn of several characters; None where none is."""
    if not (
        any(each in folded.text for each in _DRAWN_LETTERS) or _MAY_BE_DRAWN.search(folded.text)
    ):
        return None
    text: list[str] = []
    kinds: list[str] = []
    at: list[int] = []
    done = 0
    for drawn in _DRAWING.finditer(folded.text):
        letter = "" if drawn["tag"] else _DRAWN.get(drawn[0], "c")
        text += [folded.text[done : drawn.start()], letter]
        kinds += [folded.kinds[done : drawn.start()], LETTER * len(letter)]
        at += [*folded.at[done : drawn.start()], *[folded.at[drawn.start()]] * len(letter)]
        done = drawn.end()
    at += folded.at[done:]
    return replace(
        folded,
        text="".join(text) + folded.text[done:],
        kinds="".join(kinds) + folded.kinds[done:],
        at=at,
    )


def holed(folded: Folded) -> Iterator[tuple[int, int]]:
    """Where words are that have something else within, or stars at their end."""
    if not _HOLED.search(folded.kinds):
        return
    for chunk in _CHUNK.finditer(folded.kinds):
        if _HOLED.search(chunk[0]):
            start, end = _trimmed(folded.kinds, *chunk.span())
            if _SHORTEST <= end - start <= _LONGEST:
                yield start, end


def fits(letters: str, text: str, kinds: str) -> bool:
    """Is it the word with few enough holes?"""
    holes = [place for place, kind in enumerate(kinds) if kind in _HOLES]
    if not holes or not all(
        place in holes or letter == meant or meant in MEANINGS.get(letter, "")
        for place, (letter, meant) in enumerate(zip(text, letters, strict=True))
    ):
        return False
    if all(kinds[place] == STAR or text[place] == "#" for place in holes):
        tail = len(text) - len(text.rstrip("*"))
        enough = len(holes) <= len(text) // 2 and (tail != 1 or len(text) > 5)
        return enough and len(text) - len(holes) > 1
    return len(holes) == 1 and len(text) > 4


def _trimmed(kinds: str, start: int, end: int) -> tuple[int, int]:
    """Without punctuation around it, and no star before it: that is emphasis."""
    while start < end and kinds[start] not in LETTER + DIGIT:
        start += 1
    while start < end and kinds[end - 1] not in LETTER + DIGIT + STAR:
        end -= 1
    return start, end
