"""Takes from a text what only tricks need: control characters, piled marks, model markers."""

from __future__ import annotations

import re
import unicodedata

from pickled.language.tables import any_of, listed, pairs
from pickled.patterns import on_first_use, pattern

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 2
_BEGIN = "<[#◁"
"""What a mark begins with."""
_JOINERS = "\u200c\u200d"

_ROLE = pattern(
    r"\b(?:system|assistant|user|human|developer)(?:\s+(?:prompt|message))?\s*[:：]", re.IGNORECASE
)


@on_first_use
def _tokens() -> re.Pattern[str]:
    """All marks of `thoughts.txt`, opened and closed, and what only looks like one."""
    pairwise = [mark for pair in pairs("thoughts", "think") for mark in pair]
    marks = {*pairwise, *listed("thoughts", "drop"), *listed("thoughts", "stop")}
    closed = (re.escape(each).replace("<", "</?", 1) for each in marks if each.isascii())
    others = (re.escape(each) for each in marks if not each.isascii())
    longest_first = sorted((*closed, *others), key=lambda each: (-len(each), each))
    # Nearly no character begins one: that is looked at before all the marks are.
    return re.compile(
        f"(?=[{re.escape(_BEGIN)}])(?:{any_of((*listed('thoughts', 'token'), *longest_first))})",
        re.IGNORECASE,
    )


def shown(text: str) -> str:
    """As it would be seen: no control or format characters, white space folded.

    Joiners stay, emoji and some scripts need them.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character in _JOINERS
        or unicodedata.category(character) not in _DROPPED
    )
    return " ".join("".join(kept).split())


def without_tokens(text: str) -> str:
    """No control tokens of models, also none that appear as others go."""
    while any(each in text for each in _BEGIN) and (rest := _tokens().sub(" ", text)) != text:
        text = rest
    return " ".join(text.split())


def without_markers(text: str) -> str:
    """No control tokens, and no `system:` and the like either."""
    while (rest := _ROLE.sub(" ", without_tokens(text))) != text:
        text = rest
    return " ".join(text.split())


def speakable(text: str) -> str:
    """As it is spoken: compatible forms folded, invisible characters and piled marks gone."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept, marks = [], 0
    for character in unicodedata.normalize("NFKD", text):
        category = unicodedata.category(character)
        if category in _DROPPED and not character.isspace():
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return " ".join(_compatible("".join(kept)).split())


def folded_form(text: str) -> str:
    """Compatible forms folded and joiners gone, but nothing else: what an honest text becomes."""
    return " ".join("".join(each for each in _compatible(text) if each not in _JOINERS).split())


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2044", "/")  # ½ is 1/2 for a voice
