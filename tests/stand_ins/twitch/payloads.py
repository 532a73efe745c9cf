"""EventSub's payloads as the public documentation has them; what a test names replaces a part."""

from __future__ import annotations

from typing import Any

from tests.stand_ins.twitch.world import BOT, STREAMER, number

Payload = dict[str, Any]

CHANNEL: Payload = {
    "broadcaster_user_id": STREAMER,
    "broadcaster_user_login": "wren",
    "broadcaster_user_name": "Wren",
}
NOBODY_ELSE: Payload = {
    "source_broadcaster_user_id": None,
    "source_broadcaster_user_login": None,
    "source_broadcaster_user_name": None,
    "source_message_id": None,
    "source_badges": None,
}
ANN = ("7", "ann", "Ann")


def person(prefix: str, who: tuple[str, str, str] | None = ANN) -> Payload:
    """Three fields about somebody; None: all of them null."""
    values = who or (None, None, None)
    names = (f"{prefix}_id", f"{prefix}_login", f"{prefix}_name")
    return dict(zip(names, values, strict=True))


def message_id() -> str:
    """One that no other message has."""
    return f"00000000-0000-4000-a000-{number():0>12}"


def text_fragment(text: str) -> Payload:
    """A piece that is nothing special."""
    return {"type": "text", "text": text, "cheermote": None, "emote": None, "mention": None}


def emote(text: str) -> Payload:
    """A picture."""
    shown = {"id": "25", "emote_set_id": "0", "owner_id": "0", "format": ["static"]}
    return text_fragment(text) | {"type": "emote", "emote": shown}


def cheermote(text: str, prefix: str, bits: int) -> Payload:
    """Bits, as a word."""
    worth = {"prefix": prefix, "bits": bits, "tier": 1}
    return text_fragment(text) | {"type": "cheermote", "cheermote": worth}


def mention(text: str, login: str) -> Payload:
    """Somebody's name."""
    return text_fragment(text) | {"type": "mention", "mention": person("user", ("9", login, login))}


def chat(
    text: str, *fragments: Payload, who: tuple[str, str, str] = ANN, bits: int = 0, **changed: Any
) -> Payload:
    """`channel.chat.message`."""
    return {
        **CHANNEL,
        **NOBODY_ELSE,
        **person("chatter_user", who),
        "message_id": message_id(),
        "message": {"text": text, "fragments": list(fragments) or [text_fragment(text)]},
        "color": "#00FF7F",
        "badges": [{"set_id": "subscriber", "id": "16", "info": "16"}],
        "message_type": "text",
        "cheer": {"bits": bits} if bits else None,
        "reply": None,
        "channel_points_custom_reward_id": None,
        "channel_points_animation_id": None,
        "is_source_only": None,
        **changed,
    }


def reply_to(login: str, parent: str = "parent-1", user_id: str = BOT) -> Payload:
    """The part of a chat message that says which one it answers."""
    return {
        "parent_message_id": parent,
        "parent_message_body": "hi",
        **{
            f"parent_{name}": value
            for name, value in person("user", (user_id, login, login)).items()
        },
        "thread_message_id": parent,
        **{
            f"thread_{name}": value
            for name, value in person("user", (user_id, login, login)).items()
        },
    }


_NOTICES = (
    "sub", "resub", "sub_gift", "community_sub_gift", "gift_paid_upgrade", "prime_paid_upgrade",
    "pay_it_forward", "raid", "unraid", "announcement", "bits_badge_tier", "charity_donation",
    "watch_streak", "modiversary", "shared_chat_modiversary", "shared_chat_sub",
    "shared_chat_resub", "shared_chat_sub_gift", "shared_chat_community_sub_gift",
    "shared_chat_gift_paid_upgrade",
    "shared_chat_prime_paid_upgrade", "shared_chat_pay_it_forward", "shared_chat_raid",
    "shared_chat_announcement",
)  # fmt: skip


def notice(
    kind: str,
    told: Payload | None,
    text: str = "",
    who: tuple[str, str, str] | None = ANN,
    **changed: Any,
) -> Payload:
    """`channel.chat.notification`; `told` is what stands under the notice's own name."""
    return {
        **CHANNEL,
        **NOBODY_ELSE,
        **person("chatter_user", who),
        "chatter_is_anonymous": who is None,
        "color": "",
        "badges": [],
        "system_message": f"{kind} happened",
        "message_id": message_id(),
        "message": {"text": text, "fragments": [text_fragment(text)] if text else []},
        "notice_type": kind,
        **dict.fromkeys(_NOTICES),
        kind: told,
        **changed,
    }


def sub(tier: str = "1000", **changed: Any) -> Payload:
    """What a `sub` tells."""
    return {"sub_tier": tier, "is_prime": False, "duration_months": 1, **changed}


def resub(months: int = 14, **changed: Any) -> Payload:
    """What a `resub` tells."""
    return {
        "cumulative_months": months,
        "duration_months": 1,
        "streak_months": None,
        "sub_tier": "1000",
        "is_prime": False,
        "is_gift": False,
        "gifter_is_anonymous": None,
        **person("gifter_user", None),
        **changed,
    }


def gift(community: str | None = None, **changed: Any) -> Payload:
    """What a `sub_gift` tells."""
    return {
        "duration_months": 1,
        "cumulative_total": None,
        **person("recipient_user", ("8", "bob", "Bob")),
        "sub_tier": "1000",
        "community_gift_id": community,
        **changed,
    }


def gifts(total: int, community: str, **changed: Any) -> Payload:
    """What a `community_sub_gift` tells."""
    return {"id": community, "total": total, "sub_tier": "1000", "cumulative_total": 40, **changed}


def deleted(message: str, who: tuple[str, str, str] = ANN) -> Payload:
    """`channel.chat.message_delete`."""
    return {**CHANNEL, **person("target_user", who), "message_id": message}


def cleared(who: tuple[str, str, str] | None = ANN) -> Payload:
    """`channel.chat.clear_user_messages`, or `channel.chat.clear` for None."""
    return {**CHANNEL, **(person("target_user", who) if who else {})}


def follow(who: tuple[str, str, str] = ANN) -> Payload:
    """`channel.follow`."""
    return {**CHANNEL, **person("user", who), "followed_at": "2026-11-30T18:16:11.17106713Z"}


def cheer(bits: int, text: str = "", who: tuple[str, str, str] | None = ANN) -> Payload:
    """`channel.cheer`."""
    told = {"is_anonymous": who is None, "message": text, "bits": bits}
    return {**CHANNEL, **person("user", who), **told}


def bits_used(bits: int, kind: str = "power_up", **changed: Any) -> Payload:
    """`channel.bits.use`."""
    power_up = {"type": "celebration", "emote": None, "message_effect_id": None}
    return {
        **CHANNEL,
        **person("user"),
        "bits": bits,
        "type": kind,
        "power_up": power_up if kind == "power_up" else None,
        "message": {"text": "", "fragments": []},
        **changed,
    }


def redemption(title: str, cost: int, text: str = "", status: str = "unfulfilled") -> Payload:
    """`channel.channel_points_custom_reward_redemption.add`."""
    return {
        "id": f"redeem-{number()}",
        **CHANNEL,
        **person("user"),
        "user_input": text,
        "status": status,
        "reward": {"id": "92af127c", "title": title, "cost": cost, "prompt": "say it"},
        "redeemed_at": "2026-11-30T17:16:03.17106713Z",
    }
