"""Tells what a chat line wants: is it meant for the co-host, is it a question, is it the same?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pickled.messages.chat import ChatMessage
from pickled.patterns import pattern

LONGEST = 500
"""Characters of a line that are looked at; as many as Twitch allows."""

_QUESTION_MARKS = "?？؟¿"
_LINK = pattern(r"://|www\.|\w\.\w+/")
_STRETCHED = pattern(r"([^\W\d])\1+")
_ACCENTS = (
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_PILED = pattern(rf"({_ACCENTS}{{4}}){_ACCENTS}+")
_WORD = pattern(r"\w+")
_CALLS = pattern(r"\s*@(\w+)")
_SPACELESS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")


def addressed(message: ChatMessage, triggers: tuple[str, ...]) -> bool:
    """Is it named as a whole word (with or without @), or is this a reply to it?"""
    return named(message.text, triggers) or replied(message, triggers)


def named(text: str, triggers: tuple[str, ...]) -> bool:
    """Does a text hold one of the names as a whole word?"""
    return bool(triggers) and _names(triggers).search(folded(text)) is not None


def replied(message: ChatMessage, triggers: tuple[str, ...]) -> bool:
    """Is it a reply to one of the names?"""
    if not message.reply_to_user or not triggers:
        return False
    name = folded(message.reply_to_user).strip().removeprefix("@")
    return _names(triggers).fullmatch(name) is not None


def uncalled(text: str, triggers: tuple[str, ...]) -> str:
    """The text without the names of the co-host that it begins with."""
    if not triggers:
        return text
    names = _names(triggers)
    rest = text.lstrip(" @")
    while (found := names.match(folded(rest))) and len(folded(rest)) == len(rest):
        rest = rest[found.end() :].lstrip(" @,:;.!-")
    return rest


def is_question(text: str) -> bool:
    """Does it hold a question mark (outside of links) beside a word?"""
    if not any(mark in text for mark in _QUESTION_MARKS):
        return False
    said = text[:LONGEST]
    if ("/" in said or "www." in said) and _LINK.search(said):
        said = " ".join(word for word in said.split() if not _LINK.search(word))
    return any(mark in said for mark in _QUESTION_MARKS) and any(map(str.isalnum, said))


def same_words(text: str, triggers: tuple[str, ...]) -> str:
    """A key that near-equal texts share: no case, names, punctuation or stretched letters."""
    kept = [word for word in _WORD.findall(folded(text)) if word not in triggers]
    return _STRETCHED.sub(r"\1", " ".join(kept))


def asks_another(message: ChatMessage) -> bool:
    """Is it put to another viewer: a reply to one, or begun with an @name that isn't the channel?

    Nobody knows where the channel has no name. What is meant for us is for `addressed` to find.
    """
    called = _CALLS.match(message.text[:LONGEST])
    to = message.reply_to_user or (called[1] if called else "")
    if not to or not message.channel:
        return False
    return folded(to).strip().removeprefix("@") != folded(message.channel).removeprefix("#")


def folded(text: str) -> str:
    """Comparable: no case, no width, one spelling of each accented letter."""
    text = text[:LONGEST]
    return text.lower() if text.isascii() else _composed(text)


@lru_cache(maxsize=8)
def _composed(text: str) -> str:
    text = _PILED.sub(r"\1", text)  # sorting a pile of accents takes quadratic time
    return unicodedata.normalize("NFKC", text)[:LONGEST].casefold()


@lru_cache(maxsize=64)
def _names(triggers: tuple[str, ...]) -> re.Pattern[str]:
    names = sorted(map(folded, triggers), key=len, reverse=True)
    return re.compile("|".join(map(_whole_word, names)))


def _whole_word(name: str) -> str:
    """Scripts that are written without spaces have no word edges to look for."""
    before = "" if _spaceless(name[0]) else r"(?<!\w)"
    after = "" if _spaceless(name[-1]) else r"(?!\w)"
    return before + re.escape(name) + after


def _spaceless(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_SPACELESS)
