"""Words the numbers and signs of a text as people say them: prices, times, ratings, units, years.

Plain numbers stay digits: every voice reads those in its own language. What voices read wrong is
from phonemes of flite 2.2 and espeak-ng 1.51: `$5.50` as "dollar five point five zero", `12:00` as
"twelve zero zero", `£5` as "five", `gg 2-1` as "two one", `IRL` as one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from pickled.language.normalization.spoken_forms import SpokenForms, spoken_forms
from pickled.patterns import pattern

_TELLING = pattern(r"[\d&=+%°$€£¥₹₩×÷−<>]|[A-Z]{3}")
_NUMBER = r"\d+(?:[.,]\d+)?"
_FREE = r"(?<![\w.,:/-])"
"""Before it is no other number that it could be a part of."""
_DATE = pattern(rf"{_FREE}(\d{{4}})-(\d\d)-(\d\d)(?![\w-])")
_RATING = pattern(rf"{_FREE}({_NUMBER})\s?/\s?(5|10|20|100)(?![\w/]|[.,]\d)")
_FRACTION = pattern(rf"{_FREE}(\d/\d)(?![\w/]|[.,]\d)")
_PAIR = pattern(rf"{_FREE}({_NUMBER})(?:-|\s?[–—~]\s?)({_NUMBER})(?![\d/–—~-]|[.,]\d)")
_TIMES = pattern(r"(?<=\d)\s?[*×]\s?(?=\d)")
_BY = pattern(r"(?<=\d)\s?x\s?(?=\d)")
_DECADE = pattern(r"(?<![\w.])['’]?(1[89]|20)?(\d0)s(?!\w)")
_MINUS = pattern(r"(?<![\w)\]])[-−](?=\d)")
_ABOUT = pattern(r"(?<![\w~])~\s?(?=\d)")
_NUMBERED = pattern(r"(?<![\w#])#(?=\d)")
_CAPITALS = pattern(r"(?<![\w.])[A-Z]{3,}(?!\w)")
_SPACE = "\ue000"
"""A space behind what was put in, unless punctuation follows at once."""
_NO_SPACE = pattern(rf"{_SPACE}(?=[,.!?;:…)\]\"'”’»])")
_MOST_PASSES = 4
"""What one step leaves may be another's: `5%/h`."""
_HALVES = {"a": "AM", "p": "PM"}


def aloud(text: str, language: str) -> str:
    """The text as a voice of that language (`en`, `pt-BR`) is given it.

    Unchanged where nobody has written the language's forms down. To do it twice changes nothing.
    """
    if not _TELLING.search(text) or not (steps := _steps(language)):
        return text
    for _ in range(_MOST_PASSES):
        before, text = text, _passed(text, steps)
        if text == before:
            break
    return text


def prepare(languages: Iterable[str]) -> None:
    """Read and compile what these need, so that no clause has to wait. For a thread: 16 ms each."""
    for language in languages:
        _steps(language)


def _passed(text: str, steps: tuple[_Step, ...]) -> str:
    for expression, say in steps:
        text = expression.sub(say, text)
    return " ".join(_NO_SPACE.sub("", text).replace(_SPACE, " ").split())


_Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@cache
def _steps(language: str) -> tuple[_Step, ...]:
    """What is replaced, in order: each step leaves plain numbers and words behind."""
    forms = spoken_forms(language)
    if forms is None:
        return ()
    return (
        (_DATE, lambda found: _date(found, forms)),
        (_grouped(forms.group), lambda found: re.sub(r"\D", "", found[0])),
        *_prices(forms),
        (_clock(forms), lambda found: _time(found, forms)),
        (_RATING, lambda found: _rating(found, forms)),
        (_FRACTION, lambda found: forms.fractions.get(found[1], found[0])),
        (_DECADE, lambda found: _decade(found, forms)),
        (_PAIR, lambda found: _pair(found, forms)),
        (_TIMES, lambda _: f" {forms.times} "),
        (_BY, lambda _: f" {forms.by} "),
        (_MINUS, lambda _: f" {forms.minus} "),
        (_ABOUT, lambda _: f" {forms.about} "),
        *_units(forms),
        (_NUMBERED, lambda _: f"{forms.number} "),
        (_signs(forms), lambda found: f" {forms.signs[found[0]]}{_SPACE}"),
        (_CAPITALS, lambda found: " ".join(found[0]) if found[0] in forms.letters else found[0]),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _signs(forms: SpokenForms) -> re.Pattern[str]:
    """All, but not those of a name: C++."""
    return re.compile(rf"(?:{_any_of(forms.signs).pattern})(?<!\+)|(?<!\+)(?<![A-Z])\+(?!\+)")


def _grouped(mark: str) -> re.Pattern[str]:
    return re.compile(rf"{_FREE}\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?![\d]|[{mark}]\d)")


def _date(found: re.Match[str], forms: SpokenForms) -> str:
    month, day = int(found[2]), int(found[3])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    return forms.date.format(year=found[1], month=forms.months[month - 1], day=day)


def _prices(forms: SpokenForms) -> tuple[_Step, _Step]:
    sign, scale = _any_of(forms.currencies).pattern, _any_of(forms.scales).pattern
    amount = rf"(?P<amount>{_NUMBER})\s?(?P<scale>(?:{scale})(?!\w))?"
    before = re.compile(rf"(?P<sign>{sign})\s?{amount}")
    behind = re.compile(rf"(?<![\w.,]){amount}\s?(?P<sign>{sign})")

    def say(found: re.Match[str]) -> str:
        return " " + _price(found["amount"], found["sign"], found["scale"], forms) + _SPACE

    return (before, say), (behind, say)


def _price(amount: str, sign: str, scale: str | None, forms: SpokenForms) -> str:
    unit = forms.currencies[sign][amount != "1"]
    whole, mark, cents = re.match(r"(\d+)([.,]?)(\d*)", amount).groups()  # type: ignore[union-attr]
    if scale:
        return f"{amount} {forms.scales[scale]} {unit}"
    if mark and len(cents) == 2:
        if not int(whole) and sign in forms.cents:
            return f"{int(cents)} {forms.cents[sign][int(cents) != 1]}"
        unit = forms.currencies[sign][whole != "1"]
        if not int(cents):
            return f"{whole} {unit}"
        return forms.price.format(whole=whole, unit=unit, cents=cents.lstrip("0"))
    return f"{amount} {unit}"


def _clock(forms: SpokenForms) -> re.Pattern[str]:
    colon = f"[:{forms.clock.letter}]"
    suffix = f"|\\s?{forms.clock.suffix}\\b" if forms.clock.suffix else ""
    behind = rf"(?P<behind>\s?(?P<half>[apAP])(?:\.[mM]\.|[mM]\b){suffix})?"
    return re.compile(rf"{_FREE}(?P<hour>\d\d?){colon}(?P<minute>\d\d){behind}(?![\w:])")


def _time(found: re.Match[str], forms: SpokenForms) -> str:
    hour, minute, clock = int(found["hour"]), int(found["minute"]), forms.clock
    if hour > 24 or minute > 59:
        return found[0]
    half = _HALVES.get((found["half"] or "").lower(), "")
    if half:
        said = clock.half if minute else clock.noon
        shown = minute if minute > 9 or not minute else f"oh {minute}"
        end = "." if (found["behind"] or "").endswith(".") and _closes(found) else ""
        return (said or clock.with_).format(hour=hour, minute=shown, half=half).strip() + end
    said = clock.full if not minute else clock.early if minute < 10 else clock.with_
    return said.format(hour=hour, minute=minute)


def _closes(found: re.Match[str]) -> bool:
    """Does the sentence end with it? Then its stop is the sentence's too."""
    return not found.string[found.end() :].strip(" \"'”’)")


def _rating(found: re.Match[str], forms: SpokenForms) -> str:
    mark, most = float(found[1].replace(",", ".")), int(found[2])
    if mark > most * 2:
        return found[0]
    return f"{found[1]} {forms.out_of} {found[2]}"


def _decade(found: re.Match[str], forms: SpokenForms) -> str:
    century, ten = found[1], found[2]
    if ten == "00":
        return forms.hundreds.get(century or "", found[0])
    if ten not in forms.decades or (century and century not in forms.centuries):
        return found[0]
    return " ".join(filter(None, (forms.centuries.get(century or ""), forms.decades[ten])))


def _pair(found: re.Match[str], forms: SpokenForms) -> str:
    """A range, or a score; anything longer is a number of its own kind, as of a telephone."""
    first, second = found[1], found[2]
    if len(second) > 2 and len(first) != len(second):
        return found[0]
    if second.startswith("0") and len(second) > 1 and second[1].isdigit():
        return found[0]
    rises = float(first.replace(",", ".")) < float(second.replace(",", "."))
    return f"{first} {forms.range if rises else forms.score} {second}"


def _units(forms: SpokenForms) -> tuple[_Step, ...]:
    """Those that have a bar in them first: the others may stand on either side of one."""
    unit = _any_of(forms.units).pattern
    barred = _any_of(each for each in forms.units if "/" in each).pattern
    measured = rf"(?<![\w])({_NUMBER})\s?({{}})(?![^\W\d_])"
    per = re.compile(rf"(?:(?<=\w)|{_SPACE})/\s?({_NUMBER}\s?)?({unit})(?!\w)")

    def say(found: re.Match[str]) -> str:
        return f"{found[1]} {forms.units[found[2]][found[1] != '1']}"

    def say_per(found: re.Match[str]) -> str:
        count = f"{found[1].strip()} " if found[1] else ""
        return f" {forms.per} {count}{forms.units[found[2]][bool(count)]}"

    return (
        (re.compile(measured.format(barred)), say),
        (per, say_per),
        (re.compile(measured.format(unit)), say),
    )
