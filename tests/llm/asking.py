"""What the tests of several models share: a prompt, a whole answer, one that is stopped."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from pickled.brain.parse import AnswerParser
from pickled.llm import Model
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Request
from pickled.messages.prompt import Prompt, PromptMessage
from pickled.plugins import Surroundings

SURROUNDINGS = Surroundings(Path(), Path(), lambda status, detail: None)
SCHEMA = {
    "type": "object",
    "properties": {
        "emotion": {"type": "string", "enum": ["neutral", "happy"]},
        "text": {"type": "string"},
    },
    "required": ["emotion", "text"],
    "additionalProperties": False,
}
LONG = "and on it goes " * 40


def prompt(text: str = "anna: where are we? As JSON.", *, model: str | None = None) -> Prompt:
    """A persona, and what a viewer asked."""
    asked = ChatMessage(ts=datetime.now(UTC), id="1", user="anna", user_id="7", text=text)
    return Prompt(
        messages=(
            PromptMessage(role="system", content="You are John."),
            PromptMessage(role="user", content=text),
        ),
        answer_schema=SCHEMA,
        request=Request(
            turn="abcdefghijkl", reason="question", messages=(asked,), arrived=0, decided=0
        ),
        persona="John",
        model=model,
    )


async def whole(model: Model, asked: Prompt | None = None) -> str:
    """The answer to its end."""
    async with aclosing(model.stream(asked or prompt())) as pieces:
        return "".join([piece async for piece in pieces])


async def said(model: Model, asked: Prompt | None = None) -> tuple[str | None, str]:
    """Emotion and text of the answer, in whichever form it comes."""
    parser = AnswerParser(("neutral", "happy"))
    parser.feed(await whole(model, asked))
    parser.finish()
    return parser.emotion, parser.text


async def cancelled_after_the_first_piece(model: Model) -> None:
    """A task that reads, is cancelled, and has ended."""
    begun = asyncio.Event()

    async def listen() -> None:
        async with aclosing(model.stream(prompt())) as pieces:
            async for _ in pieces:
                begun.set()

    listening = asyncio.create_task(listen())
    await begun.wait()
    listening.cancel()
    await asyncio.wait({listening})
    assert listening.cancelled()
