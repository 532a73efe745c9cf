"""Cuts a chat line into text, emotes, cheermotes and mentions, as Twitch's own interface does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pickled.messages.chat import Fragment
from pickled.patterns import pattern

_MENTION = pattern(r"(?<!\w)@\w{1,25}")
_CHEERMOTE = pattern(r"(?<!\S)[A-Za-z]\w*?([1-9]\d{0,5})(?!\S)", re.ASCII)
_CHEER = pattern(r"(?<!\S)(?:Cheer|Anon)([1-9]\d{0,5})(?!\S)", re.IGNORECASE | re.ASCII)

_Span = tuple[int, int, Literal["emote", "cheermote", "mention"]]


def cut(text: str, *, emotes: str, bits: int) -> tuple[Fragment, ...]:
    """The pieces of a line, which put together give the line.

    `emotes` is the tag (`25:0-4,6-10/…`, in code points of the text), `bits` what was cheered.
    """
    spans = [*_emotes(emotes, len(text)), *_cheermotes(text, bits)]
    spans += [(found.start(), found.end(), "mention") for found in _MENTION.finditer(text)]
    return tuple(_pieces(text, sorted(spans)))


def _pieces(text: str, spans: list[_Span]) -> Iterator[Fragment]:
    done = 0
    for start, end, kind in spans:
        if start < done:
            continue
        if start > done:
            yield Fragment(type="text", text=text[done:start])
        yield Fragment(type=kind, text=text[start:end])
        done = end
    if done < len(text):
        yield Fragment(type="text", text=text[done:])


def _emotes(tag: str, length: int) -> Iterator[_Span]:
    for each in tag.split("/"):
        for place in each.partition(":")[2].split(","):
            first, _, last = place.partition("-")
            if not (_is_index(first) and _is_index(last)):
                continue
            start, end = int(first), int(last) + 1
            if start < end <= length:
                yield start, end, "emote"


def _is_index(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 5


def _cheermotes(text: str, bits: int) -> list[_Span]:
    if not bits:
        return []
    found = list(_CHEERMOTE.finditer(text))
    # Every channel may have words of its own: they are cheermotes if they add up to the bits.
    if sum(int(each[1]) for each in found) != bits:
        found = list(_CHEER.finditer(text))
    return [(each.start(), each.end(), "cheermote") for each in found]
