"""Who listens to EventSub, as the server sees them: their connection, and what they want."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.stand_ins.twitch.world import number


def moment() -> str:
    """Now, with nanoseconds, as Twitch writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


@dataclass
class Subscription:
    """One, as it is listed."""

    id: str
    type: str
    version: str
    condition: dict[str, str]
    session_id: str
    user_id: str
    status: str = "enabled"

    def listed(self) -> dict[str, Any]:
        """As Twitch writes it."""
        return {
            "id": self.id,
            "status": self.status,
            "type": self.type,
            "version": self.version,
            "condition": self.condition,
            "transport": {"method": "websocket", "session_id": self.session_id},
            "created_at": moment(),
            "cost": 0,
        }


@dataclass
class Listener:
    """One connection, as the server sees it."""

    socket: web.WebSocketResponse
    id: str
    user_id: str = ""
    """Whose token has subscribed first."""
    replaced: bool = False
    """Another one has its subscriptions."""
    unused: asyncio.TimerHandle | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def send(self, message_type: str, payload: Any, **metadata: str) -> None:
        """Send a message, unless the other side has gone."""
        told = {
            "metadata": {
                "message_id": f"em-{number()}",
                "message_type": message_type,
                "message_timestamp": moment(),
                **metadata,
            },
            "payload": payload,
        }
        with contextlib.suppress(ConnectionError):
            await self.socket.send_str(json.dumps(told, ensure_ascii=False))

    async def drop(self) -> None:
        """Tear the connection down without a word."""
        transport = self.socket._req.transport if self.socket._req else None
        if transport is not None:
            transport.abort()

    async def close(self, code: int, why: str) -> None:
        """Close it with that code."""
        await self.socket.close(code=code, message=why.encode())
