"""Answers without a model: picks what matters and reads it out in the persona's manner."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from string import Formatter

from pydantic import Field

from pickled.brain.answer_form import emotions_of
from pickled.brain.event_texts import OCCASIONS, listed, spoken_name
from pickled.language.address import is_question, same_words
from pickled.language.normalization.cleaning import clean
from pickled.language.plain import speakable
from pickled.llm import Model
from pickled.messages.base import Strict
from pickled.messages.chat import SOMEBODY, ChatMessage
from pickled.messages.emotion import EMOTIONS
from pickled.messages.prompt import Prompt
from pickled.patterns import pattern
from pickled.plugins import Surroundings

MANY = 3
"""From so many people on, what they say is read out as theirs, not as one viewer's."""

_SAYING = ("{user} says: {text}",)
_CALLING = ("{user} is calling.", "{user} waves at us.")
_EMOTES = ("Chat is talking in emotes.", "Nothing but emotes from chat.")
_MANY_ASK = ("{count} of you ask: {text}", "{count} people want to know: {text}")
_MANY_SAY = ("{count} of you say: {text}", "{count} voices from chat: {text}")

_LINK = pattern(r"\S*(?:://|www\.|\w\.\w+/)\S*")
_CALLED = pattern(r"(?:@\w+[\s,:!]*)+")
_STRETCHED = pattern(r"([^\W\d])\1{2,}")
_PILED = pattern(r"([!?.,])[!?.,\s]*(?=[!?.,])")
_COMMAND = pattern(r"\s*!\w")
_EMOTE = pattern(
    r"(?<!\w)(?:4Head|BibleThump|CoolStoryBob|DansGame|EZ|FeelsBadMan|FeelsGoodMan|HeyGuys|KEKW"
    r"|Kappa|Kreygasm|LUL|LuvSign|NotLikeThis|OMEGALUL|PepeHands|PepeLaugh|Pog|PogChamp|PogU"
    r"|ResidentSleeper|Sadge|SeemsGood|TwitchUnity|VoHiYo|WutFace|catJAM|monkaS|peepoHappy)(?!\w)"
)
"""Those that most channels know, where the service does not mark them."""

_MOODS = (
    ("laugh", r"\b(?:lol|lmao|rofl|lul|kekw|omegalul|a?(?:ha){2,}h?|(?:he){2,})\b|[😂🤣😆]"),
    ("love", r"<3|\blove\b|[❤💜💙💚💛🧡😍🥰]"),
    ("sad", r"[:;]'?-?\(|\b(?:sad|rip|biblethump)\b|[😢😭😞]"),
    ("surprised", r"\b(?:omg|wow|whoa|wtf|no way)\b|\?!|!\?|[😮😱]"),
    ("excited", r"!!|\b(?:pog\w*|hype\w*|let'?s go+)\b|[🔥🎉]"),
    ("thinking", r"\?"),
    ("happy", r"!|[:;]-?[)D]|[😀😄😊🙂]"),
)
_GUESSES = tuple((mood, pattern(sign, re.IGNORECASE)) for mood, sign in _MOODS)


class Options(Strict):
    """How much of a message is read out."""

    longest_text: int = Field(default=160, ge=20, le=400)
    """Characters."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Model]:
    """Always there: it needs nothing."""
    del surroundings
    yield Readout(options)


class Readout:
    """The same prompt is always read out in the same way; the turn's id brings the variety."""

    name = "readout"
    bounded = True

    def __init__(self, options: Options) -> None:
        self._longest = options.longest_text

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer, in one piece."""
        emotion, text = read_out(prompt, longest=self._longest)
        yield json.dumps({"emotion": emotion, "text": text}, ensure_ascii=False)

    async def probe(self) -> None:
        """It always works."""


@dataclass(frozen=True)
class _Said:
    """What is read out, and for how many people it stands."""

    user: str = SOMEBODY
    text: str = ""
    count: int | None = None
    raw: str = ""
    """As it was written: it shows the mood."""


def read_out(prompt: Prompt, *, longest: int) -> tuple[str, str]:
    """Emotion and text."""
    request = prompt.request
    said = _from_stream(prompt) if request.origin in ("stream", "moment") else _from_chat(prompt)
    text = said.text
    if len(text) > longest:
        text = (text[:longest].rpartition(" ")[0] or text[:longest]).rstrip(",;: ") + "…"
    phrases = _phrases(prompt, said)
    phrase = phrases[zlib.crc32(request.turn.encode()) % len(phrases)]
    spoken = phrase.format(user=said.user, text=text, count=said.count)
    mood = OCCASIONS.get(request.reason) if request.origin == "stream" else None
    return _allowed(mood or _mood(said.raw), prompt), _closed(spoken)


def _from_chat(prompt: Prompt) -> _Said:
    """The message that asked; by chance, rather what many say, else the newest with words."""
    messages, called = prompt.request.messages, (prompt.persona.casefold(),)
    words = [_words(each, called) for each in messages]
    keys = [same_words(each, called) for each in words]
    people = [_people(messages, keys, key) for key in keys]
    speaking = [place for place, key in enumerate(keys) if key]
    if not speaking:
        return _Said(spoken_name(messages[-1].user), raw=messages[-1].text) if messages else _Said()
    chosen = speaking[-1]
    if prompt.request.reason == "chance":
        chosen = max(speaking, key=lambda place: (people[place] >= MANY and people[place], place))
    elif keys[-1] == "":
        chosen = len(keys) - 1
    count = people[chosen] if keys[chosen] and people[chosen] >= MANY else None
    asked = messages[chosen]
    return _Said(spoken_name(asked.user), words[chosen], count, asked.text)


def _from_stream(prompt: Prompt) -> _Said:
    """A raid, a sub: the service's own words often tell how many."""
    if not prompt.request.messages:
        return _Said()
    message = prompt.request.messages[-1]
    number = re.search(r"\b\d{1,6}\b", message.text)
    text = "" if message.text == prompt.request.reason else _words(message, ())
    names = [spoken_name(each.user) for each in prompt.request.messages]
    together = listed(names, count=prompt.request.viewers)
    return _Said(together, text, int(number[0]) if number else None, message.text)


