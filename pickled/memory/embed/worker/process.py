"""The worker seen from the daemon: started, asked, checked, and ended."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from pickled.errors import EmbedderError, WorkerError
from pickled.memory.embed import BATCH, is_unit_vector
from pickled.memory.embed.worker import FAILED, HEAD, READY, VECTORS

COMMAND = (sys.executable, "-m", "pickled.memory.embed.worker")

_MOST_DIMENSIONS = 8192
_LONGEST_REASON = 4000
_KEPT_COMPLAINT = 2000
_LONGEST_LINE = 200
_LAST_WORDS_S = 1.0
_FLOAT: Final = 4
_QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}


class Worker:
    """Somebody that has its model loaded; it is asked one thing at a time."""

    pid: int | None = None
    """Of the process, if it is ours."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.dimensions = 0
        self._reader = reader
        self._writer = writer
        self._asked = 0

    async def load(self) -> None:
        """Wait until the model is loaded; raises EmbedderError."""
        what, _, count, body = await self._frame()
        if what == FAILED:
            reason = body.decode("utf-8", "replace")
            raise WorkerError(f"the model can't be loaded: {reason}")
        if what != READY or not 0 < count <= _MOST_DIMENSIONS or body:
            raise WorkerError("the worker says what it shouldn't")
        self.dimensions = count

    async def embed(
        self, texts: Sequence[str], *, timeout_s: float, urgent: bool = False
    ) -> list[bytes]:
        """A checked unit vector for each text; raises WorkerError if it has to be replaced."""
        assert len(texts) <= BATCH
        try:
            async with asyncio.timeout(timeout_s):
                return await self._ask(texts, urgent=urgent)
        except TimeoutError as error:
            raise WorkerError(f"the worker said nothing for {timeout_s:g} s") from error

    async def ended(self) -> None:
        """Raise WorkerError as soon as it has ended by itself."""
        raise NotImplementedError

    async def leave(self) -> None:
        """Ask nothing more."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _ask(self, texts: Sequence[str], *, urgent: bool) -> list[bytes]:
        self._asked += 1
        question = {"id": self._asked, "texts": list(texts), "urgent": urgent}
        try:
            self._writer.write(json.dumps(question).encode() + b"\n")
            await self._writer.drain()
        except ConnectionError as error:
            raise await self._died() from error
        what, number, count, body = await self._frame()
        if what == FAILED and number == self._asked:
            raise EmbedderError(f"the model failed: {body.decode('utf-8', 'replace')}")
        size = self.dimensions * _FLOAT
        if what != VECTORS or (number, count) != (self._asked, len(texts)):
            raise WorkerError("the worker answers what it wasn't asked")
        vectors = [body[start : start + size] for start in range(0, len(body), size)]
        if len(body) != count * size or not all(is_unit_vector(each) for each in vectors):
            raise WorkerError("the worker's vectors are not of length 1")
        return vectors

    async def _frame(self) -> tuple[bytes, int, int, bytes]:
        try:
            head = await self._reader.readexactly(HEAD.size)
            what, number, count, size = HEAD.unpack(head)
            most = max(_LONGEST_REASON, BATCH * self.dimensions * _FLOAT)
            if what not in (READY, VECTORS, FAILED) or size > most:
                raise WorkerError("the worker answers with garbage")
            return what, number, count, await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._died() from error

    async def _died(self) -> WorkerError:
        raise NotImplementedError


class OwnWorker(Worker):
    """A process of ours."""

    def __init__(self, process: Process, complaints: asyncio.Task[str]) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        super().__init__(process.stdout, process.stdin)
        self.pid = process.pid
        self._process = process
        self._complaints = complaints

    async def ended(self) -> None:
        """Raise WorkerError as soon as the process has ended by itself."""
        await self._process.wait()
        raise await self._died()

    async def _died(self) -> WorkerError:
        """Why it isn't there any more, in its own last words where there are some."""
        # Its output has ended, so it ends; were it not to, this would still not hold us up.
        await asyncio.wait({self._complaints}, timeout=_LAST_WORDS_S)
        words = self._complaints.result() if self._complaints.done() else ""
        return WorkerError(f"the worker has died{f': {words}' if words else ''}")


@asynccontextmanager
async def running(*arguments: str, load_timeout_s: float) -> AsyncIterator[Worker]:
    """A worker with its model loaded; at the end it is killed. Raises EmbedderError."""
    try:
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, **_QUIET},
            start_new_session=True,  # Ctrl-C is for us, the worker ends with us
        )
    except OSError as error:
        raise EmbedderError(f"the worker can't be started: {error.strerror}") from error
    complaints = asyncio.create_task(_last_words(process), name="embedder's complaints")
    try:
        worker = OwnWorker(process, complaints)
        try:
            async with asyncio.timeout(load_timeout_s):
                await worker.load()
        except TimeoutError as error:
            raise EmbedderError(f"the model was not loaded after {load_timeout_s:g} s") from error
        yield worker
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        complaints.cancel()
        await asyncio.wait({complaints})
        await process.communicate()  # empties the pipes, else they stay open


async def _last_words(process: Process) -> str:
    """Read whatever libraries print, so that nothing fills up; the last line is kept."""
    assert process.stderr is not None
    kept = b""
    while data := await process.stderr.read(_KEPT_COMPLAINT):
        kept = (kept + data)[-_KEPT_COMPLAINT:]
    lines = kept.decode("utf-8", "replace").split("\n")
    return next((line.strip()[:_LONGEST_LINE] for line in reversed(lines) if line.strip()), "")
