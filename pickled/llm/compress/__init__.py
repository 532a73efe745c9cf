"""Compressors, one file each: they say the same in fewer tokens, and leave words out for it."""

from __future__ import annotations

from typing import Protocol


class Compressor(Protocol):
    """What `start` of each file here yields."""

    @property
    def name(self) -> str:
        """As shown: the kind and the model."""

    async def compress(self, text: str) -> str:
        """The text in fewer tokens, never empty where the text isn't.

        Raises ModelError on failure or after its own timeout; the caller has the plain text.
        """
