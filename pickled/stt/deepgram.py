"""Deepgram hears: Flux, which tells when a turn is over, or Nova."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Any, Self

from pydantic import Field, model_validator

from pickled.audio import MIC_RATE
from pickled.errors import RecognizerError
from pickled.messages.recognized import Recognized
from pickled.plugins import Surroundings
from pickled.services.deepgram import (
    LISTENING,
    DeepgramAccount,
    client_of,
    explain,
    retry_after,
    status_of,
)
from pickled.services.deepgram_listening import ListeningLine, ListeningManner
from pickled.stt import Recognizer
from pickled.stt.turns import TurnReader
from pickled.stt.turns.flux import FluxTurns
from pickled.stt.turns.nova import NovaTurns

REPLAY_S = 2.0
"""Deepgram takes sound at most 1.25 times as fast as it is spoken, for longer than this."""

NOVA_TRAIL_S = 2.0
"""After its `endpointing` and `utterance_end_ms` a turn has ended, or is told to."""

_ENDPOINTING_MS, _UTTERANCE_END_MS = 300, 1000
_LISTED_S = 600.0
_REFUSED_S = 60.0
"""A key or model that was refused is not tried again for so long: only a person can mend it."""
_BUSY_S = 4.0
_ASKED_S = 2.5
_LASTING = frozenset({400, 401, 402, 403, 404})
_TOO_MANY = 429
_FLUX = "flux-"
_ONCE = {"max_retries": 0}


class Options(DeepgramAccount):
    """Which model hears, and when it takes a turn for over."""

    model: str = Field(default="flux-general-en", pattern=r"^[a-z0-9-]{3,64}$")
    """`flux-general-en`, `flux-general-multi`, or one of Nova, as `nova-3`."""
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$")
    """Of Nova (`multi`: any), or a hint for `flux-general-multi`."""
    keyterms: tuple[str, ...] = Field(default=(), max_length=100)
    """Names and words that it would else not know."""
    eager_eot_threshold: float | None = Field(default=0.5, ge=0.3, le=0.9)
    """So sure of Flux that a turn is over begins an answer; null: none begins before the end."""
    eot_threshold: float = Field(default=0.7, ge=0.5, le=0.9)
    eot_timeout_ms: int = Field(default=5000, ge=500, le=10_000)
    """After so much silence a turn of Flux's is over in any case."""
    silence_timeout_s: float = Field(default=4.0, gt=0, le=60)
    """It is sent speech, and says nothing for so long: the connection is dead."""
    leave_after_s: float = Field(default=300.0, gt=0, le=86_400)
    """After so long without speech the connection is left: open, it costs a little all the time."""

    @model_validator(mode="after")
    def _eager_is_sooner(self) -> Self:
        if self.eager_eot_threshold is not None and self.eager_eot_threshold > self.eot_threshold:
            raise ValueError("eager_eot_threshold may not be above eot_threshold")
        return self


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Recognizer]:
    """An ear of Deepgram's; whether it is there, and takes the key, shows at the first probe."""
    del surroundings
    async with client_of(options, LISTENING) as client:
        yield DeepgramEar(options, client)


class DeepgramEar:
    """One connection at a time, opened when somebody speaks."""

    replay_s = REPLAY_S

    def __init__(self, options: Options, client: Any) -> None:
        self.name = f"deepgram {options.model}"
        self._options, self._client = options, client
        self._asked_at = float("-inf")
        self._refused = ""
        self._refused_until = 0.0

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """As `Recognizer.recognize`."""
        async for first in sound:
            if not first:
                continue
            line, turns = self._line(), self._turns()
            async with aclosing(line.messages(first, sound)) as messages:
                async for message in messages:
                    told = turns.read(message, line.of_sound)
                    line.turn_open = turns.open
                    for each in told:
                        yield each

    async def probe(self) -> None:
        """Does it take the key, and has it the model? Costs no sound."""
        now = asyncio.get_running_loop().time()
        if now < self._refused_until:
            raise RecognizerError(self._refused)
        if now - self._asked_at < _LISTED_S:
            return
        try:
            async with asyncio.timeout(_ASKED_S):
                listed = await self._client.manage.v1.models.list(request_options=_ONCE)
        except Exception as error:
            raise RecognizerError(self._explained(error)) from error
        names = {
            str(name)
            for each in list(getattr(listed, "stt", None) or ())
            for name in (getattr(each, "canonical_name", None), getattr(each, "name", None))
        }
        if names and self._options.model not in names and not self._is_flux:
            raise RecognizerError(
                f"Deepgram has no model {self._options.model}; there is "
                f"{', '.join(sorted(names)[:5])}"
            )
        self._asked_at = now

    @property
    def _is_flux(self) -> bool:
        return self._options.model.startswith(_FLUX)

    def _turns(self) -> TurnReader:
        return FluxTurns() if self._is_flux else NovaTurns()

    def _line(self) -> ListeningLine:
        options, flux = self._options, self._is_flux
        trail_s = options.eot_timeout_ms / 1000 + 0.5 if flux else NOVA_TRAIL_S
        return ListeningLine(
            self._flux if flux else self._nova,
            ListeningManner(
                connect_s=options.connect_timeout_s,
                silent_s=options.silence_timeout_s,
                trail_s=trail_s,
                leave_s=options.leave_after_s,
            ),
            explain=self._explained,
            keep_alive=None if flux else lambda socket: socket.send_keep_alive(),
            finish=lambda socket: socket.send_force_end_turn() if flux else socket.send_finalize(),
        )

    def _flux(self) -> AbstractAsyncContextManager[Any]:
        options = self._options
        asked = {
            "model": options.model, "encoding": "linear16", "sample_rate": MIC_RATE,
            "eot_threshold": options.eot_threshold, "eot_timeout_ms": options.eot_timeout_ms,
            "eager_eot_threshold": options.eager_eot_threshold,
            "keyterm": list(options.keyterms) or None,
            "language_hint": [options.language] if options.language else None,
        }  # fmt: skip
        way: AbstractAsyncContextManager[Any] = self._client.listen.v2.connect(**asked)
        return way

    def _nova(self) -> AbstractAsyncContextManager[Any]:
        options = self._options
        asked = {
            "model": options.model, "encoding": "linear16", "sample_rate": MIC_RATE,
            "channels": 1, "interim_results": "true", "smart_format": "true",
            "endpointing": _ENDPOINTING_MS, "utterance_end_ms": _UTTERANCE_END_MS,
            "vad_events": "true", "language": options.language,
            "keyterm": list(options.keyterms) or None,
        }  # fmt: skip
        way: AbstractAsyncContextManager[Any] = self._client.listen.v1.connect(**asked)
        return way

    def _explained(self, error: BaseException) -> str:
        """Why, with the remedy; what only a person can mend is held against it for a while."""
        status, now = status_of(error), asyncio.get_running_loop().time()
        why = explain(error, self._options, f"the model {self._options.model}")
        if status is not None:
            self._asked_at = float("-inf")
        if status in _LASTING or status == _TOO_MANY:
            self._refused = why
            busy_s = retry_after(error) or _BUSY_S
            self._refused_until = now + (busy_s if status == _TOO_MANY else _REFUSED_S)
        return why
