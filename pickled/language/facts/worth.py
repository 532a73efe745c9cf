"""What is worth remembering: a sentence, or something about somebody; never `lol` or `KEKW`."""

from __future__ import annotations

import re

from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

FEWEST_WORDS = 5

_LINK = pattern(r"https?://\S+|www\.\S+")
_WORD = pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SYLLABLES = pattern(r"(?:ha|he|hi|ja|je|ah|lo|ll|xd|lu|ro|fl|gg|ww|kk|ez|no|go|um|uh|oh|o)+[a-z]?")
_STRETCHED = pattern(r"(.)\1{2,}")
_noise = on_first_use(lambda: frozenset(listed("facts/words", "noise")))
_SAYS_SOMETHING = pattern(
    r"""\b(?:
        (?:i|we)\s+(?:love|hate|like|prefer|enjoy|miss|want|need|play|work|study|live|moved?|bought
            |got|have|had|went|visited|watched|made|cook\w*|train\w*|started|finished|quit|won|lost)
      | (?:i['’]?m|i\s+am|im|my\s+name|my\s+\w+\s+(?:is|are|was|has|had|died|loves?|hates?))
      | (?:call\s+me|born|birthday|anniversary|favou?rite|allergic|married|pregnant|diagnosed)
      | (?:yesterday|tomorrow|tonight|(?:last|next|this)\s+(?:week|weekend|month|year|night|summer
            |winter|spring|autumn|fall|\w+day)|(?:mon|tues|wednes|thurs|fri|satur|sun)day
            |(?:20|19)\d\d|\d{1,2}\s?(?:am|pm))
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = pattern(r"(?<![.!?…]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2,}\b")  # case counts: KEKW is none


def is_worth_keeping(text: str) -> bool:
    """Whether a chat message is remembered: enough words, or a meaningful entity.

    Commands, links alone, emotes and laughter never are.
    """
    text = _LINK.sub(" ", text).strip()
    if text.startswith(("!", "/")):
        return False
    words = [word for word in _WORD.findall(text) if not _is_noise(word)]
    different = {word.lower() for word in words}
    if len(words) >= FEWEST_WORDS and len(different) >= FEWEST_WORDS - 1:
        return True
    if len(different) < 2:
        return False
    return bool(_SAYS_SOMETHING.search(text)) or any(
        not _is_noise(name) for name in _NAME.findall(text)
    )


def _is_noise(word: str) -> bool:
    """Laughter, an emote, or one letter held down."""
    low = word.lower()
    if low in _noise() or _STRETCHED.search(low) or _SYLLABLES.fullmatch(low):
        return low not in ("i", "he", "hello", "go", "she")
    return bool(re.search(r"[a-z][A-Z]", word))  # emotes are written so: PogChamp, peepoHappy
