"""Words that a user never wants spoken or shown: a street, the family's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pickled.brain.skeleton import skeleton
from pickled.brain.spots import MARK, Spot
from pickled.errors import ConfigError

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
    longest: int = 0
    """Characters of the longest in `joined`."""


NO_PRIVATE_WORDS = PrivateWords()


def parse_private_words(text: str, *, source: str) -> PrivateWords:
    """One word or phrase a line, `#` opens a comment; ConfigError names the line."""
    phrases: set[tuple[str, ...]] = set()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        phrase = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not phrase:
            continue
        words = tuple(skeleton(phrase).split())
        if len(phrase) > LONGEST:
            raise ConfigError(f"{source}:{number}: a private word has {LONGEST} characters at most")
        if sum(map(len, words)) < _fewest("".join(words)):
            raise ConfigError(
                f"{source}:{number}: {phrase[:20]!r} is too short: "
                f"it takes {SHORTEST} letters or digits to tell it from other words"
            )
        phrases.add(words)
    return _private_words(phrases)


def spots(text: str, *, private: PrivateWords) -> list[Spot]:
    """Where private words are; the whole text where it can't be told. Linear."""
    if not private.joined:
        return []
    pieces = [
        (token, match.start(), match.end())
        for match in _WORD.finditer(text)
        for token in skeleton(match.group()).split()
    ]
    found = [
        Spot(pieces[first][1], pieces[last][2], "private word")
        for first, last in _matches([token for token, _, _ in pieces], private)
    ]
    if not found and any(_matches(skeleton(text).split(), private)):
        found = [Spot(0, len(text), "private word")]
    return found


_WORD = re.compile(rf"[^\s{MARK}]+")
_REPEATED = re.compile(r"(.)\1+", re.DOTALL)


def _matches(tokens: list[str], private: PrivateWords) -> Iterator[tuple[int, int]]:
    """First and last token of each phrase, whole words only; no token is taken twice."""
    free = 0
    for first in range(len(tokens)):
        if first < free:
            continue
        joined = ""
        for last in range(first, min(len(tokens), first + private.longest)):
            joined = _REPEATED.sub(r"\1", joined + tokens[last])
            if len(joined) > private.longest:
                break
            if joined in private.joined and _is_whole(tokens[first : last + 1], joined, private):
                yield first, last
                free = last + 1
                break


def _is_whole(tokens: list[str], joined: str, private: PrivateWords) -> bool:
    """Several tokens are one word only where that can hardly be chance."""
    return (
        len(tokens) == 1
        or len(joined) >= _SPLIT_FROM
        or tuple(tokens) in private.phrases
        or all(len(token) == 1 for token in tokens)
    )


def _private_words(phrases: set[tuple[str, ...]]) -> PrivateWords:
    joined: set[str] = set()
    for words in phrases:
        whole = "".join(words)
        for form in (whole, whole + "s", whole[::-1] if len(whole) >= _SPLIT_FROM else whole):
            joined.add(_REPEATED.sub(r"\1", form))
    return PrivateWords(frozenset(phrases), frozenset(joined), max(map(len, joined), default=0))


def _fewest(word: str) -> int:
    """A script that writes a syllable or a word with each character needs fewer."""
    return SHORTEST if word.isascii() else 2
