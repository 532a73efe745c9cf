"""What of an answer's text is meant to be said: no form that was written twice, no other's line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pickled.brain.loose_json import read_object
from pickled.language.address import folded
from pickled.messages.emotion import EMOTIONS, Emotion
from pickled.patterns import lazy, pattern

_ROLES = frozenset({"user", "assistant", "system", "human", "viewer", "chat", "model"})
"""Who a model makes go on with the conversation."""

LONGEST_NAME = 44
"""Characters, with what stands around it."""

_INNER = pattern(r'\s*\{\s*"?(?:emotion|text)"?\s*:')
_MAY_BE_INNER = pattern(r'\s*\{\s*"?[a-z]{0,7}"?\s*\Z')
_TWICE = pattern(r'\\([nrt"])')
_ENTITY = pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});")
_HALF = pattern(r"(?:\\|&[#\w]{0,9})\Z")
_MOOD = pattern(r"\s*(?:\[\s*(\w{1,12})\s*\]|\(\s*(\w{1,12})\s*\))\s*[:,.–-]?\s*")
_MAY_BE_MOOD = pattern(r"\s*(?:[\[(]\s*\w{0,12}\s*[\])]?\s*)?\Z")
_ACTIONS = r"(?<!\S)!({0})(?:\s+!{0}){{0,3}}[\s.!]{{0,8}}\Z"
_MAY_BE_ACTION = pattern(_ACTIONS.format(r"\w{0,40}+"))
_LINE = pattern(rf"\n[^\S\n]*[*_<@\"]{{0,3}}([^\n:]{{1,{LONGEST_NAME}}}?)[*_>\"]{{0,3}}\s*:")
_AROUND = '*_<>@" \t'


@dataclass(frozen=True, slots=True)
class Meant:
    """What is meant to be said."""

    text: str
    emotion: Emotion | None = None
    """Where it stood in brackets before the text."""
    ended: bool = False
    """Somebody else's line follows: the model has begun to speak for them."""


def meant(text: str, *, final: bool, names: AbstractSet[str] = frozenset()) -> Meant:
    """The text without its form; what still may become form waits, unless it is `final`.

    `names` are the viewers of the prompt, folded: where a line begins with one and a colon, the
    model has gone on with the conversation by itself.
    """
    inner = _INNER.match(text)
    if inner is None and not final and _MAY_BE_INNER.match(text):
        return Meant("")
    if inner and (written := read_object(text[text.index("{") :], final=final)):
        text = written.fields.get("text") or ""
    if not final:
        text = _HALF.sub("", text)
    text = _TWICE.sub(lambda found: '"' if found[1] == '"' else "\n", text)
    if "&" in text:
        from html import unescape  # a large table, and hardly ever needed

        text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    if not final and _MAY_BE_MOOD.match(text):
        return Meant("")
    emotion = None
    if (mood := _MOOD.match(text)) and (emotion := _emotion(mood[1] or mood[2])):
        text = text[mood.end() :]
    cut, ended = _own(text, names, final=final)
    return Meant(cut, emotion, ended)


def without_action(text: str, actions: Sequence[str], *, final: bool) -> tuple[str, str | None]:
    """The text, and the action that stands behind it as ` !clip`; what may become one waits."""
    if not actions or "!" not in text:
        return text, None
    if not final:
        return _MAY_BE_ACTION.sub("", text), None
    known = lazy(_ACTIONS.format(f"(?:{'|'.join(map(re.escape, actions))})")).search(text)
    return (text[: known.start()], known[1]) if known else (text, None)


def _emotion(word: str) -> Emotion | None:
    return next((each for each in EMOTIONS if each == word.lower()), None)


def _own(text: str, names: AbstractSet[str], *, final: bool) -> tuple[str, bool]:
    """The text up to the first line that somebody else is made to say, and whether one is there."""
    if "\n" not in text:
        return text, False
    for line in _LINE.finditer(text):
        if text[: line.start()].strip() and folded(line[1].strip(_AROUND)) in names | _ROLES:
            return text[: line.start()].rstrip(), True
    before, _, last = text.rpartition("\n")
    begun = folded(last.strip(_AROUND))
    if final or len(last) > LONGEST_NAME or ":" in last:
        return text, False
    waits = any(name.startswith(begun) for name in names | _ROLES)
    return (before if waits else text), False
