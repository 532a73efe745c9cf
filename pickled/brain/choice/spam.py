"""Tells what is not worth an answer by its looks: bots, commands, links, walls, repetition."""

from __future__ import annotations

import re

from pickled.language.address import LONGEST
from pickled.language.bots import known_bots
from pickled.messages.chat import ChatMessage
from pickled.patterns import pattern

SPAM = 0.5
"""From this on, an unaddressed line is passed over."""

_BOT_BADGES = frozenset({"bot", "bot-badge"})

_COMMAND = pattern(r"\s*!\w")
_LINK = pattern(r"://|www\.|\w\.\w+/|\w\.(?:com|net|org|tv|gg|io|ly|xyz|link|shop)\b", re.I)
_STRETCHED = pattern(r"(\S)\1{9}")
_WORD = pattern(r"\w+")
_SPACES = pattern(r"\s+")

_FEW_WORDS = 6
_FEW_EMOTES = 5
_LONG = 24
"""Characters; shorter lines are no walls."""


def is_bot(message: ChatMessage) -> bool:
    """Is it from a bot that many channels have, or from one with the badge of a bot?"""
    return message.user.casefold() in known_bots() or not _BOT_BADGES.isdisjoint(message.badges)


def is_command(text: str) -> bool:
    """Is it `!something`: meant for a bot?"""
    return _COMMAND.match(text[:LONGEST]) is not None


def spam(message: ChatMessage, *, said_before: int = 0, looks: float | None = None) -> float:
    """0–1: how much it looks like spam; said_before: how often its author just said the same.

    Moderators don't spam. `looks` is what `looks_of` said of the text, if that is known.
    """
    if "moderator" in message.badges or "broadcaster" in message.badges:
        return 0.0
    found = looks_of(message.text) if looks is None else looks
    return min(1.0, found + 0.3 * said_before + _emote_wall(message))


def looks_of(text: str) -> float:
    """From 0 up: links and walls in a text."""
    text = text[:LONGEST]
    link = 0.6 if _LINK.search(text) else 0.0
    return link + (_wall(text) if len(text) >= _LONG else 0.0)


def _wall(text: str) -> float:
    """Capitals, one character or word over and over, pictures made of signs."""
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    found = 0.4 * (_STRETCHED.search(text) is not None)
    if text.isupper() and letters >= _LONG:
        found += 0.4 if letters < 2 * _LONG else 0.6
    if len(words) >= _FEW_WORDS and len(set(words)) <= 0.4 * len(words):
        found += 0.6
    if letters < 0.4 * len(_SPACES.sub("", text)):
        found += 0.6
    return found


def _emote_wall(message: ChatMessage) -> float:
    if len(message.fragments) < _FEW_EMOTES:
        return 0.0
    emotes = sum(each.type == "emote" for each in message.fragments)
    if emotes < _FEW_EMOTES:
        return 0.0
    words = sum(len(each.text.split()) for each in message.fragments if each.type != "emote")
    return 0.5 if emotes >= 2 * words else 0.2
