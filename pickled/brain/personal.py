"""Keeps off the air what endangers people: personal data, the user's private words, whereabouts.

Personal data and private words are found in every mode, places only in discreet mode. What is left
in: streets without a number, towns and landmarks (a place is what such a stream is about), names.
A film's "Elm Street" passes, "13 Elm Street" does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pickled.brain import addresses, contacts, lodging, places, private_words
from pickled.brain.private_words import NO_PRIVATE_WORDS as NO_PRIVATE_WORDS
from pickled.brain.private_words import PrivateWords as PrivateWords
from pickled.brain.private_words import parse_private_words as parse_private_words
from pickled.brain.spots import MARK, Spot, plain, without


@dataclass(frozen=True, slots=True)
class Found:
    """Why a text must not be heard or shown."""

    rule: str
    """What it holds: phone, address, place, …"""
    tier: str
    """personal, private or discreet; the first two are in force in every mode."""


_MOST_PASSES = 4
_TRIGGER = re.compile(
    r"[^\x00-\x7f]|\d|@|\bdot\b|///|maps\."
    r"|hotel|hostel|motel|airbnb|guest|ryokan|inn\b|resort|lodg|apartment|flat\b|pension|albergo"
    r"|auberge|gite|condo|villa|cabin|camp|residence|dorm|room|house|building"
    r"|\bsta(?:y|ys|yed|ying)\b|sleep|crash|check\w* in|li(?:ve|ves|ved|ving)\b|resid|\bmoved\b"
    r"|parked|address|addy|adress|\bip\b|number|plate|surname|\bname\b|postcode|zip|apt|suite|\bste\b|piso"
    r"|buzzer|doorbell|letterbox|mailbox|klingel|nameplate|outside|follow|\btail|track|parks?\b"
    r"|wohn|schlaf|nachtet|habite|loge\b|dort\b|vive\b|aloja|hospeda|duerme|dorme|abita|alloggia"
    r"|woont|verblijft|slaapt|mieszka|nocuje|\bspi\b|mora\b|home location|e-?mail|gmail|outlook"
    r"|(?:street|avenue|road|boulevard|lane|terrace|crescent|way|court|square|place|drive)\b"
    r"|(?:zero|one|two|three|four|five|six|seven|eight|nine|null|eins|cero|uno|deux|nul|twee|drie)"
    r"|(?<![^\W_])(?:[^\W\d_][ .\-_*|/,]){2}[^\W\d_](?![^\W_])",
    re.IGNORECASE,
)


def find(text: str, *, private: PrivateWords, discreet: bool) -> Found | None:
    """The first thing in a text that must not be heard or shown; None if there is none."""
    if private_words.spots(text, private=private):
        return Found("private word", "private")
    personal = _personal(text)
    if personal:
        return Found(min(personal).rule, "personal")
    if discreet and (seen := places.spots(text)):
        return Found(min(seen).rule, "discreet")
    return None


def mask(text: str, *, private: PrivateWords, discreet: bool) -> tuple[str, str | None]:
    """The text with `…` for each such thing, and the first one's rule; idempotent."""
    rule: str | None = None
    for _ in range(_MOST_PASSES):
        spots = _spots(text, private=private, discreet=discreet)
        if not spots:
            return text, rule
        rule = rule or min(spots).rule
        text = without(text, spots)
    if _spots(text, private=private, discreet=discreet):
        text = MARK
    return text, rule


def _spots(text: str, *, private: PrivateWords, discreet: bool) -> list[Spot]:
    spots = private_words.spots(text, private=private) + _personal(text)
    return spots + places.spots(text) if discreet else spots


def _personal(text: str) -> list[Spot]:
    """Most lines hold nothing that any of the rules begins with, and are done at once."""
    if not _TRIGGER.search(text):
        return []
    form = plain(text)
    return [
        *form.back(contacts.spots(form.text)),
        *form.back(lodging.spots(form.text)),
        *form.back(addresses.spots(form.text)),
        *addresses.cased_spots(text),
    ]
