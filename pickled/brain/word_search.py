"""Finds listed words in a text however they are spelled: look-alikes, gaps, stretches, stars.

Each listed word has a key in which all that can stand for one another is the same, so that a piece
of text costs one look-up; a pattern then says whether it is really that word. Nothing grows faster
than the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, takewhile

from pickled.brain import skeleton as bones
from pickled.brain.common_words import SHORT
from pickled.brain.folding import DIGIT, LETTER, OTHER, STAR, SYMBOL, Folded, fold
from pickled.brain.lookalikes import EITHER, SYMBOLS
from pickled.brain.skeleton import Piece
from pickled.brain.word_forms import Entry, Form, Found, forms_of, key, trie

_READ = {*map(chr, range(128)), *SYMBOLS, EITHER}
_SQUEEZED = tuple(
    {ord(each): key(each) if each in kept else None for each in _READ}
    for kept in (
        {each for each in _READ if each.isalnum() or each in SYMBOLS},
        {each for each in _READ if each.isalnum()},
        {each for each in _READ if each.isalpha()},
    )
)
_RUN = re.compile(r"(.)\1+", re.DOTALL)
_NOT_PLAIN = re.compile(r"[^a-z\s.,?:;'\"-]")
_DRAWN = {
    "|\\|": "n", "/\\/": "n", "\\/\\/": "w", "|\\/|": "m", "/\\/\\": "m", "\\/": "v", "/\\": "a",
    "()": "o", "[]": "o", "{}": "o", "<>": "o", "|-|": "h", "]-[": "h", "}{": "h", "|_|": "u",
    "|<": "k", "|{": "k", "><": "x", ")(": "x", "|)": "d", "|]": "d", "[)": "d", "|>": "p",
    "|3": "b", "|2": "r", "|=": "f", "|_": "l", "_|": "j", "vv": "w", "`/": "y",
    "ph": "f",
}  # fmt: skip
_DRAWING = re.compile(
    "|".join(re.escape(each) for each in sorted(_DRAWN, key=len, reverse=True))
    + r"|(?<=[^\W_])[(<\[{](?=\w)"
)
_TURNS = re.compile("[\u202b\u202e\u2067]")
_HOLES = STAR + OTHER + SYMBOL
_CHUNK = re.compile(r"[^ ]+")
_MOST_CHUNKS = 40
_AROUND = 3
_SPARE = 4
_IN_PARTS, _WITH_NUMBERS, _SURE = 4, 5, 6  # letters
_LONGEST_CHUNK = 40


class WordSearch:
    """The entries, ready to be looked for."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        forms = [form for entry in entries for form in forms_of(entry)]
        self._forms = [form for form in forms if not bones.is_number(form.letters)]
        self._numbers = {form.letters: form for form in forms if bones.is_number(form.letters)}

    def find(self, text: str) -> Iterator[Found]:
        """All places where an entry is, in no certain order, some of them more than once."""
        if not (self._forms or self._numbers):
            return
        folded = fold(text)
        yield from self._in(folded)
        if self._numbers:
            yield from self._among_numbers(folded)
        plain = _NOT_PLAIN.search(folded.text) is None
        if not plain:
            yield from self._starred(folded)
        if "ph" in folded.text or "vv" in folded.text or not plain:
            yield from self._in(_redrawn(folded))
        for other in (bones.upside_down(text), text[::-1] if _TURNS.search(text) else ""):
            for each in islice(self._in(fold(other)), 1):
                yield Found(0, len(text), each.label)

    @cached_property
    def _quick(self) -> re.Pattern[str]:
        """One pattern for all keys: what it doesn't find is nowhere."""
        return re.compile(trie({form.key for form in self._forms}))

    def _in(self, folded: Folded) -> Iterator[Found]:
        """Where pieces of the text, alone or joined, are an entry."""
        plain = _NOT_PLAIN.search(folded.text) is None
        if not any(self._quick.search(each) for each in _squeezed(folded, plain=plain)):
            return
        for how in bones.PIECES if not plain else ("symbols part",):
            yield from self._among(folded, list(bones.pieces(folded, how)))
        yield from self._at_capitals(folded)

    @cached_property
    def _by_key(self) -> dict[str, list[Form]]:
        found = defaultdict(list)
        for form in self._forms:
            found[form.key].append(form)
        return dict(found)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(
            form.key[:end] for form in self._forms for end in range(1, len(form.key) + 1)
        )

    @cached_property
    def _most_pieces(self) -> int:
        """Pieces that are joined, at most."""
        return max((len(form.letters) for form in self._forms), default=0) + _SPARE

    @cached_property
    def _stems(self) -> dict[int, dict[str, list[Form]]]:
        """By the key's length, those that more letters may follow."""
        found: dict[int, dict[str, list[Form]]] = {}
        for form in self._forms:
            if form.after and not form.before:
                found.setdefault(len(form.key), {}).setdefault(form.key, []).append(form)
        return found

    @cached_property
    def _ends(self) -> list[Form]:
        """Those that more letters may precede."""
        return [form for form in self._forms if form.before]

    def _among(self, folded: Folded, pieces: Sequence[Piece]) -> Iterator[Found]:
        keys = [key(each.text) for each in pieces]
        for first in range(len(pieces)):
            joined = ""
            for last in range(first, min(first + self._most_pieces, len(pieces))):
                joined = _glued(joined, keys[last])
                meant = (
                    form
                    for form in self._candidates(joined)
                    if _is_meant(form, pieces, first, last)
                )
                if form := next(meant, None):
                    start, end = folded.span(pieces[first].start, pieces[last].end)
                    yield Found(start, end, form.entry.label)
                if joined not in self._beginnings:
                    break
            yield from self._dressed(folded, pieces[first])

    def _candidates(self, joined: str) -> Iterator[Form]:
        yield from self._by_key.get(joined, ())
        for length, stems in self._stems.items():
            if length < len(joined):
                yield from stems.get(joined[:length], ())
        for form in self._ends:
            if form.key in joined and form.key != joined:
                yield form

    def _dressed(self, folded: Folded, piece: Piece) -> Iterator[Found]:
        """A word in x's (`xXwordXx`), or said twice without a space."""
        if len(piece.text) < 5 or bones.is_number(piece.text):
            return
        texts = []
        if piece.text[0] == piece.text[-1] == "x":
            bare = piece.text.strip("x")
            texts += [bare, f"x{bare}", f"{bare}x"]
        again = (piece.text + piece.text).find(piece.text, 1)
        if 2 < again < len(piece.text):
            texts.append(piece.text[:again])
        for text in texts:
            for form in self._by_key.get(key(text), ()):
                if form.matches(text):
                    yield Found(*folded.span(piece.start, piece.end), form.entry.label)

    def _at_capitals(self, folded: Folded) -> Iterator[Found]:
        """Words that begin with a capital within a longer one: `TheWordAgain`."""
        for piece in bones.pieces(folded, "digits part"):
            cased = "".join(folded.source[folded.at[at]] for at in range(piece.start, piece.end))
            if cased.islower() or cased[1:].islower() or cased.isupper():
                continue
            start = piece.start
            for part in bones.at_capitals(cased).split():
                text = folded.text[start : start + len(part)]
                for form in self._candidates(key(text)):
                    if len(form.letters) >= 4 and form.matches(text):
                        span = folded.span(start, start + len(part))
                        yield Found(*span, form.entry.label)
                start += len(part)

    def _among_numbers(self, folded: Folded) -> Iterator[Found]:
        for piece in bones.pieces(folded, "symbols part"):
            if form := self._numbers.get(piece.text):
                yield Found(*folded.span(piece.start, piece.end), form.entry.label)

    @cached_property
    def _by_length(self) -> dict[int, list[Form]]:
        found = defaultdict(list)
        for form in self._forms:
            found[len(form.letters)].append(form)
        return found

    def _starred(self, folded: Folded) -> Iterator[Found]:
        """Words with letters left out for something else: `w*rd`, `wo#d`."""
        chunks = (
            each
            for each in _CHUNK.finditer(folded.kinds)
            if LETTER in each[0] and set(each[0]) & set(_HOLES)
        )
        for chunk in islice(chunks, _MOST_CHUNKS):
            start, end = _trimmed(folded.kinds, *chunk.span())
            if not 3 <= end - start <= _LONGEST_CHUNK:
                continue
            for form in self._by_length.get(end - start, ()):
                if _fits(form.letters, folded.text[start:end], folded.kinds[start:end]):
                    yield Found(*folded.span(start, end), form.entry.label)


