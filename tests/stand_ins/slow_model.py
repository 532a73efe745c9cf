"""A model on a machine without a GPU, in the daemon's own process: for tests in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from pickled.messages.prompt import Prompt
from pickled.services.gauge import Gauge
from pickled.services.streaming import Patience, Piece, ServerFigures, answered
from tests.stand_ins.ollama_answers import about_words
from tests.stand_ins.parts import answer
from tests.stand_ins.prefix_cache import CHARACTERS_PER_TOKEN, PrefixCache

_PLACES = "harbour church station market bridge museum garden castle tower".split()  # noqa: SIM905


def wise(prompt: Prompt) -> str:
    """Another answer to each question."""
    asked = prompt.request.messages[-1].text
    near, far = _PLACES[len(asked) % 9], _PLACES[sum(map(ord, asked)) % 9]
    return (
        f"From the {near} it is {len(asked)} steps. Ask again at the {far}, {sum(map(ord, asked))}."
    )


@dataclass
class SlowModel:
    """Reads and writes at the given speeds, one prompt after the other, as a server does."""

    reads: float = 50.0
    """Tokens of a prompt a s; what it read before costs nothing."""
    writes: float = 10.0
    tells: Callable[[float, float], ServerFigures | None] = lambda count, read_s: ServerFigures(
        count, read_s
    )
    """What it says of itself at the end, from the prompt's tokens and how long it read."""
    text: Callable[[Prompt], str] = lambda prompt: wise(prompt)
    name: str = "slow model"
    bounded: bool = False
    prompts: list[Prompt] = field(default_factory=list)
    warmed: list[Prompt] = field(default_factory=list)
    cache: PrefixCache = field(default_factory=PrefixCache)
    first_s: list[float] = field(default_factory=list)
    """How long each prompt waited for its first token."""
    gauge: Gauge = field(default_factory=lambda: Gauge("slow"))

    async def probe(self) -> None:
        """It is always there."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        (self.warmed if prompt.warming else self.prompts).append(prompt)
        return answered(
            self.gauge.measured(self._pieces(prompt), prompt),
            patience=Patience().with_(prompt),
            name=self.name,
            most_tokens=150,
            late=lambda: f"{self.name} took too long",
        )

    async def _pieces(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        asked = asyncio.get_running_loop().time()
        async with self.cache.one:
            text = "\n".join(each.content for each in prompt.messages)
            read_s = await self.cache.take(text, self.reads)
            if not prompt.warming:
                self.first_s.append(asyncio.get_running_loop().time() - asked)
            tokens = about_words(answer("" if prompt.warming else self.text(prompt)))
            for token in tokens[:1] if prompt.warming else tokens:
                await asyncio.sleep(1 / self.writes)
                yield Piece(token)
            yield Piece(
                end="limit" if prompt.warming else "whole",
                told=self.tells(len(text) / CHARACTERS_PER_TOKEN, read_s),
            )
