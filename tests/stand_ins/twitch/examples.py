"""One payload of each type that the stand-in tells of, by type."""

from __future__ import annotations

from tests.stand_ins.twitch import more_payloads as more
from tests.stand_ins.twitch import payloads as some

EXAMPLES: dict[str, some.Payload] = {
    "channel.chat.message": some.chat("hello"),
    "channel.chat.notification": some.notice("sub", some.sub()),
    "channel.chat.message_delete": some.deleted("m1"),
    "channel.chat.clear_user_messages": some.cleared(),
    "channel.chat.clear": some.cleared(None),
    "channel.chat_settings.update": more.chat_settings(),
    "automod.message.hold": more.held("m1", "hm"),
    "channel.follow": some.follow(),
    "channel.cheer": some.cheer(100, "take this"),
    "channel.bits.use": some.bits_used(50),
    "channel.channel_points_custom_reward_redemption.add": some.redemption("Hydrate", 100),
    "channel.hype_train.begin": more.hype_train(1),
    "channel.hype_train.progress": more.hype_train(2),
    "channel.hype_train.end": more.hype_train(3, ended_at=more.AT, cooldown_ends_at=more.AT),
    "channel.poll.begin": more.poll("Left?", ("Left", 0), ("Right", 0), ends_at=more.AT),
    "channel.poll.end": more.poll("Left?", ("Left", 3), status="completed", ended_at=more.AT),
    "channel.prediction.begin": more.prediction("Rain?", ("Yes", 0), locks_at=more.AT),
    "channel.prediction.lock": more.prediction("Rain?", ("Yes", 9), locked_at=more.AT),
    "channel.prediction.end": more.prediction(
        "Rain?", ("Yes", 9), winning_outcome_id="o0", status="resolved", ended_at=more.AT
    ),
    "channel.ad_break.begin": more.ad_break(90),
    "channel.update": more.update("A walk", "IRL"),
    "stream.online": more.online(),
    "stream.offline": more.offline(),
}
