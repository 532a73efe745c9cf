"""Calls that do something in a channel: markers, clips, polls, bets, shout-outs, whispers."""

from __future__ import annotations

from aiohttp import web

from tests.stand_ins.twitch.helix import Call, Route, data
from tests.stand_ins.twitch.world import STREAMER, number, refusal


async def marker(call: Call) -> web.Response:
    """Only while the stream is on."""
    if refused := call.lacks("channel:manage:broadcast"):
        return refused
    if call.body["user_id"] not in call.world.live:
        return refusal(404, "The user is not streaming live.")
    if len(call.body.get("description", "")) > 140:
        return refusal(400, "The length of the description string is too long.")
    return data({"id": str(number()), "position_seconds": 244, **call.body})


async def clip(call: Call) -> web.Response:
    """It is made meanwhile."""
    if refused := call.lacks("clips:edit"):
        return refused
    made = f"Clip{number()}"
    return web.json_response({"data": [{"id": made, "edit_url": ""}]}, status=202)


async def poll(call: Call) -> web.Response:
    """Two to five choices, by the channel's own account."""
    if refused := call.lacks("channel:manage:polls"):
        return refused
    if call.user_id != call.body["broadcaster_id"]:
        return refusal(401, "The ID in broadcaster_id must match the user ID in the token.")
    if not 2 <= len(call.body["choices"]) <= 5 or not 15 <= call.body["duration"] <= 1800:
        return refusal(400, "choices or duration is not valid")
    return data({"id": str(number()), "status": "ACTIVE", **call.body})


async def prediction(call: Call) -> web.Response:
    """Two to ten outcomes."""
    if refused := call.lacks("channel:manage:predictions"):
        return refused
    if not 2 <= len(call.body["outcomes"]) <= 10:
        return refusal(400, "outcomes is not valid")
    return data({"id": str(number()), "status": "ACTIVE", **call.body})


async def shoutout(call: Call) -> web.Response:
    """By a moderator, of somebody else."""
    if refused := call.lacks("moderator:manage:shoutouts"):
        return refused
    if call.query["moderator_id"] != call.user_id:
        return refusal(401, "The ID in moderator_id must match the user ID in the token.")
    if call.query["to_broadcaster_id"] == call.query["from_broadcaster_id"]:
        return refusal(400, "The broadcaster may not give themselves a Shoutout.")
    return web.Response(status=204)


async def title(call: Call) -> web.Response:
    """Of the channel's own."""
    if refused := call.lacks("channel:manage:broadcast"):
        return refused
    if call.user_id != call.query["broadcaster_id"] or not call.body.get("title"):
        return refusal(400, "The title field cannot be an empty string.")
    call.world.titles[STREAMER] = {"title": call.body["title"]}
    return web.Response(status=204)


async def whisper(call: Call) -> web.Response:
    """To who is not oneself."""
    if refused := call.lacks("user:manage:whispers"):
        return refused
    if call.query["from_user_id"] != call.user_id:
        return refusal(400, "The ID in from_user_id must match the user ID in the token.")
    if not 0 < len(call.body["message"]) <= 500:
        return refusal(400, "The message field is not valid")
    return web.Response(status=204)


async def ads(call: Call) -> web.Response:
    """The next break, as the channel's own account may know it."""
    if refused := call.lacks("channel:read:ads", "channel:manage:ads"):
        return refused
    if call.user_id != call.query["broadcaster_id"]:
        return refusal(401, "The ID in broadcaster_id must match the user ID in the token.")
    told = {"snooze_count": 3, "snooze_refresh_at": "", "last_ad_at": "", "preroll_free_time": 90}
    return data({"next_ad_at": "", "duration": 60, **told, **call.world.next_ad})


ROUTES = [
    Route("GET", "channels/ads", ads, ("broadcaster_id!",)),
    Route("POST", "streams/markers", marker, body=("user_id!", "description")),
    Route("POST", "clips", clip, ("broadcaster_id!", "title", "duration")),
    Route("POST", "polls", poll, body=("broadcaster_id!", "title!", "choices!", "duration!")),
    Route(
        "POST", "predictions", prediction,
        body=("broadcaster_id!", "title!", "outcomes!", "prediction_window!"),
    ),
    Route(
        "POST", "chat/shoutouts", shoutout,
        ("from_broadcaster_id!", "to_broadcaster_id!", "moderator_id!"),
    ),
    Route("PATCH", "channels", title, ("broadcaster_id!",), ("title", "game_id", "delay", "tags")),
    Route("POST", "whispers", whisper, ("from_user_id!", "to_user_id!"), ("message!",)),
]  # fmt: skip
