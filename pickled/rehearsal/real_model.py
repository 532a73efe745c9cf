"""A real model in virtual time: time stands still while it writes, so that two can be compared."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, aclosing
from typing import Any, TypeVar

from pickled.errors import ModelError
from pickled.llm import Model
from pickled.messages.prompt import Prompt
from pickled.plugins import Plug, Surroundings
from pickled.rehearsal.pace import FIRST_TOKEN_MS

REAL_ANSWER_S = 120.0
"""A real model may take so long, by a real clock."""

T = TypeVar("T")


class RealModel:
    """A real model: virtual time stands still while it writes, then it has the usual pace.

    It lives on a loop of its own in another thread, where time is real.
    """

    def __init__(self, plug: Plug, surroundings: Surroundings) -> None:
        self._plug = plug
        self._surroundings = surroundings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack = AsyncExitStack()
        self._model: Model

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    @property
    def bounded(self) -> bool:
        """The model's own."""
        return self._model.bounded

    def start(self) -> None:
        """Start it; raises what its own `start` raises."""
        self._thread.start()
        entering = self._stack.enter_async_context(self._plug.start(self._surroundings))
        self._model = self._wait(entering)

    def close(self) -> None:
        """End it and its loop."""
        self._wait(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def probe(self) -> None:
        """Raises ModelError as the model's own."""
        self._wait(self._model.probe())

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The whole answer, once it is there; raises ModelError."""
        pieces = self._wait(self._collect(prompt))
        await asyncio.sleep(FIRST_TOKEN_MS / 1000)
        for piece in pieces:
            yield piece

    async def _collect(self, prompt: Prompt) -> list[str]:
        try:
            async with asyncio.timeout(REAL_ANSWER_S), aclosing(self._model.stream(prompt)) as said:
                return [piece async for piece in said]
        except TimeoutError as error:
            raise ModelError(f"no whole answer within {REAL_ANSWER_S:g} s") from error

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
