"""What chat is told of: subs, gifts, raids, announcements, watch streaks, donations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pickled.inputs.twitch_eventsub.chat import SOURCE, line, partner_of
from pickled.inputs.twitch_eventsub.fields import Event, inner, needed, somebody, text, whole
from pickled.messages.chat import ChatMessage
from pickled.messages.stream import StreamEvent
from pickled.recent import Seen

_TIERS = {"1000": "1", "2000": "2", "3000": "3"}
_UPGRADES = frozenset({"gift_paid_upgrade", "prime_paid_upgrade"})
_REMEMBERED = 500


class Notices:
    """`channel.chat.notification`; knows which gifts are parts of one."""

    def __init__(self) -> None:
        self._gifts: Seen[str] = Seen(_REMEMBERED)

    def __call__(
        self, event: Event, *, ts: datetime, channel: str
    ) -> tuple[ChatMessage | StreamEvent, ...]:
        """What it means; nothing if it is about a partner's channel, or a part of what was told."""
        kind = needed(event, "notice_type")
        if kind.startswith("shared_chat_") or partner_of(event):
            return ()
        changes = self._changes(kind, event)
        wrote = text(inner(event, "message"), "text")
        if changes is None:
            has_words = wrote and somebody(event, "chatter_user")
            return (line(event, ts=ts, channel=channel),) if has_words else ()
        if changes.get("part"):
            return ()
        told: dict[str, Any] = {
            "ts": ts,
            "text": wrote,
            "title": text(event, "system_message"),
            "source": SOURCE,
            **(
                {} if event.get("chatter_is_anonymous") is True else somebody(event, "chatter_user")
            ),
        }
        return (StreamEvent.model_validate(told | changes),)

    def _changes(self, kind: str, event: Event) -> dict[str, Any] | None:
        """What makes it an event of ours; None for one that is chat at most."""
        told = inner(event, kind)
        tier = "prime" if told.get("is_prime") is True else _TIERS.get(text(told, "sub_tier"))
        match kind:
            case "sub":
                return {"event_type": "sub", "tier": tier}
            case "resub":
                months = whole(told, "cumulative_months") or None
                return {"event_type": "resub", "tier": tier, "months": months}
            case upgrade if upgrade in _UPGRADES:
                return {"event_type": "sub", "tier": tier}
            case "sub_gift":
                community = text(told, "community_gift_id")
                part = bool(community) and community in self._gifts
                return {"event_type": "gift", "tier": tier, "amount": 1.0, "part": part}
            case "community_sub_gift":
                self._gifts.add(needed(told, "id"))
                amount = float(whole(told, "total") or 1)
                return {"event_type": "gift", "tier": tier, "amount": amount}
            case "raid":
                viewers = whole(told, "viewer_count")
                return {"event_type": "raid", "viewers": viewers, **somebody(told, "user")}
            case "charity_donation":
                return {"event_type": "tip", **_donation(inner(told, "amount"))}
            case _:
                return None


def _donation(amount: Event) -> dict[str, Any]:
    places = min(whole(amount, "decimal_place") or whole(amount, "decimal_places"), 9)
    currency = text(amount, "currency", 8) or None
    return {"amount": whole(amount, "value") / 10**places, "currency": currency}
