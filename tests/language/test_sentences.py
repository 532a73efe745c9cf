"""Sentences are counted as people count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.sentences import sentence_ends
from tests.language.normalization.corpus import rows


@pytest.mark.parametrize(("text", "count"), rows("sentences.tsv"))
def test_sentences_as_somebody_else_counts_them(text: str, count: str) -> None:
    """A corpus by who has not seen the rules."""
    assert len(sentence_ends(text)) == int(count)


@given(
    st.lists(st.sampled_from(["Yes. ", "Dr. Who. ", "Well... ok! ", "5.5 km? ", "はい。", "A "]))
)
def test_sentence_ends_are_places_in_the_text_that_rise(parts: list[str]) -> None:
    """Each end lies behind the last one, and is behind a mark."""
    text = "".join(parts)
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert all(0 < end <= len(text) and not text[end - 1].isspace() for end in ends)
