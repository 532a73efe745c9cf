"""How long a server reads a prompt: what it has in common with the one before costs nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import takewhile
from math import inf

CHARACTERS_PER_TOKEN = 4
"""Of an English prompt, about."""


@dataclass
class PrefixCache:
    """As Ollama and llama.cpp have one, for one prompt."""

    text: str = ""
    """What is in it."""
    one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whoever reads or writes with it."""
    read: list[int] = field(default_factory=list)
    """Tokens that each prompt had to be read for, in order."""

    async def take(self, prompt: str, per_s: float | None) -> float:
        """Read it, at so many tokens a s; how long that took. Who goes away leaves it with what it
        has read until then.
        """
        pairs = zip(self.text, prompt, strict=False)
        known = sum(1 for _ in takewhile(lambda each: each[0] == each[1], pairs))
        new = (len(prompt) - known) / CHARACTERS_PER_TOKEN
        self.read.append(round(new))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await asyncio.sleep(new / (per_s or inf))
        except asyncio.CancelledError:
            took = loop.time() - began
            characters = took * (per_s or inf) * CHARACTERS_PER_TOKEN
            self.text = prompt[: known + int(min(characters, len(prompt)))]
            raise
        self.text = prompt
        return loop.time() - began
