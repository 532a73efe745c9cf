"""Finds out whether a model still feels something when an answer is asked for as a string.

That form has the least before the first word: 2.6 tokens with Llama 3's vocabulary, an object has
10.6. But a model of 135M parameters was angry in it nearly always, and size alone tells little.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from pickled.brain.answer_form import rule, schema
from pickled.messages.emotion import EMOTIONS
from pickled.messages.prompt import PromptMessage

LONGEST_S = 10.0
"""For all of it; it is done once after the start, before the first answer."""

TOKENS = 8
"""Enough for the longest emotion, and for the space behind it that ends it."""

_AT_LEAST = 3
"""So many different emotions in the four situations."""

_MANNER = "You are the lively co-host of a live stream, and say one sentence to what you are told."


def asked_for() -> dict[str, Any]:
    """The schema to ask with."""
    return schema("string", EMOTIONS)


async def feels(ask: Callable[[list[PromptMessage]], Awaitable[str]]) -> bool:
    """Does it? `ask` gives the beginning of the model's answer to those messages."""
    felt = {_emotion(await ask(_messages(each))) for each in situations()} - {""}
    return len(felt) >= _AT_LEAST


def situations() -> tuple[str, ...]:
    """What it is told."""
    text = files("pickled.services").joinpath("form_trial.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def _messages(situation: str) -> list[PromptMessage]:
    manner = f"{_MANNER} {rule('string', EMOTIONS)}"
    return [
        PromptMessage(role="system", content=manner),
        PromptMessage(role="user", content=situation),
    ]


def _emotion(begun: str) -> str:
    word = begun.strip().removeprefix('"').partition(" ")[0]
    return word if word in EMOTIONS else ""
