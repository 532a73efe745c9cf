"""How does one line feel? Measured also on real chat with human labels, where that is given."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.feeling import sentiment as module
from pickled.language.feeling.emotes import bundled_emotes, parse_emotes
from pickled.language.feeling.sentiment import emote_names, feeling, sentiment
from pickled.messages.chat import Fragment

EMOTES = bundled_emotes()
FILE = os.environ.get("SENTIMENT_FILE")
PUBLISHED = 0.62
"""Accuracy of the emote-lexicon method of Kobs et al. 2020 on the whole set."""


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("PogChamp", 1),
        ("LUL", 1),
        ("thank you so much, you are amazing", 1),
        ("what a beautiful view", 1),
        ("hahahaha", 1),
        ("soooo niceeee!!!", 1),
        ("don't stop, this is great", 1),
        ("das ist wunderschön", 1),
        ("muchas gracias, increíble", 1),
        ("c'est magnifique", 1),
        ("love it ❤️", 1),
        ("😂😂😂", 1),
        ("what is this game?", 0),
        ("that was not bad at all", 0),
        ("which way to the station", 0),
        ("Kappa", 0),
        ("!love me", 0),
        ("@Happy_Love what time is it", 0),
        ("https://example.com/hate", 0),
        ("forsenXyz", 0),
        ("", 0),
        ("PepeHands", -1),
        ("monkaS he walks in the dark", -1),
        ("worst stream ever, so boring", -1),
        ("not good", -1),
        ("I hate this lag", -1),
        ("das ist so langweilig", -1),
        ("je déteste ça", -1),
        ("que asco", -1),
        ("😡😡", -1),
        ("DansGame!", -1),
    ],
)
def test_sentiment_label(text: str, label: int) -> None:
    """Emotes, words of five languages, emoji, negation and stretching are understood."""
    assert sentiment(text, emotes=EMOTES).label == label


def test_sentiment_repetition_is_no_stronger_mood_than_the_words() -> None:
    """A pasted line feels like the line that was pasted."""
    once, often = (sentiment("this is bad " * n, emotes=EMOTES).score for n in (1, 30))
    assert often == pytest.approx(once, abs=0.2)


def test_sentiment_degrees() -> None:
    """Very good is better than good, and somewhat good is less."""
    less, plain, more = (
        sentiment(f"{word} happy", emotes=EMOTES).score for word in ("slightly", "am", "very")
    )
    assert less < plain < more


def test_sentiment_of_a_channels_own_emote() -> None:
    """What a channel says of its emote counts, also where the name is a plain word."""
    own = parse_emotes("melon: {meaning: furious, valence: -0.9}", source="e.yaml")
    assert sentiment("melon", emotes=own).label == -1
    assert sentiment("melon", emotes=EMOTES).label == 0


def test_sentiment_of_an_emote_that_is_also_a_word() -> None:
    """What the service marked as an emote is not read as a word."""
    fragments = [Fragment(type="emote", text="hate")]
    assert sentiment("hate", emotes=EMOTES).label == -1
    assert sentiment("hate", emotes=EMOTES, fragments=fragments).label == 0
    assert emote_names([*fragments, Fragment(type="text", text=" x")]) == {"hate"}


def test_feeling_arousal_and_fear() -> None:
    """Shouting, marks and repeats excite; fear is told from anger and grief."""
    calm, loud = (feeling(text, emotes=EMOTES) for text in ("nice", "NICE NICE NICE!!!"))
    assert calm.arousal < loud.arousal <= 1
    assert feeling("monkaS", emotes=EMOTES).fear == 1
    assert feeling("BabyRage", emotes=EMOTES).fear == 0


@given(st.text(st.characters(), max_size=700))
def test_sentiment_any_text(text: str) -> None:
    """Any text has a score and a label that agree in sign."""
    found = sentiment(text, emotes=EMOTES)
    assert -1 <= found.score <= 1
    assert found.label * found.score >= 0


@pytest.mark.parametrize(
    "unit",
    ["a", "ha", "\ud800", "e\u0301", "LUL ", "not ", "😂", "!", "aA", "@", "1A", ":) ", "\u200d"],
)
def test_sentiment_of_a_hundred_thousand_characters(unit: str) -> None:
    """Only the beginning of an endless line is read."""
    begin, endless = (sentiment(unit * count, emotes=EMOTES) for count in (600, 100_000))
    assert endless == begin


@pytest.mark.skipif(not FILE, reason="SENTIMENT_FILE names no CSV of sentiment,message")
def test_sentiment_beside_others(capsys: pytest.CaptureFixture[str]) -> None:
    """On real chat it is above VADER and above the published emote-lexicon method."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    with Path(str(FILE)).open(encoding="utf-8", newline="") as file:
        lines = [(int(row["sentiment"]), row["message"]) for row in csv.DictReader(file)]
    truth = [label for label, _ in lines]
    vader = SentimentIntensityAnalyzer()
    ways: dict[str, Callable[[str], int]] = {
        "most frequent label": lambda _: max(set(truth), key=truth.count),
        "VADER": lambda text: _sign(vader.polarity_scores(text)["compound"], 0.05),
        "mean of the emotes": lambda text: _sign(_emotes_alone(text), 0.1),
        "pickled": lambda text: sentiment(text, emotes=EMOTES).label,
    }
    told = {way: [label(text) for _, text in lines] for way, label in ways.items()}
    figures = {way: (_accuracy(truth, each), _macro_f1(truth, each)) for way, each in told.items()}
    with capsys.disabled():
        print(f"\n{len(lines)} lines; accuracy and macro-F1 (published: accuracy {PUBLISHED})")  # noqa: T201
        for way, (accuracy, f1) in figures.items():
            print(f"  {way:20} {accuracy:.3f} {f1:.3f}")  # noqa: T201
    assert figures["pickled"][0] > max(PUBLISHED, figures["VADER"][0])
    assert figures["pickled"][1] > figures["VADER"][1]


WORDS = st.sampled_from(["not", "good", "very", "bad", "Kappa", "the", "WE", "lol", "street", "😂"])


@given(st.lists(WORDS, max_size=12), st.frozensets(WORDS, max_size=2))
def test_words_that_say_nothing_are_only_counted_sooner(
    said: list[str], named: frozenset[str]
) -> None:
    """A line feels the same if each of its words is looked at closely."""
    text = " ".join(said)
    sooner = feeling(text, emotes=EMOTES, named=named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_sense", lambda *of: replace(module._read(*of)))
        assert feeling(text, emotes=EMOTES, named=named) == sooner


def _emotes_alone(text: str) -> float:
    found = [each.valence for each in map(EMOTES.meaning, text.split()) if each]
    return sum(found) / len(found) if found else 0.0


def _sign(value: float, least: float) -> int:
    return (value >= least) - (value <= -least)


def _accuracy(truth: Sequence[int], told: Sequence[int]) -> float:
    return sum(a == b for a, b in zip(truth, told, strict=True)) / len(truth)


def _macro_f1(truth: Sequence[int], told: Sequence[int]) -> float:
    pairs = list(zip(truth, told, strict=True))
    scores = []
    for label in (-1, 0, 1):
        right = pairs.count((label, label))
        scores.append(2 * right / max(1, truth.count(label) + told.count(label)))
    return sum(scores) / len(scores)
