"""Is a line meant for the co-host, is it a question, is it the same as another?"""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickled.brain.selection import addressed
from pickled.language.address import LONGEST, asks_another, is_question, same_words, uncalled
from tests.brain.stage import chat

NAMES = ("john", "pickle", "hey you")


@pytest.mark.parametrize(
    "text",
    [
        "john",
        "JOHN!!!",
        "@John look",
        "so,john,what",
        "what about John's hat",
        "¿john?",
        "(pickle)",
        "ＪＯＨＮ hello",
        "Hey you there",
        "I said: pickle.",
    ],
)
def test_addressed_by_name(text: str) -> None:
    """The name as a whole word counts, in any case and beside any punctuation."""
    assert addressed(chat(text), NAMES)


@pytest.mark.parametrize(
    "text", ["johnny", "@john_doe hi", "johnHype", "pickles", "xjohn", "jo hn", "john2", "", "Джон"]
)
def test_addressed_not_within_a_word(text: str) -> None:
    """A name within another word or login does not count."""
    assert not addressed(chat(text), NAMES)


def test_addressed_by_reply() -> None:
    """A reply to the co-host counts, a reply to somebody else does not."""
    assert addressed(chat("no way", reply_to="x", reply_to_user="@John"), NAMES)
    assert not addressed(chat("no way", reply_to="x", reply_to_user="Johnny"), NAMES)
    assert not addressed(chat("no way", reply_to="x", reply_to_user=""), NAMES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ねえピクルどこ", "ピクル"),
        ("존아 안녕", "존"),
        ("Привет, Ваня!", "Ваня"),
        ("STRASSE", "straße"),
    ],
)
def test_addressed_in_other_scripts(text: str, name: str) -> None:
    """Scripts without spaces need no word edges; case folds in all of them."""
    assert addressed(chat(text), (name,))


def test_addressed_composed_letters() -> None:
    """An accent that is sent as a character of its own is the same name."""
    assert addressed(chat("Zoe\u0308 hi"), ("zoë",))
    assert not addressed(chat("Ваняша"), ("Ваня",))


def test_addressed_without_triggers() -> None:
    """With no names nobody is addressed."""
    assert not addressed(chat("john", reply_to_user="john"), ())


@pytest.mark.parametrize("text", ["where?", "what?!", "¿dónde", "どこですか？", "أين؟", "a ? b"])
def test_is_question(text: str) -> None:
    """Question marks of several scripts count, also the Spanish opening one."""
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["where", "???", "? ?", "https://a.bc/x?v=1", "www.a.bc?x=1 nice", "a.bc/x?y=z", ""]
)
def test_is_no_question(text: str) -> None:
    """A mark without words, or one within a link, is no question."""
    assert not is_question(text)


@given(st.text(st.sampled_from("a.b/w:? ？\t"), max_size=30))
def test_is_question_leaves_out_each_word_with_a_link(text: str) -> None:
    """Also where it looks for a link in the whole line first."""
    said = " ".join(each for each in text.split() if not re.search(r"://|www\.|\w\.\w+/", each))
    asked = ("?" in said or "？" in said) and any(map(str.isalnum, said))
    assert is_question(text) == asked


def test_same_words_ignores_dress() -> None:
    """Case, punctuation, stretched letters and the co-host's name do not make a difference."""
    assert same_words("John, where are WEEE??", NAMES) == same_words("where are we john", NAMES)
    assert same_words("where are we", NAMES) != same_words("where is he", NAMES)


def test_same_words_tells_numbers_apart() -> None:
    """A stretched letter is dress, a repeated digit is another number."""
    assert same_words("go 1", NAMES) != same_words("go 11", NAMES)
    assert same_words("vote 100 soooo good", NAMES) == same_words("Vote 100, so good", NAMES)


@pytest.mark.parametrize(
    ("fields", "another"),
    [
        ({"text": "@Ben where are you?", "channel": "wren"}, True),
        ({"text": "where are you?", "reply_to_user": "Ben", "channel": "wren"}, True),
        ({"text": "@WREN where are you?", "channel": "#wren"}, False),
        ({"text": "where are you?", "reply_to_user": "wren", "channel": "wren"}, False),
        ({"text": "where is @Ben?", "channel": "wren"}, False),
        ({"text": "where?", "channel": "wren"}, False),
        ({"text": "@Wren where are you?"}, False),
    ],
)
def test_asks_another(fields: dict[str, str], another: bool) -> None:
    """A reply to a viewer or a line begun with one's name is theirs, the channel's own is ours."""
    assert asks_another(chat(**fields)) is another


@given(text=st.text(st.characters(exclude_categories=[]), max_size=200))
@example("\ud800" * 100_000)
@example("?" + "a" * 100_000)
@example("a\u0301" * 50_000 + "?")
@example("\ufdfa" * 10_000)
def test_any_text_can_be_looked_at(text: str) -> None:
    """No text breaks it, however long or broken, and none is looked at beyond its limit."""
    line = chat("x").model_copy(update={"text": text, "reply_to_user": text, "channel": "wren"})
    assert addressed(line, NAMES) in (True, False)
    assert asks_another(line) in (True, False)
    assert is_question(text) in (True, False)
    assert len(same_words(text, NAMES)) <= 2 * LONGEST


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("John, say it", "say it"),
        ("@john @Pickle: go", "go"),
        ("Johnny be good", "Johnny be good"),
        ("say it, John", "say it, John"),
        ("John", ""),
    ],
)
def test_uncalled_takes_the_leading_names(text: str, rest: str) -> None:
    """What somebody says to the co-host, without calling it."""
    assert uncalled(text, ("john", "pickle")) == rest
