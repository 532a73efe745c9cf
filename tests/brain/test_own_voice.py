"""Its own words that come back are known as such; the streamer's are not taken for them."""

from __future__ import annotations

import random
from itertools import cycle

import pytest

from pickled.brain.own_voice import TAIL_S, OwnVoice, is_own_voice, likeness, was_own_voice

SAID = (
    "That is an old water tower, I'd say, with pigeons for tenants.",
    "By the river, a short walk before the iron bridge.",
    "Noodles, and the cook looks like somebody who means it.",
    "Once a cat walked over the longest roof in town and looked down at everybody.",
    "Welcome, Kim, and all forty two of you!",
    "Nobody tells me what to do with fruit.",
)
NOISE = ("the", "and", "water", "banana", "so", "they", "for", "river", "a", "green")


def misheard(text: str, dice: random.Random, *, rate: float) -> str:
    """What a recognizer makes of it: words left out, and others in their place."""
    heard = []
    for word in text.split():
        fell = dice.random()
        if fell < rate / 2:
            continue
        heard.append(dice.choice(NOISE) if fell < rate else word)
    return " ".join(heard)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.25])
def test_own_sentences_that_come_back_are_never_answered(rate: float) -> None:
    """At delays of 0 to 1.5 s and with a quarter of the words wrong: own, or at least in doubt."""
    dice, own, now, passed = random.Random(7), OwnVoice(), 100.0, 0
    sentences = cycle(SAID)
    for _ in range(360):  # half an hour
        text = next(sentences)
        own.sounding(text, now=now)
        ended = now + len(text) / 15
        own.silent(now=ended)
        delay = dice.uniform(0, TAIL_S)
        heard = misheard(text, dice, rate=rate)
        back = own.near(began=now + delay + 0.3, ended=ended + delay + 0.5)
        if was_own_voice(heard, own=back):
            own.came_back(now=ended + delay)
        else:
            passed += not own.doubtful(heard, own=back, now=ended + delay)
        now = ended + 5
    assert passed == 0


def test_own_voice_is_forgotten_after_its_tail() -> None:
    """Who says the same three seconds later means it."""
    own = OwnVoice()
    own.sounding("pigeons for tenants", now=10.0)
    own.silent(now=12.0)
    assert own.near(began=12.5, ended=14.0) == "pigeons for tenants"
    assert own.near(began=15.0, ended=16.0) == ""


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("pigeons for tenants, that is the best thing I heard all day", SAID[0]),
        ("an old water tower you say, and since when do you like towers", SAID[0]),
        ("we go to the iron bridge now, come along everybody", SAID[1]),
        ("stop", "The bus has to stop here."),
    ],
)
def test_streamer_who_repeats_three_words_is_heard(said: str, own: str) -> None:
    """They talk about what they have just heard, in words of their own."""
    assert not is_own_voice(said, own=own)
    assert not was_own_voice(said, own=own)


def test_likeness_counts_order() -> None:
    """The same common words in another order are another sentence."""
    assert likeness("with pigeons for tenants", SAID[0]) == 1.0
    assert likeness("tenants for pigeons with", SAID[0]) < 0.6


def test_few_words_are_in_doubt_once_its_voice_came_back() -> None:
    """`why?` right behind an answer is a question, unless the loudspeaker is in the room."""
    own = OwnVoice()
    assert not own.doubtful("why", own=SAID[0], now=1.0)
    own.came_back(now=1.0)
    assert own.doubtful("why", own=SAID[0], now=2.0)
    assert not own.doubtful("why", own="", now=2.0)
