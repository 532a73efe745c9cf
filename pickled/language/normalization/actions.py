"""Actions that models write between their words, as `*waves at the camera*`: done, not said."""

from __future__ import annotations

import re

from pickled.language.sentences import ends_sentence
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

_SPAN = pattern(
    r"(?<![\w*])\*{1,3}(?P<star>[^\s*][^*]{0,78})\*{1,3}(?!\w)"
    r"|(?<![\w_])_(?P<line>[^\s_][^_]{0,78})_(?!\w)"
    r"|\[+(?P<square>[^\[\]]{1,80})\]+|\{+(?P<curly>[^{}]{1,80})\}+"
    r"|\((?P<round>[^()]{1,80})\)"
)
_WORD = pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MOST_WORDS_IN_ROUND = 6


@on_first_use
def _words() -> dict[str, frozenset[str]]:
    heads = ("actions", "no actions", "doers", "manners", "reflexive")
    return {head: frozenset(listed("normalization/actions", head)) for head in heads}


def without_actions(text: str, *, by: str = " ") -> str:
    """The text with each span that tells what is done replaced; all others stay as they are."""
    return _SPAN.sub(lambda span: by if _is_done(span) else span[0], text)


def _is_done(span: re.Match[str]) -> bool:
    kind = span.lastgroup or ""
    before, after = span.string[: span.start()].rstrip(), span.string[span.end() :].strip()
    words = [each.casefold() for each in _WORD.findall(span[kind])]
    if not words:
        return kind == "square" and span[kind].strip().isdigit()  # the number of a source
    if words[0].endswith("ly"):  # softly giggles
        if len(words) == 1:
            return kind in ("square", "curly")
        del words[0]
    if words[0] in _words()["reflexive"] and len(words) > 1:
        del words[0]
    known = words[0] in _words()["actions"] or (
        words[0] == "in" and words[-1] in _words()["manners"]
    )
    if kind == "round":
        return known and len(words) <= _MOST_WORDS_IN_ROUND
    if kind in ("square", "curly"):
        return known or _does(words)
    alone = not before or ends_sentence(before) or not before[-1].isalnum()
    if known:
        return alone or not _told_of(before)
    return (alone or not after) and _does(words)


def _does(words: list[str]) -> bool:
    """Is it a verb with what it does? `walks over to us`, `looking at the map`."""
    first, *rest = words
    if not rest or first in _words()["no actions"] or rest[0] in _words()["no actions"]:
        return False
    return first.endswith("ing") or (first.endswith("s") and not first.endswith(("ss", "us", "'s")))


def _told_of(before: str) -> bool:
    """Does a word in front of it do that? Then it is stressed: `she *laughs* at me`."""
    last = _WORD.findall(before)[-1:]
    return bool(last) and last[0].casefold() in _words()["doers"]
