"""Has a compressor make prompts shorter, where that is worth its time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from pickled.brain import prompt as prompting
from pickled.brain.prompt import Composed
from pickled.brain.tempo import Tempo, compressing_costs_s, fits, marks, new_tokens
from pickled.errors import ModelError
from pickled.llm.compress import Compressor

log = structlog.get_logger()

_HOLDS = "not compressed: a slow model holds its prompt, and reads what is new"
_COSTS = "compressing costs more time than it saves"


@dataclass
class Compressing:
    """A server holds what it read last: of text that was worded anew it holds nothing."""

    compressor: Compressor
    _said: set[str] = field(default_factory=set)

    async def shorter(self, composed: Composed, tempo: Tempo) -> str | None:
        """What it makes of the data; None where it fails, or the model could not read it in time.

        Such a model gets a prompt that goes on where the last one ended, which is read sooner.
        """
        plain = marks(prompting.finish(composed))
        if not fits(plain, tempo):
            anew_s = round(tempo.reads_in_s(new_tokens(plain, tempo.held)), 1)
            self._say_once(_HOLDS, reads_s=anew_s)
            return None
        begun = asyncio.get_running_loop().time()
        try:
            data = await self.compressor.compress(composed.data)
        except ModelError as error:
            log.warning("the prompt is not compressed", why=str(error))
            return None
        if tempo.reads is not None:
            took = asyncio.get_running_loop().time() - begun
            lines = marks(prompting.finish(composed, data=data))
            costs = compressing_costs_s(tempo, plain, lines, took_s=took)
            if costs > 0:
                self._say_once(_COSTS, ms=round(costs * 1000))
        return data

    def _say_once(self, what: str, **figures: float) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning(what, compressor=self.compressor.name, **figures)
