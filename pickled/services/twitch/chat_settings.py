"""How a channel's chat is set: who writes there adapts to it."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field, ValidationError

from pickled.messages.base import Message


class ChatSettings(Message):
    """What holds for everybody who does not moderate."""

    slow_mode: bool = False
    slow_mode_wait_time: float | None = Field(
        default=None,
        ge=0,
        validation_alias=AliasChoices("slow_mode_wait_time", "slow_mode_wait_time_seconds"),
    )
    """Seconds between two lines of one account."""
    emote_mode: bool = False
    """Nothing but emotes."""
    subscriber_mode: bool = False
    follower_mode: bool = False
    unique_chat_mode: bool = False
    """No line twice."""


def settings_in(told: Any) -> ChatSettings | None:
    """What Twitch tells, in an answer or an event; None for what can't be read."""
    try:
        return ChatSettings.model_validate(told)
    except ValidationError:
        return None
