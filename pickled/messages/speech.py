"""What the streamer says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Published


class Speech(Published):
    """The streamer talks: it began, a guess, or a finished sentence."""

    event_type: Literal["started", "interim", "final"]
    text: str = ""
    confidence: float | None = Field(default=None, ge=0, le=1)
    start_ms: int | None = None
    node: str | None = None
