"""EventSub over WebSocket as a stand-in: strict about silence, scripted in its faults."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import WSMsgType, web

from tests.stand_ins.twitch.listener import Listener, Subscription, moment
from tests.stand_ins.twitch.subscriptions import Subscriptions
from tests.stand_ins.twitch.world import World, number


class EventSub:
    """Its sessions and subscriptions."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.listeners: list[Listener] = []
        """Those that are connected, oldest first."""
        self.subscriptions = Subscriptions(world, self._at)
        self.keepalive_s: float = 10
        self.unused_s = 10.0
        """Who has subscribed to nothing by then is closed with 4003."""
        self.grace_s = 30.0
        """Who does not come over by then is closed with 4004."""
        self.silent = False
        """Sends nothing any more, also no keepalives."""
        self._refusing: list[int] = []
        self._ignoring = 0
        self.handshakes = 0
        self.lost: list[tuple[str, str]] = []
        """Type and id of what nobody was there to be told."""
        self._handing: dict[str, tuple[Listener, bool]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Where it is connected to."""
        return [web.get("/ws", self._handle)]

    def refuse(self, status: int, *, times: int) -> None:
        """Answer the next handshakes with that status."""
        self._refusing = [status] * times

    def ignore(self, *, times: int) -> None:
        """Do not greet the next ones that connect."""
        self._ignoring = times

    def moved(self, handshakes: int) -> bool:
        """Have that many connected, and does nobody wait elsewhere?"""
        return self.handshakes >= handshakes and not self._handing

    def enabled(self, kind: str = "channel.chat.message") -> list[Subscription]:
        """The subscriptions of that type that are in force."""
        return self.subscriptions.enabled(kind)

    async def notify(self, kind: str, event: Any, *, message_id: str = "", times: int = 1) -> str:
        """Tell everybody who has subscribed; with `times`, as often. The message's id."""
        told = message_id or f"em-{number()}"
        subscriptions = self.enabled(kind)
        if not subscriptions or self.silent:
            self.lost.append((kind, told))
        for each in subscriptions:
            listener = self._at(each.session_id)
            if listener is None or self.silent:
                continue
            for _ in range(times):
                await listener.send(
                    "notification",
                    {"subscription": each.listed(), "event": event},
                    message_id=told,
                    subscription_type=kind,
                    subscription_version=each.version,
                )
        return told

    async def hand_over(self, *, same_id: bool = False, url: str = "") -> None:
        """Ask all that are connected to connect elsewhere."""
        for each in [each for each in self.listeners if not each.replaced]:
            ticket = f"ticket{number()}"
            self._handing[ticket] = (each, same_id)
            session = {
                "id": each.id,
                "status": "reconnecting",
                "keepalive_timeout_seconds": None,
                "reconnect_url": url or f"{self.url}?ticket={ticket}",
                "connected_at": moment(),
            }
            await each.send("session_reconnect", {"session": session})
            task = asyncio.create_task(self._expire(each, ticket))
            each.tasks.add(task)

    async def revoke(self, kind: str, status: str) -> None:
        """Take subscriptions of that type away."""
        for each in self.enabled(kind):
            each.status = status
            if listener := self._at(each.session_id):
                await listener.send(
                    "revocation",
                    {"subscription": each.listed()},
                    subscription_type=kind,
                    subscription_version=each.version,
                )

    async def drop(self) -> None:
        """Tear all connections down."""
        for each in tuple(self.listeners):
            await each.drop()

    async def close(self, code: int) -> None:
        """Close all connections with that code."""
        for each in tuple(self.listeners):
            await each.close(code, "scripted")

    def _at(self, session_id: str) -> Listener | None:
        found = [each for each in self.listeners if each.id == session_id and not each.replaced]
        return found[-1] if found else None

    async def _expire(self, old: Listener, ticket: str) -> None:
        await asyncio.sleep(self.grace_s)
        if self._handing.pop(ticket, None):
            await old.close(4004, "reconnect grace time expired")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.handshakes += 1
        await self.world.tell()
        if self._refusing:
            return web.Response(status=self._refusing.pop())
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        listener = Listener(socket, f"session-{number()}")
        ticket = request.query.get("ticket")
        if ticket is not None and ticket not in self._handing:
            await socket.close(code=4007, message=b"invalid reconnect url")
            return socket
        self.listeners.append(listener)
        if self._ignoring:
            self._ignoring -= 1
        else:
            await self._greet(listener, ticket)
        try:
            async for frame in socket:
                if frame.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self.world.complain("sent something over EventSub's WebSocket")
                    await listener.close(4001, "client sent inbound traffic")
        except ConnectionError:
            pass  # a client may go at any moment
        finally:
            await self._gone(listener)
        return socket

    async def _greet(self, listener: Listener, ticket: str | None) -> None:
        old, same_id = self._handing.pop(ticket) if ticket else (None, False)
        if old is not None:
            if same_id:
                listener.id = old.id
            for each in self.subscriptions.all:
                if each.session_id == old.id:
                    each.session_id = listener.id
            old.replaced, listener.user_id = True, old.user_id
        session = {
            "id": listener.id,
            "status": "connected",
            "connected_at": moment(),
            "keepalive_timeout_seconds": self.keepalive_s,
            "reconnect_url": None,
            "recovery_url": None,
        }
        await listener.send("session_welcome", {"session": session})
        listener.tasks.add(asyncio.create_task(self._keep_alive(listener)))
        if old is None:
            listener.unused = asyncio.get_running_loop().call_later(
                self.unused_s, lambda: listener.tasks.add(asyncio.create_task(self._idle(listener)))
            )

    async def _keep_alive(self, listener: Listener) -> None:
        while True:
            await asyncio.sleep(self.keepalive_s)
            if not self.silent:
                await listener.send("session_keepalive", {})

    async def _idle(self, listener: Listener) -> None:
        if not any(each.session_id == listener.id for each in self.subscriptions.all):
            await listener.close(4003, "connection unused")

    async def _gone(self, listener: Listener) -> None:
        for task in listener.tasks:
            task.cancel()
        if listener.unused is not None:
            listener.unused.cancel()
        if listener in self.listeners:
            self.listeners.remove(listener)
        if not listener.replaced:
            for each in self.subscriptions.all:
                if each.session_id == listener.id and each.status == "enabled":
                    each.status = "websocket_disconnected"
        await self.world.tell()
