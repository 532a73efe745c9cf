"""Deepgram's voices, over a connection that stays open from clause to clause."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from pydantic import Field

from pickled.audio import SPEECH_RATE
from pickled.errors import FloodedError, VoiceError
from pickled.plugins import Surroundings
from pickled.services.deepgram import DeepgramAccount, client_of, explain, status_of
from pickled.services.deepgram_speaking import SpokenLine
from pickled.tts import Synthesizer
from pickled.tts.pcm import Resampled

FLUSHES = 20
"""Deepgram's limit in any 60 s (its page on Flush, November 2026); what is above it is dropped."""
_WINDOW_S = 61.0
"""Its clock is not ours, and the way there takes now more, now less."""
LONGEST_TEXT = 2000
"""Characters of a request."""
_SLOWEST, _FASTEST = 0.7, 1.5
_LISTED_S = 600.0
_ASKED_S = 2.5
_MOST_VOICES = 200
_ONCE = {"max_retries": 0}
"""Trying again is the ladder's, which has another voice meanwhile."""
_SAMPLES = {"encoding": "linear16", "sample_rate": SPEECH_RATE}


class Options(DeepgramAccount):
    """Which voice speaks, and how long it is waited for."""

    voice: str = Field(default="aura-2-thalia-en", pattern=r"^[a-z0-9-]{3,64}$")
    first_byte_timeout_s: float = Field(default=2.0, gt=0, le=60)
    """From when a clause is wanted, with a connection that has to be made first."""
    idle_timeout_s: float = Field(default=2.0, gt=0, le=60)
    """Between two pieces of sound."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Synthesizer]:
    """A voice of Deepgram; whether it is there, and takes the key, shows at the first probe."""
    del surroundings
    async with client_of(options) as client:
        voice = DeepgramVoice(options, client)
        try:
            yield voice
        finally:
            await voice.close()


class DeepgramVoice:
    """One connection for the voice and pace in use; a flood of clauses goes by single requests."""

    def __init__(self, options: Options, client: Any) -> None:
        self.name = "deepgram"
        self.voices: tuple[str, ...] = (options.voice,)
        self.languages: dict[str, str] = {}
        self._options, self._client = options, client
        self._lines: list[SpokenLine] = []
        """The one in use last; before it what still speaks with another voice."""
        self._flushed: deque[float] = deque(maxlen=FLUSHES)
        """When, by the loop's clock, s."""
        self._listed_at = float("-inf")

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """Speech as it comes; closing the generator makes Deepgram stop."""
        model = voice if voice in self.voices else self._options.voice
        pace = round(min(max(speed, _SLOWEST), _FASTEST), 2)
        speech = Resampled(SPEECH_RATE)
        async with aclosing(self._sound(text[:LONGEST_TEXT], model, pace)) as pieces:
            async for piece in pieces:
                for ready in speech.feed(piece):
                    yield ready
        for ready in speech.finish():
            yield ready

    async def probe(self) -> None:
        """Does it take the key, and has it the voice? Opens the connection for the next clause."""
        now = asyncio.get_running_loop().time()
        if now - self._listed_at >= _LISTED_S:
            await self._list()
            self._listed_at = now
        if not (self._lines and self._lines[-1].takes):
            self._opened(self._options.voice, 1.0)
        await self._lines[-1].ready(min(self._options.connect_timeout_s, _ASKED_S))

    async def close(self) -> None:
        """Cut what is open."""
        for line in self._lines:
            await line.close()

    async def _sound(self, text: str, model: str, pace: float) -> AsyncGenerator[bytes, None]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._options.first_byte_timeout_s
        if self._may_flush(loop.time()):
            sounded = False
            try:
                line = self._opened(model, pace)
                await line.ready(self._options.first_byte_timeout_s)
                async with aclosing(line.say(text, until)) as pieces:
                    async for piece in pieces:
                        sounded = True
                        yield piece
            except FloodedError:
                if sounded:
                    raise
            else:
                return
        async with aclosing(self._requested(text, model, pace)) as pieces:
            async for piece in pieces:
                yield piece

    def _may_flush(self, now: float) -> bool:
        """Is one more allowed in this minute? It counts, whatever becomes of it."""
        if len(self._flushed) == FLUSHES and now - self._flushed[0] < _WINDOW_S:
            return False
        self._flushed.append(now)
        return True

    def _opened(self, model: str, pace: float) -> SpokenLine:
        """The connection for that voice and pace: another one needs another connection."""
        asked = {"model": model, **_SAMPLES, **({} if pace == 1.0 else {"speed": pace})}
        self._lines = [each for each in self._lines if not each.over]
        if self._lines and self._lines[-1].takes and self._lines[-1].asked == asked:
            return self._lines[-1]
        for line in self._lines:
            line.leave()
        options = self._options
        line = SpokenLine(
            self._client, asked,
            explain=lambda error: self._explained(error, model),
            first_s=options.first_byte_timeout_s, next_s=options.idle_timeout_s,
        )  # fmt: skip
        line.open()
        self._lines.append(line)
        return line

    async def _requested(self, text: str, model: str, pace: float) -> AsyncGenerator[bytes, None]:
        """By itself: slower to begin, and not counted among the flushes."""
        options = self._options
        asked = {"model": model, **_SAMPLES, **({} if pace == 1.0 else {"speed": pace})}
        patience = options.first_byte_timeout_s
        pieces = self._client.speak.v1.audio.generate(
            text=text, container="none", request_options=_ONCE, **asked
        )
        async with aclosing(pieces):
            while True:
                try:
                    async with asyncio.timeout(patience):
                        piece = await anext(pieces, None)
                except Exception as error:
                    raise VoiceError(self._explained(error, model)) from error
                if piece is None:
                    return
                patience = options.idle_timeout_s
                yield piece

    async def _list(self) -> None:
        """Which voices there are; raises VoiceError."""
        options = self._options
        try:
            async with asyncio.timeout(_ASKED_S):
                listed = await self._client.manage.v1.models.list(request_options=_ONCE)
        except Exception as error:
            raise VoiceError(self._explained(error, options.voice)) from error
        found: dict[str, str] = {}
        for each in list(getattr(listed, "tts", None) or ())[:_MOST_VOICES]:
            name, languages = getattr(each, "canonical_name", None), each.languages or ()
            if isinstance(name, str):
                found[name] = str(languages[0]) if languages else ""
        if found and options.voice not in found:
            near = ", ".join(list(found)[:5])
            raise VoiceError(f"Deepgram has no voice {options.voice}; there is {near}")
        self.voices = (options.voice, *(name for name in found if name != options.voice))
        self.languages = {name: language for name, language in found.items() if language}

    def _explained(self, error: BaseException, model: str) -> str:
        if status_of(error) is not None:
            self._listed_at = float("-inf")  # something changed: ask anew
        return explain(error, self._options, f"the voice {model}")
