"""Finds what tells where a stream is, for discreet mode: places, scenes, signs, questions.

False alarms are cheap here and misses are not: who follows a streamer reads along. What stays
unseen: a place told by its cuisine, language or weather, a name in lower case without a preposition
that is not in the gazetteer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pickled.language.moderation.folding import fold
from pickled.language.moderation.skeleton import skeleton
from pickled.language.privacy import addresses, place_rules
from pickled.language.privacy.spots import Spot, calm, calm_text, is_disguised, level, plain
from pickled.language.reading import Reading
from pickled.language.tables import any_of, listed
from pickled.patterns import on_first_use, pattern

_NAMES = "privacy/gazetteer"
_MOST_WORDS = 5
_FROM_SPLIT = 6
_ENDINGS = 3
"""Letters that other languages add to a name: Krakowie, Berliner."""

_CASED = pattern(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside|[Aa]round|[Tt]hrough|[Tt]owards?|[Aa]cross"
    r"|[Pp]ast|[Bb]ehind|[Aa]long|[Ii]nto|[Ll]eaving|[Ee]ntering|[Vv]isiting|[Vv]isited|[Oo]pposite"
    r"|[Rr]eached|[Cc]rossed|[Cc]rossing|[Pp]assing|[Oo]ff|[Oo]nto|[Uu]nder"
    r"|(?:[Bb]ack|[Tt]rip|[Ff]light|[Tt]rain|[Bb]us|[Rr]oad|[Ww]ay|[Gg]o|[Gg]oing|[Ww]ent|[Cc]ome"
    r"|[Bb]een|[Ww]elcome|[Ff]ly|[Dd]rive|[Ww]alk|[Gg]et|[Hh]eaded|[Hh]eading|[Tt]icket)\s(?:back\s)?to"
    r"|(?:is|are|'s|'m|'re|am|live|came|away|train|bus|flight|back|minutes|far|streaming)\sfrom)\s"
    r"(?:the\s)?(?P<name>(?=\w*[^\W\d_a-z])[^\W\d_A-ZÄÖÜ]?[A-ZÀ-ÞŁŚŻŽŠČ][\w'’\-]*[a-zà-ÿłśżź]\w*)"
)
_KINDS = (
    "Street|St|Avenue|Ave|Road|Rd|Bridge|Park|Station|Square|Tower"
    "|Market|Hotel|Hostel|Inn|Bar|Grill|Kitchen|Diner|Pub|Lane|Hill|Heights|Beach|Bay|Island|Lake"
    "|River|Mountain|Museum|Theatre|Theater|Cathedral|Church|Temple|Shrine|Castle|Palace|Gardens?"
    "|Plaza|Mall|Center|Centre|Hall|House|Building|Airport|Terminal|University|School|College"
    "|Hospital|Bakery|Restaurant|Bistro|Shop|Store|City|Town|District|Village|Valley|Quarter|Court"
    "|Drive|Place|Arena|Stadium|Gate|Pier|Harbou?r|Wharf|Line|Express"
)
_SIGNED = "Street|St|Avenue|Ave|Road|Rd|Lane|Station|Square|School|Hospital|Hotel|University|Church"
_NAMED = pattern(
    rf"(?:[A-ZÀ-ÞŁŚŻ][\w'’\-]+\s){{1,3}}(?:{_KINDS}|{_SIGNED.upper()})\b|[A-Z][\w'’\-]+\sCaf[eé]\b"
)
_SPELLED = pattern(r"(?<![^\W_])(?:[^\W\d_][ .\-_*|/,]{1,3}){4,}[^\W\d_](?![^\W_])")
_EXCLAIMED = frozenset(
    (  # noqa: SIM905
        "goal letsgo lets go pogers hype yes nope pog clutch victory win winer banana "
        "pickle poggers letsgoo monka kapa subscribe"
    ).split()
)


def spots(reading: Reading) -> list[Spot]:
    """All that tells a place; the whole text where it can't be told what does. Linear."""
    text, form = reading.text, calm(reading.form(plain))
    told = place_rules.without_idioms(form.text)
    found = form.back(place_rules.spots(told))
    found += form.back(_named_spots(told))
    if addresses.NUMBER.search(form.text) and len(form.text.title()) == len(form.text):
        found += form.back(addresses.cased_spots(form.text.title()))
    if not text.islower() or addresses.NUMBER.search(form.text):
        as_is = level(text)
        found += as_is.back(_cased(as_is.text))
    found += [
        Spot(*match.span(), "spelled") for match in _SPELLED.finditer(text) if _tells(match.group())
    ]
    if not found and reading.form(is_disguised):
        hidden = [
            spot
            for read in dict.fromkeys((skeleton(text), calm_text(fold(text.lower()).text)))
            if read != form.text
            for seen in [place_rules.without_idioms(read)]
            for spot in [*place_rules.spots(seen), *_named_spots(seen)]
        ]
        found = [Spot(0, len(text), spot.rule) for spot in hidden[:1]]
    return found


