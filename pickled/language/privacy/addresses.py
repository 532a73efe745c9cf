"""Finds where a person can be met: street addresses, rooms, postcodes, plates of cars.

Street words are those of English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, and
a few of Russian, Chinese, Japanese and Korean. A street without a number is a place, not personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pickled.language.moderation.word_forms import trie
from pickled.language.privacy.contacts import UNITS
from pickled.language.privacy.spots import Spot, calm_text, choices, listed_choices
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

_THING_AFTER = (
    r"(?! ?(?:food|fight|cred|smart|art|perform|musician|vendor|light|lamp|sign|cat|dog|style|view"
    r"|rac|part|wear|photo|trip|rage|block|work|map|bike|level|kid|team|game|runner|movie|corner|is"
    r"|with|full|where|that|and so|clos|ahead)\w*)"
)
_COUNTED = rf"(?! ?(?:{UNITS})\b| ?%|[.,:]\d|\d)"
_NAME = r"(?P<name>(?:[^\W\d][\w'.\-]{0,24} ){1,4}?)"
_ROAD = (
    r"(?:street|str|avenue|ave|av|road|rd|boulevard|blvd|crescent|terrace|parkway|pkwy|highway|hwy"
    r"|lane|ln|mews|st)"
)
_ROAD_WEAK = (
    r"(?:drive|dr|court|ct|place|pl|square|sq|way|close|row|circle|cir|trail|gardens|grove|quay"
    r"|alley|walk|hill|rise|view|park|green|wharf|heights|loop|ridge|bend)"
)
_TABLE = "privacy/addresses"
_STREET = listed_choices(
    _TABLE,
    "street",
    parts=lambda: {
        "NAMED": _NAME,
        "ROAD": _ROAD,
        "NOTHING": _THING_AFTER,
        "COUNTED": _COUNTED,
        "FRENCH": r"(?<![\w.,:$€£/\-])\d{1,4}(?: ?(?:bis|ter|[a-d]))?,?",
    },
)
_TITLED = pattern(
    # 42 Wallaby Way, Twelve Maple Avenue: weak words need capitals
    rf"(?<![\w.,:$€£/\-#])(?:\d{{1,5}}[A-Za-z]?|(?i:one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve|\w+teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"[\w \-]{0,8}?)),?\s(?P<name>(?:[^\W\d_][\w'.\-]{0,24}\s){1,3}?)"
    rf"(?i:{_ROAD}|{_ROAD_WEAK})\b"
)
NUMBER = pattern(r"\d|one|two|thre|four|five|six|seven|eight|nine|ten|eleven|twelve|ty\b|ty\W")
"""Without one of these, in small letters and calm or not, `cased_spots` finds nothing."""
_ROOM = listed_choices(_TABLE, "room", parts=lambda: {"COUNTED": _COUNTED})
_POSTCODE = listed_choices(
    _TABLE,
    "postcode",
    parts=lambda: {
        "UNITS": UNITS,
        "NOSCORE": "".join(f"(?<!{each} )" for each in ("score", "won", "lost", "lead", "final")),
    },
)
_NO_LETTERS = (  # of a Dutch postcode: more likely a measure or a word
    "HD|XP|HP|PM|AM|GT|KM|GB|MB|TB|BC|AD|CE|SR|LP|TV|PC|FP|XL|KG|UK|US|EU|BP|VP|IQ|GG|WP|OK|OF|TO"
    "|IN|ON|OR|IS|AT|IT|WE|MY|SO|NO|GO"
)
_STATES = (  # OK, IN, OR, ME and HI are words, too
    "A[KLRZ]|C[AOT]|DE|FL|GA|I[ADL]|K[SY]|LA|M[ADINOST]|N[CDEHJMVY]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY]"
)
_AREAS = (  # of British postcodes
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE"
    "|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]"
    "|UB|W[ACDFNRSV]?|YO|ZE"
)
_SHAPED = choices(  # of one meaning in small letters, too
    r"""
    | (?<!\w)(?:AREAS)\d[a-z\d]? \d(?!st|nd|rd|th|tb|gb|hz|ft|hr|hp|xp|pb|lb|px|ps|am|pm)
      [abd-hjlnp-uw-z]{2}(?!\w)
    | (?<![\w\-])(?:[a-z]{2}-\d{3}-[a-z]{2}|\d[a-z]{3}\d{3}|[a-z]{2}\d\d[a-z]{3})(?![\w\-])
    """,
    AREAS=_AREAS.lower(),
)
_POSTCODE_CASED = choices(
    r"""
    | (?<![\w.,$€£])[1-9]\d{3} ?(?!NOLETTERS)[A-Z]{2},? [A-Z][a-z]{2,}
    | (?:(?<=, )(?:IN|OK|OR|ME|HI|OH)|(?<!\w)(?:STATES)) \d{5}(?:-\d{4})?(?!\w)
    | (?<=, )(?:[A-Z]{1,2}-)?\d{5} [A-Z][^\W\d_]{3,}
    """,
    NOLETTERS=_NO_LETTERS, STATES=_STATES,
)  # fmt: skip
_PLATE = pattern(
    r"""
      (?<![\w\-])(?:(?!(?:WI|HI|LO)-FI|CO-OP)[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}\s?\d{1,4}[EH]?  # M-AB 12
    | [A-Z]{2}\d{2}\s?[A-Z]{3}                                   # AB12 CDE
    | [A-Z]{2}-\d{3}-[A-Z]{2} | [A-Z]{2}\s\d{3}\s?[A-Z]{2}       # AB-123-CD
    | [A-Z]{1,2}-\d{2,3}-[A-Z]{1,2} | \d{2}-[A-Z]{3}-\d | \d-[A-Z]{3}-\d{2}
    | \d[A-Z]{3}\d{3})(?![\w\-])                                 # 7ABC123
    """,
    re.VERBOSE,
)
_PLATED = pattern(
    r"(?<!\w)(?:licen[cs]e plates?|number ?plates?|plates?|kennzeichen|nummernschild|matricula"
    r"|targa|immatriculation|plaque|kenteken|rejestracja|tablica|placa|reg number|vehicle|taxi|cab"
    r"|uber|scooter|motorbike|motorcycle|truck|van|car|auto|wagen|coche|voiture|macchina)(?!\w)"
)
_PLATE_NEAR = pattern(
    r"(?<!\w)(?:[A-ZÄÖÜ]{1,3}[ ·\-]{1,2}[A-Z]{1,3}[ \-]?\d{2,4}[EH]?"
    r"|[A-Z]{1,3}[ \-]?\d{3,5}[A-Z]{0,3}|\d{4}[ \-]?[A-Z]{3}|\d{1,3}[ \-]?[A-Z]{2,3}[ \-]?\d{2,4}"
    r"|(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,8})(?!\w)"
)
_PLATE_SURE = choices(
    r"""
    (?<!\w)(?:licen[cs]e plates?|number ?plates?|kennzeichen|nummernschild|matricula|targa
    |immatriculation|kenteken|reg number|plates? (?:is|says|reads|number))(?!\w)\W{0,3}
    (?:(?:is|says|reads|number|of|on|that|the|car|his|her|starts with|ends (?:in|with)|it's|ist) )*
    \W{0,2}((?=[a-z \-]{0,8}\d)[a-z0-9]{1,8}(?:[ \-](?=[a-z]*\d|[a-z]{1,2}\b)[a-z0-9]{1,5}){0,2})
    | \bplates? (?:is |says |reads )?(?:of )?([a-z]{1,3}[ \-][a-z]{1,2}[ \-]\d{1,4})\b
    """,
    calm=True,
)
_NO_PLATE = pattern(
    r"(?:USD|EUR|GBP|CHF|JPY|PLN|RTX|GTX|RX|USB|PS|MK|GTA|BMW|M|A|I|X|Q|S|C|E)\b|\d+[A-Z]?$"
)


HINTS = pattern(lambda: trie(map(calm_text, listed(_TABLE, "hints"))) + r"|[^\W\x00-\x7f]")
"""Without one of these there is neither street nor room."""


def spots(text: str) -> Iterator[Spot]:
    """All that is found in a calm plain form; linear in its length."""
    hinted = HINTS.search(text) is not None
    for match in _ROOM.finditer(text) if hinted else ():
        yield Spot(*match.span(), "room")
    if not any(map(str.isdigit, text)):
        return
    for match in _STREET.finditer(text) if hinted else ():
        if _is_name(match["name"] or match["name2"]):
            yield Spot(*match.span(), "address")
    for match in _POSTCODE.finditer(text):
        yield Spot(*match.span(), "postcode")
    for match in _PLATE_SURE.finditer(text):
        yield Spot(*match.span(match.lastindex or 0), "plate")


def shaped_spots(text: str) -> Iterator[Spot]:
    """All that is told by its letters and digits, in a plain form."""
    if _DIGIT.search(text):
        for match in _SHAPED.finditer(text):
            yield Spot(*match.span(), "postcode or plate")


def cased_spots(text: str) -> Iterator[Spot]:
    """All that only capital letters tell, in a text without double spaces."""
    for match in _TITLED.finditer(text) if _has_road(text) else ():
        words = match["name"].split()
        if all(word[0].isupper() and _is_name(word.lower()) for word in words):
            yield Spot(*match.span(), "address")
    if not any(map(str.isdigit, text)):
        return
    for match in _POSTCODE_CASED.finditer(text):
        yield Spot(*match.span(), "postcode")
    for match in _PLATE.finditer(text):
        yield Spot(*match.span(), "plate")
    if _PLATED.search(text.lower()):
        for match in _PLATE_NEAR.finditer(text):
            if not _NO_PLATE.match(match.group()):
                yield Spot(*match.span(), "plate")


_DIGIT = pattern(r"\d")
_WORD = pattern(r"[a-z]+")


def _has_road(text: str) -> bool:
    """Has it a word that a street's name ends with, in any case?"""
    return not text.isascii() or not _roads().isdisjoint(_WORD.findall(text.lower()))


@on_first_use
def _roads() -> frozenset[str]:
    return frozenset(_WORD.findall(_ROAD) + _WORD.findall(_ROAD_WEAK))


def _is_name(words: str | None) -> bool:
    return not words or _no_names().isdisjoint(word.strip(",.'") for word in words.split())


@on_first_use
def _no_names() -> frozenset[str]:
    words = listed(_TABLE, "no name")
    return frozenset([*words, *map(calm_text, words)])
