"""Discreet mode: nothing tells where the stream is."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from pickled.language.privacy.personal import NO_PRIVATE_WORDS, find, mask
from tests.language.privacy.test_personal import CORPORA, PRIVATE, corpus

LINES = corpus("places", "places_heldout")
ORDINARY = [
    line
    for line in (CORPORA / "places_ordinary.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
MOST_FALSE_ALARMS = 0.03
_WORD = re.compile(r"(?<![\w+])[^\W\d_]{3,}(?![\w+])")
_CODE = re.compile(r"[A-Z]{2}\d|\d[A-Z]{2}|\d:|[A-Z] \d")


def stretched(text: str) -> str:
    """One letter of each word held; codes of letters and digits are no words."""
    dice = random.Random(text)

    def hold(word: re.Match[str]) -> str:
        place = dice.randrange(len(word[0]))
        return word[0][:place] + word[0][place] * dice.randint(3, 6) + word[0][place + 1 :]

    return text if _CODE.search(text) else _WORD.sub(hold, text)


def spelled(text: str) -> str:
    """The longest word letter by letter, set off by wider spaces."""
    words = _WORD.findall(text)
    longest = max(words, key=len, default="")
    return text.replace(longest, f" {' '.join(longest)} ") if longest else text


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "small": str.lower,
    "capitals": str.upper,
    "titled": str.title,
    "mixed": lambda text: "".join(
        each.upper() if place % 2 else each.lower() for place, each in enumerate(text)
    ),
    "wide spaces": lambda text: text.replace(" ", "  "),
    "stretched": stretched,
    "spelled": spelled,
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_nothing_of_a_place_is_spoken_in_discreet_mode(disguise: str) -> None:
    """None of the lines with places, private words and doxxing passes, nor lightly disguised."""
    assert len(LINES) >= 300
    change = DISGUISES[disguise]
    missed = [
        (kind, change(text))
        for kind, text in LINES
        if not find(change(text), private=PRIVATE, discreet=True)
    ]
    assert missed == []


@pytest.mark.parametrize("change", [str, str.upper])
def test_lines_written_without_seeing_the_rules_are_not_spoken(
    change: Callable[[str], str],
) -> None:
    """None passes of what somebody wrote to get a place spoken who knew no rule."""
    lines = corpus("places_attack")
    assert len(lines) >= 200
    missed = [text for _, text in lines if not _is_found(change(text))]
    assert missed == []


def _is_found(text: str) -> bool:
    return find(text, private=NO_PRIVATE_WORDS, discreet=True) is not None


def test_ordinary_talk_of_somebody_else_passes_in_discreet_mode() -> None:
    """The alarms among another one's ordinary lines are few: idioms with places in them."""
    lines = (CORPORA / "ordinary_attack.txt").read_text(encoding="utf-8").splitlines()[1:]
    alarms = [line for line in lines if _is_found(line)]
    assert len(lines) >= 200
    assert len(alarms) <= 0.05 * len(lines), alarms


def test_mask_leaves_nothing_of_a_place() -> None:
    """What is left of a masked line passes the same look again."""
    for _, text in LINES:
        masked, rule = mask(text, private=PRIVATE, discreet=True)
        assert rule
        assert "…" in masked
        assert not find(masked, private=PRIVATE, discreet=True)


def test_ordinary_talk_passes_in_discreet_mode() -> None:
    """The false alarms among what a co-host says all day are few."""
    alarms = [line for line in ORDINARY if find(line, private=NO_PRIVATE_WORDS, discreet=True)]
    assert len(ORDINARY) >= 300
    assert len(alarms) < MOST_FALSE_ALARMS * len(ORDINARY), alarms


def test_places_pass_when_it_need_not_be_discreet() -> None:
    """Towns, sights, signs and scenes are what such a stream is about."""
    stopped = [
        text
        for kind, text in LINES
        if kind in ("place", "question", "sign", "scene")
        and find(text, private=PRIVATE, discreet=False)
    ]
    assert len(stopped) <= 0.05 * len(LINES), stopped
    for text in ("Welcome to Lisbon!", "That's the Eiffel Tower.", "where is he", "Elm Street"):
        assert find(text, private=PRIVATE, discreet=False) is None
        assert find(text, private=PRIVATE, discreet=True) is not None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("where is he", "question"),
        ("Lisbon again", "place"),
        ("we are in Mudgeeraba", "whereabouts"),
        ("Krakowie", "place"),
        ("at the Lidl", "chain"),
        ("platform 9", "transport"),
        ('says "Rue Augusta"', "sign"),
        ("in the background", "scene"),
        ("l i s b o n", "place"),
        ("p r i v e t d r i v e", "spelled"),
    ],
)
def test_find_says_what_tells_the_place(text: str, rule: str) -> None:
    """The rule is published where the text is not."""
    seen = find(text, private=NO_PRIVATE_WORDS, discreet=True)
    assert seen is not None
    assert (seen.tier, seen.rule) == ("discreet", rule)
