"""Finds where a person can be met: street addresses, rooms, postcodes, plates of cars.

Street words are those of English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, and
a few of Russian, Chinese, Japanese and Korean. A street without a number is a place, not personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pickled.language.moderation.word_forms import trie
from pickled.language.privacy.contacts import UNITS
from pickled.language.privacy.spots import Spot, calm_text, choices
from pickled.patterns import on_first_use, pattern

_NO_NAME = (
    "a an the this that these those my your his her our their its of in on at to from for by with"
    " per and or but so no not more most less other another different same best worst better bad"
    " good great nice busy empty long short narrow wide main dark bright old new big small huge"
    " tiny crowded quiet random single whole entire lovely pretty weird cool crazy famous local"
    " minute minutes min mins hour hours meter meters metre metres km miles mile block blocks step"
    " steps people person guys guy cops cop cars car lane lanes star stars year years day days"
    " percent way ways dollar dollars euro euros yen feet foot is are was were has have had do does"
    " did will would can could should be been am go goes went walk walking down up across along"
    " over under into out off just only about around almost nearly then than when where what who"
    " how why i you he she it we they there here said says lol please thanks street road times"
    " hundred thousand million first second third next last left right food cats dogs musicians"
    " percent k x viewers more few some any all each every tiene tengo hay es son esta con sin para"
    " por que y e o un una il lo gli ha sono con per che non hat ist und mit fur von bis ab nach"
    " ma jest som ze do na dla tem sao com sem usb hdmi wifi wi-fi bluetooth discord paypal steam"
    " phase lte vpn twitch obs mqtt ethernet thunderbolt displayport level round season episode"
    " hub chapter part version game games song one two three four five six seven eight nine ten"
)
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
_STREET = choices(
    r"""
    | (?<![\w.,:$€£/\-#])\d{1,5}[a-z]?,? (?:[nsew]\.? |north |south |east |west )?NAMED
      ROAD\b\.?NOTHING
    | (?<!\w)[^\W\d]{2,24}(?:strasse|gasse|allee|platz|weg|damm|ufer|chaussee|str\.?|straat|laan
      |gracht|plein|kade|steeg|dijk|singel|dreef) ?\d{1,4} ?[a-h]?\bCOUNTED
    | (?<!\w)(?:strasse|str\.|gasse|allee|chaussee|straat) \d{1,4}[a-h]?\bCOUNTED
    | (?<!\w)strasse de[srm] (?:\w+\.? ){1,3}\d{1,4}[a-h]?\bCOUNTED
    | FRENCH (?:rue|avenue|av\.?|boulevard|bd|place
      |chemin|impasse|allee|quai|route|cours|passage)
      \s(?:du |des |de (?:la |l')?|d'|la |l')[^\W\d]\w+
    | FRENCH (?:rue|boulevard|bd|impasse|quai) [^\W\d]\w+
    | (?<!\w)(?:(?:calle|avenida|avda|paseo|plaza|carrer|ronda|travesia|carretera|camino|via
      |viale|piazza|piazzale|corso|vicolo|largo|strada|lungo\w+|rua|travessa|praca|alameda|estrada
      |rodovia|ul|ulica|ulicy|aleja|aleje|alei|osiedle|osiedlu|plac|placu) |(?:c/|avda\.|ul\.|al\.
      |os\.|pl\.) ?)
      (?P<name2>(?:[^\W\d][\w'.\-]{0,24},? ){1,5}?)(?:n[or.°]{0,2} ?|num(?:ero)?\.? |# ?|numer\s
      |civico )?\d{1,4}[a-h]?(?: ?/ ?\d{1,4}| m\.? ?\d+)?\bCOUNTED
    | (?<!\w)(?:calle|carrera|cra)\.? \d{1,3}[a-z]? ?# ?\d
    | (?:ул\.|улиц[аеы]|проспект\w?|переул\w+) ?[\w\-]+,? (?:д\.? ?|дом )?\d{1,4}
    | [路街道巷弄] ?\d{1,4} ?[号號弄]
    | \d ?丁目 ?\d
    | [가-힣]{2,12}(?:로|길) \d{1,4}(?:-\d+)?(?:번지|호)
    """,
    calm=True, NAMED=_NAME, ROAD=_ROAD, NOTHING=_THING_AFTER, COUNTED=_COUNTED,
    FRENCH=r"(?<![\w.,:$€£/\-])\d{1,4}(?: ?(?:bis|ter|[a-d]))?,?",
)  # fmt: skip
_TITLED = pattern(
    # 42 Wallaby Way, Twelve Maple Avenue: weak words need capitals
    rf"(?<![\w.,:$€£/\-#])(?:\d{{1,5}}[A-Za-z]?|(?i:one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve|\w+teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"[\w \-]{0,8}?)),?\s(?P<name>(?:[^\W\d_][\w'.\-]{0,24}\s){1,3}?)"
    rf"(?i:{_ROAD}|{_ROAD_WEAK})\b"
)
NUMBER = pattern(r"\d|one|two|thre|four|five|six|seven|eight|nine|ten|eleven|twelve|ty\b|ty\W")
"""Without one of these, in small letters and calm or not, `cased_spots` finds nothing."""
_ROOM = choices(
    r"""
    | \b(?:apartments?|apt|appt|appartement|apartamento|appartamento|wohnung|mieszkanie|flat|suite
      |ste|piso|departamento|depto|lokal)\.? ?(?:number |no\.? ?|nr\.? ?|n° ?|# ?)?
      (?:\d{1,4} ?[a-h]?|[a-h]\d{1,3}|[b-h])\bCOUNTED(?! \d)
    | \b(?:unit|door|buzzer|bell) (?:number |no\.? ?|# ?)?(?:\d{1,4}[a-h]|[a-h]\d{1,3})\b
    | \b(?:room|zimmer|zimmernummer|chambre|habitacion|stanza|kamer|pokoj|quarto)
      \s(?:number |no\.? ?|nr\.? ?|n° ?|is |# ?)*(?:\d{3,4}[a-h]?|\d{1,3}[a-h]|[a-h]\d+)\bCOUNTED
    | \b(?:hotel|hostel|motel|airbnb|guest ?house)\W{1,3}(?:room|zimmer|chambre|habitacion|door|bed)
      \s(?:number |no\.? )?\w{1,5}\b
    | \b(?:room|apartment|flat) number (?:is \w+|\d+)
    | \b(?:door|gate|key|entry|buzzer|alarm|lock|building) ?code\W{1,3}(?:is )?\d{3,8}\b
    | \b(?:buzzer|doorbell|letterbox|mailbox|klingel(?:schild)?|nameplate) (?:says|reads|is|with|has
      |named|steht)\b.{0,40}
    """,
    calm=True, COUNTED=_COUNTED,
)  # fmt: skip
_POSTCODE = choices(
    r"""
    | \b(?:zip|zip ?code|post ?code|postal code|postleitzahl|plz|code postal|codigo postal|cap
      |kod pocztowy):? ?(?:is )?(?=[a-z]{0,2}\d)[a-z0-9]{2,5}(?:[ \-]\d[0-9a-z]{1,3})?\b
    | (?<![\w.,$€£])NOSCORE\d{2}-\d{3} (?!(?:UNITS)\b)[^\W\d]{3,}\b
      (?! (?:wins?|won|loses?|lost|leads?|beats?|beat|takes|took|has|is|and|to)\b)
    | (?<![\w.,$€£])\d{4}-\d{3} [^\W\d]{3,}
    """,
    calm=True, UNITS=UNITS,
    NOSCORE="".join(f"(?<!{word} )" for word in ("score", "won", "lost", "lead", "final")),
)  # fmt: skip
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


_HINTS = (
    "apart appt apt flat wohnung mieszkanie suite ste piso depart depto lokal unit door"
    " buzz bell room zimmer chambre habitac stanza kamer pokoj quarto hotel hostel motel"
    " airbnb guest gate key entry alarm lock build letterb mailb klingel nameplate"
    " str st av road rd boulev blvd cresc terr pkwy parkw highw hwy lane ln mews gass all"
    " platz weg damm ufer chauss laan gracht plein kade steeg dijk singel dreef rue place"
    " bd chemin impass quai route cours passage calle paseo plaza carr ronda traves camino"
    " via piazz corso vicolo largo lungo rua prac alame rodov ul osied plac c/ os. pl. al."
    " cra"
)
HINTS = pattern(lambda: trie(calm_text(_HINTS).split()) + r"|[^\W\x00-\x7f]")
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
    return frozenset([*_NO_NAME.split(), *calm_text(_NO_NAME).split()])
