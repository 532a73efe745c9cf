"""Finds phone numbers, written or said in words, among the numbers that are nobody's.

Their shapes: E.164 (ITU) and the usual national groupings. All patterns read the plain form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pickled.language.privacy.spots import Spot, calm_text

UNITS = (
    "yen|dollars?|bucks|euros?|pounds?|usd|eur|gbp|jpy|won|krw|zloty|pln|pesos?|reais|rupees?|baht"
    "|points?|pts|viewers?|views?|followers?|subs?|subscribers?|members?|people|persons?|users?"
    "|bits|coins?|gold|xp|hp|exp|damage|dmg|kills?|times?|messages?|lines?|words?|steps?|games?"
    "|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|days?|weeks?|months?|years?|miles?|km|kms|m"
    "|meters?|metres?|feet|ft|kg|grams?|calories|kcal|watts?|volts?|mah|mb|gb|tb|kb|fps|hz|mhz|ghz"
    "|px|pixels?|dpi|percent|k|million|billion|thousand|likes?|clips?|emotes?|channel|chatters?"
    "|degrees?|votes?|tickets?|copies|stars?|levels?|elo|mmr|sr|lp|wins?|losses|rounds?|streams?"
)
"""What is counted or measured, so that the number before it is nobody's."""

_GROUP = r"[ .\-/()]{0,3}"
_UNIT_AFTER = rf"(?!\s?(?:{UNITS})\b|\s?%|,\d{{3}})"
_QUIET = re.compile(
    r"""
      [$€£¥₹₩]\s?\d{1,9}(?:[.,]\d{1,3}){0,4}(?!\d)                       # prices
    | (?<![\d.\-/])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)                    # 1,000,000
    | (?<![\d.\-/])\d{4}([\-./])\d{1,2}\1\d{1,2}(?![\-./]?\d)            # dates
    | (?<![\d.\-/])\d{1,2}([\-./])\d{1,2}\2(?:\d{4}|\d{2})(?![\-./]?\d)
    | (?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?![\d:])            # times
    | (?<![\d\-.])\d{1,2}\s?[\-:]\s?\d{1,2}(?![\d\-]|\.\d|\s\d)          # scores
    | (?<![\d\-.])(?:19|20)\d\d\s?-\s?(?:19|20)\d\d(?![\d\-])            # 2019-2024
    | \b(?:invoice|order|ticket|receipt|case|issue|cve|rfc|isbn|paper|report)\W{1,3}
      (?:(?:no|nr|number|id)\b\W{0,3})?(?:19|20)\d\d-\d{1,6}(?![\d\-])      # invoice 2023-0117
    """,
    re.VERBOSE,
)
_PHONE = re.compile(
    calm_text(rf"""
      (?<![\w+])(?:\+|00(?=[ 1-9]))\s?\(?\d(?:{_GROUP}\d){{7,14}}(?!\d)          # +49 151 …
    | (?<![\w.,:+\-/])\(?0\d{{1,4}}\)?(?:[ .\-/]{{0,3}}\d{{2,}}){{1,5}}(?!\d)       # 020 7946 …
    | (?<![\w.,])(?:1[ .\-]?)?[2-9]\d\d[ .\-]{{1,2}}\d{{3}}[ .\-]{{1,2}}\d{{4}}(?!\d){_UNIT_AFTER}
    | (?<![\w.,])(?:1[ .\-]?)?\(\d{{2,4}}\)\s?9?\d{{3,4}}[ .\-]?\d{{4}}(?!\d)
    | (?<![\w.,])1?[2-9]\d\d[2-9]\d{{6}}(?![\d.]){_UNIT_AFTER}
    | (?<![\w.,\-])[2-9]\d\d-\d{{4}}(?![\w\-]){_UNIT_AFTER}
    | (?<![\w.,\-])[2-9]\d{{3}}-\d{{4}}(?![\w\-]){_UNIT_AFTER}
    | (?<![\w.,\-])[5-9]\d\d([ \-])\d{{3}}\1\d{{3}}(?![\d\-]|\ \d){_UNIT_AFTER}
    | (?<![\w.,\-])[6-9]\d\d(?:[ \-]\d\d){{3}}(?![\d\-]|\ \d){_UNIT_AFTER}
    | (?<![\w.,\-])[6-9]\d{{4}}[ \-]\d{{5}}(?!\d){_UNIT_AFTER}
    | (?<![\w.,\-])1[3-9]\d[ \-]\d{{4}}[ \-]\d{{4}}(?!\d){_UNIT_AFTER}
    | (?<![\w.,\-])\d\d[ ]9\d{{4}}-\d{{4}}(?!\d)
    """),
    re.VERBOSE,
)
_CALLED = re.compile(
    calm_text(
        r"(?<!\w)(?:phone|telephone|tel|mobile|cell(?:phone)?|whats ?app|handy(?:nummer)?"
        r"|telefon\w{0,8}|numero(?: de)?(?: telefono)?|telefoonnummer"
        r"|(?:my|his|her|their|your|our|phone|home|work|contact) (?:phone |cell )?(?:number|digits)"
        r"|(?:call|text|ring|dial|sms|reach|phone)(?: me| him| her| them| us)?)"
        rf"(?!\w)[^\d.!?]{{0,20}}(\+?\d(?:{_GROUP}\d){{4,14}})(?!\d){_UNIT_AFTER}"
    )
)
_FAMOUS = frozenset({"2147483647", "2147483648", "4294967295", "4294967296", "8675309"})

