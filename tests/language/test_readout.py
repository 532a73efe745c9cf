"""The phrases for reading out, language by language."""

from __future__ import annotations

import pytest

from pickled.brain.persona import parse_persona
from pickled.brain.readout_phrases import READOUT_REASONS
from pickled.language.readout import languages, phrases


def test_there_are_four_languages() -> None:
    """A file each."""
    assert languages() == ("de", "en", "es", "fr")


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_each_language_says_the_same_things(language: str) -> None:
    """For each reason as many phrases as in English, with the same gaps, in its own words."""
    english, own = phrases("en"), phrases(language)
    assert own.keys() == english.keys() <= set(READOUT_REASONS)
    for reason, said in own.items():
        for mine, theirs in zip(said, english[reason], strict=True):
            assert ("{user}" in mine, "{text}" in mine) == ("{user}" in theirs, "{text}" in theirs)
            assert mine != theirs or mine == "{text}"


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_a_persona_takes_them(language: str) -> None:
    """Each is a phrase that a persona's file may hold; what the file gives goes first."""
    text = f"name: X\npersonality: p\nlanguage: {language}\nreadout: {{idle: Hm.}}\n"
    readout = parse_persona(text, source="x").readout
    assert readout["idle"] == ("Hm.",)
    assert readout["mention"] == phrases(language)["mention"]


@pytest.mark.parametrize(("asked", "given"), [("de-AT", "de"), ("DE", "de"), ("xx", "en")])
def test_language_is_found_by_its_first_part(asked: str, given: str) -> None:
    """And is English where nobody has written it yet."""
    assert phrases(asked) == phrases(given)
