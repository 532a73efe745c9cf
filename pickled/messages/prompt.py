"""What a model is given, and what it gives back."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pickled.messages.base import Message
from pickled.messages.decision import Request
from pickled.messages.opener import Opener

Form = Literal["string", "key", "object", "text"]
"""Of an answer: `"happy Hello."`, `{"happy": "Hello."}`, `{"emotion": "happy", "text": "Hello."}`,
and `[happy] Hello.`, which no server can hold a model to."""

AnswerForm = Literal["auto", "string", "key", "object", "text"]
"""As it is chosen: `auto` is the best that the server is known to take."""


class PromptMessage(Message):
    """One message of the conversation with the model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Prompt(Message):
    """Everything that a model needs for one answer."""

    messages: tuple[PromptMessage, ...]
    answer_schema: dict[str, Any] = Field(default_factory=dict)
    """JSON schema of the answer: `emotion`, then `text`."""
    actions: tuple[str, ...] = ()
    """What may stand behind an answer, as ` !clip`."""
    openers: tuple[Opener, ...] = ()
    """What the answer may begin with, this time: their sound is there already."""
    request: Request
    """What is being answered, for a reader that works without a model."""
    persona: str
    model: str | None = None
    """The model that the persona asks for, where the backend has several."""
    language: str = "en"
    warming: bool = False
    """It is only to be read, in whatever time that takes: of its answer one token is enough."""
    readout: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The persona's phrases for reading out without a model, by the decision's reason;
    `{user}`, `{text}` and `{count}` are filled in."""
