"""Where a sentence ends: a stop is no end in `Dr.`, `J. R. R.`, `e.g.`, `1.` or `well… yes`."""

from __future__ import annotations

from pickled.patterns import pattern

CLOSERS = "\"'”’»)]」』）"
"""May stand between an end and the space behind it."""

ENDS = ".!?…؟۔।॥"
"""End a sentence before a space."""

SPACELESS_ENDS = "。！？｡"
"""End a sentence wherever they stand."""

_OPENERS = "\"'“‘«([¿¡「『（"
_ABBREVIATION = pattern(
    r"mr|mrs|ms|dr|prof|st|sr|jr|vs|etc|approx|ca|inc|ltd|co|cf|al|fig|vol|dept|est"
    r"|jan|feb|mar|apr|aug|sept|oct|nov|dec|mon|tue|wed|thu|fri|sat"
    r"|hr|fr|nr|bzw|usw|ggf|evtl|str|tel|mme|mlle|sra"
    r"|\d{1,2}|(?:[^\W\d_]\.)*[^\W\d_]"  # 1. and e.g. and U.S.
)
_CLOSING = r"[\"'”’»)\]」』）]*"
_END = pattern(rf"(?:[{ENDS}]+{_CLOSING}(?=\s|$)|[{SPACELESS_ENDS}]+{_CLOSING})")


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
    if not rest and whole:
        return True
    if marks.startswith(("…", "..")) and (not rest or rest[0].islower()):
        return False  # it hesitates
    return not _abbreviates(text[:start] + marks)


def _abbreviates(bare: str) -> bool:
    """Is the stop at the end of this one of an abbreviation, or of a number in a list?"""
    if not bare.endswith(".") or bare.endswith(".."):
        return False
    word = bare[:-1].split()[-1:]
    short = "".join(word).lstrip(_OPENERS).casefold()
    return short != "i" and bool(_ABBREVIATION.fullmatch(short))
