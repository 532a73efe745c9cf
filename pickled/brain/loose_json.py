"""Reads the object that a model writes, as far as it is written, and forgives its slips."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Literal

from pickled.messages.emotion import EMOTIONS
from pickled.patterns import pattern

Shape = Literal["object", "key", "string", "tuple", "text"]
"""Forms that an answer can come in, whichever was asked for."""


@dataclass(frozen=True, slots=True)
class TextEnd:
    """What follows the quotation mark at a text's end; any other one belongs to the text."""

    ended: re.Pattern[str]
    may_have_ended: re.Pattern[str]
    inside: re.Pattern[str]


def ending(follows: str, may_follow: str) -> TextEnd:
    """The ending behind which that follows, or may follow once more is written."""
    inside = rf'(?:[^"\\]++|\\.|"(?!{follows}|{may_follow}))*+'
    ended, may_have_ended = pattern(f'"(?:{follows})'), pattern(f'"(?:{may_follow})')
    return TextEnd(ended, may_have_ended, pattern(inside, re.DOTALL))


_IN_AN_OBJECT = ending(
    r'\s*(?:,\s*)?(?:\}|(?:"[^"\\]{1,40}"|emotion|text)\s*:)',
    r'\s*(?:,\s*(?:"[^"\\]{0,40}(?:"\s*)?|[a-z]{0,7}\s*)?)?\Z',
)
_KEY = pattern(r'\s*,?\s*(?:"([^"\\]{1,40})"|(emotion|text))\s*:\s*')
_CLOSED = pattern(r"\s*,?\s*\}")
_WHOLE = pattern(
    r"(?:[^\\]++|\\[^u]|\\u(?![dD][89abAB])[0-9a-fA-F]{4}"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4})*+",
    re.DOTALL,
)
"""As far as every escape, and every pair of them that is one character, is whole."""

_LEFT_OPEN = pattern(r"\}\s*\Z")
"""The brace behind a text whose last quote the model forgot."""

_ESCAPE = pattern(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CONTROL = pattern(r"[\x00-\x09\x0b-\x1f]")
_SURROGATE = pattern("[\ud800-\udfff]")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_SCALARS = json.JSONDecoder()


@dataclass
class Written:
    """An answer as far as it is written."""

    fields: dict[str, str | None] = field(default_factory=dict)
    """What is said twice counts as it was said first; None is something else than a text."""
    growing: str | None = None
    """The key whose text may still grow."""
    closed: bool = False
    """Its brace has come."""
    rests: bool = False
    """The growing text stands before a quote that is likely its last, behind a whole sentence."""
    shape: Shape = "object"


def read_object(
    text: str, *, final: bool, openers: Collection[str] = frozenset()
) -> Written | None:
    """What begins with a brace; None if it can't become an object. `final`: no more comes.

    Where the emotion is the key of the text, they are read as `emotion` and `text`; where it is
    that of one of the `openers`, or of nothing, and the text comes behind it, as `opener`.
    """
    written = _object(text, final=final)
    key = next(iter(written.fields), "") if written else ""
    if written is None or (emotion := key.strip().lower()) not in EMOTIONS:
        return written
    if openers and (begun := _begun(written, key, emotion, openers)):
        return begun
    if emotion == "thinking" and not written.closed:
        # Models that reason put that under this key, and what they say under a later one.
        return written if len(written.fields) > 1 else replace(written, fields={}, growing=None)
    if emotion == "thinking" and len(written.fields) > 1:
        return written
    growing = "text" if written.growing == key else None
    fields = {"emotion": emotion, "text": written.fields[key]}
    return replace(written, fields=fields, growing=growing, shape="key")


def _begun(written: Written, key: str, emotion: str, openers: Collection[str]) -> Written | None:
    """With an opener, or none, under the emotion; None: what stands there is the text."""
    said = (written.fields[key] or "").strip()
    if written.growing == key or (written.closed and "text" not in written.fields):
        return None
    if said and said not in openers:
        return None
    behind = {name: value for name, value in written.fields.items() if name == "text"}
    fields = {"emotion": emotion, "opener": said, **behind}
    growing = written.growing if written.growing in fields else None
    return replace(written, fields=fields, growing=growing, shape="key")


def _object(text: str, *, final: bool) -> Written | None:
    found, place = Written(), 1
    while True:
        if _CLOSED.match(text, place):
            found.closed = True
            return found
        key = _KEY.match(text, place)
        if key is None:
            return found if found.fields or _may_begin(text[place:]) else None
        name, place = key[1] or key[2], key.end()
        if place == len(text):
            return found
        if text[place] == '"':
            value, end = read_text(text, place + 1, _IN_AN_OBJECT, final=final)
        else:
            value, end = None, _end_of_value(text, place)
        if name not in found.fields:
            found.fields[name] = value
            found.growing = name if end is None else None
        if end is None:
            found.rests = value is not None and rests(text[place + 1 :])
            return found
        place = end


def decoded(raw: str, *, growing: bool) -> str:
    """What stands between the quotes, as it is meant; half an escape of a growing one waits."""
    if growing:
        raw = _LEFT_OPEN.sub("", raw)
        whole = _WHOLE.match(raw)
        raw = whole[0] if whole else ""
    text = _ESCAPE.sub(_meant, raw) if "\\" in raw else raw
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def read_text(
    text: str, start: int, ends: TextEnd, *, final: bool = False
) -> tuple[str, int | None]:
    """The text from behind its quote on, and where it ends; None: not yet."""
    inside = ends.inside.match(text, start)
    quote = inside.end() if inside else start
    ended = ends.ended.match(text, quote) or (final and ends.may_have_ended.match(text, quote))
    if ended:
        return decoded(_without_control(text[start:quote]), growing=False), quote + 1
    waits = text.startswith('"', quote)
    raw = text[start:quote] if waits else text[start:]
    return decoded(_without_control(raw), growing=True), None


def rests(raw: str, *, sentence: bool = True) -> bool:
    """Does its last quote stand at its end, and no quotation within it open?

    `sentence`: only behind the end of one.
    """
    before, quote, after = raw.rpartition('"')
    if not quote or after.strip() or (before.count('"') - before.count('\\"')) % 2:
        return False
    ends = before.rstrip().endswith((".", "!", "?", "…", "。", "！", "？"))
    return ends or (not sentence and before[-1:].strip() != "")


def _without_control(raw: str) -> str:
    return _CONTROL.sub(" ", raw)


def _end_of_value(text: str, place: int) -> int | None:
    """Where a value that is no text ends; None: not yet, or it is none."""
    try:
        return _SCALARS.raw_decode(text, place)[1]
    except (ValueError, RecursionError):
        return None


def _may_begin(rest: str) -> bool:
    """Is it nothing so far, or the beginning of a key?"""
    start = rest.lstrip()
    return not start or start.startswith('"') or "emotion".startswith(start.rstrip(": "))


def _meant(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    return _MEANT.get(escape[2], escape[2])
