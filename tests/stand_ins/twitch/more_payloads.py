"""Payloads about the stream as a whole: hype trains, polls, predictions, ads, on and off."""

from __future__ import annotations

from typing import Any

from tests.stand_ins.twitch.chat import SETTINGS
from tests.stand_ins.twitch.payloads import ANN, CHANNEL, Payload, person
from tests.stand_ins.twitch.world import STREAMER

AT = "2026-11-30T17:16:03.17106713Z"


def hype_train(level: int, **changed: Any) -> Payload:
    """`channel.hype_train.begin`, `.progress` and `.end`, version 2."""
    top = {**person("user"), "type": "bits", "total": 50}
    return {
        "id": "1b0AsbInCHZW2SQFQkCzqN07Ib2",
        **CHANNEL,
        "total": 137,
        "progress": 137,
        "goal": 500,
        "top_contributions": [top],
        "shared_train_participants": None,
        "level": level,
        "started_at": AT,
        "expires_at": AT,
        "is_shared_train": False,
        "type": "regular",
        "all_time_high_level": 4,
        "all_time_high_total": 2845,
        **changed,
    }


def poll(title: str, *choices: tuple[str, int], **changed: Any) -> Payload:
    """`channel.poll.begin` and `.end`."""
    told = [
        {
            "id": f"c{place}",
            "title": name,
            "bits_votes": 0,
            "channel_points_votes": 0,
            "votes": votes,
        }
        for place, (name, votes) in enumerate(choices)
    ]
    return {
        "id": "1243456",
        **CHANNEL,
        "title": title,
        "choices": told,
        "bits_voting": {"is_enabled": False, "amount_per_vote": 0},
        "channel_points_voting": {"is_enabled": False, "amount_per_vote": 0},
        "started_at": AT,
        **changed,
    }


def prediction(title: str, *outcomes: tuple[str, int], **changed: Any) -> Payload:
    """`channel.prediction.begin`, `.lock` and `.end`."""
    told = [
        {"id": f"o{place}", "title": name, "color": "blue", "users": 1, "channel_points": points,
         "top_predictors": []}
        for place, (name, points) in enumerate(outcomes)
    ]  # fmt: skip
    return {
        "id": "1243456",
        **CHANNEL,
        "title": title,
        "outcomes": told,
        "started_at": AT,
        **changed,
    }


def ad_break(seconds: int) -> Payload:
    """`channel.ad_break.begin`."""
    by = person("requester_user", ("1000", "wren", "Wren"))
    told = {"duration_seconds": seconds, "started_at": AT, "is_automatic": False}
    return told | CHANNEL | by


def online() -> Payload:
    """`stream.online`."""
    return {"id": "9001", **CHANNEL, "type": "live", "started_at": "2026-11-30T10:11:12.123Z"}


def offline() -> Payload:
    """`stream.offline`, with the id that it has of late."""
    return {"id": "9001", **CHANNEL}


def update(title: str, game: str) -> Payload:
    """`channel.update`, version 2."""
    told = {"title": title, "language": "en", "category_id": "509672", "category_name": game}
    return {**CHANNEL, **told, "content_classification_labels": []}


def chat_settings(**changed: Any) -> Payload:
    """`channel.chat_settings.update`."""
    told = {
        "emote_mode": SETTINGS["emote_mode"],
        "follower_mode": False,
        "follower_mode_duration_minutes": None,
        "slow_mode": False,
        "slow_mode_wait_time_seconds": None,
        "subscriber_mode": False,
        "unique_chat_mode": False,
    }
    return {**CHANNEL, **told, **changed}


def held(message_id: str, text: str, who: tuple[str, str, str] = ANN) -> Payload:
    """`automod.message.hold`, version 2."""
    return {
        **CHANNEL,
        **person("user", who),
        "message_id": message_id,
        "message": {"text": text, "fragments": [{"type": "text", "text": text}]},
        "reason": "automod",
        "automod": {"category": "swearing", "level": 1, "boundaries": []},
        "blocked_term": None,
        "held_at": AT,
    }


def live(title: str = "A walk", game: str = "IRL", viewers: int = 88) -> dict[str, Any]:
    """What `GET streams` tells of one that is on."""
    return {"title": title, "game_name": game, "viewer_count": viewers,
            "started_at": "2026-11-30T10:11:12Z", "user_id": STREAMER}  # fmt: skip
