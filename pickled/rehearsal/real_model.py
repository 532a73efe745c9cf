"""A real model in virtual time: time stands still while it writes, so that two can be compared."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, aclosing
from typing import Any, TypeVar

from pickled.errors import ModelError, PickledError
from pickled.llm import Model
from pickled.messages.prompt import Prompt
from pickled.plugins import Plug, Surroundings
from pickled.rehearsal.pace import FIRST_TOKEN_MS

REAL_ANSWER_S = 120.0
"""A real model may take so long, by a real clock."""

LOADING_S = 180.0
"""So long it may load, by the same."""

ASK_AGAIN_S = 0.5

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
        self.absent = ""
        """Why it was not there at the begin; empty if it was."""
        self.why = ""
        """Why it did not word an answer, the last time."""

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
        try:
            self._wait(self._loaded())
        except PickledError as error:
            self.absent = str(error)

    def close(self) -> None:
        """End it and its loop."""
        self._wait(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def probe(self) -> None:
        """Raises ModelError as the model's own."""
        try:
            self._wait(self._model.probe())
        except ModelError as error:
            self.why = str(error)
            raise

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The whole answer, once it is there; raises ModelError."""
        pieces: list[str] = []
        failure = self._wait(self._collect(prompt, pieces))
        await asyncio.sleep(FIRST_TOKEN_MS / 1000)
        for piece in pieces:
            yield piece
        if failure is not None:
            self.why = str(failure)
            raise failure

    async def _collect(self, prompt: Prompt, pieces: list[str]) -> ModelError | None:
        """Also what came before a failure: that was said, too."""
        try:
            async with asyncio.timeout(REAL_ANSWER_S), aclosing(self._model.stream(prompt)) as said:
                async for piece in said:
                    pieces.append(piece)  # noqa: PERF401 - those before a failure count, too
        except TimeoutError:
            return ModelError(f"no whole answer within {REAL_ANSWER_S:g} s")
        except ModelError as error:
            return error
        return None

    async def _loaded(self) -> None:
        """Wait until it answers a probe, as long as it says that it is loading."""
        try:
            async with asyncio.timeout(LOADING_S):
                while True:
                    try:
                        return await self._model.probe()
                    except ModelError as error:
                        if "loading" not in str(error):
                            raise
                    await asyncio.sleep(ASK_AGAIN_S)
        except TimeoutError as error:
            raise ModelError(f"it was not loaded within {LOADING_S:g} s") from error

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
