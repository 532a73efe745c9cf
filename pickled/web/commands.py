"""What a page asks for goes out as a command over MQTT, and its answer comes back."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from pickled.errors import ContractError
from pickled.messages.command import LARGEST_PAYLOAD, CommandEvent, parse
from pickled.mqtt import Bus
from pickled.topics import topic
from pickled.view.mirror import Decoded

ANSWER_S = 3.0
SHOWN_S = 1.5
MOST_WAITING = 200


@dataclass(frozen=True)
class CommandReply:
    """How a command was answered."""

    ok: bool
    code: str
    message: str = ""
    field: str | None = None

    def __str__(self) -> str:
        told = self.message or ("done" if self.ok else self.code)
        return f"{told} ({self.field})" if self.field else told


@dataclass
class PageCommands:
    """Sends commands as `web`."""

    bus: Bus
    _waiting: dict[str, asyncio.Future[CommandEvent]] = field(default_factory=dict)
    _watched: set[tuple[str, object, asyncio.Future[None]]] = field(default_factory=set)

    def take(self, said: Decoded) -> None:
        """A message of the instance: perhaps an answer, or a state that is waited for."""
        for path, value, reached in tuple(self._watched):
            if (path, value) == (said.path, said.value) and not reached.done():
                reached.set_result(None)
        if isinstance(said.value, CommandEvent) and said.value.id is not None:
            future = self._waiting.get(said.value.id)
            if future is not None and not future.done():
                future.set_result(said.value)

    def knows(self, path: str) -> bool:
        """Is there such a command, and its feature built?"""
        try:
            return topic(path).built
        except KeyError:
            return False

    async def shown(self, path: str, value: object) -> None:
        """Until that state was published; numbers go out once a second at most."""
        watch = (path, value, asyncio.get_running_loop().create_future())
        self._watched.add(watch)
        try:
            async with asyncio.timeout(SHOWN_S):
                await watch[2]
        except TimeoutError:
            pass  # another one has set it meanwhile
        finally:
            self._watched.discard(watch)

    async def send(self, path: str, fields: Mapping[str, object] | None = None) -> CommandReply:
        """Send it, and wait for its answer; what is not as the contract says is not sent."""
        row, mark = topic(path), f"web-{secrets.token_hex(8)}"
        told = {**(fields or {}), "id": mark}
        payload = json.dumps(told, ensure_ascii=False).encode()
        try:
            parse(row.payload, payload)
        except ContractError as refused:
            return CommandReply(
                False,
                getattr(refused, "code", "bad_payload"),
                getattr(refused, "message", str(refused)),
                getattr(refused, "field", None),
            )
        if len(payload) > LARGEST_PAYLOAD or len(self._waiting) >= MOST_WAITING:
            return CommandReply(False, "busy", "too much at once: try again")
        future = asyncio.get_running_loop().create_future()
        self._waiting[mark] = future
        try:
            async with asyncio.timeout(ANSWER_S):
                if not await self.bus.publish(path, payload):
                    return CommandReply(False, "unavailable", "the broker did not take it")
                event = await future
        except TimeoutError:
            return CommandReply(False, "unavailable", "no answer: is `pickled run` running?")
        finally:
            self._waiting.pop(mark, None)
        return CommandReply(event.event_type == "accepted", event.code, event.message, event.field)
