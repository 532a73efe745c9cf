"""What the streamer says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Published


class Speech(Published):
    """The streamer talks: it began, a guess, or a finished sentence."""

    event_type: Literal["started", "interim", "final"]
    text: str = ""
    """All of the turn so far, not only what is new."""
    eager: bool = False
    """An `interim` whose recognizer takes the turn for probably over: an answer may be prepared,
    and is dropped without a trace if another `interim` that is not eager shows that it goes on."""
    confidence: float | None = Field(default=None, ge=0, le=1)
    start_ms: int | None = None
    """When it began: Unix time, ms. A smaller number counts from the begin of the sound."""
    node: str | None = None