def _squeezed(folded: Folded, *, plain: bool) -> Iterator[str]:
    """The keys of the whole text without a space, for each way to cut it."""
    tables = _SQUEEZED[2:] if plain else _SQUEEZED
    for table in tables:
        text = folded.text
        if not text.isascii():
            text = "".join(
                each
                for each, kind in zip(text, folded.kinds, strict=True)
                if kind == LETTER or each in _READ
            )
        yield _RUN.sub(r"\1", text.translate(table))


def _glued(first: str, second: str) -> str:
    return first + second[1:] if first and first[-1] == second[:1] else first + second


def _is_meant(form: Form, pieces: Sequence[Piece], first: int, last: int) -> bool:
    """Are these pieces the entry, and not honest words that happen to touch?"""
    parts = [each.text for each in pieces[first : last + 1]]
    if first == last:
        return form.matches(parts[0]) and not bones.is_number(parts[0])
    if not form.matches("".join(parts)):
        return False
    if len(form.words) > 1 and [key(each) for each in parts] == [key(each) for each in form.words]:
        return True
    singles = sum(map(_is_single, parts))
    if singles == len(parts):
        return singles > 2 and _stands_alone(form, pieces, first, last)
    if len(form.letters) < (_WITH_NUMBERS if any(map(bones.is_number, parts)) else _IN_PARTS):
        return False
    sure = len(form.letters) > _SURE or (len(form.letters) > _IN_PARTS and singles > 1)
    return sure or any(bones.spelled(each) not in SHORT for each in parts)


