"""What was recognized of the streamer: is it worth anything, and how do two halves join?"""

from __future__ import annotations

import unicodedata

from pickled.language.address import folded, named
from pickled.language.talk import stops
from pickled.patterns import pattern

SHORTEST = 5
"""Characters: what is shorter and none of the words below is a cough, an "mhm", a syllable."""

_ANSWERS = frozenset(
    {"yes", "yeah", "yep", "yup", "no", "nope", "nah", "ok", "sure", "true", "why", "who", "how"}
    | {"ja", "nein", "doch", "sí", "si", "oui", "non", "sim", "não", "no", "tak", "nie", "da"}
)
"""Short words that say something by themselves."""

_MOST_OVERLAP = 12
"""Words that may have been heard twice: two seconds of talk hold fewer."""

_WORD = pattern(r"[\w']+")


def worth_hearing(text: str, names: tuple[str, ...]) -> bool:
    """Does a turn that ended mean anything? A short one does if it is a stop word or an answer.

    So does one of the co-host's own names, and what is written without an alphabet.
    """
    words = _WORD.findall(folded(text))
    if sum(map(len, words)) >= SHORTEST or any(map(_is_wide, text)):
        return True
    return named(text, names) or any(stops(each) or each in _ANSWERS for each in words)


def joined(before: str, after: str) -> str:
    """Two halves of a turn, of which the second may repeat words that end the first.

    The word at which the first was cut, and the one with which the second begins, may be torn.
    """
    first, second = before.split(), after.split()
    left, right = list(map(_bare, first)), list(map(_bare, second))
    for length in range(min(len(left), len(right), _MOST_OVERLAP), 0, -1):
        torn = (0,) if length == 1 else (0, 1)
        for lost in torn:
            for odd in torn:
                end = len(left) - lost
                if end >= length and left[end - length : end] == right[odd : odd + length]:
                    return " ".join((*first[:end], *second[odd + length :]))
    return " ".join((*first, *second))


def _bare(word: str) -> str:
    return "".join(_WORD.findall(folded(word)))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and character.isalpha()
