"""How numbers and signs are said in a language: one file of `languages/` each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from pickled.messages.base import Strict

Forms = tuple[str, str]
"""Of one, and of several."""


class TimesOfDay(Strict):
    """Times of the day: `{hour} {minute}`, and `{half}` where am or pm stood behind."""

    full: str
    with_: str = Field(alias="with")
    early: str
    """Minutes below ten."""
    noon: str = ""
    """A full hour with its half of the day."""
    half: str = ""
    suffix: str = ""
    """A word that may stand behind the digits already."""
    letter: str = ""
    """Stands for the colon: `19h30`."""


class SpokenForms(Strict):
    """One language."""

    group: str
    """Stands between thousands: 1,000."""
    clock: TimesOfDay
    date: str
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    out_of: str
    """A rating: 7/10."""
    range: str
    """Between two numbers that rise: 5-10."""
    score: str
    """Between two that don't: 2-1."""
    times: str
    by: str
    """1920x1080."""
    per: str
    number: str
    """#1."""
    about: str
    """~5."""
    minus: str
    price: str
    currencies: Mapping[str, Forms]
    cents: Mapping[str, Forms]
    """Where nothing stands before the point."""
    scales: Mapping[str, str]
    """Behind a price: $5k."""
    fractions: Mapping[str, str]
    decades: Mapping[str, str] = Field(default_factory=dict)
    """The 90s, where they are written so."""
    centuries: Mapping[str, str] = Field(default_factory=dict)
    hundreds: Mapping[str, str] = Field(default_factory=dict)
    units: Mapping[str, Forms]
    signs: Mapping[str, str]
    """Whatever is left over of them."""
    letters: tuple[str, ...]
    """Capitals that are spelled; voices read them as a word."""


@cache
def spoken_forms(language: str) -> SpokenForms | None:
    """Those of a language (`en`, `pt-BR`); None where nobody has written them down."""
    name = language.split("-")[0].casefold()
    file = files(__package__).joinpath("languages", f"{name}.yaml")
    if not name.isalpha() or not file.is_file():
        return None
    return SpokenForms.model_validate(yaml.safe_load(file.read_text("utf-8")))
