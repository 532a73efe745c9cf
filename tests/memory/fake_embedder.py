"""An embedder without a model: words that mean the same point the same way."""

from __future__ import annotations

import hashlib
import math
import random
import re
import struct
from collections.abc import Sequence

from pickled.errors import EmbedderError

_SAME = {"dog": "pet", "puppy": "pet", "ill": "sick", "unwell": "sick", "bike": "bicycle"}


class FakeEmbedder:
    """Deterministic; fails with `trouble` when that is set."""

    def __init__(self, name: str = "fake", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.trouble = ""
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """The sum of a direction for each word."""
        if self.trouble:
            raise EmbedderError(self.trouble)
        self.asked += texts
        return [self.vector(text) for text in texts]

    async def probe(self) -> None:
        """Can it embed now?"""
        if self.trouble:
            raise EmbedderError(self.trouble)

    def vector(self, text: str) -> bytes | None:
        """The same for the same text, always."""
        words = re.findall(r"\w+", text.lower())
        if not words:
            return None
        sums = [0.0] * self.dimensions
        for word in words:
            seed = hashlib.sha256(f"{self.name} {_SAME.get(word, word)}".encode()).digest()
            dice = random.Random(seed)
            sums = [each + dice.gauss(0, 1) for each in sums]
        length = math.sqrt(sum(each * each for each in sums))
        return struct.pack(f"<{self.dimensions}f", *(each / length for each in sums))
