"""A growing text, cut into clauses."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickled.language.clauses import LONGEST, ClauseSplitter


def cut(text: str, *places: int) -> list[str]:
    """The clauses of a text that grew up to each of the places, then to its end."""
    splitter, clauses = ClauseSplitter(), []
    for place in sorted(places):
        clauses += splitter.feed(text[:place])
    return [*clauses, *splitter.feed(text), *splitter.finish()]


WORDS = st.lists(
    st.sampled_from(
        ["hi", "Dr.", "e.g.", "5.5", "1,000", "so,", "well...", "no.", "really?!", "“Yes.”", "U.S.",
         "wow!", "-", "and", "then;", "\n", "  ", "I.", "2.", "Schön!", "Mr.", "long-ish"]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(WORDS | st.text(alphabet="ab .,!?;-\n\t\"'…", max_size=300), st.lists(st.integers(0, 400)))
@example("a" * 500 + " b. c", [1])
def test_clauses_joined_are_the_text(text: str, places: list[int]) -> None:
    """However the text grew: the clauses are the same, and joined they are the text."""
    clauses = cut(text, *places)
    assert " ".join(" ".join(clauses).split()) == " ".join(text.split())
    assert clauses == cut(text)
    assert all(clauses)


@given(st.text(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_clauses_of_any_text_lose_nothing(text: str, places: list[int]) -> None:
    """Also in scripts without spaces no character is lost or doubled."""
    clauses = cut(text, *places)
    assert "".join("".join(clauses).split()) == "".join(text.split())
    assert clauses == cut(text)


@given(WORDS | st.text(alphabet="ab .,!?;-\n\t\"'…。*(", max_size=300), st.integers(0, 400))
@example("One little clause, two", 18)
@example("こんにちは。", 6)
def test_likely_clause_is_the_one_that_another_word_would_cut(text: str, place: int) -> None:
    """To ask for it changes nothing; it comes out if a word follows, and only then."""
    splitter, asked = ClauseSplitter(), ClauseSplitter()
    before = splitter.feed(text[:place])
    assert asked.feed(text[:place]) == before
    likely = asked.likely()
    assert asked.likely() == likely
    after = {each for more in (" word", "word") for each in _next(text[:place], more)}
    assert not likely or likely in after
    assert asked.feed(text) == splitter.feed(text)
    assert asked.finish() == splitter.finish()


def _next(text: str, more: str) -> list[str]:
    splitter = ClauseSplitter()
    splitter.feed(text)
    return splitter.feed(text + more)


def test_likely_clause_of_a_growing_text() -> None:
    """It is there with the mark that may end it, and gone when the text goes on otherwise."""
    splitter = ClauseSplitter()
    told = []
    for text in ("Did you see it", "Did you see it?", "Did you see it?!", "Did you see it?!x"):
        assert splitter.feed(text) == []
        told.append(splitter.likely())
    assert told == ["", "Did you see it?", "Did you see it?!", ""]
    assert splitter.feed("Did you see it?!x, and ") == ["Did you see it?!x,"]
    assert splitter.likely() == ""


def test_feed_first_clause_early() -> None:
    """The first clause leaves at a comma, once it is worth a breath."""
    splitter = ClauseSplitter()
    assert splitter.feed("Oh, that is Shibuya,") == []
    assert splitter.feed("Oh, that is Shibuya, a") == ["Oh, that is Shibuya,"]
    assert splitter.feed("Oh, that is Shibuya, and it is loud, as ever. I") == [
        "and it is loud, as ever."
    ]
    assert splitter.finish() == ["I"]
    assert splitter.finish() == []


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Hi! How are you doing, my friend?", ["Hi! How are you doing,", "my friend?"]),
        ("Ask Dr. Who about it. He knows everything there is.",
         ["Ask Dr. Who about it.", "He knows everything there is."]),
        ("It costs 5.5 or 1,000 yen. Take it or leave it, friend.",
         ["It costs 5.5 or 1,000 yen.", "Take it or leave it, friend."]),
        ("Well... I am not so sure about that... But let us see.",
         ["Well... I am not so sure about that...", "But let us see."]),
        ('He said "stop it now." Then everybody was gone at once.',
         ['He said "stop it now."', "Then everybody was gone at once."]),
        ("Great question from chat. Yes. No. Maybe. I would have to ask the locals.",
         ["Great question from chat.", "Yes. No. Maybe. I would have to ask the locals."]),
        ("これは本当に長い文です。とても素晴らしい景色ですね！行こう",
         ["これは本当に長い文です。", "とても素晴らしい景色ですね！", "行こう"]),
        ("A line that stands alone\nand another one below it", ["A line that stands alone",
         "and another one below it"]),
        ("Down the U.S. coast we go, e.g. by train. It is a long way.",
         ["Down the U.S. coast we go,", "e.g. by train. It is a long way."]),
        ("", []),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_clauses_of_a_text(text: str, clauses: list[str]) -> None:
    """Sentences end where they end, short ones go with the next, numbers stay whole."""
    assert cut(text) == clauses


def test_clauses_overlong_end_at_a_space() -> None:
    """A text without any stop is cut at spaces."""
    clauses = cut("word " * 200)
    assert max(map(len, clauses)) <= LONGEST
    assert len(clauses) > 4


def test_feed_first_clause_leaves_after_a_fifth() -> None:
    """The voice can start when about a fifth of a usual answer is written."""
    text = (
        "Honestly, that bridge is older than all of us together, and it still stands. "
        "Ask the man with the umbrella, he was there when they built it, I am sure."
    )
    splitter = ClauseSplitter()
    grown = next(size for size in range(len(text)) if splitter.feed(text[:size]))
    assert grown < len(text) * 0.4


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Nice one. I really think that we should go to the harbour and then walk along the",
         "Nice one."),
        ("Well, that is Dr. Smith's cafe, they have great", "Well, that is Dr. Smith's cafe,"),
        ("I really think that we should go to the", "I really think that we should go to the"),
        ("いい天気ですね。港に行って、それから", "いい天気ですね。"),
        ("Hello chat, nice to see you. We are at the harbour now.",
         "Hello chat, nice to see you. We are at the harbour now."),
        ("Hello chat, nice to see you. We are at", "Hello chat, nice to see you."),
    ],
)  # fmt: skip
def test_finish_of_a_torn_text_ends_where_something_is_whole(text: str, spoken: str) -> None:
    """Half a sentence is dropped, as long as something is left."""
    splitter = ClauseSplitter()
    clauses = [*splitter.feed(text), *splitter.finish(torn=True)]
    assert " ".join(clauses) == spoken
