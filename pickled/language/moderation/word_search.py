"""Finds listed words in a text however they are spelled: look-alikes, gaps, stretches, stars.

Each listed word has a key in which all that can stand for one another is the same, so that a token
of text costs one look-up; a pattern then says whether it is really that word. Nothing grows faster
than the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, islice, takewhile

from pickled.language.moderation import skeleton as bones
from pickled.language.moderation import word_tricks
from pickled.language.moderation.common_words import short_words
from pickled.language.moderation.folding import (
    DIGIT,
    LETTER,
    SYMBOL,
    ByCharacter,
    Folded,
    doubtful,
    fold,
    kind_of,
)
from pickled.language.moderation.lookalikes import EITHER, SYMBOLS
from pickled.language.moderation.skeleton import Token
from pickled.language.moderation.word_forms import Form, ListedWord, Span, forms_of, key, once, trie
from pickled.language.reading import Reading
from pickled.patterns import pattern

_READ = {*map(chr, range(128)), *SYMBOLS, EITHER}


def _keys_of(kept: Callable[[str], bool]) -> ByCharacter:
    """A table of keys that drops what isn't kept: of other scripts than Latin, all but letters."""
    return ByCharacter(
        lambda each: key(each) if (kept(each) if each in _READ else kind_of(each) == LETTER) else ""
    )


_EVERYTHING = _keys_of(lambda each: each.isalnum() or each in SYMBOLS or each == EITHER)
_NO_SYMBOLS = _keys_of(str.isalnum)
_LETTERS_ONLY = _keys_of(str.isalpha)
_TURNS = pattern("[\u202b\u202e\u2067]")
_MOST_HOLED = 40
_MOST_DOUBTFUL, _ALL_SUBSETS = 6, 3
_LONG = 600  # characters, from which doubtful letters are read one other way only
_AROUND = 3
_LONGEST_RUN = 8  # tokens of one letter
_IN_PARTS, _WITH_NUMBERS, _SURE = 4, 5, 6  # letters


class WordSearch:
    """The entries, ready to be looked for."""

    def __init__(self, entries: Iterable[ListedWord]) -> None:
        forms = [form for entry in entries for form in forms_of(entry)]
        self._forms = [form for form in forms if not bones.is_number(form.letters)]
        self._numbers = {form.letters: form for form in forms if bones.is_number(form.letters)}

    def prepare(self) -> None:
        """Make now what is else made for the first text: for long lists that takes a while."""
        _ = (self._quick, self._by_key, self._beginnings, self._stems, self._ends, self._by_length)

    def find(self, reading: Reading) -> Iterator[Span]:
        """All places where an entry is, in no certain order, some of them more than once."""
        if not (self._forms or self._numbers):
            return
        text, folded = reading.text, reading.form(fold)
        yield from self._in(folded)
        if self._numbers and DIGIT in folded.kinds:
            yield from self._among_numbers(folded)
        yield from self._starred(folded)
        if redrawn := word_tricks.redrawn(folded):
            yield from self._in(redrawn)
        if text.isascii():
            return
        most = _MOST_DOUBTFUL if len(text) < _LONG else 1
        for second in _subsets(doubtful(text), most=most):
            other_reading = fold(text, second=second)
            if other_reading.text != folded.text:
                yield from self._in(other_reading)
        for other in (bones.upside_down(text), text[::-1] if _TURNS.search(text) else ""):
            if other and next(self._in(fold(other)), None):
                yield Span(0, len(text), next(self._in(fold(other))).label)

    @cached_property
    def _quick(self) -> re.Pattern[str]:
        """One pattern for all keys: what it doesn't find is nowhere."""
        return re.compile(trie({form.key for form in self._forms}))

    def _in(self, folded: Folded) -> Iterator[Span]:
        """Where tokens of the text, alone or joined, are an entry."""
        if not any(map(self._quick.search, squeezed_keys(folded))):
            return
        plain = not (DIGIT in folded.kinds or SYMBOL in folded.kinds)
        ways = ("symbols part",) if plain else bones.PIECES
        for cut in dict.fromkeys(tuple(bones.tokens(folded, how)) for how in ways):
            yield from self._among(folded, cut)
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

    def _among(self, folded: Folded, tokens: Sequence[Token], *, least: int = 1) -> Iterator[Span]:
        """In so many tokens or more."""
        keys = [key(each.text) for each in tokens]
        for first in range(len(tokens)):
            joined, same = "", 0
            for last in range(first, len(tokens)):
                before, joined = joined, _glued(joined, keys[last])
                same = same + 1 if joined == before else 0
                if same > _LONGEST_RUN:
                    break
                meant = (
                    form
                    for form in self._candidates(joined)
                    if _is_meant(form, tokens, first, last)
                )
                if last - first + 1 >= least and (form := next(meant, None)):
                    start, end = folded.span(tokens[first].start, tokens[last].end)
                    yield Span(start, end, form.entry.label)
                if joined not in self._beginnings:
                    break
            if least == 1:
                yield from self._dressed(folded, tokens[first])

    def _candidates(self, joined: str) -> Iterator[Form]:
        yield from self._by_key.get(joined, ())
        for length, stems in self._stems.items():
            if length < len(joined):
                yield from stems.get(joined[:length], ())
        for form in self._ends:
            if form.key in joined and form.key != joined:
                yield form

    def _dressed(self, folded: Folded, token: Token) -> Iterator[Span]:
        """A word in x's (`xXwordXx`), or said twice without a space."""
        if len(token.text) < 5 or bones.is_number(token.text):
            return
        texts = []
        if token.text[0] == token.text[-1] == "x":
            bare = token.text.strip("x")
            texts += [bare, f"x{bare}", f"{bare}x"]
        again = (token.text + token.text).find(token.text, 1)
        if 2 < again < len(token.text):
            texts.append(token.text[:again])
        for text in texts:
            for form in self._by_key.get(key(text), ()):
                if form.matches(text):
                    yield Span(*folded.span(token.start, token.end), form.entry.label)

    def _at_capitals(self, folded: Folded) -> Iterator[Span]:
        """Words that begin with a capital within a longer one, and phrases: `TheWordAgain`."""
        parts, cut = _cut_at_capitals(folded)
        if cut:
            yield from self._among(folded, parts, least=2)
        for part in cut:
            for form in self._candidates(key(part.text)):
                if len(form.letters) >= 4 and form.matches(part.text):
                    yield Span(*folded.span(part.start, part.end), form.entry.label)

    def _among_numbers(self, folded: Folded) -> Iterator[Span]:
        for token in bones.tokens(folded, "symbols part"):
            if form := self._numbers.get(token.text):
                yield Span(*folded.span(token.start, token.end), form.entry.label)

    @cached_property
    def _by_length(self) -> dict[tuple[int, str], list[Form]]:
        """By the number of letters and the key of the first."""
        found = defaultdict(list)
        for form in self._forms:
            found[len(form.letters), form.key[0]].append(form)
        return found

    def _starred(self, folded: Folded) -> Iterator[Span]:
        """Words with letters left out for something else: `w*rd`, `wo#d`."""
        for start, end in islice(word_tricks.holed(folded), _MOST_HOLED):
            text, kinds = folded.text[start:end], folded.kinds[start:end]
            for form in self._by_length.get((end - start, key(text[0])), ()):
                if word_tricks.fits(form.letters, text, kinds):
                    yield Span(*folded.span(start, end), form.entry.label)


