"""Tells how one chat line feels, from its emotes, words, capitals and punctuation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2, sqrt, tanh
from typing import Literal

from pickled.language.feeling.emotes import LONGEST_NAME, Emote, Emotes
from pickled.language.feeling.words import degrees, is_laugh, negations, valence
from pickled.messages.chat import Fragment
from pickled.patterns import pattern, remembered

Label = Literal[-1, 0, 1]

LONGEST = 600
"""Characters of a line that are looked at; Twitch allows 500."""

MOST_WORDS = 120
"""Words of a line that are looked at."""

POSITIVE, NEGATIVE = 0.28, -0.2
"""Scores beyond which a line is labelled so; chosen by cross-validation on labelled chat."""

FEARFUL = frozenset({"afraid", "tense", "nervous", "scared", "shocked", "panic", "worried"})
"""Words in an emote's meaning that speak of fear, not of anger or grief."""

_TRAILING = ".,!?…"
_COMMAND = pattern(r"\s*!\w")
"""What is meant for a bot tells no mood."""
_EDGES = ".,!?;:\"'()[]{}*~-_…¿¡<>|/\\"
_LINK = pattern(r"://|www\.|\w\.(?:com|tv|gg|net|org)\b")
_MARKS = pattern("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_SYMBOL = pattern("[\u2300-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
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

    emotes: list[tuple[Emote, float]] = field(default_factory=list)
    """With their weights."""
    good: float = 0.0
    bad: float = 0.0
    laughs: int = 0
    words: int = 0
    shouted: int = 0


@dataclass(slots=True)
class _Sense:
    """What one token says by itself."""

    emotes: tuple[str, ...] = ()
    skipped: bool = True
    """It is no word."""
    word: str = ""
    valence: float = 0.0
    degree: float = 1.0
    """By how much it strengthens the next word."""
    laughs: bool = False
    negates: bool = False
    shouted: bool = False


_NOTHING = _Sense()
_PLAIN = _Sense(skipped=False)
"""A word that tells nothing of a mood."""


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
    fearful = sum(weight for each, weight in clues.emotes if _is_fear(each))
    score = 0.0 if _COMMAND.match(text) else _score(clues, total)
    label: Label = 1 if score > POSITIVE else -1 if score < NEGATIVE else 0
    fear = fearful / total if total else 0.0
    return Feeling(Sentiment(round(score, 3), label), _arousal(text, clues, total), fear)


def _score(clues: _Clues, total: float) -> float:
    """−1 … 1; `total` is the emotes' weight. Beside emotes words count for half."""
    said = tanh(clues.good) - tanh(clues.bad)
    laughing = 0.4 * bool(clues.laughs)
    if not total:
        shouted = clues.shouted / clues.words if clues.words > 1 else 0.0
        return tanh(0.7 * said + laughing - 0.1 * shouted)
    mean = sum(each.valence * weight for each, weight in clues.emotes) / total
    return tanh(mean + 0.35 * said + laughing)


def _clues(text: str, emotes: Emotes, named: frozenset[str]) -> _Clues:
    """Counts emotes, and sums up what distinct words say; a negation turns the next few round."""
    clues = _Clues()
    counted: Counter[str] = Counter()
    seen: set[str] = set()
    turned, degree, words = 0, 1.0, 0
    for token in text.split()[:MOST_WORDS]:
        sense = (_sense if len(token) <= LONGEST_NAME else _read)(token, emotes)
        if sense is _PLAIN and token not in named:  # as most words are
            words += 1
            turned, degree = turned and turned - 1, 1.0
            continue
        for name in sense.emotes:
            counted[name] += 1
        if sense.skipped or token in named:
            continue
        words += 1
        clues.shouted += sense.shouted
        clues.laughs += sense.laughs
        if sense.valence and sense.word not in seen:
            seen.add(sense.word)
            value = sense.valence * degree * (_NEGATED if turned else 1)
            clues.good += max(value, 0)
            clues.bad += max(-value, 0)
        turned = _REACH if sense.negates else max(0, turned - 1)
        degree = sense.degree
    clues.words = words
    found = ((emotes.meaning(name), sqrt(count)) for name, count in counted.items())
    clues.emotes = [(emote, weight) for emote, weight in found if emote]
    return clues


def _read(token: str, emotes: Emotes) -> _Sense:
    """Takes the token for an emote, a name or a link, or else for a word with its emoji."""
    if token[0] == "@" or _LINK.search(token):
        return _NOTHING
    if emotes.meaning(token):
        return _Sense(emotes=(token,))
    if token[-1] in _TRAILING and emotes.meaning(name := token.rstrip(_TRAILING)):
        return _Sense(emotes=(name,))
    symbols = () if token.isascii() else _SYMBOL.findall(_MARKS.sub("", token))
    word = token.casefold().replace("’", "'").strip(_EDGES)
    laughs = is_laugh(word)
    value = 0.0 if laughs else valence(word)
    shouted = len(token) > 1 and token.isupper()
    if not (symbols or laughs or value or shouted or word in degrees() or word in negations()):
        return _PLAIN
    return _Sense(
        emotes=tuple(each for each in symbols if emotes.meaning(each)),
        skipped=False,
        word=word,
        valence=value,
        degree=degrees().get(word, 1.0),
        laughs=laughs,
        negates=word in negations(),
        shouted=shouted,
    )


_sense = remembered(16_384)(_read)
"""Chat has few words, and repeats them."""


def _arousal(text: str, clues: _Clues, total: float) -> float:
    """0 … 1: excited emotes, capitals, exclamation marks, repetition."""
    emotes = sum(each.arousal * weight for each, weight in clues.emotes) / total if total else 0.2
    shouted = clues.shouted / clues.words if clues.words else 0.0
    marks = min(text.count("!"), 5) / 5
    repeated = log2(total) / 8 if total > 1 else 0.0
    return min(1.0, emotes + 0.3 * shouted + 0.2 * marks + repeated + 0.2 * bool(clues.laughs))


def _is_fear(emote: Emote) -> bool:
    return not FEARFUL.isdisjoint(emote.meaning.replace(",", " ").split())
