"""What is passed over for going fast holds nothing: the same with and without looking closer."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.injection import disguise, tricks

SIGNS = "abcdefix013457@$!|+€ ._*~,|/-:;\\\\&#%='\u00b7\u2022\u0430\u0440\U0001f150\u200b\u0301\n"
TEXTS = st.text(st.sampled_from(SIGNS) | st.characters(), max_size=60)
CODES = st.from_regex(disguise._CODED.pattern) | st.from_regex(disguise._SPACED.pattern)


def words(text: str) -> list[str]:
    """The words of its flat form."""
    return tricks._WORD.findall(disguise.flat(text))


@given(TEXTS)
def test_flat_is_what_can_be_seen(text: str) -> None:
    """Character by character, as it would be written without a table."""
    kept = [
        " " if each.isspace() else each
        for each in unicodedata.normalize("NFKD", text)
        if each.isspace()
        or each in disguise._KANA_MARKS
        or unicodedata.category(each) not in disguise._DROPPED
    ]
    seen = unicodedata.normalize("NFC", "".join(kept).casefold()).lower()
    if not text.isascii():
        assert disguise.flat(text) == disguise._APOSTROPHE.sub("", " ".join(seen.split()))


@given(TEXTS | CODES)
def test_latin_is_the_same_with_the_words(text: str) -> None:
    """Without four single letters nothing is spelled out."""
    flat = disguise.flat(text)
    assert disguise.latin(flat, words(text)) == disguise.latin(flat)


@given(TEXTS | CODES)
def test_may_be_coded_is_the_same_with_the_words(text: str) -> None:
    """A code has a sign, a long word, or pairs of hexadecimal letters."""
    assert disguise.may_be_coded(text, words(text)) == disguise.may_be_coded(text)


@pytest.mark.parametrize("text", ["xxab de fa ce be ", "ABCDEFGHIJKL", "a\u0301bcdefghijklm"])
def test_may_be_coded_sees_letters_alone(text: str) -> None:
    """Codes need no digit and no sign."""
    assert disguise.may_be_coded(text, words(text))


@given(TEXTS | st.from_regex(tricks._JOINED.pattern))
def test_joined_words_have_a_joint(text: str) -> None:
    """And a capital within is in no text of small letters."""
    assert tricks._is_joined(text) == bool(tricks._JOINED.search(text))
    assert not (text.islower() and tricks._INNER_CAPITAL.search(text))
