"""Where a sentence ends: a stop is no end in `Dr.`, `J. R. R.`, `e.g.`, `1.` or `well… yes`."""

from __future__ import annotations

import re

from pickled.patterns import pattern

CLOSERS = "\"'”“’»)]」』）"
"""May stand between an end and the space behind it."""

ENDS = ".!?…؟۔।॥"
"""End a sentence before a space."""

SPACELESS_ENDS = "。！？｡"
"""End a sentence wherever they stand."""

_OPENERS = "\"'“‘«([¿¡「『（„"
_TITLE = pattern(r"mr|mrs|ms|dr|dra|prof|st|ste|fr|hr|mme|mlle|sra|sig|dott|p\.s")
"""Never the end of a sentence."""
_NUMBER = pattern(r"\b(?:no|núm)\.$", re.IGNORECASE)
"""No. 5; without a number it says no."""
_ABBREVIATION = pattern(
    r"sr|jr|vs|etc|approx|ca|inc|ltd|co|cf|al|fig|vol|dept|est"
    r"|jan|feb|mar|apr|aug|sept|oct|nov|dec|mon|tue|wed|thu|fri|sat"
    r"|nr|bzw|usw|ggf|evtl|str|tel|ecc|ej|ee|uu|pág|art"
    r"|\d{1,2}|(?:[^\W\d_]\.)*[^\W\d_]"  # 1. and e.g. and U.S.
)
_BEGINS = pattern(
    r"\s*(?:It|He|She|We|They|I|You|The|This|That|There|Then|But|And|So|Let['’]?s|What|Es|Er|Sie|Wir"
    r"|Ich|Das|Die|Der|Dann|Aber|Und|Il|Elle|On|Je|Nous|Mais|El|La|Los|Pero|Yo|Ma|Io|Mas|Eu)\b"
)
"""Behind an abbreviation that may end a sentence, these begin the next one."""
_CLOSING = r"[\"'”“’»)\]」』）]*"
_END = pattern(
    rf"(?:[{ENDS}]+{_CLOSING}(?=\s|$)|[{SPACELESS_ENDS}]+{_CLOSING}"
    r"|(?<=[\u0370-\u03ff\u1f00-\u1fff]);(?=\s|$))"  # the Greek question mark
)


def sentence_ends(text: str, *, whole: bool = True) -> list[int]:
    """Where the sentences of a text end, in characters from its beginning.

    What stands behind the last one is not ended yet. A text that is not `whole` may go on: then it
    shows later whether it ended with a hesitation or an abbreviation.
    """
    places = (found.span() for found in _END.finditer(text))
    return [end for start, end in places if _is_end(text, start, end, whole=whole)]


def ends_sentence(text: str) -> bool:
    """Does a sentence end where the text does, if a space follows?"""
    bare = text.rstrip(CLOSERS)
    return bare.endswith(tuple(ENDS + SPACELESS_ENDS)) and not _abbreviates(bare)


def _is_end(text: str, start: int, end: int, *, whole: bool) -> bool:
    marks, rest = text[start:end].rstrip(CLOSERS), text[end:].lstrip()
    before = text[:start] + marks
    if not rest and whole:
        return not _abbreviates(before, _TITLE)
    if marks.startswith(("…", "..")) and (not rest or rest[0].islower()):
        return False  # it hesitates
    if len(marks) < end - start and (rest[:1].islower() or text[end : end + 1] in ("と", "っ")):
        return False  # what was said in quotes goes on with who said it
    if _abbreviates(before, _TITLE) or (_NUMBER.search(before) and rest[:1].isdigit()):
        return False
    return not _abbreviates(before) or bool(_BEGINS.match(text, end))


def _abbreviates(bare: str, which: re.Pattern[str] | None = None) -> bool:
    """Is the stop at the end of this one of an abbreviation, or of a number in a list?"""
    if not bare.endswith(".") or bare.endswith(".."):
        return False
    word = "".join(bare[:-1].split()[-1:]).lstrip(_OPENERS).casefold()
    if which is None:
        return word != "i" and bool(_TITLE.fullmatch(word) or _ABBREVIATION.fullmatch(word))
    return bool(which.fullmatch(word))
