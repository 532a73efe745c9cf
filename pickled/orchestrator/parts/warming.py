"""Lets the models' servers read what all prompts begin with, before anybody waits for it.

So it is known how fast they are before the first answer, and only what is new in a prompt has to
be read: after the start, after another persona came, and whenever something else was read since.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import structlog

from pickled.brain.persona import Persona
from pickled.brain.prompt import beginning
from pickled.brain.tempo import Mark, marks, new_tokens, verdict
from pickled.errors import ModelError, NoSuchModelError, TornError
from pickled.llm import Gauged, Model
from pickled.messages.prompt import Prompt
from pickled.orchestrator.parts.ladder import Ladder
from pickled.services.gauge import Gauge
from pickled.services.smaller import smaller

log = structlog.get_logger()

AGAIN_S = 30.0
"""After a failure; the ladder's own probes tell what is wrong."""


PATIENCE_S = 10.0
"""So long the first word of a model is waited for that says nothing about it."""


@dataclass
class _Warming:
    """One server that is reading."""

    task: asyncio.Task[None]
    begun: float
    due_s: float
    """How long that will take; 0 where nobody knows."""
    outlasted: bool = False
    """Somebody waited for it in vain: the next one asks at once."""


@dataclass
class Warming:
    """Keeps the beginning of the persona in force in the servers' memory."""

    models: Ladder[Model]
    persona: Callable[[], Persona]
    canary: str
    actions: Callable[[Persona], Mapping[str, str]] = lambda _persona: {}
    """What it may have done, as its rules tell."""
    _now: dict[Gauge, _Warming] = field(default_factory=dict)
    _not_before: dict[Gauge, float] = field(default_factory=dict)
    _worded: tuple[Persona, Mapping[str, str], Prompt, tuple[Mark, ...]] | None = None

    def look(self) -> None:
        """Look after all models that are measured; each second."""
        for rung in self.models.working():
            gauge = gauge_of(rung.part)
            if gauge is not None:
                self.models.slowed(rung, slowness(gauge, self.persona().model))
                self._warm_if_cold(rung.part, gauge)

    async def close(self) -> None:
        """Let nobody read any more."""
        tasks = [each.task for each in self._now.values()]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def first(self) -> Model | None:
        """The model that answers next."""
        return next((rung.part for rung in self.models.working()), None)

    async def ready(self, model: Model) -> None:
        """Wait until it has read the beginning, if it is just reading that.

        Raises ModelError if that takes longer than its first word may: another answers sooner.
        """
        gauge = gauge_of(model)
        if gauge is None:
            return
        patience_s = getattr(model, "patience_s", PATIENCE_S)
        self._warm_if_cold(model, gauge, only_if_slow=True)
        warming = self._now.get(gauge)
        if warming is None or warming.outlasted:
            return
        clock = asyncio.get_running_loop().time
        left = warming.due_s - (clock() - warming.begun)
        if left <= patience_s:
            await asyncio.wait({warming.task}, timeout=patience_s)
        if not warming.task.done():
            warming.outlasted = left <= patience_s
            raise ModelError(f"{model.name} still reads what the persona is")

    def _warm_if_cold(self, model: Model, gauge: Gauge, *, only_if_slow: bool = False) -> None:
        now = asyncio.get_running_loop().time()
        if gauge.busy or gauge in self._now or now < self._not_before.get(gauge, 0.0):
            return
        prompt, lines = self._beginning()
        tempo = gauge.tempo(prompt.model)
        new = new_tokens(lines, tempo.held)
        if new and not (only_if_slow and tempo.room is not None and new <= tempo.room):
            task = asyncio.create_task(self._read(model, gauge, prompt), name=f"warm {model.name}")
            self._now[gauge] = _Warming(task, now, tempo.reads_in_s(new))

    async def _read(self, model: Model, gauge: Gauge, prompt: Prompt) -> None:
        try:
            try:
                await read_through(model, prompt)
            except NoSuchModelError:  # the configured one answers in its place
                self._not_before[gauge] = asyncio.get_running_loop().time() + AGAIN_S
                if new_tokens(marks(prompt), gauge.tempo(None).held):
                    await read_through(model, prompt.model_copy(update={"model": None}))
        except ModelError as error:
            self._not_before[gauge] = asyncio.get_running_loop().time() + AGAIN_S
            log.debug("did not read what the persona is", part=model.name, why=str(error))
        finally:
            del self._now[gauge]

    def _beginning(self) -> tuple[Prompt, tuple[Mark, ...]]:
        persona = self.persona()
        actions, known = self.actions(persona), self._worded
        if known is None or known[0] is not persona or known[1] != actions:
            prompt = beginning(persona, actions, canary=self.canary)
            known = self._worded = persona, actions, prompt, marks(prompt)
        return known[2:]


async def read_through(model: Model, prompt: Prompt) -> None:
    """Have it read that; raises ModelError."""
    pieces: AsyncGenerator[str, None] = model.stream(prompt)
    with suppress(TornError):  # one token of an answer is none
        async with aclosing(pieces):
            async for _ in pieces:
                pass


def gauge_of(model: Model) -> Gauge | None:
    """What measures it, if anything does."""
    return model.gauge if isinstance(model, Gauged) else None


def slowness(gauge: Gauge, model: str | None) -> str:
    """Why the first word comes late, with the remedy; "" if it comes in time, or nobody knows."""
    tempo = gauge.tempo(model)
    if not tempo.too_slow:
        return ""
    return verdict(tempo, smaller=smaller(gauge.size(model), tempo))
