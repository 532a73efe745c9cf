"""Which EventSub subscriptions there are: version, condition and rights, by the public tables."""

from __future__ import annotations

from dataclasses import dataclass

_OWN = ("broadcaster_user_id",)
_AS = ("broadcaster_user_id", "user_id")
_MOD = ("broadcaster_user_id", "moderator_user_id")


@dataclass(frozen=True)
class Kind:
    """One type of subscription."""

    version: str
    condition: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    """One of these is needed; none: anybody may."""
    caller: str = ""
    """Which part of the condition has to be the caller."""


def _of(subject: str) -> tuple[str, str]:
    return f"channel:read:{subject}", f"channel:manage:{subject}"


KINDS: dict[str, Kind] = {
    "channel.chat.message": Kind("1", _AS, ("user:read:chat",), "user_id"),
    "channel.chat.notification": Kind("1", _AS, ("user:read:chat",), "user_id"),
    "channel.chat.message_delete": Kind("1", _AS, ("user:read:chat",), "user_id"),
    "channel.chat.clear_user_messages": Kind("1", _AS, ("user:read:chat",), "user_id"),
    "channel.chat.clear": Kind("1", _AS, ("user:read:chat",), "user_id"),
    "channel.chat_settings.update": Kind("1", _AS, ("user:read:chat",), "user_id"),
    "automod.message.hold": Kind("2", _MOD, ("moderator:manage:automod",), "moderator_user_id"),
    "channel.follow": Kind("2", _MOD, ("moderator:read:followers",), "moderator_user_id"),
    "channel.cheer": Kind("1", _OWN, ("bits:read",), "broadcaster_user_id"),
    "channel.bits.use": Kind("1", _OWN, ("bits:read",), "broadcaster_user_id"),
    "channel.channel_points_custom_reward_redemption.add": Kind(
        "1", _OWN, _of("redemptions"), "broadcaster_user_id"
    ),
    "channel.hype_train.begin": Kind(
        "2", _OWN, ("channel:read:hype_train",), "broadcaster_user_id"
    ),
    "channel.hype_train.progress": Kind(
        "2", _OWN, ("channel:read:hype_train",), "broadcaster_user_id"
    ),
    "channel.hype_train.end": Kind("2", _OWN, ("channel:read:hype_train",), "broadcaster_user_id"),
    "channel.poll.begin": Kind("1", _OWN, _of("polls"), "broadcaster_user_id"),
    "channel.poll.end": Kind("1", _OWN, _of("polls"), "broadcaster_user_id"),
    "channel.prediction.begin": Kind("1", _OWN, _of("predictions"), "broadcaster_user_id"),
    "channel.prediction.lock": Kind("1", _OWN, _of("predictions"), "broadcaster_user_id"),
    "channel.prediction.end": Kind("1", _OWN, _of("predictions"), "broadcaster_user_id"),
    "channel.ad_break.begin": Kind("1", _OWN, ("channel:read:ads",), "broadcaster_user_id"),
    "channel.update": Kind("2", _OWN),
    "stream.online": Kind("1", _OWN),
    "stream.offline": Kind("1", _OWN),
}
