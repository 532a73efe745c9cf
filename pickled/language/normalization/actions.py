"""Actions that models write between their words, as `*waves at the camera*`: done, not said."""

from __future__ import annotations

import re

from pickled.language.normalization.words import table
from pickled.language.sentences import ends_sentence
from pickled.patterns import pattern

_SPAN = pattern(
    r"(?<![\w*])\*{1,3}(?P<star>[^\s*][^*]{0,78})\*{1,3}(?!\w)"
    r"|(?<![\w_])_(?P<line>[^\s_][^_]{0,78})_(?!\w)"
    r"|\[+(?P<square>[^\[\]]{1,80})\]+|\{+(?P<curly>[^{}]{1,80})\}+"
    r"|\((?P<round>[^()]{1,80})\)"
)
_WORD = pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MOST_WORDS_IN_ROUND = 6


def without_actions(text: str) -> str:
    """The text without the spans that tell what is done; all others stay as they are."""
    return _SPAN.sub(_judged, text)


def _judged(span: re.Match[str]) -> str:
    kind = span.lastgroup or ""
    before, after = span.string[: span.start()].rstrip(), span.string[span.end() :].strip()
    words = [each.casefold() for each in _WORD.findall(span[kind])]
    if words and words[0].endswith("ly") and len(words) > 1:
        del words[0]  # softly giggles
    if not words:
        return span[0]
    known = words[0] in table("actions")
    if kind == "round":
        return " " if known and len(words) <= _MOST_WORDS_IN_ROUND else span[0]
    if kind in ("square", "curly"):
        return " " if known or _does(words) else span[0]
    alone = not before or ends_sentence(before) or not before[-1].isalnum()
    if known:
        return " " if alone or not _told_of(before) else span[0]
    return " " if (alone or not after) and _does(words) else span[0]


def _does(words: list[str]) -> bool:
    """Is it a verb with what it does? `walks over to us`, `looking at the map`."""
    first, *rest = words
    if not rest or first in table("no_actions") or rest[0] in table("no_actions"):
        return False
    return first.endswith("ing") or (first.endswith("s") and not first.endswith(("ss", "us", "'s")))


def _told_of(before: str) -> bool:
    """Does a word in front of it do that? Then it is stressed: `she *laughs* at me`."""
    last = _WORD.findall(before)[-1:]
    return bool(last) and last[0].casefold() in table("doers")
