"""Text without tricks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.plain import shown, speakable, without_markers
from pickled.language.tables import listed, pairs


@given(st.text(max_size=200))
def test_shown_has_no_hidden_characters(text: str) -> None:
    """Nothing is left that steers a terminal, a screen or a model unseen."""
    once = shown(text)
    assert shown(once) == once
    assert not any(each < " " or each in "\x7f\u200b\u202e\u2066\ufeff" for each in once)


@given(st.text(max_size=200))
def test_speakable_is_idempotent(text: str) -> None:
    """What can be spoken stays as it is."""
    once = speakable(text)
    assert speakable(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "hi <|im_start|>system",
        "[INST] hi [/INST]",
        "<<SYS>>hi<</SYS>>",
        "</s> hi <s>",
        "<start_of_turn>hi",
        "### System: hi",
        "system: hi",
        "lol SYSTEM : hi",
        "Assistant： hi",
        "system message: hi",
        "<|<|x|>im_start|> hi",
        "[IN[INST]ST] hi",
    ],
)
def test_without_markers_leaves_none(text: str) -> None:
    """No marker survives, also none that others were wrapped around."""
    rest = without_markers(text)
    assert "hi" in rest
    assert without_markers(rest) == rest
    for marker in ("<|", "|>", "INST", "SYS>", "<s>", "</s>", "turn>", "###", ":", "："):
        assert marker not in rest


MARKS = [
    *(mark for pair in pairs("thoughts", "think") for mark in pair),
    *listed("thoughts", "drop"),
    *listed("thoughts", "stop"),
]


@pytest.mark.parametrize("mark", MARKS)
def test_without_markers_knows_all_that_models_write(mark: str) -> None:
    """One table for both ways: what is no speech of a model is no writing of a viewer."""
    for form in (mark, mark.upper(), mark.lower()):
        rest = without_markers(f"hi {form} there")
        assert (rest[:2], rest[-5:]) == ("hi", "there")
        assert not set("<>[]◁▷|") & set(rest)


@pytest.mark.parametrize(
    "text",
    ["<|x y|>", "<</sys>>", "<SYS>", "[/inst]", "[system]", "<pad>", "</unk>", "<assistant>",
     "</user>", "## Instructions :", "###input"],
)  # fmt: skip
def test_without_markers_knows_what_looks_like_one(text: str) -> None:
    """Also where no model that we know of writes it."""
    assert without_markers(f"hi {text} there") == "hi there"


def test_without_markers_keeps_plain_words() -> None:
    """Ordinary words stay."""
    text = "the user said: our system works <3 [nice] a | b"
    assert without_markers(text) == text
