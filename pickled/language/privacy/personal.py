"""Keeps off the air what endangers people: personal data, the user's private words, whereabouts.

Personal data and private words are found in every mode, places only in discreet mode. What is left
in: streets without a number, towns and landmarks (a place is what such a stream is about), names.
A film's "Elm Street" passes, "13 Elm Street" does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pickled.language.moderation.folding import fold
from pickled.language.moderation.skeleton import skeleton
from pickled.language.privacy import (
    addresses,
    contacts,
    lodging,
    places,
    private_words,
    spoken_numbers,
)
from pickled.language.privacy.private_words import NO_PRIVATE_WORDS as NO_PRIVATE_WORDS
from pickled.language.privacy.private_words import PrivateWords as PrivateWords
from pickled.language.privacy.private_words import parse_private_words as parse_private_words
from pickled.language.privacy.spots import (
    MARK,
    Spot,
    calm,
    calm_form,
    calm_text,
    is_disguised,
    level,
    plain,
    without,
)
from pickled.language.reading import Reading, read
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Why a text must not be heard or shown."""

    rule: str
    """What it holds: phone, address, place, …"""
    tier: str
    """personal, private or discreet; the first two are in force in every mode."""


_MOST_PASSES = 4
_WORDS = pattern(r"[a-z]+")
_EXACT = pattern(lambda: rf"{addresses.NUMBER.pattern}|//|maps|w3w|what")
_MANY_DIGITS = pattern(r"\d(?:\D*\d){4}")
_SIGNS = pattern(r"\d|@|//|what ?three ?words")


def find(text: str | Reading, *, private: PrivateWords, discreet: bool) -> Disclosure | None:
    """The first thing in a text that must not be heard or shown; None if there is none."""
    reading = read(text)
    if private_words.spots(reading, private=private):
        return Disclosure("private word", "private")
    personal = _personal(reading)
    if personal:
        return Disclosure(min(personal).rule, "personal")
    if discreet and (seen := places.spots(reading)):
        return Disclosure(min(seen).rule, "discreet")
    return None


def mask(
    text: str | Reading, *, private: PrivateWords, discreet: bool
) -> tuple[str, Disclosure | None]:
    """The text with `…` for each such thing, and the first one; idempotent."""
    first: Disclosure | None = None
    reading = read(text)
    for _ in range(_MOST_PASSES):
        found = _spots(reading, private=private, discreet=discreet)
        if not found:
            return reading.text, first
        if first is None:
            tier = found[0][1]
            first = Disclosure(min(spot for spot, each in found if each == tier).rule, tier)
        reading = Reading(without(reading.text, [spot for spot, _ in found]))
    if _spots(reading, private=private, discreet=discreet):
        return MARK, first
    return reading.text, first


def _spots(reading: Reading, *, private: PrivateWords, discreet: bool) -> list[tuple[Spot, str]]:
    """All spots, each with its tier; the user's own words first."""
    found = [(spot, "private") for spot in private_words.spots(reading, private=private)]
    found += [(spot, "personal") for spot in _personal(reading)]
    if discreet:
        found += [(spot, "discreet") for spot in places.spots(reading)]
    return found


def _personal(reading: Reading) -> list[Spot]:
    """Most lines hold nothing that any of the rules begins with, and are done at once."""
    text, form = reading.text, reading.form(plain)
    still, disguised = calm_form(form.text), reading.form(is_disguised)
    if not disguised and not _is_suspicious(still):
        return []
    said = list(_said(still))
    found = calm(form).back(said) if said else []
    if _EXACT.search(form.text):
        as_is = level(text)
        found += form.back(contacts.exact_spots(form.text))
        found += form.back(addresses.shaped_spots(form.text))
        found += as_is.back(addresses.cased_spots(as_is.text))
    if not found and disguised:
        told = contacts.without_quiet(text)
        readings = (skeleton(told), calm_text(fold(told.lower()).text))
        hidden = [spot for each in readings if _may_hide(each) for spot in _said(each)]
        found = [Spot(0, len(text), spot.rule) for spot in hidden[:1]]
    return found


def _said(text: str) -> Iterator[Spot]:
    yield from contacts.spots(text)
    yield from addresses.spots(text)
    if _has_trigger(_WORDS.findall(text)):
        yield from lodging.spots(text)


def _is_suspicious(text: str) -> bool:
    """Does a calm plain form hold digits, symbols, spelled words, or a word that a rule needs?"""
    if _SIGNS.search(text):
        return True
    words = _WORDS.findall(text)
    return _has_words(words) or list(map(len, words)).count(1) > 2


def _may_hide(text: str) -> bool:
    """Does a disguised text, read as what it may mean, hold what a rule needs?"""
    if _MANY_DIGITS.search(text) or _has_words(_WORDS.findall(text)):
        return True
    return any(map(str.isdigit, text)) and addresses.HINTS.search(text) is not None


def _has_words(words: list[str]) -> bool:
    """Has it a word that a rule begins with, or numbers in words?"""
    if _has_trigger(words):
        return True
    numbers = len(spoken_numbers.number_words().intersection(words))
    return numbers > 1 or (numbers > 0 and not _road_words().isdisjoint(words))


def _has_trigger(words: list[str]) -> bool:
    return not _stems().isdisjoint([word[:4] for word in words])


@on_first_use
def _stems() -> frozenset[str]:
    return frozenset(calm_text(each)[:4] for each in listed("privacy/personal", "triggers"))


@on_first_use
def _road_words() -> frozenset[str]:
    return frozenset(map(calm_text, listed("privacy/personal", "roads")))