_UNITS_SPOKEN = (
    "zero|nought|oh|o one two three four five six seven eight nine",
    "null eins|ein zwei|zwo drei vier funf|fuenf sechs sieben acht neun",
    "cero uno|un dos|deux tres|trois cuatro|quatre cinco|cinq seis siete|sept ocho|huit nueve|neuf",
    "nul uno due tre quattro|quatro cinque sei sette|sete otto|oito nove",
    "nul een|um twee|dois drie vier vijf zes zeven acht negen",
)
_TENS = {
    calm_text(word): value
    for words, first, step in (
        ("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10, 1),
        ("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    )
    for value, word in zip(range(first, 100, step), words.split(), strict=False)
}
_ONES = {
    word: value
    for words in _UNITS_SPOKEN
    for value, group in enumerate(words.split())
    for word in calm_text(group).split("|")
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
SPOKEN = (*_ONES, *_TENS, *_TIMES, "hundred")
"""Words that numbers are said with, each run of a letter as one letter."""

_SPOKEN_WORD = "|".join(sorted(SPOKEN, key=len, reverse=True))
_SPOKEN = re.compile(rf"(?<!\w)(?:(?:{_SPOKEN_WORD}|\d)(?:[\s,.\-_/]{{1,3}}|(?!\d))){{4,}}(?!\w)")
_SPOKEN_ONE = re.compile(rf"{_SPOKEN_WORD}|\d")


def without_quiet(text: str) -> str:
    """The text without prices, dates, times and scores, for readings that lose their marks."""
    return _QUIET.sub(" ", text)


def spoken(text: str) -> Iterator[Spot]:
    """Numbers in words, in a calm plain form."""
    for match in _SPOKEN.finditer(text):
        if _is_spoken_number(match.group()):
            end = match.start() + len(match.group().rstrip(" ,.-_/"))
            yield Spot(match.start(), end, "phone")


def written(text: str) -> Iterator[Spot]:
    """Numbers in digits, in a calm plain form."""
    quiet = _QUIET.sub(lambda match: "\0" * len(match.group()), text)
    for match in _PHONE.finditer(quiet):
        if _is_phone(match):
            yield Spot(*match.span(), "phone")
    for match in _CALLED.finditer(quiet):
        if _is_phone(match, fewest=5):
            yield Spot(*match.span(1), "phone")


def _is_phone(match: re.Match[str], *, fewest: int = 7) -> bool:
    """Round figures, counting and famous numbers are nobody's number."""
    digits = re.sub(r"\D", "", match.group(match.lastindex or 0) if fewest < 7 else match.group())
    if not fewest <= len(digits) <= 15 or digits in _FAMOUS:
        return False
    if digits.startswith("0") and not match.group().startswith("00"):
        return len(digits) >= 9 and not (digits == match.group() and _counts(digits))
    return not digits.endswith("000") and not (len(digits) <= 8 and int(digits[-4:]) % 50 == 0)


def _counts(values: Sequence[int] | str) -> bool:
    """Is it counting up or down, perhaps again and again, or one number many times?"""
    numbers = [int(each) for each in values]
    return any(
        all(after - before == step or after == numbers[0] for before, after in pairwise(numbers))
        for step in (-1, 0, 1, 5, 10)
    )


def _is_spoken_number(said: str) -> bool:
    """At least seven digits, said one by one or in pairs, with a word among them or spaced out."""
    words = _SPOKEN_ONE.findall(said)
    values: list[int] = []
    digits, times = 0, 1
    for word in words:
        if word in _TIMES:
            times = _TIMES[word]
        elif word == "hundred":
            digits += 2
        else:
            value = int(word) if word.isdigit() else _TENS.get(word, _ONES.get(word, 0))
            digits += times * (2 if value > 9 else 1)
            joined = value < 10 and values and values[-1] > 19 and values[-1] % 10 == 0
            if joined:
                values[-1] += value
                digits -= 1
            else:
                values += [value] * times
            times = 1
    return digits >= 7 and len(values) > 2 and not _counts(values)
