"""Words that must not be said, and where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.errors import ConfigError
from pickled.language.moderation.word_list import DEFAULT, WordList, parse_word_list

LIST = """
block:
  - flarnox
  - grub*
  - "*zorb"
  - gas the flarnox
  - сука
  - ばか
  - "1488"
mask: [dingbat, tar]
allow: [grubby hands, tar pit]
default: false
"""
WORDS = parse_word_list(LIST, source="words.yaml")


@pytest.mark.parametrize(
    ("text", "tier", "found"),
    [
        ("you Flarnox!", "block", "Flarnox"),
        ("grubbing about", "block", "grubbing"),
        ("grubs", "block", "grubs"),
        ("he unzorbed", None, ""),
        ("an unzorb", "block", "unzorb"),
        ("ну ты сука", "block", "сука"),
        ("ну ты cука", "block", "cука"),
        ("お前ばかだ", "block", "お前ばかだ"),
        ("1488 times", "block", "1488"),
        ("it costs 14880", None, ""),
        ("what a d1ngb4t, really", "mask", "d1ngb4t"),
        ("tar", "mask", "tar"),
        ("a tar pit", None, ""),
        ("grubby hands", None, ""),
        ("start the guitar, target", None, ""),
        ("ta r", None, ""),
        ("t.a.r", "mask", "t.a.r"),
        ("f l\u0336 4 r\u200b n 0 x now", "block", "f l\u0336 4 r\u200b n 0 x"),
        ("gas\nthe flarnoxx", "block", "gas\nthe flarnoxx"),
        ("", None, ""),
    ],
)
def test_find_tells_tier_and_place(text: str, tier: str | None, found: str) -> None:
    """Whole words are found in any spelling, and where they are in the text as it was."""
    match = WORDS.find(text)
    assert (match.tier if match else None) == tier
    if match:
        assert text[match.start : match.end] == found


def test_find_names_what_blocks_first() -> None:
    """A word that blocks counts more than one before it that is only left out."""
    match = WORDS.find("the dingbat and the flarnox")
    assert match is not None
    assert match.tier == "block"
    assert [each.tier for each in WORDS.find_all("a dingbat, a flarnox")] == ["mask", "block"]


def test_bundled_list_is_in_force_unless_put_out() -> None:
    """The user's list is added to the bundled one, which nobody sees in clear."""
    bundled = DEFAULT._search._forms[0].letters
    assert DEFAULT.find(f"such a {bundled.upper()}")
    assert parse_word_list("block: [flarnox]", source="x").find(bundled)
    assert not parse_word_list("default: false", source="x").find(bundled)
    assert WordList(default=False).find("anything") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("block:\n  - fine\n  - a\n", "w.yaml:3: block: 'a': a word has two letters or more"),
        ("block:\n  - fi*ne\n", "w.yaml:2: block: 'fi*ne': a * stands at an end"),
        ("mask: flarnox", "w.yaml:1: mask is a list of words"),
        ("mask:\n  - flarnox\n  - no\n", "w.yaml:3: mask: a word is a text"),
        ("mask: [1488]", "w.yaml:1: mask: a word is a text"),
        ("\nblok: [x]", "w.yaml:2: unknown key blok, known: block, mask, allow, default"),
        ("default: 3", "w.yaml:1: default is true or false"),
        ("block: [", "w.yaml:"),
        (f"block: [{'x' * 90}]", "longer than 80 characters"),
        ("block: ['...']", "a word has two letters or more"),
    ],
)
def test_parse_tells_the_line_of_a_mistake(text: str, told: str) -> None:
    """A broken list is refused with the place and the reason."""
    with pytest.raises(ConfigError, match=r"w\.yaml:") as raised:
        parse_word_list(text, source="w.yaml")
    assert told in str(raised.value)


def test_parse_takes_an_empty_file() -> None:
    """An empty file adds nothing."""
    assert parse_word_list("", source="w.yaml") == WordList()


@given(st.text(max_size=200))
def test_parse_raises_nothing_else(text: str) -> None:
    """Whatever a file holds, it is a list or a ConfigError."""
    try:
        words = parse_word_list(text, source="w.yaml")
    except ConfigError as error:
        assert str(error).startswith("w.yaml:")  # noqa: PT017 - both ends are fine
    else:
        assert isinstance(words, WordList)


WORD = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=3, max_size=12)


@given(WORD)
def test_a_listed_word_is_found(word: str) -> None:
    """What is listed is found as it was listed, in whatever script."""
    words = parse_word_list(f"block: ['{word}']\ndefault: false", source="w.yaml")
    assert words.find(word)
    assert words.find(f"so, {word}!")


@given(st.text(max_size=400))
def test_matches_lie_in_the_text(text: str) -> None:
    """Any text can be searched, and what is found is a part of it."""
    for match in [*WORDS.find_all(text), *DEFAULT.find_all(text)]:
        assert 0 <= match.start < match.end <= len(text)
