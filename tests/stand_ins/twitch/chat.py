"""Calls about chat: writing, deleting, its settings."""

from __future__ import annotations

from aiohttp import web

from tests.stand_ins.twitch.helix import Call, Route, data
from tests.stand_ins.twitch.world import number, refusal

SETTINGS = {
    "slow_mode": False,
    "slow_mode_wait_time": None,
    "follower_mode": False,
    "follower_mode_duration": None,
    "subscriber_mode": False,
    "emote_mode": False,
    "unique_chat_mode": False,
}


async def write(call: Call) -> web.Response:
    """A line; what is too long or twice in a row is refused."""
    if refused := call.lacks("user:write:chat"):
        return refused
    if call.body["sender_id"] != call.user_id:
        return refusal(400, "The ID in sender_id must match the user ID in the token.")
    if not 0 < len(call.body["message"]) <= 500:
        return refusal(400, "The message must be 1 to 500 characters.")
    if call.world.drops:
        reason = {"code": call.world.drops.pop(0), "message": "Your message is being checked."}
        return data({"message_id": "", "is_sent": False, "drop_reason": reason})
    message_id = f"00000000-0000-4000-9000-{number():0>12}"
    return data({"message_id": message_id, "is_sent": True, "drop_reason": None})


async def delete(call: Call) -> web.Response:
    """One line, or all."""
    if refused := call.lacks("moderator:manage:chat_messages"):
        return refused
    return web.Response(status=204)


async def settings(call: Call) -> web.Response:
    """How chat is set."""
    return data({"broadcaster_id": call.query["broadcaster_id"], **SETTINGS})


ROUTES = [
    Route(
        "POST", "chat/messages", write,
        body=("broadcaster_id!", "sender_id!", "message!", "reply_parent_message_id"),
    ),
    Route(
        "DELETE", "moderation/chat", delete, ("broadcaster_id!", "moderator_id!", "message_id")
    ),
    Route("GET", "chat/settings", settings, ("broadcaster_id!", "moderator_id")),
]  # fmt: skip
