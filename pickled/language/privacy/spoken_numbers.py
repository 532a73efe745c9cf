"""Finds numbers that are said in words, digit by digit or in pairs, as phone numbers are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pickled.language.privacy.spots import Spot, calm_text
from pickled.patterns import on_first_use, pattern

_UNITS_SPOKEN = (
    "zero|nought|oh|o one two three four five six seven eight nine",
    "null eins|ein zwei|zwo drei vier funf|fuenf sechs sieben acht neun",
    "cero uno|un dos|deux tres|trois cuatro|quatre cinco|cinq seis siete|sept ocho|huit nueve|neuf",
    "nul uno due tre quattro|quatro cinque sei sette|sete otto|oito nove",
    "nul een|um twee|dois drie vier vijf zes zeven acht negen",
)
_TENS_SPOKEN = (
    ("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10, 1),
    ("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
)
_TIMES = {"double": 2, "triple": 3, "treble": 3}


def spots(text: str) -> Iterator[Spot]:
    """All that is found in a calm plain form; linear in its length."""
    for match in _SPOKEN.finditer(text):
        if _is_spoken_number(match.group()):
            end = match.start() + len(match.group().rstrip(" ,.-_/"))
            yield Spot(match.start(), end, "phone")


@on_first_use
def number_words() -> frozenset[str]:
    """Words that numbers are said with, each run of a letter as one letter."""
    return frozenset([*_ones(), *_tens(), *_TIMES, "hundred"])


def counts(values: Sequence[int] | str) -> bool:
    """Is it counting up or down, perhaps again and again, or one number many times?"""
    numbers = [int(each) for each in values]
    return any(
        all(after - before == step or after == numbers[0] for before, after in pairwise(numbers))
        for step in (-1, 0, 1, 5, 10)
    )


def _is_spoken_number(said: str) -> bool:
    """At least seven digits, said one by one or in pairs, with a word among them or spaced out."""
    words = _SPOKEN_ONE.findall(said)
    values: list[int] = []
    digits, times = 0, 1
    for word in words:
        if word in _TIMES:
            times = _TIMES[word]
        elif word == "hundred":
            digits += 2
        else:
            value = int(word) if word.isdigit() else _tens().get(word, _ones().get(word, 0))
            digits += times * (2 if value > 9 else 1)
            joined = value < 10 and values and values[-1] > 19 and values[-1] % 10 == 0
            if joined:
                values[-1] += value
                digits -= 1
            else:
                values += [value] * times
            times = 1
    return digits >= 7 and len(values) > 2 and not counts(values)


@on_first_use
def _tens() -> dict[str, int]:
    return {
        calm_text(word): value
        for words, first, step in _TENS_SPOKEN
        for value, word in zip(range(first, 100, step), words.split(), strict=False)
    }


@on_first_use
def _ones() -> dict[str, int]:
    return {
        word: value
        for words in _UNITS_SPOKEN
        for value, group in enumerate(words.split())
        for word in calm_text(group).split("|")
    }


def _spoken_word() -> str:
    return "|".join(sorted(number_words(), key=lambda word: (-len(word), word)))


_SPOKEN = pattern(
    lambda: rf"(?<!\w)(?:(?:{_spoken_word()}|\d)(?:[\s,.\-_/]{{1,3}}|(?!\d))){{4,}}(?!\w)"
)
_SPOKEN_ONE = pattern(lambda: rf"{_spoken_word()}|\d")