def _cased(text: str) -> Iterator[Spot]:
    """What only capitals tell; what they tell of an address, in any case."""
    for match in _CASED.finditer(text):
        if match["name"].lower() not in _games():
            yield Spot(*match.span("name"), "place")
    for match in _NAMED.finditer(text):
        yield Spot(*match.span(), "place")
    if addresses.NUMBER.search(text.lower()) and len(text.upper()) == len(text):
        yield from addresses.cased_spots(text.upper())


def _named_spots(text: str) -> Iterator[Spot]:
    """Names of the gazetteer, in one piece or not, with the endings of other languages."""
    names, beginnings, abroad = _known(), _beginnings(), _abroad()
    words = [(match.group(), *match.span()) for match in re.finditer(r"[^\W_]+", text)]
    for first, (joined, start, end) in enumerate(words):
        if joined in abroad or _is_named(joined, names, whole=True):
            yield Spot(start, end, "place")
        for word, _, last in words[first + 1 : first + _MOST_WORDS]:
            if joined not in beginnings:
                break
            joined += word
            if _is_named(joined, names, whole=False):
                yield Spot(start, last, "place")
    if not text.isascii():
        for match in _foreign().finditer(text):
            yield Spot(*match.span(), "place")


def _is_named(joined: str, names: dict[str, int], *, whole: bool) -> bool:
    """A name of one word may have an ending; a short one is no two words."""
    if joined in names:
        return whole or names[joined] > 1 or len(joined) >= _FROM_SPLIT
    if not whole or len(joined) <= _FROM_SPLIT or joined in _NO_TOWN:
        return False
    stems = (joined[:-cut] for cut in range(1, _ENDINGS + 1))
    return any(len(stem) >= _FROM_SPLIT and stem in names for stem in stems)


_NO_TOWN = frozenset(
    ["changing", "hamburger", "hamburgers", "frankfurter", "berliner", "berliners"]
)


@on_first_use
def _known() -> dict[str, int]:
    """Each name in the form that is searched, and of how many words it is."""
    known: dict[str, int] = {}
    for head in ("countries", "towns", "quarters", "sights"):
        for name in listed(_NAMES, head):
            words = calm_text(plain(name).text).replace("'", "").split()
            joined = "".join(words)
            known[joined] = max(known.get(joined, 0), len(words))
    return known


@on_first_use
def _abroad() -> frozenset[str]:
    return frozenset(map(calm_text, listed("privacy/place_words", "abroad words")))


@on_first_use
def _beginnings() -> frozenset[str]:
    return frozenset(name[:end] for name in _known() for end in range(1, len(name)))


@on_first_use
def _foreign() -> re.Pattern[str]:
    """Names in scripts of their own, wherever they stand."""
    names = listed(_NAMES, "other scripts")
    return re.compile(any_of(re.escape(plain(name).text) for name in names))


@on_first_use
def _games() -> frozenset[str]:
    return frozenset(listed("privacy/place_words", "games"))


def _tells(spelled: str) -> bool:
    """Spelled-out words are suspicious, unless they are a cheer."""
    word = calm_text(re.sub(r"[\W_]", "", spelled).lower())
    return len(word) > 1 and word not in _EXCLAIMED
