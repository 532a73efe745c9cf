"""Finds what a person can be reached or traced by: phones, mail, cards, addresses of machines.

Shapes of phone numbers: E.164 (ITU) and the usual national groupings. Card numbers pass the Luhn
check (ISO/IEC 7812), bank accounts mod 97 (ISO 13616). All patterns read the plain form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pickled.language.privacy import spoken_numbers
from pickled.language.privacy.spoken_numbers import counts
from pickled.language.privacy.spots import Spot, calm_pattern, calm_text
from pickled.patterns import pattern

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
_QUIET = pattern(
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
_PHONE = calm_pattern(
    rf"""
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
    """,
    re.VERBOSE,
)
_CALLED = calm_pattern(
    r"(?<!\w)(?:phone|telephone|tel|mobile|cell(?:phone)?|whats ?app|handy(?:nummer)?"
    r"|telefon\w{0,8}|numero(?: de)?(?: telefono)?|telefoonnummer"
    r"|(?:my|his|her|their|your|our|phone|home|work|contact) (?:phone |cell )?(?:number|digits)"
    r"|(?:call|text|ring|dial|sms|reach|phone)(?: me| him| her| them| us)?)"
    rf"(?!\w)[^\d.!?]{{0,20}}(\+?\d(?:{_GROUP}\d){{4,14}})(?!\d){_UNIT_AFTER}"
)
_ENDS = calm_pattern(
    r"\b(?:number|phone|cell|mobile|card|account|iban|passport|code|pin)(?:'s| is)?"
    r" (?:ends?|ending|starts?|starting|begins?|beginning)(?: in| with| on)?\W{0,3}"
    r"(\d[\d\- ]{2,9})"
)
_BORN = calm_pattern(
    r"\b(?:(?:he|she|they|i|we|you|streamer)(?:'s| is| was| were)?(?: \w+)? born(?: on)?"
    r"|(?:date of birth|dob|birth ?(?:day|date))(?: is|'s| was)?(?: on)?)\W{1,3}(?:the )?"
    r"((?:\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?[a-z]{3,9}|[a-z]{3,9}\s\d{1,2}(?:st|nd|rd|th)?),?"
    r"\s(?:19[3-9]|20[0-2])\d\b|\d{1,2}[./\-]\d{1,2}[./\-](?:19[3-9]|20[0-2])\d\b"
    r"|(?:19[3-9]|20[0-2])\d-\d\d-\d\d)"
)
_FAMOUS = frozenset({"2147483647", "2147483648", "4294967295", "4294967296", "8675309"})

_DOMAIN = "com|net|org|edu|gov|info|io|me|co|de|fr|es|it|nl|pl|uk|eu|jp|pt|br|ch|at|be|se|no|dk|fi"
_MAIL = calm_pattern(
    rf"""
      (?<![\w.+%\-])[\w.+%\-]++@[\w\-]++(?:\.[a-z][\w\-]*+)++
    | (?<![\w.\-])[\w.\-]{{1,40}}+\s?(?:\(at\)|\[at\]|\{{at\}}|(?<=\s)at(?=\s)|@|\barroba\b
        |\bchiocciola\b|\bklammeraffe\b|\bmalpa\b|\bapenstaartje\b|\barobase\b)\s?
        [\w\-]{{1,40}}+(?:
            \s?(?:\(dot\)|\[dot\]|\{{dot\}}|\bdot\b|\bpunkt\b|\bkropka\b)\s?(?:{_DOMAIN})
          | \s(?:punto|point|ponto|punt)\s(?:com|net|org|fr|es|it|pt|br|nl)
          | \s?\.\s?(?:com|net|org|edu)
        )\b
    | \b(?:my|his|her|their|your)\s(?:e-?mail|gmail|hotmail|outlook)(?:\saddress)?(?:\sis|:|\s=)\s?
        [^\s.]{{3,}}
    """,
    re.VERBOSE,
)
_MAY_BE_MAIL = calm_pattern(
    r"@|\bat\b|[(\[{]at[)\]}]|mail|outlook|aroba|chiocciola|klammer|malpa|apenstaartje"
)
_NO_MAILBOX = (
    "look looks looking check meet over it shop me us you him her find up here live only available"
    " order sale sold watch see join stay more them start bought is are was be now out"
)
_COMPANIES = pattern(r"gmail|hotmail|outlook|yahoo|proton|icloud|gmx|web\.de|aol|mail")

_IBAN = pattern(r"(?<![a-z0-9])[a-z]{2}\d\d(?:[ \-]?[a-z0-9]){11,30}")
_CARD = pattern(r"(?<![\d.,])[2-6]\d{3}(?:[ \-.]?\d){9,15}(?!\d)")
_NETWORK = pattern(
    r"(?<![\d.])(?<!\bv)(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)"
    r"|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])"
    r"|(?<![\w:])(?:[0-9a-f]{1,4}:){2,6}:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4}(?![\w:])"
)
_VERSION = calm_pattern(
    r"\b(?:v|ver|version|build|patch|driver|drivers|firmware|update|release|chapter|section)"
    r"[\s:.]{0,2}$"
)
_POSITION = pattern(
    r"""
      (?<![\d.])-?\d{1,2}[.,]\d{4,}\s?°?\s?[ns]?\s?[,;/\s]\s?-?\d{1,3}[.,]\d{4,}
    | (?<![\d.])\d{1,3}(?:\.\d+)?\s?°\s?(?:\d{1,2}\s?['m]|[nsew]\b)
    | \b(?:lat(?:itude)?|lon(?:gitude)?|lng|coord(?:inate)?s?)\b\D{0,12}\d{1,3}(?:[.,]|\spoint\s)\d
    | (?<!\w)(?=[2-9cfghjmpqrvwx]*[a-z])(?=[2-9cfghjmpqrvwx+]*\d)
        [2-9cfghjmpqrvwx]{4,8}\s?\+\s?[2-9cfghjmpqrvwx]{2,3}(?!\w)       # plus code
    | \b(?:w3w|what\s?(?:3|three)\s?words)\b
    | ///\s?\w{2,30}\.\w{2,30}\.\w{2,30}                                # what3words
    | \b(?:maps\.app\.goo\.gl|goo\.gl/maps|google\.[a-z.]{2,6}/maps|maps\.google)\S*
    """,
    re.VERBOSE,
)
_IDENTITY = calm_pattern(
    r"(?<![\d\-])\d{3}-\d{2}-\d{4}(?![\d\-])"
    r"|\b(?:passport|social security|ssn|id card|driver'?s licen[cs]e|visa)"
    r" (?:number|no|nr)\b.{0,9}\d"
)


def without_quiet(text: str) -> str:
    """The text without prices, dates, times and scores, for readings that lose their marks."""
    return _QUIET.sub(" ", text)


def spots(text: str) -> Iterator[Spot]:
    """All that is found in a calm plain form, in no order; linear in its length."""
    if _MAY_BE_MAIL.search(text):
        yield from _all(text, _MAIL, "email", _is_mailbox)
    yield from spoken_numbers.spots(text)
    if not _DIGITS.search(text):
        return
    yield from _all(text, _CARD, "card", _is_card)
    yield from _all(text, _IDENTITY, "identity")
    yield from _all(text, _BORN, "birthday")
    yield from _all(text, _ENDS, "number")
    quiet = _QUIET.sub(lambda match: "\0" * len(match.group()), text)
    yield from _all(quiet, _PHONE, "phone", _is_phone)
    for match in _CALLED.finditer(quiet):
        if _is_phone(match, fewest=5):
            yield Spot(*match.span(1), "phone")


def exact_spots(text: str) -> Iterator[Spot]:
    """All in which each letter counts, in a plain form."""
    if _DIGIT.search(text) or any(each in text for each in _POSITION_WORDS):
        yield from _all(text, _POSITION, "position")
    if _DIGITS.search(text):
        yield from _all(text, _IBAN, "bank account", _is_account)
        yield from _all(text, _NETWORK, "network address", _is_network)


_DIGIT = pattern(r"\d")
_POSITION_WORDS = ("w3w", "words", "///", "maps")
"""Without a digit or one of these there is no position."""
_DIGITS = pattern(r"\d(?:\D{0,3}\d){3}")


def _all(
    text: str,
    shape: re.Pattern[str],
    rule: str,
    guard: Callable[[re.Match[str]], bool] = lambda match: True,
) -> Iterator[Spot]:
    return (Spot(*match.span(), rule) for match in shape.finditer(text) if guard(match))


def _is_phone(match: re.Match[str], *, fewest: int = 7) -> bool:
    """Round figures, counting and famous numbers are nobody's number."""
    digits = re.sub(r"\D", "", match.group(match.lastindex or 0) if fewest < 7 else match.group())
    if not fewest <= len(digits) <= 15 or digits in _FAMOUS:
        return False
    if digits.startswith("0") and not match.group().startswith("00"):
        return len(digits) >= 9 and not (digits == match.group() and counts(digits))
    return not digits.endswith("000") and not (len(digits) <= 8 and int(digits[-4:]) % 50 == 0)


def _is_mailbox(match: re.Match[str]) -> bool:
    found = match.group()
    name = re.split(r"\W", found, maxsplit=1)[0]
    return (
        "@" in found or name not in calm_text(_NO_MAILBOX).split() or bool(_COMPANIES.search(found))
    )


def _is_account(match: re.Match[str]) -> bool:
    """Does any beginning of it that ends at a word's end pass mod 97?"""
    found = match.group()
    ends = [place for place, each in enumerate(found) if each in " -"] + [len(found)]
    for end in ends:
        account = re.sub(r"[ \-]", "", found[:end])
        if 15 <= len(account) <= 34:
            turned = account[4:] + account[:4]
            if int("".join(str(int(each, 36)) for each in turned)) % 97 == 1:
                return True
    return False


def _is_card(match: re.Match[str]) -> bool:
    digits = [int(each) for each in re.sub(r"\D", "", match.group())]
    doubled = [each * 2 - 9 * (each > 4) for each in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_network(match: re.Match[str]) -> bool:
    """A version has the same form, and one's own machine is nobody's."""
    found = match.group()
    if ":" in found:
        return bool(re.search("[a-f]", found)) or "::" in found or found.count(":") > 5
    octets = [int(each) for each in found.split(".")]
    if max(octets) > 255 or octets[0] in (0, 127):
        return False
    return not _VERSION.search(match.string[max(0, match.start() - 12) : match.start()])
