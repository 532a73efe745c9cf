"""Lines of chat, with their pieces, and what takes them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from pickled.inputs.twitch_eventsub.fields import (
    Event,
    inner,
    needed,
    several,
    somebody,
    text,
    whole,
)
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage, Fragment
from pickled.messages.stream import StreamEvent

SOURCE = "twitch"

_Kind = Literal["text", "emote", "cheermote", "mention"]
_KINDS: dict[str, _Kind] = {each: each for each in get_args(_Kind)}
_MOST_PIECES = 200
_MOST_BADGES = 20
_DUPLICATE_MARKS = " \U000e0000\u034f"
"""What chat programs append so that Twitch takes the same line twice."""


def message(event: Event, *, ts: datetime, channel: str) -> tuple[ChatMessage | StreamEvent, ...]:
    """`channel.chat.message`, and the cheer in it."""
    bits = whole(inner(event, "cheer"), "bits")
    said = line(event, ts=ts, channel=channel, bits=bits)
    if not bits:
        return (said,)
    told: dict[str, Any] = {"amount": bits, "text": said.text, **somebody(event, "chatter_user")}
    return said, StreamEvent(ts=ts, event_type="cheer", source=SOURCE, **told)


def line(event: Event, *, ts: datetime, channel: str, bits: int = 0) -> ChatMessage:
    """Somebody's words, in a message or with a notice."""
    written = inner(event, "message")
    partner = partner_of(event)
    reply = inner(event, "reply")
    login = needed(event, "chatter_user_login")
    return ChatMessage(
        ts=ts,
        id=needed(event, "message_id"),
        user=text(event, "chatter_user_name").strip() or login,
        user_id=needed(event, "chatter_user_id"),
        login=login,
        channel=partner or channel,
        source=SOURCE,
        badges=_badges(event, "source_badges" if partner else "badges"),
        text=text(written, "text").rstrip(_DUPLICATE_MARKS),
        reply_to=text(reply, "parent_message_id") or None,
        reply_to_user=text(reply, "parent_user_login") or None,
        fragments=_pieces(written),
        bits=bits,
        partner=bool(partner),
    )


def partner_of(event: Event) -> str:
    """The channel where it was written, if that is another one that shares its chat with ours."""
    origin = text(event, "source_broadcaster_user_id")
    if not origin or origin == text(event, "broadcaster_user_id"):
        return ""
    return text(event, "source_broadcaster_user_login") or origin


def deleted(event: Event, *, ts: datetime, channel: str) -> tuple[ChatDeleted, ...]:
    """`channel.chat.message_delete`."""
    return (_gone(event, "target_user", ts=ts, channel=channel),)


def held(event: Event, *, ts: datetime, channel: str) -> tuple[ChatDeleted, ...]:
    """`automod.message.hold`: whatever came of that line goes, until somebody lets it in."""
    return (_gone(event, "user", ts=ts, channel=channel),)


def _gone(event: Event, author: str, *, ts: datetime, channel: str) -> ChatDeleted:
    """A line goes; `author`: how the fields begin that say whose it is."""
    return ChatDeleted(
        ts=ts,
        id=needed(event, "message_id"),
        user=text(event, f"{author}_name") or text(event, f"{author}_login"),
        user_id=text(event, f"{author}_id"),
        channel=channel,
        source=SOURCE,
    )


def cleared_user(event: Event, *, ts: datetime, channel: str) -> tuple[ChatCleared, ...]:
    """`channel.chat.clear_user_messages`: a timeout or a ban."""
    user = text(event, "target_user_name") or text(event, "target_user_login")
    user_id = needed(event, "target_user_id")
    return (ChatCleared(ts=ts, user=user, user_id=user_id, channel=channel, source=SOURCE),)


def cleared(event: Event, *, ts: datetime, channel: str) -> tuple[ChatCleared, ...]:
    """`channel.chat.clear`: all of it."""
    needed(event, "broadcaster_user_id")
    return (ChatCleared(ts=ts, channel=channel, source=SOURCE),)


def _badges(event: Event, name: str) -> tuple[str, ...]:
    badges = several(event, name, _MOST_BADGES)
    return tuple(badge for each in badges if (badge := text(each, "set_id", 64)))


def _pieces(written: Event) -> tuple[Fragment, ...]:
    return tuple(
        Fragment(type=_KINDS.get(text(each, "type"), "text"), text=text(each, "text"))
        for each in several(written, "fragments", _MOST_PIECES)
    )
