"""Tells how one chat line feels, from its emotes, words, capitals and punctuation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2, sqrt, tanh
from typing import Literal

from pickled.brain.emotes import Emote, Emotes
from pickled.brain.words import degrees, is_laugh, negations, valence
from pickled.messages.chat import Fragment

Label = Literal[-1, 0, 1]

LONGEST = 600
"""Characters of a line that are looked at; Twitch allows 500."""

MOST_WORDS = 120
"""Words of a line that are looked at."""

FEARFUL = frozenset({"afraid", "tense", "nervous", "scared", "shocked", "panic", "worried"})
"""Words in an emote's meaning that speak of fear, not of anger or grief."""

_EDGES = ".,!?;:\"'()[]{}*~-_…¿¡<>|/\\"
_LINK = re.compile(r"://|www\.|\w\.(?:com|tv|gg|net|org)\b")
_MARKS = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_SYMBOL = re.compile("[\u2300-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
_NEGATED = -0.6
_REACH = 3
"""Words after a negation that it turns round."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How one line feels."""

    score: float
    """−1 … 1."""
    label: Label


@dataclass(frozen=True, slots=True)
class Feeling:
    """A line's sentiment, and what else the mood of chat is made of."""

    sentiment: Sentiment
    arousal: float
    """0 … 1."""
    fear: float
    """0 … 1: the share of its emotes that are afraid."""


@dataclass(slots=True)
class _Clues:
    """What was counted in one line."""

    emotes: list[tuple[Emote, float]]
    """With their weights."""
    good: float = 0.0
    bad: float = 0.0
    laughs: int = 0
    words: int = 0
    shouted: int = 0


def sentiment(text: str, *, emotes: Emotes, fragments: Sequence[Fragment] = ()) -> Sentiment:
    """How the line feels; `fragments` say which of its words are emotes, where that is known."""
    return feeling(text, emotes=emotes, named=emote_names(fragments)).sentiment


def emote_names(fragments: Sequence[Fragment]) -> frozenset[str]:
    """The names that the service itself marked as emotes."""
    return frozenset(each.text for each in fragments if each.type == "emote")


def feeling(text: str, *, emotes: Emotes, named: frozenset[str] = frozenset()) -> Feeling:
    """How the line feels, how excited it is, and how much of that is fear."""
    clues = _clues(text[:LONGEST], emotes, named)
    total = sum(weight for _, weight in clues.emotes)
    mean = sum(each.valence * weight for each, weight in clues.emotes) / total if total else 0.0
    score = tanh(mean + 0.8 * tanh(clues.good) - 0.8 * tanh(clues.bad) + 0.4 * bool(clues.laughs))
    label: Label = 1 if score > 0.28 else -1 if score < -0.2 else 0
    fearful = sum(weight for each, weight in clues.emotes if _is_fear(each))
    fear = fearful / total if total else 0.0
    return Feeling(Sentiment(round(score, 3), label), _arousal(text, clues, total), fear)


def _clues(text: str, emotes: Emotes, named: frozenset[str]) -> _Clues:
    words: list[str] = []
    counted: Counter[str] = Counter()
    for token in text.split()[:MOST_WORDS]:
        if token[0] == "@" or _LINK.search(token):
            continue
        if token in named or emotes.meaning(token):
            counted[token] += 1
        else:
            words.append(token)
    counted.update(_symbols(words))
    found = [(emotes.meaning(name), sqrt(count)) for name, count in counted.items()]
    clues = _Clues([(each, weight) for each, weight in found if each])
    _read(words, clues)
    return clues


def _symbols(words: Iterable[str]) -> Iterable[str]:
    """The emoji that stand among the words or stick to them."""
    for word in words:
        if not word.isascii():
            yield from _SYMBOL.findall(_MARKS.sub("", word))


def _read(words: Sequence[str], clues: _Clues) -> None:
    """Sums up what distinct words say; a negation turns the next few round."""
    seen: set[str] = set()
    turned, degree = 0, 1.0
    for token in words:
        clues.words += 1
        clues.shouted += len(token) > 1 and token.isupper()
        word = token.casefold().replace("’", "'").strip(_EDGES)
        if is_laugh(word):
            clues.laughs += 1
        elif word not in seen and (value := valence(word)):
            seen.add(word)
            value *= degree * (_NEGATED if turned else 1)
            clues.good += max(value, 0)
            clues.bad += max(-value, 0)
        turned = _REACH if word in negations else max(0, turned - 1)
        degree = degrees.get(word, 1.0)


def _arousal(text: str, clues: _Clues, total: float) -> float:
    """0 … 1: excited emotes, capitals, exclamation marks, repetition."""
    emotes = sum(each.arousal * weight for each, weight in clues.emotes) / total if total else 0.2
    shouted = clues.shouted / clues.words if clues.words else 0.0
    marks = min(text.count("!"), 5) / 5
    repeated = log2(total) / 8 if total > 1 else 0.0
    return min(1.0, emotes + 0.3 * shouted + 0.2 * marks + repeated + 0.2 * bool(clues.laughs))


def _is_fear(emote: Emote) -> bool:
    return not FEARFUL.isdisjoint(emote.meaning.replace(",", " ").split())
