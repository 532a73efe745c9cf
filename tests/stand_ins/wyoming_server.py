"""What both Wyoming stand-ins listen with: its own server can't tell which port it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from tests.stand_ins.served import HOST

Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(
    converse: Converse, port: int, *, idle: asyncio.Event | None = None
) -> AsyncIterator[int]:
    """The port, 0 being a free one; `idle` is set while nobody is connected."""
    connected: set[asyncio.Task[None]] = set()
    idle = idle or asyncio.Event()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connected.add(task)
        idle.clear()
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await converse(reader, writer)
        finally:
            writer.close()
            connected.discard(task)
            if not connected:
                idle.set()

    server = await asyncio.start_server(connect, HOST, port)
    idle.set()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in connected:
            each.cancel()
        if connected:
            await asyncio.wait(connected)
        await server.wait_closed()
