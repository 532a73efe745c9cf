"""A connection to Deepgram on which clause after clause becomes sound, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from pickled.errors import FloodedError, VoiceError
from pickled.services.deepgram import cut

_MOST_WAITING = 16
"""Clauses that wait for their sound; a turn asks for two at a time."""
_MOST_SOUND = 120 * 48_000
"""Bytes of one clause, 120 s: beyond, it has lost its way."""
_END_S = 0.5
_LEAST_S = 0.3
"""So long the first sound is waited for, however late it is."""


@dataclass
class _Clause:
    sound: asyncio.Queue[bytes | VoiceError | None] = field(default_factory=asyncio.Queue)
    """Pieces, then None, or why there are no more."""
    taken: int = 0
    """Bytes that came."""
    unwanted: bool = False
    cleared: bool = False
    """The server was told to drop it."""


class SpokenLine:
    """A WebSocket of Deepgram's for one voice; made for one use."""

    def __init__(
        self,
        client: Any,
        asked: Mapping[str, Any],
        *,
        explain: Callable[[BaseException], str],
        first_s: float,
        next_s: float,
    ) -> None:
        self.asked = dict(asked)
        self.over = False
        self._client, self._explain = client, explain
        self._first_s, self._next_s = first_s, next_s
        self._socket: Any = None
        self._open = asyncio.Event()
        self._failure = "the connection to Deepgram was closed"
        self._clauses: deque[_Clause] = deque()
        self.leaving = False
        """It takes no more clauses."""
        self._task: asyncio.Task[None] | None = None

    @property
    def takes(self) -> bool:
        """Does it take another clause?"""
        return not (self.over or self.leaving)

    def open(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._run(), name="deepgram speaks")

    async def ready(self, seconds: float) -> None:
        """Wait until it is connected; raises VoiceError."""
        try:
            async with asyncio.timeout(seconds):
                await self._open.wait()
        except TimeoutError as error:
            self._end(self._explain(error))
        if self.over:
            raise VoiceError(self._failure)

    async def say(self, text: str, until: float | None = None) -> AsyncGenerator[bytes, None]:
        """The sound of a clause; closing it makes the server stop if nothing else waits there.

        Its first sound is waited for until then, by the loop's clock.
        """
        if len(self._clauses) >= _MOST_WAITING:
            raise FloodedError("too many clauses wait for Deepgram")
        clause = _Clause()
        self._clauses.append(clause)
        try:
            await self._send(lambda socket: socket.send_text(_said(text)))
            await self._send(lambda socket: socket.send_flush())
            now = asyncio.get_running_loop().time()
            patience = self._first_s if until is None else max(until - now, _LEAST_S)
            while (piece := await self._next(clause, patience)) is not None:
                patience = self._next_s
                yield piece
        finally:
            clause.unwanted = True
            await self._drop(clause)

    def leave(self) -> None:
        """No clause comes after those that wait now."""
        self.leaving = True
        if not self._clauses:
            self._end("another voice speaks")

    async def close(self) -> None:
        """Cut it; nothing that is still on its way is waited for."""
        self._end("it is closed")
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_END_S)

    async def _run(self) -> None:
        try:
            async with self._client.speak.v1.connect(**self.asked) as socket:
                self._socket = socket
                self._open.set()
                if not self.over:
                    await self._listen(socket)
                cut(socket)
        except Exception as error:  # noqa: BLE001 - its client raises whatever its library does
            connected = self._socket is not None
            self._end("the connection to Deepgram was cut" if connected else self._explain(error))
        finally:
            self._end(self._failure)

    async def _listen(self, socket: Any) -> None:
        """Until the server ends it: whatever code it gives, nobody asked it to."""
        async for message in socket:
            if isinstance(message, bytes):
                self._sounded(message)
                continue
            # What it makes of a message's text has the wrong class for some types, the type right.
            match getattr(message, "type", None):
                case "Flushed":
                    self._done()
                case "Cleared":
                    if self._clauses and self._clauses[0].cleared:
                        self._done()
                case "Warning" if "FLUSH" in str(getattr(message, "code", "")).upper():
                    self._flooded()
                case "Error":
                    self._end(f"Deepgram failed: {_text(message)}")
                    return

    def _sounded(self, piece: bytes) -> None:
        if not self._clauses:
            return
        clause = self._clauses[0]
        clause.taken += len(piece)
        if clause.taken > _MOST_SOUND:
            self._end("Deepgram does not come to an end")
        elif not clause.unwanted:
            clause.sound.put_nowait(piece)

    def _done(self) -> None:
        if self._clauses:
            self._clauses.popleft().sound.put_nowait(None)
        if self.leaving and not self._clauses:
            self._end("another voice speaks")

    def _flooded(self) -> None:
        """A flush was not taken: what it was for would come out with the next one's words."""
        why = "Deepgram takes no more clauses for now"
        refused = [each for each in self._clauses if not each.taken]
        for clause in refused:
            self._clauses.remove(clause)
            clause.sound.put_nowait(FloodedError(why))
        self._failure = why
        self.leave()

    async def _next(self, clause: _Clause, seconds: float) -> bytes | None:
        try:
            async with asyncio.timeout(seconds):
                piece = await clause.sound.get()
        except TimeoutError as error:
            self._end(self._explain(error))
            raise VoiceError(f"Deepgram gave no sound for {seconds:.2g} s") from error
        if isinstance(piece, VoiceError):
            raise piece
        return piece

    async def _send(self, send: Callable[[Any], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(self._first_s):
                await send(self._socket)
        except Exception as error:
            self._end(self._explain(error))
            raise VoiceError(self._failure) from error

    async def _drop(self, clause: _Clause) -> None:
        if self.over or clause not in self._clauses:
            return
        if len(self._clauses) == 1:  # whatever waits behind it would be dropped, too
            clause.cleared = True
            try:
                await self._send(lambda socket: socket.send_clear())
            except VoiceError:
                return

    def _end(self, why: str) -> None:
        if self.over:
            return
        self.over, self._failure = True, why
        self._open.set()
        for clause in self._clauses:
            clause.sound.put_nowait(VoiceError(why))
        self._clauses.clear()
        if self._socket is not None:
            cut(self._socket)
        elif self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()


def _said(text: str) -> Any:
    return import_module("deepgram.speak.v1.types").SpeakV1Text(text=text)


def _text(message: Any) -> str:
    said = getattr(message, "err_msg", None) or getattr(message, "description", "") or "no reason"
    return " ".join(str(said).split())[:200]