def _is_single(text: str) -> bool:
    return len(text) == 1 or len(set(text)) == 1


def _stands_alone(form: Form, pieces: Sequence[Piece], first: int, last: int) -> bool:
    """Is a spelled word not a part of a longer spelled one? A long entry is one anyway."""
    if len(form.letters) > 4:
        return True
    before = takewhile(
        _is_single, (each.text for each in reversed(pieces[max(0, first - _AROUND) : first]))
    )
    behind = takewhile(_is_single, (each.text for each in pieces[last + 1 : last + 1 + _AROUND]))
    around = len([*before]) + len([*behind])
    return around <= len(form.letters) - 2


def _redrawn(folded: Folded) -> Folded:
    """The text with letters in place of those that are drawn of several characters."""
    text: list[str] = []
    kinds: list[str] = []
    at: list[int] = []
    done = 0
    for drawn in _DRAWING.finditer(folded.text):
        text += [folded.text[done : drawn.start()], _DRAWN.get(drawn[0], "c")]
        kinds += [folded.kinds[done : drawn.start()], LETTER]
        at += [*folded.at[done : drawn.start()], folded.at[drawn.start()]]
        done = drawn.end()
    at += folded.at[done:]
    return replace(
        folded,
        text="".join(text) + folded.text[done:],
        kinds="".join(kinds) + folded.kinds[done:],
        at=at,
    )


def _trimmed(kinds: str, start: int, end: int) -> tuple[int, int]:
    """Without punctuation around it, and no star before it: that is emphasis."""
    while start < end and kinds[start] not in LETTER + DIGIT:
        start += 1
    while start < end and kinds[end - 1] not in LETTER + DIGIT + STAR:
        end -= 1
    return start, end


def _fits(letters: str, text: str, kinds: str) -> bool:
    """Is it the word with few enough holes?"""
    holes = [place for place, kind in enumerate(kinds) if kind in _HOLES]
    if not holes or not all(
        place in holes or letter == meant or meant in bones.MEANINGS.get(letter, "")
        for place, (letter, meant) in enumerate(zip(text, letters, strict=True))
    ):
        return False
    if all(kinds[place] == STAR or text[place] == "#" for place in holes):
        tail = len(text) - len(text.rstrip("*"))
        enough = len(holes) <= len(text) // 2 and (tail != 1 or len(text) > 5)
        return enough and len(text) - len(holes) > 1
    return len(holes) == 1 and len(text) > 4
