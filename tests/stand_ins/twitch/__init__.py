"""A stand-in for Twitch: sign-in, API, EventSub and chat, each as strict as the real one.

One family of API calls a file, each with its `ROUTES`; a new one is named in `FAMILIES`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.stand_ins.served import served
from tests.stand_ins.twitch import chat, doing, people
from tests.stand_ins.twitch.eventsub import EventSub
from tests.stand_ins.twitch.helix import PREFIX, let_in
from tests.stand_ins.twitch.oauth import Door
from tests.stand_ins.twitch.payloads import ANN
from tests.stand_ins.twitch.payloads import chat as chat_payload
from tests.stand_ins.twitch.world import BOT, CLIENT, STREAMER, World
from tests.stand_ins.twitch_irc import TwitchIrc, privmsg, twitch_irc

__all__ = ["BOT", "CLIENT", "STREAMER", "TwitchService", "twitch_service"]

FAMILIES = (people, chat, doing)


class TwitchService:
    """All of it."""

    def __init__(self, irc: TwitchIrc) -> None:
        self.world = World()
        self.door = Door(self.world)
        self.events = EventSub(self.world)
        self.irc = irc

    @property
    def urls(self) -> dict[str, str]:
        """The options by which a client finds it."""
        base = self.world.url
        return {
            "api_url": f"{base}/helix",
            "id_url": f"{base}/id",
            "eventsub_url": self.events.url,
            "irc_url": self.irc.url,
        }

    async def say(
        self,
        text: str,
        *fragments: Any,
        who: tuple[str, str, str] = ANN,
        times: int = 1,
        **changed: Any,
    ) -> str:
        """Somebody writes in chat: it comes over EventSub and over IRC. The message's id."""
        event = chat_payload(text, *fragments, who=who, **changed)
        await self.events.notify("channel.chat.message", event, times=times)
        user_id, login, name = who
        tags = {"id": event["message_id"], "user_id": user_id, "login": login, "display_name": name}
        if origin := changed.get("source_broadcaster_user_id"):
            tags["source_room_id"] = origin
        await self.irc.say(privmsg(text, **tags))
        return str(event["message_id"])


@asynccontextmanager
async def twitch_service(port: int = 0) -> AsyncIterator[TwitchService]:
    """A server on a free port of this machine."""
    async with twitch_irc() as irc:
        service = TwitchService(irc)
        world = service.world
        app = web.Application()
        routes = [each for family in FAMILIES for each in family.ROUTES]
        routes += service.events.subscriptions.routes()
        app.add_routes(service.door.routes() + service.events.routes())
        app.add_routes([let_in(world, each) for each in routes])
        app.router.add_route("*", f"{PREFIX}{{rest:.*}}", _unknown(world))
        async with served(app, port) as at:
            world.url = f"http://127.0.0.1:{at}"
            service.events.url = f"ws://127.0.0.1:{at}/ws"
            yield service


def _unknown(world: World) -> Any:
    async def handle(request: web.Request) -> web.Response:
        world.complain(f"no call {request.method} {request.path}")
        return web.Response(status=404)

    return handle
