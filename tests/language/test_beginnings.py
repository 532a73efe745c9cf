"""A text that could end where it is, and may yet become something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.beginnings import may_go_on, sites_in
from pickled.language.moderation.word_list import DEFAULT, WordList, parse_word_list
from pickled.language.privacy.private_words import NO_PRIVATE_WORDS, parse_private_words

PRIVATE = parse_private_words("Quibblestone Lane\nLee\nOlga Brandt\n", source="private")
LISTED = parse_word_list("block: [grumblefoot]\nmask: [two bad words]\n", source="words")


def goes_on(text: str, *, words: WordList = DEFAULT, sites: frozenset[str] = frozenset()) -> bool:
    return may_go_on(text, words=words, private=NO_PRIVATE_WORDS, sites=sites)


@pytest.mark.parametrize(
    "text",
    ["We are at the harbour.", "Hello everybody,", "Is that so?", "What a day!", "Well…",
     "He said “I can't.”", "well-known,", "C'est très beau,", "こんにちは。", "Schön!", "(yes.)",
     "noodle_knight:", "for you,"],
)  # fmt: skip
def test_ordinary_end_is_one(text: str) -> None:
    """A word and its mark are over when the mark is there."""
    assert not goes_on(text)


@pytest.mark.parametrize(
    "text",
    ["Look at example.", "It is on www.", "See evil.gg/a,", "me@home.", "in 1995.", "for 10,",
     "It was v2.", "go to r/pics,", "Fun :", "fun :)", "wait -", "so—", "see https:",
     "*smiles.", "100 %,", "no end", ""],
)  # fmt: skip
def test_end_that_may_be_none_is_told(text: str) -> None:
    """Links, numbers, smileys, and what has no mark at its end, or nothing before it."""
    assert goes_on(text)


def test_site_that_was_named_is_known_without_its_ending() -> None:
    """A word that stood before a stop and a letter may be the beginning of a link."""
    sites = sites_in(['{"text": "who is on Flubber.gg and my-site.co.uk"}', "e.g. this. And that."])
    assert {"flubber", "my-site"} <= sites
    assert "this" not in sites
    assert goes_on("They are on flubber.", sites=sites)
    assert not goes_on("They are on flubber!", sites=sites)
    assert not goes_on("They are on flubber.")


@pytest.mark.parametrize(
    "text",
    ["It is in Quibblestone.", "in Qui,", "in quibblestone  la.", "Q u i b b l e.", "I know Le.",
     "That is Olga,", "(Olga.”", "in Qu1bb!"],
)  # fmt: skip
def test_beginning_of_a_private_word_is_told(text: str) -> None:
    """In the spellings in which the gate finds the whole of it."""
    assert may_go_on(text, words=DEFAULT, private=PRIVATE)


@pytest.mark.parametrize("text", ["I grumble.", "grumblefoo,", "one of two bad,", "TW0 b4d!"])
def test_beginning_of_a_listed_word_is_told(text: str) -> None:
    """A word or phrase that the owner listed; less than half of it is that of too many others."""
    assert goes_on(text, words=LISTED)
    assert not goes_on("It is gr.", words=LISTED)
    assert not goes_on("one, two.", words=LISTED)


@given(st.integers(1, 16), st.sampled_from([".", ",", "!", ".”"]))
def test_each_beginning_of_a_private_phrase_is_told(length: int, mark: str) -> None:
    """Wherever it is cut."""
    begun = "Quibblestone Lane"[:length].rstrip()
    assert may_go_on(f"It was in {begun}{mark}", words=DEFAULT, private=PRIVATE)


@given(st.text(max_size=80))
def test_any_text_is_judged(text: str) -> None:
    """Whatever a model writes."""
    assert may_go_on(text, words=LISTED, private=PRIVATE) in (True, False)