def _people(messages: Sequence[ChatMessage], keys: Sequence[str], key: str) -> int:
    same = (each for each, its in zip(messages, keys, strict=True) if its == key)
    return len({each.user_id or each.user for each in same})


def _phrases(prompt: Prompt, said: _Said) -> Sequence[str]:
    """Those of the persona that can be filled in; ours where it has none."""
    request, english = prompt.request, prompt.language.startswith("en")
    reason = "mention" if request.reason == "wanted" else request.reason
    fitting = [each for each in prompt.readout.get(reason, ()) if _fits(each, said)]
    counting = [each for each in fitting if "count" in _fields(each)]
    if said.count is not None and (counting or request.origin == "stream"):
        return counting or fitting or _plain(prompt, said)
    if said.count is not None and english and request.origin == "chat":
        return _MANY_ASK if is_question(said.text) else _MANY_SAY
    return fitting or _plain(prompt, said)


def _plain(prompt: Prompt, said: _Said) -> Sequence[str]:
    if said.text:
        return ("{text}",) if prompt.request.origin != "chat" else _SAYING
    if prompt.request.origin in ("stream", "moment"):
        return (prompt.request.reason.replace("_", " ").capitalize() + "! Thank you, {user}!",)
    return _CALLING if prompt.request.reason == "mention" else _EMOTES


def _fits(phrase: str, said: _Said) -> bool:
    fields = _fields(phrase)
    return ("text" not in fields or bool(said.text)) and ("count" not in fields or bool(said.count))


def _fields(phrase: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(phrase) if field}


def _words(message: ChatMessage, called: Sequence[str]) -> str:
    """What can be spoken of a message: no emotes, links, commands, nor names it begins with."""
    parts = [each.text for each in message.fragments if each.type in ("text", "mention")]
    text = " ".join(parts) if message.fragments else message.text
    if _COMMAND.match(text):
        return ""
    text = _EMOTE.sub(" ", _LINK.sub(" ", speakable(text)))
    if begins := _CALLED.match(text):
        text = text[begins.end() :]
    for name in called:
        if text.casefold().startswith(name) and not text[len(name) : len(name) + 1].isalnum():
            text = text[len(name) :]
    text = clean(" ".join(text.split())).text.lstrip(" ,:;.!-")
    text = _PILED.sub("", _STRETCHED.sub(r"\1\1", text)).strip()
    if not any(map(str.isalnum, text)):
        return ""
    return text.capitalize() if text.isupper() and len(text) > len("IRL!") else text


def _mood(text: str) -> str:
    return next((mood for mood, sign in _GUESSES if sign.search(text)), "neutral")


def _allowed(mood: str, prompt: Prompt) -> str:
    known: Sequence[str] = emotions_of(prompt) or EMOTIONS
    return next(each for each in (mood, "neutral", known[0]) if each in known)


def _closed(text: str) -> str:
    """Marks that met where a phrase went on behind the text are one; the end is an end."""
    text = re.sub(r"([!?…])\s*[.,;:]", r"\1", text).strip()
    return text if not text[-1:].isalnum() else text + "."
