"""An event loop whose clock jumps to the next thing that is due: hours pass in milliseconds."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pickled.orchestrator.parts.clock import Clock

BEGIN = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

T = TypeVar("T")


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits: what a real one would wait for, the clock jumps over."""

    jumped = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everything waits, and nothing is due: this would hang for ever")
            self.jumped += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Starts at 1,000 s, so that nobody mistakes the clock's zero for an empty value."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return 1_000.0 + self._jumping.jumped

    def run_in_executor(  # type: ignore[override]  # the same, without its type variables
        self, executor: Any, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        """At once, on this thread: another one would run in another time."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  # it belongs to whoever awaits the future
            done.set_exception(error)
        return done


def virtual_clock(begin: datetime = BEGIN) -> Clock:
    """The running virtual loop's clock, and a calendar that goes with it."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    return Clock(now=loop.time, wall=lambda: begin + timedelta(seconds=loop.time() - began))


def in_virtual_time(work: Callable[[], Awaitable[T]]) -> T:
    """Run to the end on a loop of virtual time; raises AssertionError if a task is left over."""

    async def checked() -> T:
        result = await work()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks are left: {left}"
        return result

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(checked())
