"""What is no speech is taken out of a text, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.safety import GateRules, check
from pickled.language.clauses import ClauseSplitter
from pickled.language.normalization.cleaning import clean, one_line, open_span
from pickled.language.plain import speakable
from tests.language.normalization.corpus import rows

PIECES = st.sampled_from(
    ["hello", "chat", "waves", "John", ":", "5", "2*3", "ça", "日本語。", " ", "  ", "\n", "\u200b",
     "*", "**", "_", "`", "~", "[", "]", "[[", "]]", "［", "］", "(", ")", "{", "}", "<b>", "</i>",
     "|", "#", "# ", "- ", "@", "->", "🎉", "👍🏽", "→", "✓", ":)", "<3", ".", ",", "!", "…", "\\"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80)


def said(text: str, *, speaker: tuple[str, ...] = ("John",)) -> str:
    """As the gate has it said; empty if it has nothing said."""
    return check(text, gate=GateRules(), speaker=speaker).text or ""


@pytest.mark.parametrize(("written", "spoken"), rows("spoken_text.tsv"))
def test_clean_text_as_somebody_else_expects_it(written: str, spoken: str) -> None:
    """A corpus by who has not seen the rules."""
    assert said(written) == spoken


@given(TEXTS)
def test_clean_twice_changes_nothing(text: str) -> None:
    """What is speech stays as it is."""
    once = said(text)
    assert said(once) == once


@given(TEXTS)
def test_clean_leaves_no_bracket_and_no_picture(text: str) -> None:
    """Some engines take what stands in double brackets for phonemes."""
    assert not set(said(text)) & set("[]{}［］🎉→✓")


@given(TEXTS)
def test_clean_tells_whenever_it_took_something(text: str) -> None:
    """A changed text has a change, and one that has none is unchanged."""
    line = speakable(one_line(text))
    cleaned = clean(line)
    assert bool(cleaned.changed) == (cleaned.text != line) or set(cleaned.changed)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
@pytest.mark.parametrize("between", ["", " ", "\u200b", "\u2060 "])
def test_brackets_never_pass_however_many(count: int, between: str) -> None:
    """Also with something invisible between, of full width, or over two clauses."""
    for opened, closed in (("[", "]"), ("［", "］")):
        text = f"{between.join(opened * count)}h@l'oU{between.join(closed * count)} friend"
        assert not set(said(text)) & set("[]")
    halves = ("Listen to this [", "[h@l'oU]] my friend")
    assert not any(set(said(half)) & set("[]") for half in halves)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("Nice 🎉 one.", ("picture",)),
        ("*waves* Hello.", ("action",)),
        ("A **bold** move.", ("mark",)),
        ("John: Hello.", ("name",)),
        ("**John:** *grins* Hello 😀", ("action", "picture", "mark", "name")),
        ("Just words, 5 °C.", ()),
    ],
)
def test_check_tells_what_was_no_speech(text: str, changed: tuple[str, ...]) -> None:
    """Each kind by its name, and it is no reason to call the clause masked."""
    checked = check(text, gate=GateRules(), speaker=("John",))
    assert set(checked.changed) == set(changed)
    assert checked.kind == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "*waves to everybody. Then sits down* Hello there, my good old friends.",
        "(laughs. A lot.) So that is what happened to us.",
        "[looks around, then nods. Slowly.] We should go on now.",
    ],
)
def test_clause_never_ends_within_a_span(text: str) -> None:
    """Half an action is none: it would be spoken."""
    splitter = ClauseSplitter()
    clauses = [each for end in range(len(text)) for each in splitter.feed(text[: end + 1])]
    clauses += splitter.finish()
    assert clauses[0].count("(") == clauses[0].count(")")
    assert clauses[0].count("[") == clauses[0].count("]")
    assert clauses[0].count("*") % 2 == 0


def test_open_span_is_given_up_when_it_is_long() -> None:
    """A lone star holds nothing back for ever."""
    assert open_span("see *this and")
    assert not open_span("see *this and " + "word " * 20)
    assert not open_span("5 * 3 is 15, and 2*3 is 6")
