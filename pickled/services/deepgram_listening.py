"""A connection to Deepgram that hears: it is kept alive between stretches of speech."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Any

from pickled.audio import MIC_RATE, bytes_for, duration_ms
from pickled.errors import RecognizerError
from pickled.services.deepgram import cut

CHUNK_MS = 80
"""Of a message with sound: as Deepgram wants it for Flux."""

KEEP_ALIVE_S = 4.0
"""It closes a connection (NET-0001) on which nothing came for 10 s."""

BURST_MS, FASTEST = 2000, 1.2
"""What is behind is sent at once up to so much, then so many times as fast as it was spoken: it
takes 1.25 times."""

ENOUGH_MS = 2000
"""So much speech of which nothing is said is an answer that is owed."""

TRAIL_S = 1.0
"""So long silence follows a stretch of speech in any case."""

_CHUNK = bytes_for(CHUNK_MS, MIC_RATE)
_MOST_MESSAGES = 1000
_LOOK_S = 0.5
_END_S = 0.5
_SEND_S = 3.0


@dataclass(frozen=True)
class ListeningManner:
    """How a connection is used, s."""

    connect_s: float
    silent_s: float
    """Sound was sent, and no message came for so long: the connection is dead."""
    trail_s: float
    """So long silence follows a stretch of speech, while the turn has no end yet."""
    leave_s: float
    """After so long without speech it is left."""


class ListeningLine:
    """A WebSocket of Deepgram's; made for one use, at the first sound."""

    def __init__(
        self,
        connect: Callable[[], AbstractAsyncContextManager[Any]],
        manner: ListeningManner,
        *,
        explain: Callable[[BaseException], str],
        keep_alive: Callable[[Any], Awaitable[None]] | None,
        finish: Callable[[Any], Awaitable[None]],
    ) -> None:
        """`keep_alive`: None sends a little silence; `finish`: done when a turn should have ended,
        and has not."""
        self.turn_open = False
        """Told by who reads the messages: a turn has begun and not ended."""
        self.left = False
        """There was no speech for a long time."""
        self._connect, self._manner, self._explain = connect, manner, explain
        self._keep_alive, self._finish = keep_alive, finish
        self._messages: asyncio.Queue[Any] = asyncio.Queue(_MOST_MESSAGES)
        self._failure = ""
        self._lost = False
        self._pending = bytearray()
        self._sent_ms = self._sound_ms = 0.0
        """On the server's clock, which knows our silence, and of the sound alone."""
        self._marks: deque[tuple[float, float]] = deque([(0.0, 0.0)], maxlen=64)
        """Where both stood when sound came after silence."""
        self._begun = self._sent_at = 0.0
        self._owed_ms = 0.0
        """Speech since the last message."""
        self._unanswered = False
        """Sound or silence was sent since then."""
        self._answered_at = 0.0
        self._paused_at: float | None = None
        """When the last stretch of speech ended; None while somebody speaks."""
        self._finished = False

    def of_sound(self, server_s: float) -> int:
        """A moment on the server's clock, as ms of the sound that was given."""
        at, most = server_s * 1000, self._sound_ms
        for mark, sound in reversed(self._marks):
            if mark <= at:
                return round(min(sound + at - mark, most))
            most = sound  # what lies between is silence of ours
        return 0

    async def messages(
        self, first: bytes, sound: AsyncIterator[bytes]
    ) -> AsyncGenerator[Any, None]:
        """What the server says while the sound goes there, until that ends, or nobody speaks.

        Raises RecognizerError when the connection fails.
        """
        task = asyncio.create_task(self._run(first, sound), name="deepgram listens")
        try:
            while (message := await self._messages.get()) is not None:
                yield message
        finally:
            task.cancel()
            await asyncio.wait({task}, timeout=_END_S)
        if self._failure:
            raise RecognizerError(self._failure, lost=self._lost)

    async def _run(self, first: bytes, sound: AsyncIterator[bytes]) -> None:
        socket: Any = None
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._manner.connect_s):
                    socket = await stack.enter_async_context(self._connect())
                stack.callback(cut, socket)  # before the client's own end, which waits for 30 s
                await self._converse(socket, first, sound)
        except Exception as error:  # noqa: BLE001 - its client raises whatever its library does
            if socket is None:  # else it was cut, and its client says so once more
                self._failure = self._explain(error)
        finally:
            while self._messages.full():
                self._messages.get_nowait()
            self._messages.put_nowait(None)

    async def _converse(self, socket: Any, first: bytes, sound: AsyncIterator[bytes]) -> None:
        self._begun = self._answered_at = self._now
        sending = asyncio.create_task(self._send(socket, first, sound), name="deepgram is sent")
        receiving = asyncio.create_task(self._receive(socket), name="deepgram says")
        try:
            done, _ = await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                if (error := each.exception()) is not None:
                    known = isinstance(error, RecognizerError)
                    self._failure = str(error) if known else "the connection to Deepgram was cut"
                    self._lost = True
        finally:
            for each in (sending, receiving):
                each.cancel()
            await asyncio.gather(sending, receiving, return_exceptions=True)

    async def _receive(self, socket: Any) -> None:
        """Until the server ends it: whatever code it gives, nobody asked it to."""
        while True:
            try:
                async with asyncio.timeout(_LOOK_S):
                    message = await socket.recv()
            except TimeoutError:
                owes = self._owed_ms >= ENOUGH_MS or (self.turn_open and self._unanswered)
                if owes and self._now - self._answered_at > self._manner.silent_s:
                    raise RecognizerError(
                        f"Deepgram hears, and says nothing for {self._manner.silent_s:g} s"
                    ) from None
                continue
            except ValueError:
                continue  # what is no JSON is no message
            self._answered_at, self._owed_ms, self._unanswered = self._now, 0.0, False
            if getattr(message, "type", None) == "Error":
                raise RecognizerError(f"Deepgram failed: {_reason(message)}")
            if message is not None and not self._messages.full():
                self._messages.put_nowait(message)

    async def _send(self, socket: Any, first: bytes, sound: AsyncIterator[bytes]) -> None:
        await self._take(socket, first)
        while True:
            try:
                async with asyncio.timeout(self._patience()):
                    piece = await anext(sound)
            except TimeoutError:
                if not await self._wait_on(socket):
                    return
                continue
            except StopAsyncIteration:
                await self._flush(socket)
                return
            await self._take(socket, piece)

    async def _take(self, socket: Any, piece: bytes) -> None:
        if not piece:
            await self._flush(socket)
            self._paused_at, self._finished = self._now, False
            return
        if self._paused_at is not None:
            self._marks.append((self._sent_ms, self._sound_ms))
            self._paused_at = None
        self._pending += piece
        while len(self._pending) >= _CHUNK:
            chunk = bytes(self._pending[:_CHUNK])
            del self._pending[:_CHUNK]
            await self._media(socket, chunk, sound=True)

    async def _flush(self, socket: Any) -> None:
        if self._pending:
            rest, self._pending = bytes(self._pending), bytearray()
            await self._media(socket, rest, sound=True)

    async def _media(self, socket: Any, chunk: bytes, *, sound: bool) -> None:
        if not self._unanswered:
            self._answered_at, self._unanswered = self._now, True
        length = duration_ms(len(chunk), MIC_RATE)
        may_ms = BURST_MS + (self._now - self._begun) * 1000 * FASTEST
        if (ahead_ms := self._sent_ms + length - may_ms) > 0:
            await asyncio.sleep(ahead_ms / 1000 / FASTEST)
        async with asyncio.timeout(_SEND_S):
            await socket.send_media(chunk)
        self._sent_at = self._now
        self._sent_ms += length
        if sound:
            self._sound_ms += length
            self._owed_ms += length

    def _patience(self) -> float:
        """How long the next piece is waited for, s."""
        owes_an_end = self.turn_open and not self._finished
        trails = 0 < self._silent_s < max(self._manner.trail_s, TRAIL_S)
        if trails or (owes_an_end and self._silent_s):
            return CHUNK_MS / 1000
        return max(CHUNK_MS / 1000, self._sent_at + KEEP_ALIVE_S - self._now)

    @property
    def _silent_s(self) -> float:
        """Since the last stretch of speech; 0 while somebody speaks."""
        return 0.0 if self._paused_at is None else max(self._now - self._paused_at, 1e-9)

    async def _wait_on(self, socket: Any) -> bool:
        """Nothing came; False: it is left."""
        silent = self._silent_s
        if 0 < silent < TRAIL_S or (self.turn_open and 0 < silent < self._manner.trail_s):
            await self._media(socket, bytes(_CHUNK), sound=False)
            return True
        rests = self._now - self._sent_at < KEEP_ALIVE_S
        if 0 < silent < self._manner.trail_s and rests:
            return True
        if silent > self._manner.leave_s and not self.turn_open:
            self.left = True
            return False
        async with asyncio.timeout(_SEND_S):
            if silent and self.turn_open and not self._finished:
                self._finished = True
                await self._finish(socket)
            elif rests:
                return True
            elif self._keep_alive is not None:
                await self._keep_alive(socket)
            else:
                await socket.send_media(bytes(_CHUNK))
                self._sent_ms += CHUNK_MS
        self._sent_at = self._now
        return True

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _reason(message: Any) -> str:
    said = getattr(message, "description", None) or getattr(message, "err_msg", None)
    return " ".join(str(said or "no reason").split())[:200]
