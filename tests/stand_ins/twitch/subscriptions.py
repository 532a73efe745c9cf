"""The API's calls about EventSub subscriptions, with all reasons for which one is refused."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from tests.stand_ins.twitch.helix import Call, Route, data
from tests.stand_ins.twitch.kinds import KINDS
from tests.stand_ins.twitch.listener import Listener, Subscription
from tests.stand_ins.twitch.world import World, number, refusal

MOST_COST = 10


class Subscriptions:
    """Those that there are, also of sessions that have gone."""

    def __init__(self, world: World, at: Callable[[str], Listener | None]) -> None:
        self.world = world
        self.at = at
        """The session of that id, while it is connected."""
        self.all: list[Subscription] = []

    def routes(self) -> list[Route]:
        """Its calls of the API."""
        path = "eventsub/subscriptions"
        return [
            Route(
                "POST", path, self._subscribe,
                body=("type!", "version!", "condition!", "transport!"),
            ),
            Route("GET", path, self._list, ("status", "type", "user_id", "after")),
            Route("DELETE", path, self._unsubscribe, ("id!",)),
        ]  # fmt: skip

    def enabled(self, kind: str) -> list[Subscription]:
        """Those of that type that are in force."""
        return [
            each
            for each in self.all
            if each.status == "enabled" and each.type == kind and self.at(each.session_id)
        ]

    async def _subscribe(self, call: Call) -> web.Response:
        kind = KINDS.get(call.body["type"])
        if kind is None or kind.version != call.body["version"]:
            self.world.complain(f"no subscription {call.body['type']} {call.body['version']}")
            return refusal(400, "invalid subscription type and version")
        condition = call.body["condition"]
        if set(condition) != set(kind.condition):
            self.world.complain(f"wrong condition of {call.body['type']}: {condition}")
            return refusal(400, "invalid condition")
        transport = call.body["transport"]
        listener = self.at(transport.get("session_id", ""))
        if transport.get("method") != "websocket" or listener is None:
            return refusal(
                400, "websocket transport session does not exist or has already disconnected"
            )
        if listener.user_id not in ("", call.user_id):
            self.world.complain("one session, two users")
            return refusal(400, "websocket transport cannot have subscriptions by different users")
        if kind.scopes and (refused := call.lacks(*kind.scopes)):
            return (
                refused
                if kind.caller
                else refusal(403, "subscription missing proper authorization")
            )
        if kind.caller and condition[kind.caller] != call.user_id:
            return refusal(403, "subscription missing proper authorization")
        if refused := self._not_moderated(call, condition):
            return refused
        return self._add(call, condition, listener)

    def _not_moderated(self, call: Call, condition: dict[str, str]) -> web.Response | None:
        channel, by = condition["broadcaster_user_id"], condition.get("moderator_user_id")
        if by in (None, channel) or by in self.world.moderators.get(channel, set()):
            return None
        return refusal(403, "subscription missing proper authorization")

    def _add(self, call: Call, condition: dict[str, str], listener: Listener) -> web.Response:
        same = [
            each
            for each in self.all
            if (each.type, each.condition, each.session_id, each.status)
            == (call.body["type"], condition, listener.id, "enabled")
        ]
        if same:
            return refusal(409, f"subscription already exists id={same[0].id}")
        made = Subscription(
            f"sub-{number()}", call.body["type"], call.body["version"], condition, listener.id,
            call.user_id,
        )  # fmt: skip
        listener.user_id = call.user_id
        self.all.append(made)
        answer = data(made.listed(), total=len(self.all), total_cost=0, max_total_cost=MOST_COST)
        answer.set_status(202)
        return answer

    async def _list(self, call: Call) -> web.Response:
        wanted = call.query.get("status")
        own = [each for each in self.all if each.user_id == call.user_id]
        listed = [each.listed() for each in own if wanted in (None, each.status)]
        start = int(call.query.get("after", "0"))
        page, rest = listed[start : start + 100], listed[start + 100 :]
        pagination = {"cursor": str(start + 100)} if rest else {}
        return data(
            *page, total=len(listed), total_cost=0, max_total_cost=MOST_COST, pagination=pagination
        )

    async def _unsubscribe(self, call: Call) -> web.Response:
        found = [each for each in self.all if each.id == call.query["id"]]
        if not found:
            return refusal(404, "subscription not found")
        self.all.remove(found[0])
        return web.Response(status=204)
