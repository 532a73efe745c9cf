"""What is done beside speaking: a lamp, a clip, a shout-out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Published


class ActionEvent(Published):
    """An action was asked for, waits for a person, was done, or was not."""

    event_type: Literal["asked", "held", "done", "refused", "failed"]
    action: str
    """Its name in the persona's list."""
    args: dict[str, str] = Field(default_factory=dict)
    by: str = ""
    """Who wanted it: `model`, or the viewer whose raid or points it was."""
    reason: str = ""
    """Why it was not done."""
