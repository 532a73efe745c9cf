"""What is remembered, from the last minutes to the last years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """What `start` of each file in `embed/` yields."""

    @property
    def name(self) -> str:
        """Kind and model: vectors of different names are never mixed."""

    @property
    def dimensions(self) -> int:
        """0 until they are known, which is at the latest with the first vector."""

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """A unit vector (little-endian float32) for each text; None for one that has no meaning
        to embed (empty, emoji alone). Urgent ones (a query) go before those that fill gaps.

        Raises EmbedderError while it loads, and when it fails or takes too long.
        """

    async def probe(self) -> None:
        """Can it embed now? Raises EmbedderError that names the remedy."""
