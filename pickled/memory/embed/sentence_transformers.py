"""Embeds with a model of Sentence Transformers, in a process of its own on this machine."""

from __future__ import annotations

import asyncio
import os
from asyncio import Future
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from pydantic import Field

from pickled.back_off import BackOff
from pickled.errors import EmbedderError, WorkerError
from pickled.extras import PACKAGES, remedy
from pickled.memory import Embedder
from pickled.memory.embed import batches, with_meaning
from pickled.memory.embed.worker.process import Worker, running
from pickled.memory.embed.worker.shared import first_or_guest, meeting_place, offered
from pickled.messages.base import Strict
from pickled.plugins import Surroundings

_KNOWN_DIMENSIONS = {"all-MiniLM-L6-v2": 384}
_PACKAGES = PACKAGES["embeddings"]
_INSTALL = f"install it with {remedy('server', 'embeddings')}"

_MOST_WAITING = 1024
"""Texts; more are refused."""

_BACK_OFF = BackOff(first_s=0.5, cap_s=60.0)
"""Before a worker that died is replaced."""


class Options(Strict):
    """Which model embeds, where it runs, and how long we wait for it."""

    model: str = Field(default="all-MiniLM-L6-v2", min_length=1, max_length=400)
    """A name on Hugging Face, or a folder."""
    device: Literal["cpu", "auto", "cuda", "mps"] = "cpu"
    """`auto` takes what is there; a query takes 10 ms on a CPU."""
    threads: int = Field(default=1, ge=1, le=64)
    """More of them make it slower on a machine that has other work."""
    query_timeout_s: float = Field(default=0.5, gt=0, le=60)
    """How long a query waits for its vector."""
    batch_timeout_s: float = Field(default=10.0, gt=0, le=600)
    """A worker that needs longer for eight texts is replaced."""
    share: bool = True
    """One worker for all daemons of this user on this machine that use the same model."""
    load_timeout_s: float = Field(default=600.0, gt=0, le=7200)
    """For loading the model, which may have to be downloaded."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Embedder]:
    """An embedder at once; its model is loaded in the background, and again after a fault."""
    embedder = SentenceTransformersEmbedder(options, surroundings)
    running_task = asyncio.create_task(embedder.run(), name=embedder.name)
    try:
        yield embedder
    finally:
        running_task.cancel()
        await asyncio.wait({running_task})


@dataclass(frozen=True)
class _Job:
    texts: tuple[str, ...]
    vectors: Future[list[bytes]]
    urgent: bool


class SentenceTransformersEmbedder:
    """Queues what is to be embedded, queries first, and keeps a worker alive."""

    def __init__(self, options: Options, surroundings: Surroundings) -> None:
        model = options.model.removeprefix("sentence-transformers/")
        self.name = f"sentence_transformers {model}"
        self.dimensions = _KNOWN_DIMENSIONS.get(model, 0)
        self.pid: int | None = None
        """The worker's, while there is one that can embed."""
        folder = surroundings.base_dir / options.model
        self._model = str(folder) if folder.is_dir() else model
        self._options = options
        self._report = surroundings.report
        self._reason = f"loading {model}"
        """Why it can't embed just now; empty if it can."""
        self._loading = True
        self._queries: deque[_Job] = deque()
        self._backfill: deque[_Job] = deque()
        self._current: _Job | None = None
        self._something_waits = asyncio.Event()
        self._ready_at: float | None = None
        self._alone = False
        """Another daemon's worker did not serve us well: one of our own, to the end."""

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """A unit vector for each text, None for one without a letter or a digit."""
        asked = [with_meaning(text) for text in texts]
        real = [text for text in asked if text]
        vectors = iter(await self._vectors(real, urgent=urgent) if real else ())
        return [next(vectors) if text else None for text in asked]

    async def probe(self) -> None:
        """Is a worker there, and does it answer?"""
        await self.embed(["Is anybody there?"], urgent=True)

    async def run(self) -> None:
        """Keep a worker alive until cancelled."""
        failures = 0
        try:
            while True:
                self._ready_at = None
                try:
                    await self._one_life()
                except EmbedderError as error:
                    self._lose(error)
                if self._ready_at is not None and _now() - self._ready_at > _BACK_OFF.healthy_s:
                    failures = 0
                await asyncio.sleep(_BACK_OFF.longest(failures))
                failures += 1
        finally:
            self._refuse_all(f"{self.name} has been stopped", loading=False)

    async def _one_life(self) -> None:
        """From the start of a worker to its end, which is always an EmbedderError."""
        for package in _PACKAGES:
            if find_spec(package) is None:
                raise EmbedderError(f"the package {package} is missing; {_INSTALL}")
        options = self._options
        arguments = (self._model, options.device, str(options.threads))
        async with self._worker(arguments) as worker:
            self._reason, self.pid, self._ready_at = "", worker.pid, _now()
            self.dimensions = worker.dimensions
            self._report("up", "")
            tasks = (
                asyncio.create_task(self._work(worker), name=f"{self.name}: work"),
                asyncio.create_task(worker.ended(), name=f"{self.name}: watch"),
            )
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                done.pop().result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def _worker(self, arguments: tuple[str, ...]) -> AsyncIterator[Worker]:
        """One of our own, which others may ask; or another daemon's, while it serves us well."""
        patience = self._options.load_timeout_s
        place = meeting_place(os.environ, arguments) if self._options.share else None
        if place is None or self._alone:
            async with running(*arguments, load_timeout_s=patience) as worker:
                yield worker
            return
        async with first_or_guest(place, timeout_s=patience) as shared:
            if shared is not None:
                try:
                    yield shared
                except WorkerError:
                    self._alone = not shared.gone
                    raise
                return
            async with (
                running(*arguments, load_timeout_s=patience) as worker,
                offered(place, self._for_a_guest, worker.dimensions),
            ):
                yield worker

    async def _for_a_guest(self, texts: Sequence[str], urgent: bool) -> list[bytes]:
        return await self._vectors(texts, urgent=urgent)

    async def _work(self, worker: Worker) -> None:
        while True:
            await self._something_waits.wait()
            if (job := self._next()) is None:
                self._something_waits.clear()
                continue
            self._current = job
            try:
                vectors = await worker.embed(
                    job.texts, timeout_s=self._options.batch_timeout_s, urgent=job.urgent
                )
            except WorkerError:
                raise
            except EmbedderError as error:
                _refuse(job, error)
            else:
                if not job.vectors.done():
                    job.vectors.set_result(vectors)

    def _next(self) -> _Job | None:
        """Queries first; what nobody waits for any more is left out."""
        for queue in (self._queries, self._backfill):
            while queue:
                if not (job := queue.popleft()).vectors.done():
                    return job
        return None

    async def _vectors(self, texts: Sequence[str], *, urgent: bool) -> list[bytes]:
        if self._reason:
            raise EmbedderError(self._reason, loading=self._loading)
        queue = self._queries if urgent else self._backfill
        if sum(len(job.texts) for job in queue) + len(texts) > _MOST_WAITING:
            raise EmbedderError(f"more than {_MOST_WAITING} texts wait to be embedded")
        loop = asyncio.get_running_loop()
        jobs = [_Job(each, loop.create_future(), urgent) for each in batches(texts)]
        queue.extend(jobs)
        self._something_waits.set()
        patience = self._options.query_timeout_s if urgent else None
        try:
            async with asyncio.timeout(patience):
                done = await asyncio.gather(*(job.vectors for job in jobs))
        except TimeoutError as error:
            raise EmbedderError(f"{self.name} took longer than {patience} s") from error
        return [vector for vectors in done for vector in vectors]

    def _lose(self, error: EmbedderError) -> None:
        """One that worked will work again in seconds; another one needs its owner."""
        worked = self._ready_at is not None
        again = "; loading the model again" if worked else ""
        self._refuse_all(f"{error}{again}", loading=worked)
        self._report("degraded", self._reason)

    def _refuse_all(self, reason: str, *, loading: bool) -> None:
        """Nobody is left waiting, and whoever asks is refused until there is a worker again."""
        self._reason, self._loading, self.pid = reason, loading, None
        current = [self._current] if self._current else []
        waiting = [*current, *self._queries, *self._backfill]
        self._queries.clear()
        self._backfill.clear()
        self._current = None
        for job in waiting:
            _refuse(job, EmbedderError(reason, loading=loading))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _refuse(job: _Job, error: EmbedderError) -> None:
    if not job.vectors.done():
        job.vectors.set_exception(error)
