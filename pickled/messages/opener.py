"""The first words of an answer, whose sound is there before the answer is."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from pickled.messages.base import Strict
from pickled.messages.emotion import Emotion

LONGEST = 40
"""Characters: longer ones are heard as a tic the second time."""

_PAUSES = ",.!?…:;–—、。，！？"
"""What it ends with: the voice speaks it as a clause of its own."""

_MARKS = _PAUSES + "'’-¡¿"
_WITHIN = " ,.!?…'’-¡¿、"
"""Beside letters: no marks of a markup, and nothing that ends a string of JSON."""


def _speakable(value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise ValueError("an opener has words; to begin with none is always allowed")
    if not any(each.isalpha() for each in text):
        raise ValueError("an opener needs a letter")
    if strange := [each for each in text[:-1] if not (_is_letter(each) or each in _WITHIN)]:
        raise ValueError(f"an opener is letters and commas, it can't have {strange[0]!r}")
    if text[-1] not in _PAUSES:
        raise ValueError(f"an opener ends with a mark, as `{text},`")
    if text[0] != "¡" and text[0] != "¿" and not text[0].isalpha():
        raise ValueError("an opener begins with a letter")
    return text


def _is_letter(character: str) -> bool:
    """Also what stands above or below one, as in Hindi."""
    return character.isalpha() or unicodedata.category(character).startswith("M")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Opener(Strict):
    """First words of an answer that a persona has ready."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_speakable)]
    """As it is spoken, with the mark that it ends with: `Oh,`."""
    emotions: Annotated[tuple[Emotion, ...], BeforeValidator(_listed)] = ()
    """The emotions of an answer that it fits; without any, all but sad and angry."""

    @property
    def words(self) -> list[str]:
        """In small letters, without marks."""
        return [bare for each in self.text.casefold().split() if (bare := each.strip(_MARKS))]
