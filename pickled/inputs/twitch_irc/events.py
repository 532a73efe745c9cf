"""What a line of Twitch's IRC means: chat, deletions, subs, gifts, cheers and raids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pickled.inputs.twitch_irc.fragments import cut
from pickled.inputs.twitch_irc.lines import IrcMessage
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.events import Event
from pickled.messages.stream import StreamEvent

SOURCE = "twitch_anonymous"

_ANONYMOUS = frozenset({"ananonymousgifter", "ananonymouscheerer"})
_TIERS = {"1000": "1", "2000": "2", "3000": "3", "Prime": "prime"}
_UPGRADES = frozenset({"giftpaidupgrade", "anongiftpaidupgrade", "primepaidupgrade"})
_ACTION = "\x01ACTION "
_DUPLICATE_MARKS = " \U000e0000\u034f"
"""What chat programs append so that Twitch takes the same line twice."""


def to_events(message: IrcMessage, *, ts: datetime, channel: str) -> tuple[Event, ...]:
    """The events of a line, most often one; none if it has no meaning for us.

    `ts` is when it arrived. Tiers are `1 2 3 prime`. An announcement is chat, so is the text
    that comes with a notice which is no event of ours.
    """
    match message.command:
        case "PRIVMSG":
            return _chat(message, ts=ts, channel=channel)
        case "USERNOTICE":
            return _notice(message, ts=ts, channel=channel)
        case "CLEARMSG" if target := message.tags.get("target-msg-id"):
            user = message.tags.get("login", "")
            return (ChatDeleted(ts=ts, id=target, user=user, channel=channel, source=SOURCE),)
        case "CLEARCHAT":
            # Without an id it can't be said whose messages went: then all go.
            user_id = message.tags.get("target-user-id") or None
            return (
                ChatCleared(
                    ts=ts, user=message.text, user_id=user_id, channel=channel, source=SOURCE
                ),
            )
        case _:
            return ()


def is_from_partner(message: IrcMessage) -> bool:
    """Was it written in another channel that shares its chat with ours?"""
    origin = message.tags.get("source-room-id")
    return bool(origin) and origin != message.tags.get("room-id")


def keys(message: IrcMessage) -> tuple[str, ...]:
    """What makes the same line the same when it comes on a second connection."""
    tags = message.tags
    match message.command:
        case "PRIVMSG" | "USERNOTICE":
            return (tags["id"],) if tags.get("id") else ()
        case "CLEARMSG":
            return (f"deleted {tags.get('target-msg-id', '')}",)
        case "CLEARCHAT" if tags.get("tmi-sent-ts"):
            return (f"cleared {tags.get('target-user-id', '')} {tags['tmi-sent-ts']}",)
        case _:
            return ()


def gift_of(message: IrcMessage) -> str | None:
    """Which community gift a gift notice belongs to: that one is announced first, with its count,
    and again once for each receiver."""
    if message.tags.get("msg-id") not in {"submysterygift", "subgift"}:
        return None
    tags = message.tags
    return tags.get("msg-param-community-gift-id") or tags.get("msg-param-origin-id") or None


def is_gift_announcement(message: IrcMessage) -> bool:
    """Does this notice announce a community gift with its count?"""
    return message.tags.get("msg-id") == "submysterygift"


def _chat(message: IrcMessage, *, ts: datetime, channel: str) -> tuple[Event, ...]:
    tags = message.tags
    if not tags.get("id"):
        return ()  # it could be neither deleted nor told from its double
    text = message.text
    if text.startswith(_ACTION):
        text = text.removeprefix(_ACTION).removesuffix("\x01")
    text = text.rstrip(_DUPLICATE_MARKS)
    bits = _number(tags, "bits")
    said = ChatMessage(
        ts=ts,
        id=tags["id"],
        user=_shown_name(message),
        user_id=tags.get("user-id", ""),
        login=_login(message),
        channel=channel,
        source=SOURCE,
        badges=_badges(tags.get("badges", "")),
        text=text,
        reply_to=tags.get("reply-parent-msg-id") or None,
        reply_to_user=tags.get("reply-parent-user-login") or None,
        fragments=cut(text, emotes=tags.get("emotes", ""), bits=bits),
        bits=bits,
    )
    if not bits:
        return (said,)
    cheer = StreamEvent(
        ts=ts,
        event_type="cheer",
        **_giver(message),
        amount=bits,
        text=text,
        source=SOURCE,
    )
    return said, cheer


def _notice(message: IrcMessage, *, ts: datetime, channel: str) -> tuple[Event, ...]:
    tags = message.tags
    common = StreamEvent(
        ts=ts,
        event_type="sub",
        **_giver(message),
        text=message.text.rstrip(_DUPLICATE_MARKS),
        title=tags.get("system-msg", ""),
        source=SOURCE,
    )
    tier = _TIERS.get(tags.get("msg-param-sub-plan", ""))
    changes: dict[str, object]
    match tags.get("msg-id"):
        case "sub" | "resub" as kind:
            months = _number(tags, "msg-param-cumulative-months") or None
            changes = {"event_type": kind, "tier": tier, "months": months}
        case upgrade if upgrade in _UPGRADES:
            changes = {"tier": tier}
        case "subgift":
            changes = {"event_type": "gift", "tier": tier, "amount": 1.0}
        case "submysterygift":
            count = float(_number(tags, "msg-param-mass-gift-count") or 1)
            changes = {"event_type": "gift", "tier": tier, "amount": count}
        case "raid":
            name = tags.get("msg-param-displayName") or common.user
            viewers = _number(tags, "msg-param-viewerCount")
            changes = {"event_type": "raid", "user": name, "viewers": viewers}
        case "charitydonation":
            changes = {"event_type": "tip", **_donation(tags)}
        case _:
            return _chat(message, ts=ts, channel=channel) if message.text else ()
    return (common.model_copy(update=changes),)


def _donation(tags: Mapping[str, str]) -> dict[str, object]:
    cents = _number(tags, "msg-param-donation-amount")
    places = min(_number(tags, "msg-param-exponent"), 9)
    currency = tags.get("msg-param-donation-currency") or None
    return {"amount": cents / 10**places, "currency": currency}


def _shown_name(message: IrcMessage) -> str:
    shown = message.tags.get("display-name", "").strip()
    return shown or _login(message)


def _login(message: IrcMessage) -> str:
    return message.tags.get("login") or message.nick


def _giver(message: IrcMessage) -> dict[str, Any]:
    login = _login(message)
    if login.lower() in _ANONYMOUS:
        return {}
    user_id = message.tags.get("user-id", "")
    return {"user": _shown_name(message), "user_id": user_id, "login": login}


def _badges(tag: str) -> tuple[str, ...]:
    return tuple(name for each in tag.split(",") if (name := each.partition("/")[0]))


def _number(tags: Mapping[str, str], name: str) -> int:
    digits = tags.get(name, "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else 0
