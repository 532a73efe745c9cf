"""Numbers and signs become what people say, in the languages that somebody wrote down."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.normalization.aloud import aloud
from pickled.language.normalization.spoken_forms import spoken_forms
from tests.language.normalization.corpus import rows

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "pt-BR")
NUMBERS = st.integers(1, 999) | st.integers(1000, 9999)


@st.composite
def amounts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A number as people write it, with its sign or unit, and the digits that must be heard."""
    number, other = draw(NUMBERS), draw(st.integers(1, 99))
    sign = draw(st.sampled_from(["$", "€", "£", "¥"]))
    unit = draw(st.sampled_from(["km/h", "km", "kg", "°C", "%", "m", "GB", "fps", "ml"]))
    space = draw(st.sampled_from(["", " "]))
    form = draw(st.integers(0, 7))
    told = [str(number)]
    return (
        (f"{sign}{number}", told),
        (f"{number}{space}{sign}", told),
        (f"{number}{space}{unit}", told),
        (f"{number}.5{space}{unit}", [f"{number}.5"]),
        (f"{other % 10}/10", [str(other % 10), "10"]),
        (f"{other}-{other + 1}", [str(other), str(other + 1)]),
        (f"{other}*{number}", [str(other), str(number)]),
        (f"#{number}", told),
    )[form]


@pytest.mark.parametrize(("language", "written", "spoken"), rows("read_aloud.tsv"))
def test_aloud_as_somebody_else_expects_it(language: str, written: str, spoken: str) -> None:
    """A corpus by who has not seen the rules."""
    assert aloud(written, language) == spoken


@given(st.sampled_from(LANGUAGES), st.lists(amounts(), min_size=1, max_size=4))
def test_aloud_keeps_every_number_and_no_sign(
    language: str, told: list[tuple[str, list[str]]]
) -> None:
    """No digit is lost, no sign is left for a voice to stumble over."""
    text = " und ".join(written for written, _ in told)
    spoken = aloud(text, language)
    assert re.findall(r"\d+(?:\.\d+)?", spoken) == [each for _, digits in told for each in digits]
    assert not set(spoken) & set("$€£¥°%*#/")


@given(st.sampled_from([*LANGUAGES, "ja", "xx"]), st.text(max_size=80))
def test_aloud_twice_changes_nothing(language: str, text: str) -> None:
    """Whatever it is given."""
    once = aloud(text, language)
    assert aloud(once, language) == once


@given(
    st.sampled_from(LANGUAGES),
    st.text(alphabet="0123456789 .,:-/$€%°x*#+=&ahkmps'~", max_size=40),
)
def test_aloud_of_numbers_of_any_form_is_stable(language: str, text: str) -> None:
    """Digits that form nothing known stay as they are."""
    once = aloud(text, language)
    assert aloud(once, language) == once


@pytest.mark.parametrize("language", LANGUAGES)
def test_spoken_forms_are_whole(language: str) -> None:
    """Each file of a language is complete, and says its signs without signs."""
    forms = spoken_forms(language)
    assert forms is not None
    words = [*forms.signs.values(), forms.per, forms.out_of, *forms.fractions.values()]
    words += [each for pair in (*forms.units.values(), *forms.currencies.values()) for each in pair]
    assert all(word and not set(word) & set("0123456789$€£¥°%&=+/") for word in words)


def test_aloud_in_a_language_nobody_wrote_down_is_as_written() -> None:
    """The voice reads it in its own way."""
    assert aloud("5:30, $5", "ja") == "5:30, $5"
    assert spoken_forms("../en") is None
