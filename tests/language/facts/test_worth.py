"""What is worth remembering."""

from __future__ import annotations

import pytest

from pickled.language.facts.worth import is_worth_keeping


@pytest.mark.parametrize(
    "text",
    [
        "lol",
        "LOL",
        "KEKW",
        "KEKW KEKW KEKW KEKW KEKW KEKW",
        "lol lmao haha KEKW LUL gg",
        "PogChamp peepoHappy OMEGALUL monkaS catJAM Sadge",
        "aaaaaaaa noooooo yesssss hahahaha lolololol xdddd",
        "no no no no no no no",
        "!play never gonna give you up",
        "/ban somebody for being here",
        "https://example.org/a-very-long-link with",
        "😂😂😂😂😂",
        "12 34 56 78 90",
        "W",
        "",
    ],
)
def test_worth_noise_is_not_kept(text: str) -> None:
    """Laughter, emotes, commands, links and single letters are never stored."""
    assert not is_worth_keeping(text)


@pytest.mark.parametrize(
    "text",
    [
        "my dog was at the vet today",
        "I love climbing",
        "my name is Ana",
        "greetings from Lisbon",
        "exam tomorrow",
        "I'm a nurse",
        "what camera do you use for this",
        "moving to Berlin",
    ],
)
def test_worth_something_said_is_kept(text: str) -> None:
    """Five words, or an activity, a preference, who somebody is, a time or a name."""
    assert is_worth_keeping(text)


def test_worth_name_needs_its_case() -> None:
    """Case counts in names: two words in capitals or in small letters are none."""
    assert is_worth_keeping("hiking near Porto")
    assert not is_worth_keeping("hiking near porto")
    assert not is_worth_keeping("HIKING NEAR PORTO")
