"""One worker for all daemons of a user on a machine: who comes first has it, the others ask it.

The first one holds a lock for as long as it lives, and answers on a socket beside it, as the worker
does. When it goes, one of the others is the first.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import stat
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pickled import __version__
from pickled.errors import EmbedderError, WorkerError
from pickled.memory.embed import BATCH
from pickled.memory.embed.worker import FAILED, HEAD, READY, VECTORS
from pickled.memory.embed.worker.process import Worker

LOOK_S = 0.25
"""How often those who wait look whether there is a worker, or nobody any more."""

GREETING_S = 2.0
"""So long the first one may take to say that it is there."""

MOST_GUESTS = 64
_LONGEST_LINE = 1_000_000
_LONGEST_PATH = 100
"""Bytes that the name of a socket may have."""
_LONGEST_REASON = 400

Embed = Callable[[Sequence[str], bool], Awaitable[list[bytes]]]
"""Texts, and whether somebody waits for them; raises EmbedderError."""


@dataclass(frozen=True)
class MeetingPlace:
    """Where they meet."""

    lock: Path
    socket: Path


def meeting_place(environ: Mapping[str, str], arguments: Sequence[str]) -> MeetingPlace | None:
    """For all who want the same model in the same way; None if there is no place that is ours."""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    given = f"{runtime}/pickled" if runtime else environ.get("CACHE_DIRECTORY", "").split(":")[0]
    if not given.startswith("/") or not hasattr(os, "geteuid"):
        return None
    folder = Path(given)
    same = json.dumps([*arguments, sys.executable, __version__])
    name = f"embed-{sha256(same.encode()).hexdigest()[:12]}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not ours or found.st_mode & 0o077 or len(os.fsencode(folder / name)) > _LONGEST_PATH:
        return None
    return MeetingPlace(folder / f"{name}.lock", folder / f"{name}.sock")


class SharedWorker(Worker):
    """Another daemon's worker, asked like one of our own."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        super().__init__(reader, writer)
        self.gone = False
        """The other daemon has ended, or closed it: nothing is wrong with sharing."""

    async def ended(self) -> None:
        """Raise WorkerError as soon as it is gone."""
        while not self._reader.at_eof():  # noqa: ASYNC110  # nothing tells it while nobody reads
            await asyncio.sleep(LOOK_S)
        raise await self._died()

    async def _died(self) -> WorkerError:
        self.gone = True
        return WorkerError("the daemon whose worker we share has gone")


@asynccontextmanager
async def first_or_guest(
    place: MeetingPlace, *, timeout_s: float
) -> AsyncIterator[SharedWorker | None]:
    """A worker that is there already, or None for whoever has to start it, and is the first.

    Raises EmbedderError if neither is so in time: the first one is still loading its model.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + timeout_s
    while loop.time() < until:
        with _locked(place.lock) as first:
            if first:
                yield None
                return
        if (guest := await _joined(place.socket)) is not None:
            try:
                yield guest
            finally:
                await guest.leave()
            return
        await asyncio.sleep(LOOK_S)
    raise EmbedderError(f"the model of another daemon was not loaded after {timeout_s:g} s")


@asynccontextmanager
async def offered(place: MeetingPlace, embed: Embed, dimensions: int) -> AsyncIterator[None]:
    """Answer all who come, while the block lasts."""
    guests: set[asyncio.Task[None]] = set()

    async def come(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        guests.add(task)
        try:
            if len(guests) <= MOST_GUESTS:
                await _serve(reader, writer, embed, dimensions)
        except (OSError, ValueError, asyncio.IncompleteReadError):
            pass  # it has gone, or is none of ours
        finally:
            guests.discard(task)
            writer.close()

    place.socket.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(come, place.socket, limit=_LONGEST_LINE)
    try:
        yield
    finally:
        server.close()
        for each in guests:
            each.cancel()
        await asyncio.gather(*guests, return_exceptions=True)
        place.socket.unlink(missing_ok=True)


async def _serve(reader: StreamReader, writer: StreamWriter, embed: Embed, dimensions: int) -> None:
    writer.write(HEAD.pack(READY, 0, dimensions, 0))
    while line := await reader.readline():
        number, texts, urgent = _question(line)
        try:
            vectors = await embed(texts, urgent)
        except EmbedderError as error:
            reason = str(error).encode("utf-8", "replace")[:_LONGEST_REASON]
            writer.write(HEAD.pack(FAILED, number, 0, len(reason)) + reason)
        else:
            body = b"".join(vectors)
            writer.write(HEAD.pack(VECTORS, number, len(vectors), len(body)) + body)
        await writer.drain()


def _question(line: bytes) -> tuple[int, list[str], bool]:
    """What is asked; raises ValueError for what no guest of ours asks."""
    asked = json.loads(line)
    if not isinstance(asked, dict):
        raise ValueError("no question")
    number, texts = asked.get("id"), asked.get("texts")
    if not isinstance(number, int) or not 0 <= number < 2**32 or not isinstance(texts, list):
        raise ValueError("no question")
    if not 0 < len(texts) <= BATCH or not all(isinstance(each, str) for each in texts):
        raise ValueError("not texts")
    return number, texts, asked.get("urgent") is True


async def _joined(socket: Path) -> SharedWorker | None:
    try:
        async with asyncio.timeout(GREETING_S):
            reader, writer = await asyncio.open_unix_connection(socket)
            guest = SharedWorker(reader, writer)
            try:
                await guest.load()
            except BaseException:
                writer.close()
                raise
            return guest
    except (OSError, TimeoutError, WorkerError):
        return None


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Are we the one that has the lock? It is let go of at the end, or with the process."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise EmbedderError(f"{path} can't be opened: {error.strerror}") from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            first = True
        except OSError:
            first = False
        yield first
    finally:
        os.close(number)
