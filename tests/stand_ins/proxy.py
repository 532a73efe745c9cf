"""A TCP proxy whose line can be cut, refused, swallowed or slowed down."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Literal, Self

HOST = "127.0.0.1"
Mode = Literal["ok", "cut", "refuse", "blackhole", "latency", "jitter", "narrow"]


class Proxy:
    """`async with Proxy(host, port) as proxy:`, then connect to `proxy.port`.

    cut: closes what is open, then goes on as `ok`. refuse: closes what is open and what comes.
    blackhole: holds everything back until the mode changes. latency: passes on after `latency_s`.
    jitter: after anything from 0 to `jitter_s`, in order. narrow: no faster than `bytes_a_s`, both
    directions and all connections together.
    """

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.host = HOST
        self.port = 0
        self.mode: Mode = "ok"
        self.latency_s = 0.1
        self.jitter_s = 0.04
        self.bytes_a_s = 8_000.0
        self.dice: Callable[[], float] = random.Random(1).random
        self._free_at = 0.0
        """When the narrow line is through with what it was given."""
        self.accepted = 0
        self._open = asyncio.Event()
        self._open.set()
        self._lines: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._cut()
        await self._server.wait_closed()

    async def set(self, mode: Mode) -> None:
        """Change how the line behaves, now."""
        self.mode = "ok" if mode == "cut" else mode
        if mode == "blackhole":
            self._open.clear()
        else:
            self._open.set()
        if mode in ("cut", "refuse"):
            await self._cut()

    async def _cut(self) -> None:
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        self.accepted += 1
        writers = [writer]
        try:
            if self.mode == "refuse":
                return
            await self._open.wait()
            there, back = await asyncio.open_connection(*self.target)
            writers.append(back)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, back))
                group.create_task(self._pass_on(there, writer))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass
        finally:
            self._lines.discard(task)
            for each in writers:
                each.transport.abort()

    async def stall(self, seconds: float) -> None:
        """Hold everything back for so long."""
        before = self.mode
        await self.set("blackhole")
        await asyncio.sleep(seconds)
        await self.set(before)

    async def _squeeze(self, size: int) -> None:
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + size / self.bytes_a_s
        await asyncio.sleep(self._free_at - now)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1400 if self.mode == "narrow" else 65536):
            match self.mode:
                case "latency":
                    await asyncio.sleep(self.latency_s)
                case "jitter":
                    await asyncio.sleep(self.jitter_s * self.dice())
                case "narrow":
                    await self._squeeze(len(data))
            await self._open.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError("one end has closed")
