"""Words that a user never wants spoken or shown: a street, the family's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pickled.errors import ConfigError
from pickled.language.moderation.folding import fold
from pickled.language.moderation.skeleton import readings, skeleton, upside_down
from pickled.language.moderation.word_forms import key, trie
from pickled.language.moderation.word_search import squeezed_keys
from pickled.language.privacy.spots import MARK, Spot, calm_text, is_disguised
from pickled.language.reading import Reading
from pickled.patterns import pattern

SHORTEST = 3
"""Letters and digits of a private word, at least; what is shorter is in too many others."""

LONGEST = 100
"""Characters of a private word, at most."""

_SPLIT_FROM = 6
"""Only words of so many letters are looked for in pieces: `in a` is not Ina."""


@dataclass(frozen=True, slots=True)
class PrivateWords:
    """What is never spoken or published, by skeleton; made by `parse_private_words`."""

    phrases: frozenset[tuple[str, ...]] = frozenset()
    """The words of each phrase, each as its skeleton."""
    joined: frozenset[str] = frozenset()
    """Each phrase without its spaces, also reversed, with the endings it may have."""
    beginnings: frozenset[str] = frozenset()
    """All that one of `joined` begins with."""
    exact: frozenset[str] = frozenset()
    """Short words like Ann and Lee, of which the skeleton leaves too little: as they are."""
    longest: int = 0
    """Characters of the longest in `joined`."""
    keys: frozenset[str] = frozenset()
    """What all spellings of each have in common: a text without one of them has none of them."""


NO_PRIVATE_WORDS = PrivateWords()


def parse_private_words(text: str, *, source: str) -> PrivateWords:
    """One word or phrase a line, `#` opens a comment; ConfigError names the line."""
    phrases: set[tuple[str, ...]] = set()
    exact: set[str] = set()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        phrase = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not phrase:
            continue
        words = tuple(skeleton(phrase.lower()).split())
        if len(phrase) > LONGEST:
            raise ConfigError(f"{source}:{number}: a private word has {LONGEST} characters at most")
        if len(phrase) >= SHORTEST and phrase.isascii() and phrase.isalpha() and len(words[0]) < 3:
            exact |= {phrase.lower(), phrase.lower() + "s"}
            continue
        if sum(map(len, words)) < _fewest("".join(words)):
            raise ConfigError(
                f"{source}:{number}: {phrase[:20]!r} is too short: "
                f"it takes {SHORTEST} letters or digits to tell it from other words"
            )
        phrases.add(words)
    return _private_words(phrases, exact)


def spots(reading: Reading, *, private: PrivateWords) -> list[Spot]:
    """Where private words are; the whole text where it can't be told. Linear."""
    text, found = reading.text, list[Spot]()
    if private.exact:
        found += [
            Spot(*match.span(), "private word")
            for match in _LETTERS.finditer(text.lower())
            if match.group() in private.exact
        ]
    if not private.joined or not _may_have(reading, private.keys):
        return found
    disguised = not text.isascii() or is_disguised(text, amounts=True)
    pieces = list(_disguised_words(text) if disguised else _words(text))
    found += [
        Spot(pieces[first][1], pieces[last][2], "private word")
        for first, last in _matches([token for token, _, _ in pieces], private)
    ]
    if not found and disguised:
        hidden = (any(_matches(each.split(), private)) for each in readings(text))
        found = [Spot(0, len(text), "private word")] if any(hidden) else []
    return found


def may_begin(text: str, *, private: PrivateWords) -> bool:
    """Does a text end with what a private word begins with, and may yet become?"""
    last = "".join(_LETTERS.findall(text.lower())[-1:])
    if last and any(each.startswith(last) for each in private.exact):
        return True
    if not private.joined:
        return False
    cuts = [each for each, _, _ in _words(text)], [each for each, _, _ in _disguised_words(text)]
    for tokens in cuts:
        joined = ""
        for token in reversed(tokens[-2 * private.longest :]):
            joined = _seamless(token, joined)
            if joined in private.beginnings:
                return True
    return False


def _may_have(reading: Reading, keys: frozenset[str]) -> bool:
    """Is the key of any private word in it? Most texts are done with that."""
    quick, text = _quick(keys), reading.text
    if any(map(quick.search, squeezed_keys(reading.form(fold)))):
        return True
    if text.isascii():
        return False
    others = (text.lower(), upside_down(text))
    return any(quick.search(each) for other in others for each in squeezed_keys(fold(other)))


@lru_cache(maxsize=4)
def _quick(keys: frozenset[str]) -> re.Pattern[str]:
    return re.compile(trie(keys))


_WORD = pattern(rf"[^\s{MARK}]+")
_LETTERS = pattern(r"[a-z]+|\d+")


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text that hides none, and where they are."""
    lowered = text.lower()
    return ((calm_text(each.group()), *each.span()) for each in _LETTERS.finditer(lowered))


def _disguised_words(text: str) -> Iterator[tuple[str, int, int]]:
    """What the parts between spaces mean, and where they are."""
    for match in _WORD.finditer(text):
        for token in skeleton(match.group().lower()).split():
            yield token, match.start(), match.end()


def _matches(tokens: list[str], private: PrivateWords) -> Iterator[tuple[int, int]]:
    """First and last token of each phrase, whole words only; no token is taken twice."""
    free = 0
    for first in range(len(tokens)):
        joined = ""
        for last in range(first, min(len(tokens), first + 2 * private.longest)):
            joined = _seamless(joined, tokens[last])
            if first < free or joined not in private.beginnings:
                break
            if joined in private.joined and _is_whole(tokens[first : last + 1], joined, private):
                yield first, last
                free = last + 1
                break


def _seamless(before: str, after: str) -> str:
    """Both together; a run of one letter stays one letter."""
    repeated = before[-1:].isalpha() and before[-1:] == after[:1]
    return before + after[1:] if repeated else before + after


def _is_whole(tokens: list[str], joined: str, private: PrivateWords) -> bool:
    """Several tokens are one word only where that can hardly be chance."""
    return (
        len(tokens) == 1
        or len(joined) >= _SPLIT_FROM
        or tuple(tokens) in private.phrases
        or all(len(token) == 1 for token in tokens)
    )


def _private_words(phrases: set[tuple[str, ...]], exact: set[str]) -> PrivateWords:
    joined: set[str] = set()
    for words in phrases:
        whole = "".join(words)
        for form in (whole, whole + "s", whole[::-1] if len(whole) >= _SPLIT_FROM else whole):
            joined.add(calm_text(form))
    beginnings = {each[:end] for each in joined for end in range(1, len(each) + 1)}
    longest = max(map(len, joined), default=0)
    keys = {key(each) for form in joined for each in (form, form[::-1])}
    return PrivateWords(
        frozenset(phrases),
        frozenset(joined),
        frozenset(beginnings),
        frozenset(exact),
        longest,
        frozenset(keys),
    )


def _fewest(word: str) -> int:
    """A script that writes a syllable or a word with each character needs fewer."""
    return SHORTEST if word.isascii() else 2
