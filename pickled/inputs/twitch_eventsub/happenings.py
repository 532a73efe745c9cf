"""What happens on the stream beside chat: follows, bits, points, trains, votes, ads, on and off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pickled.inputs.twitch_eventsub.chat import SOURCE
from pickled.inputs.twitch_eventsub.fields import (
    Event,
    inner,
    needed,
    number,
    several,
    somebody,
    text,
    whole,
)
from pickled.messages.stream import StreamEvent, StreamEventType
from pickled.recent import Recent

_MOST_CHOICES = 10
_TRAINS = 20


class Happenings:
    """One method for each type; they know which level a hype train has reached."""

    def __init__(self) -> None:
        self._levels: Recent[str, int] = Recent(_TRAINS)

    def follow(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.follow`."""
        return _told(ts, "follow", **_who(event))

    def cheer(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.cheer`: anonymous ones; all others are in chat, with their words."""
        if event.get("is_anonymous") is not True:
            return ()
        return _told(ts, "cheer", amount=number(event, "bits"), text=text(event, "message"))

    def bits(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.bits.use`: what bits buy beside a cheer."""
        kind = needed(event, "type")
        if kind == "cheer":
            return ()
        power_up = text(inner(event, "power_up"), "type", 64) or kind
        return _told(
            ts,
            "cheer",
            amount=number(event, "bits"),
            text=text(inner(event, "message"), "text"),
            title=power_up.replace("_", " "),
            **_who(event),
        )

    def redemption(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.channel_points_custom_reward_redemption.add`."""
        reward = inner(event, "reward")
        return _told(
            ts,
            "redemption",
            amount=number(reward, "cost"),
            title=needed(reward, "title"),
            text=text(event, "user_input"),
            **_who(event),
        )

    def train_begins(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.hype_train.begin`."""
        self._levels[needed(event, "id")] = whole(event, "level")
        return self._train(event, ts, "begins")

    def train_goes_on(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.hype_train.progress`: told where it reaches another level."""
        train, level = needed(event, "id"), whole(event, "level")
        if level <= self._levels.get(train, 0):
            return ()
        self._levels[train] = level
        return self._train(event, ts, "reaches another level")

    def train_ends(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.hype_train.end`."""
        return self._train(event, ts, "ends")

    def poll_begins(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.poll.begin`."""
        return _told(ts, "poll", title=text(event, "title"), text=_choices(event, "choices"))

    def poll_ends(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.poll.end`; one that was put away unseen is not told."""
        if text(event, "status") == "archived":
            return ()
        result = _choices(event, "choices", count="votes")
        return _told(ts, "poll", title=text(event, "title"), text=f"ends: {result}")

    def prediction_begins(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.prediction.begin`."""
        return _told(ts, "prediction", title=text(event, "title"), text=_choices(event, "outcomes"))

    def prediction_locks(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.prediction.lock`: no more bets."""
        return _told(
            ts, "prediction", title=text(event, "title"),
            text=f"is closed: {_choices(event, 'outcomes', count='channel_points')}",
        )  # fmt: skip

    def prediction_ends(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.prediction.end`: who was right, or that it was called off."""
        title, winner = text(event, "title"), text(event, "winning_outcome_id")
        outcomes = several(event, "outcomes", _MOST_CHOICES)
        right = [
            text(each, "title", 100) for each in outcomes if winner and each.get("id") == winner
        ]
        return _told(
            ts, "prediction", title=title, text=f"ends: {right[0] if right else 'called off'}"
        )

    def ad(self, event: Event, ts: datetime) -> tuple[StreamEvent, ...]:
        """`channel.ad_break.begin`: `amount` is how long it takes, in s."""
        return _told(ts, "ad", amount=number(event, "duration_seconds"))

    def _train(self, event: Event, ts: datetime, what: str) -> tuple[StreamEvent, ...]:
        return _told(ts, "hype_train", amount=number(event, "level"), title=what)


def _told(ts: datetime, kind: StreamEventType, **fields: Any) -> tuple[StreamEvent, ...]:
    return (StreamEvent(ts=ts, event_type=kind, source=SOURCE, **fields),)


def _who(event: Event) -> dict[str, str]:
    needed(event, "user_id")
    return somebody(event, "user")


def _choices(event: Event, name: str, count: str = "") -> str:
    found = several(event, name, _MOST_CHOICES)
    return ", ".join(
        text(each, "title", 100) + (f" {whole(each, count)}" if count else "") for each in found
    )
