"""Connections that several parts use: opened once, closed when the daemon ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from pickled.errors import PartError
from pickled.orchestrator.parts.fence import run_part

Options = TypeVar("Options")
Service = TypeVar("Service")


@dataclass
class _Opened:
    start: Callable[[Any], AbstractAsyncContextManager[Any]]
    options: Any
    service: asyncio.Future[Any]
    task: asyncio.Task[None] | None = None


@dataclass
class Shared:
    """Those that are open."""

    _opened: list[_Opened] = field(default_factory=list)

    async def __call__(
        self,
        start: Callable[[Options], AbstractAsyncContextManager[Service]],
        options: Options,
    ) -> Service:
        """What `start(options)` yields, the same for all who ask for the same.

        Raises what `start` raises; then, and when the service has ended, the next one tries again.
        """
        known = (each for each in self._opened if (each.start, each.options) == (start, options))
        opened = next(known, None)
        if opened is None:
            opened = _Opened(start, options, asyncio.get_running_loop().create_future())
            opened.task = asyncio.create_task(self._keep(opened), name="shared connection")
            self._opened.append(opened)
        service: Service = await asyncio.shield(opened.service)
        return service

    async def close(self) -> None:
        """Close all of them."""
        tasks = [each.task for each in self._opened if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, opened: _Opened) -> None:
        async def hold(service: Any) -> None:
            opened.service.set_result(service)
            await asyncio.Event().wait()

        try:
            await run_part("shared connection", partial(opened.start, opened.options), hold)
        except Exception as error:  # noqa: BLE001  # it goes to all who wait for the service
            if not opened.service.done():
                opened.service.set_exception(error)
        finally:
            self._opened.remove(opened)
            if not opened.service.done():
                opened.service.set_exception(PartError("the connection is closed"))
                opened.service.exception()  # perhaps nobody waits for it
