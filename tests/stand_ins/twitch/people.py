"""Calls about people, channels and streams."""

from __future__ import annotations

from aiohttp import web

from tests.stand_ins.twitch.helix import Call, Route, data


async def users(call: Call) -> web.Response:
    """By login or id; without either, who calls."""
    wanted = call.request.query.getall("login", []) + call.request.query.getall("id", [])
    wanted = wanted or [call.user_id]
    found = [each for each in call.world.people.values() if {each.id, each.login} & set(wanted)]
    return data(
        *(
            {
                "id": each.id,
                "login": each.login,
                "display_name": each.name,
                "type": "",
                "broadcaster_type": "affiliate",
                "description": "",
                "profile_image_url": "",
                "offline_image_url": "",
                "view_count": 0,
                "created_at": "2016-12-14T20:32:28Z",
            }
            for each in found
        )
    )


async def streams(call: Call) -> web.Response:
    """Those that are on."""
    user_id = call.query["user_id"]
    stream = call.world.live.get(user_id)
    if stream is None:
        return data(pagination={})
    person = call.world.people[user_id]
    told = {
        "id": "40952121085",
        "user_id": user_id,
        "user_login": person.login,
        "user_name": person.name,
        "game_id": "509672",
        "type": "live",
        "tags": [],
        "language": "en",
        "thumbnail_url": "",
        "tag_ids": [],
        "is_mature": False,
    }
    return data(told | stream, pagination={})


async def channels(call: Call) -> web.Response:
    """Title and game, also while nothing is on."""
    user_id = call.query["broadcaster_id"]
    person = call.world.people[user_id]
    told = {
        "broadcaster_id": user_id,
        "broadcaster_login": person.login,
        "broadcaster_name": person.name,
        "broadcaster_language": "en",
        "game_id": "509672",
        "game_name": "",
        "title": "",
        "delay": 0,
    }
    return data(told | call.world.titles.get(user_id, {}))


async def moderated(call: Call) -> web.Response:
    """Where somebody moderates."""
    if refused := call.lacks("user:read:moderated_channels"):
        return refused
    found = [each for each, by in call.world.moderators.items() if call.query["user_id"] in by]
    return data(
        *(
            {
                "broadcaster_id": each,
                "broadcaster_login": call.world.people[each].login,
                "broadcaster_name": call.world.people[each].name,
            }
            for each in found
        ),
        pagination={},
    )


ROUTES = [
    Route("GET", "users", users, ("login", "id")),
    Route("GET", "streams", streams, ("user_id!",)),
    Route("GET", "channels", channels, ("broadcaster_id!",)),
    Route("GET", "moderation/channels", moderated, ("user_id!", "first", "after")),
]
