"""A listed word as it is looked for: its key, its pattern, how far it may be stretched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, TypeAlias

from pickled.language.moderation.folding import DIGIT, LETTER, SYMBOL, Folded
from pickled.language.moderation.skeleton import MEANINGS
from pickled.patterns import pattern

_SAME_KEY = {"l": "i", "b": "g", "v": "u"}
_KEYS = str.maketrans(
    _SAME_KEY | {each: _SAME_KEY.get(letters[0], letters[0]) for each, letters in MEANINGS.items()}
)
_STANDS_FOR = {
    letter: letter + "".join(each for each, letters in MEANINGS.items() if letter in letters)
    for letter in "abcdefghijklmnopqrstuvwxyz"
} | {"u": "uv"}
_AGAIN = pattern(r"(.)(?=\1)", re.DOTALL)
_MOST = 4  # letters of a run that are looked at
_LONG = pattern(r"(.)\1{4,}", re.DOTALL)
_STRETCHED = pattern(r"(.)\1{2,}", re.DOTALL)
_UNSPACED = pattern("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NEVER_DOUBLED = frozenset("ahijkquvwxy")
_BEFORE_ENDING = pattern(r"[aeiou]([bdfgklmnprstz])\1(?:ed|er|ers|ing|ings|y|ies)$")

STRETCHED_FROM = 5
"""Letters from which one doubled letter makes no other word: `fed` and `feed` are two."""

REVERSED_FROM = 6
"""Letters from which a word is also looked for from its end."""

LONGEST = 96
"""Letters of a token that are looked at."""


def key(text: str) -> str:
    """What all spellings of a token have in common."""
    return once(text.translate(_KEYS))


def once(text: str) -> str:
    """Each run of one character is one character."""
    return _AGAIN.sub("", text)


def code_keys(folded: Folded) -> tuple[str, str]:
    """What all spellings of a long code have in common: its letters and digits in one piece.

    Once with symbols read as letters, once without them.
    """
    return key(_only(LETTER + DIGIT + SYMBOL, folded)), key(_only(LETTER + DIGIT, folded))


def _only(kinds: str, folded: Folded) -> str:
    return "".join(
        each for each, kind in zip(folded.text, folded.kinds, strict=True) if kind in kinds
    )


@dataclass(frozen=True, slots=True)
class ListedWord:
    """One listed word or phrase."""

    words: tuple[str, ...]
    """Folded, without spaces."""
    label: str
    """What it is told as."""
    before: bool = False
    """More letters may stand before it in the word."""
    after: bool = False


class Span(NamedTuple):
    """Where an entry is in the original text."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """An entry as it is looked for."""

    entry: ListedWord
    words: tuple[str, ...]
    letters: str
    key: str
    before: bool
    after: bool

    def matches(self, text: str) -> bool:
        """Is the token this word, or a stretched form of it that is no other word?"""
        whole = _LONG.sub(r"\1\1\1\1", text)
        if len(whole) > _MOST * len(self.letters) and not (self.before or self.after):
            return False
        whole = whole[:LONGEST]
        found = _pattern(self.letters, self.before, self.after).fullmatch(whole)
        if found is None or _is_amount(found[1]):
            return False
        return self._is_stretched_enough(found[1], whole)

    def _is_stretched_enough(self, said: str, whole: str) -> bool:
        more = [
            letter
            for (letter, count), (_, least) in zip(_runs(said), _runs(self.letters), strict=False)
            if count > min(least, _MOST)
        ]
        if not more:
            return True
        if _STRETCHED.search(said):
            return True
        ending = _BEFORE_ENDING.search(said)
        if ending and more == [ending[1].translate(_KEYS)]:
            return False  # `rapping` is no stretched word
        if len(self.letters) >= STRETCHED_FROM:
            return True
        return len(self.letters) > 3 and (len(more) > 1 or more[0] in _NEVER_DOUBLED)


def _is_amount(said: str) -> bool:
    """Has it so few letters that it is rather a number, or a code?"""
    letters = sum(map(str.isalpha, said))
    return letters == 0 or (len(said) < STRETCHED_FROM and 3 * letters < len(said))


def _runs(text: str) -> list[tuple[str, int]]:
    return [(letter, len(list(run))) for letter, run in groupby(text.translate(_KEYS))]


def forms_of(entry: ListedWord) -> Iterator[Form]:
    """All forms of an entry: itself, and from its end."""
    yield _form(entry, entry.words, before=entry.before, after=entry.after)
    letters = "".join(entry.words)
    if len(letters) >= REVERSED_FROM and letters != letters[::-1]:
        turned = tuple(word[::-1] for word in reversed(entry.words))
        yield _form(entry, turned, before=entry.after, after=entry.before)


def _form(entry: ListedWord, words: tuple[str, ...], *, before: bool, after: bool) -> Form:
    letters = "".join(words)
    if _UNSPACED.search(letters):
        before = after = True  # no spaces there that could tell where a word ends
    return Form(entry, words, letters, key(letters), before, after)


@lru_cache(maxsize=4_096)
def _pattern(letters: str, before: bool, after: bool) -> re.Pattern[str]:
    """What the tokens that are this word look like; made when it is first in question."""
    runs = [(letter, len(list(run))) for letter, run in groupby(letters)]
    parts = [
        f"[{re.escape(_STANDS_FOR.get(letter, letter))}]{{{min(count, _MOST)},}}"
        for letter, count in runs
    ]
    if after:
        parts[-1] = parts[-1].replace(",}", "}")  # `grubbing` has no stretched `grub`
    if before:
        parts[0] = parts[0].replace(",}", "}")
    body = "".join(parts)
    around = ".*?" if before else "", ".*" if after else ""
    return re.compile(f"{around[0]}({body}){around[1]}", re.DOTALL)


_Node: TypeAlias = "dict[str, _Node]"


def trie(words: Iterable[str]) -> str:
    """A pattern for any of the words that looks at each letter of a text once for all of them."""
    root: _Node = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(root) if root else "(?!)"


def _branches(node: _Node) -> str:
    if "" in node:
        return ""  # a shorter word is found there already
    parts = [re.escape(letter) + _branches(rest) for letter, rest in sorted(node.items())]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
