"""Does somebody want to know what is to be seen just now?"""

from __future__ import annotations

import re
import unicodedata

from pickled.language.tables import any_of, heads
from pickled.patterns import on_first_use

LONGEST = 500
"""Characters of a line that are looked at."""


@on_first_use
def _asked() -> re.Pattern[str]:
    phrases = sorted({each for entries in heads("looking").values() for each in entries})
    return re.compile(rf"(?<!\w)(?:{any_of(map(re.escape, phrases))})(?!\w)")


def asks_to_look(text: str) -> bool:
    """Is that a question, or a call, about what is in the picture?"""
    return _asked().search(_bare(text[:LONGEST])) is not None


def _bare(text: str) -> str:
    """In small letters, without accents, with one kind of apostrophe."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())
