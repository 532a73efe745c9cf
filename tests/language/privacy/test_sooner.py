"""Rules that are not asked would have found nothing: what each needs is in all that it finds."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.language.moderation import skeleton, word_forms
from pickled.language.moderation.folding import DIGIT, fold
from pickled.language.privacy import addresses, contacts, spots

TEXTS = st.text(st.sampled_from("aAbeEs  \t\u00a0\u3000.-_'13°é\n") | st.characters(), max_size=40)


def found_by(expression: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts that have what it finds."""
    return st.from_regex(re.compile(expression.pattern, expression.flags))


@given(TEXTS)
def test_once_is_each_run_as_one(text: str) -> None:
    """However it is cut out."""
    assert word_forms.once(text) == re.sub(r"(.)\1+", r"\1", text, flags=re.DOTALL)


@given(TEXTS)
def test_calm_form_is_the_text_of_a_calm_one(text: str) -> None:
    """With its places or without."""
    form = spots.plain(text)
    assert spots.calm_form(form.text) == spots.calm(form).text
    assert spots.calm_form(text) == re.sub(r"([^\W\d_])\1+", r"\1", text)


@given(TEXTS)
def test_level_knows_when_there_is_no_white_space_to_fold(text: str) -> None:
    """A text that can be printed, without two spaces in a row, stays as it is."""
    assert spots.level(text).text == re.sub(r"\s", " ", re.sub(r"\s{2,}", " ", text))


@given(found_by(contacts._POSITION))
@settings(max_examples=400)
def test_a_position_has_a_digit_or_a_word_for_it(text: str) -> None:
    """Coordinates, plus codes, three words, maps."""
    words = any(each in text for each in contacts._POSITION_WORDS)
    assert words or contacts._DIGIT.search(text)


@given(found_by(addresses._SHAPED))
def test_a_shaped_postcode_or_plate_has_a_digit(text: str) -> None:
    """All of them."""
    assert addresses._DIGIT.search(text)


@given(found_by(addresses._TITLED))
@settings(max_examples=400)
def test_a_titled_address_has_a_road(text: str) -> None:
    """Also a weak one, in any case."""
    assert addresses._has_road(text)


@given(st.text("0123456789abcdefghxk", max_size=6))
def test_a_number_that_is_listed_has_a_digit(text: str) -> None:
    """So a text without any holds none."""
    assert not skeleton.is_number(text) or DIGIT in fold(text).kinds


@given(TEXTS | found_by(spots._DISGUISED))
def test_only_spelling_out_disguises_without_a_sign(text: str) -> None:
    """Digits and symbols are in all else that does."""
    sooner = spots._DISGUISED if spots._SIGN.search(text) else spots._SPELLED_OUT
    assert bool(sooner.search(text)) == bool(spots._DISGUISED.search(text))