def _cut_at_capitals(folded: Folded) -> tuple[list[Token], list[Token]]:
    """All words of a text, and those of them that begin with a capital within a longer one."""
    words, cut = [], []
    for token in bones.tokens(folded, "digits part"):
        cased = "".join(folded.source[folded.at[at]] for at in range(token.start, token.end))
        if cased.islower() or cased[1:].islower() or cased.isupper():
            words.append(token)
            continue
        start = token.start
        for part in bones.at_capitals(cased).split():
            word = Token(folded.text[start : start + len(part)], start, start + len(part))
            words.append(word)
            cut.append(word)
            start = word.end
    return words, cut


def _subsets(letters: frozenset[str], *, most: int) -> Iterator[frozenset[str]]:
    """All that aren't empty; of more than three letters only those of one, all, all but one."""
    if most == 1 and letters:
        yield letters
        return
    few = sorted(letters)[:most]
    sizes = {*range(1, len(few) + 1)} if len(few) <= _ALL_SUBSETS else {1, len(few) - 1, len(few)}
    for size in sorted(sizes, reverse=True):
        yield from map(frozenset, combinations(few, size))


def squeezed_keys(folded: Folded) -> Iterator[str]:
    """The keys of the whole text without a space, for each way to cut it."""
    text = folded.text
    yield squeezed(text, _LETTERS_ONLY)
    if DIGIT in folded.kinds:
        yield squeezed(text, _NO_SYMBOLS)
    if SYMBOL in folded.kinds:
        yield squeezed(text, _EVERYTHING)


def squeezed(text: str, kept: ByCharacter) -> str:
    """The key of all of a folded text but what isn't kept."""
    return once(text.translate(kept))


def _glued(first: str, second: str) -> str:
    return first + second[1:] if first and first[-1] == second[:1] else first + second


def _is_meant(form: Form, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Are these tokens the entry, and not honest words that happen to touch?"""
    parts = [each.text for each in tokens[first : last + 1]]
    if first == last:
        return form.matches(parts[0]) and not bones.is_number(parts[0])
    if not form.matches("".join(parts)):
        return False
    if len(form.words) > 1 and [key(each) for each in parts] == [key(each) for each in form.words]:
        return True
    singles = sum(map(_is_single, parts))
    if singles == len(parts):
        return singles > 2 and _stands_alone(form, tokens, first, last)
    if len(form.letters) < (_WITH_NUMBERS if any(map(bones.is_number, parts)) else _IN_PARTS):
        return False
    sure = len(form.letters) > _SURE or (len(form.letters) > _IN_PARTS and singles > 1)
    short = short_words()
    return sure or any(bones.spelled(each) not in short for each in parts)


def _is_single(text: str) -> bool:
    return len(text) == 1 or len(set(text)) == 1


def _stands_alone(form: Form, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Is a spelled word not a part of a longer spelled one? A long entry is one anyway."""
    if len(form.letters) > 4:
        return True
    before = takewhile(
        _is_single, (each.text for each in reversed(tokens[max(0, first - _AROUND) : first]))
    )
    behind = takewhile(_is_single, (each.text for each in tokens[last + 1 : last + 1 + _AROUND]))
    around = [*[*before][::-1], *(each.text for each in tokens[first : last + 1]), *behind]
    if len(around) > last - first + 1 and "".join(around) in short_words():
        return False
    return len(around) - (last - first + 1) <= len(form.letters) - 2
