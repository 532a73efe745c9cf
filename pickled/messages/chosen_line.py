"""A line of chat that somebody chooses to have answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pickled.messages.command import Command


class AnswerLine(Command):
    """Answer this line of chat now, if it may be answered at all."""

    message: Annotated[str, Field(min_length=1, max_length=200)]
    """The line's id, as `event/chat` has it."""
