"""Whether a clause tells somebody's sentence in another order, number, person, or with fillers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pickled.language.injection.comparable import empty_words, light_words, praise, stem
from pickled.language.injection.quoted import Quoted
from pickled.patterns import on_first_use

LEAST = 2.0
"""Weight of a sentence from which on it can be known again."""

_LONG = 3.0
"""Weight from which on it needs not be told in full, and without anything in between."""
_MOST = 0.87
"""Share of a sentence that is told again."""
_MOST_HITS = 32
"""The last words of a clause that a sentence has as well; a flood of one word ends here."""
_SHORTEST = 4
"""Words, from the first to the last telling one."""
_DENSE = 0.85
"""Share that the sentence has in the words from its first to its last one that are spoken."""
_COMMON = 0.5
"""What a common word counts, beside one that says something."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence of a line is about."""

    line: int
    words: frozenset[str]
    stems: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of several lines, and by stem which of them have it."""

    all: tuple[Sentence, ...]
    places: Mapping[str, tuple[int, ...]]


def sentences(lines: Iterable[Quoted]) -> Sentences:
    """Index of all sentences that say enough to be known again."""
    found: list[Sentence] = []
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for words in line.sentences:
            stems = dict(_telling(words))
            weight = sum(stems.values())
            if weight >= LEAST:
                for each in stems:
                    places.setdefault(each, []).append(len(found))
                found.append(Sentence(number, frozenset(words), stems, weight))
    return Sentences(tuple(found), {each: tuple(at) for each, at in places.items()})


def retold(words: Sequence[str], known: Sentences, *, start: int) -> Iterator[tuple[int, int, int]]:
    """Line, first and past-the-last word of what somebody's sentence may be told again in.

    Only what ends at `start` or later counts. A sentence is told again where most of its telling
    words stand close together, in whatever order and form; a short one only where all of them end
    what is spoken.
    """
    told = _told(words)
    hits: dict[int, list[int]] = {}
    for index, each in enumerate(told):
        for number in known.places.get(each.stem, ()):
            hits.setdefault(number, []).append(index)
    for number, found in hits.items():
        sentence = known.all[number]
        if len(found) < 2 or told[found[-1]].place < start:
            continue
        span = _span(sentence, told, found[-_MOST_HITS:], start=start)
        if span is not None and (sentence.weight >= _LONG or _ends(words, told, *span)):
            first, last = told[span[0]].place, told[span[1]].place
            if not _is_taken_up(words[first], sentence):
                yield sentence.line, first, last + 1


def _span(
    sentence: Sentence, told: Sequence[_Told], found: Sequence[int], *, start: int
) -> tuple[int, int] | None:
    """First and last telling word between which the sentence is told again, if it is."""
    most, dense = (_MOST, _DENSE) if sentence.weight >= _LONG else (1.0, 1.0)
    for nth, first in enumerate(found):
        seen: set[str] = set()
        share = whole = 0.0
        past = first
        for last in found[nth:]:
            for each in told[past : last + 1]:
                whole += each.weight
            past = last + 1
            if told[last].stem in seen:
                whole -= told[last].weight
            else:
                seen.add(told[last].stem)
                share += told[last].weight
            is_told = share >= most * sentence.weight and share >= dense * whole
            if is_told and told[last].place >= start:
                return first, last
    return None


def _ends(words: Sequence[str], told: Sequence[_Told], first: int, last: int) -> bool:
    """Whether nothing telling follows, and the words are enough for a sentence, not for praise."""
    return (
        last == len(told) - 1
        and told[last].place - told[first].place >= _SHORTEST - 1
        and praise().isdisjoint(words[told[first].place : told[last].place + 1])
    )


def _is_taken_up(first: str, sentence: Sentence) -> bool:
    """Whether "walking in the rain!" answers "I walk in the rain"."""
    return first.endswith("ing") and first not in sentence.words


@dataclass(frozen=True, slots=True)
class _Told:
    """A telling word that is spoken."""

    place: int
    stem: str
    weight: float


def _told(words: Sequence[str]) -> list[_Told]:
    return [
        _Told(place, each, weight)
        for place, word in enumerate(words)
        for each, weight in _telling((word,))
    ]


def _telling(words: Iterable[str]) -> Iterator[tuple[str, float]]:
    """The stem and weight of each word that is not empty."""
    empty, light = empty_words(), _light_stems()
    for each in words:
        if len(each) > 1 and each not in empty and each != "me" and each != "be":
            known = stem(each)
            yield known, _COMMON if known in light else 1.0


@on_first_use
def _light_stems() -> frozenset[str]:
    return frozenset(map(stem, light_words()))
