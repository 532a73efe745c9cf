"""Measures how fast the models of one server read and write, by every answer that they give."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cached_property

from pickled.brain.tempo import (
    KEPT,
    Mark,
    Measured,
    Tempo,
    Waited,
    marks,
    middle,
    new_tokens,
    rate,
    settled,
    with_rate,
    writing,
)
from pickled.errors import ModelError
from pickled.messages.prompt import Prompt
from pickled.services.streaming import Piece, ServerFigures

MOST_MODELS = 20
"""Personas name their own; the figures of so many are kept."""

_SENT_S = 0.01
"""So long after it was begun a prompt is on its way."""

_OWN_COUNTS = (0.3, 1.5)
"""So many tokens of a model's own may be one of ours."""


@dataclass
class _Figures:
    """Of one model."""

    rates: tuple[Measured, ...] = ()
    writes: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    held: tuple[Mark, ...] = ()
    real: float = 1.0
    size: float | None = None


@dataclass
class _Counted:
    """A prompt whose lines are counted while the server reads it, not before it is sent."""

    prompt: Prompt

    @cached_property
    def lines(self) -> tuple[Mark, ...]:
        return marks(self.prompt)

    def count(self) -> None:
        self.lines  # noqa: B018 - it is kept


class Gauge:
    """The figures of each model; no word of what was read is kept."""

    def __init__(self, model: str) -> None:
        self._default = model
        self._models: dict[str, _Figures] = {}
        self.busy = 0
        """Answers that are being written, or waited for."""

    def tempo(self, model: str | None) -> Tempo:
        """Of that model, or of the configured one."""
        of = self._of(model)
        return Tempo(
            reads=settled(of.rates),
            writes=middle(of.writes),
            held=of.held,
            real=of.real,
        )

    def size(self, model: str | None) -> float | None:
        """Billions of its parameters, where the server told."""
        return self._of(model).size

    def weigh(self, model: str, size: float) -> None:
        """The server told."""
        self._of(model).size = size

    async def measured(
        self, pieces: AsyncGenerator[Piece, None], prompt: Prompt
    ) -> AsyncGenerator[Piece, None]:
        """The same pieces; closing it closes them."""
        loop, counted = asyncio.get_running_loop(), _Counted(prompt)
        clock, asked, of = loop.time, loop.time(), self._of(prompt.model)
        counting = loop.call_later(_SENT_S, counted.count)
        before, of.held = of.held, ()  # what it holds until the first token is not known
        count, first, last, told, failed = 0, 0.0, 0.0, ServerFigures(), False
        self.busy += 1
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    told = told.also(piece.told)
                    if piece.text or piece.thought:
                        count, last = count + 1, clock()
                        if count == 1:
                            first, of.held = last, counted.lines
                    elif piece.end == "limit" and not count:  # its one token was no text yet
                        first, of.held = clock(), counted.lines
                    yield piece
        except ModelError:
            failed = True
            raise
        finally:
            counting.cancel()
            self.busy -= 1
            waited = (first or clock()) - asked
            if first or not failed:
                reading = Waited(
                    new=new_tokens(counted.lines, before),
                    whole=new_tokens(counted.lines, ()),
                    waited_s=waited - told.loaded_within(waited),
                    told_s=told.read_s,
                    unfinished=not first,
                )
                _learn(of, reading, told)
            _wrote(of, count, last - first, told)

    def _of(self, model: str | None) -> _Figures:
        name = model or self._default
        if name not in self._models and len(self._models) >= MOST_MODELS:
            del self._models[next(iter(self._models))]
        return self._models.setdefault(name, _Figures())


def _learn(of: _Figures, reading: Waited, told: ServerFigures) -> None:
    missed = bool(of.rates) and of.rates[-1].missed
    if found := rate(reading, settled(of.rates), missed=missed):
        of.rates = with_rate(of.rates, found)
    low, high = _OWN_COUNTS
    if told.read and reading.whole and low <= told.read / reading.whole <= high:
        of.real = told.read / reading.whole


def _wrote(of: _Figures, count: int, seconds: float, told: ServerFigures) -> None:
    """By what the server says, else by the pieces as they came."""
    value = writing(told.written or 0, told.written_s) or writing(count - 1, seconds)
    if value:
        of.writes.append(value)
