"""Where a sentence ends: a stop is no end in `Dr.`, `J. R. R.`, `e.g.`, `1.` or `well… yes`."""

from __future__ import annotations

from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

CLOSERS = "\"'”“’»)]」』）"
"""May stand between an end and the space behind it."""

ENDS = ".!?…؟۔।॥"
"""End a sentence before a space."""

SPACELESS_ENDS = "。！？｡"
"""End a sentence wherever they stand."""

_OPENERS = "\"'“‘«([¿¡「『（„"
_SHORTENED = pattern(r"\d{1,2}|(?:[^\W\d_]\.)*[^\W\d_]")
"""1. and e.g. and U.S."""
_CLOSING = r"[\"'”“’»)\]」』）]*"
_END = pattern(
    rf"(?:[{ENDS}]+{_CLOSING}(?=\s|$)|[{SPACELESS_ENDS}]+{_CLOSING}"
    r"|(?<=[\u0370-\u03ff\u1f00-\u1fff]);(?=\s|$))"  # the Greek question mark
)


def sentence_ends(text: str, *, whole: bool = True) -> list[int]:
    """Where the sentences of a text end, in characters from its beginning.

    What stands behind the last one is not ended yet; marks alone, as `?! …`, are no sentence.
    A text that is not `whole` may go on: then it shows later whether it ended with a hesitation or
    an abbreviation.
    """
    ends: list[int] = []
    for found in _END.finditer(text):
        start, end = found.span()
        sentence = text[ends[-1] if ends else 0 : start]
        if any(map(str.isalnum, sentence)) and _is_end(text, start, end, whole=whole):
            ends.append(end)
    return ends


def ends_sentence(text: str) -> bool:
    """Does a sentence end where the text does, if a space follows?"""
    bare = text.rstrip(CLOSERS)
    return bare.endswith(tuple(ENDS + SPACELESS_ENDS)) and not _is_short(_last_word(bare))


@on_first_use
def _words() -> dict[str, frozenset[str]]:
    heads = ("abbreviations", "titles", "numbers", "begins")
    return {head: frozenset(listed("sentences", head)) for head in heads}


def _is_end(text: str, start: int, end: int, *, whole: bool) -> bool:
    marks, rest = text[start:end].rstrip(CLOSERS), text[end:].lstrip()
    word = _last_word(text[:start] + marks)
    if word in _words()["titles"]:
        return False
    if whole and not rest:
        return True
    if marks.startswith(("…", "..")) and (not rest or rest[0].islower()):
        return False  # it hesitates
    if len(marks) < end - start and (rest[:1].islower() or text[end : end + 1] in ("と", "っ")):
        return False  # what was said in quotes goes on with who said it
    if word in _words()["numbers"]:
        return not rest[:1].isdigit()
    return not _is_short(word) or rest.partition(" ")[0].rstrip(",") in _words()["begins"]


def _last_word(bare: str) -> str:
    """The one before a single stop, in small letters; empty where another mark is the end."""
    if not bare.endswith(".") or bare.endswith(".."):
        return ""
    return "".join(bare[:-1].split()[-1:]).lstrip(_OPENERS).casefold()


def _is_short(word: str) -> bool:
    """Is it an abbreviation, an initial, or a number in a list?"""
    if not word or word == "i":
        return False
    words = _words()
    known = word in words["abbreviations"] or word in words["titles"]
    return known or bool(_SHORTENED.fullmatch(word))
