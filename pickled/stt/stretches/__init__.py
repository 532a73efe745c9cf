"""Sound as one stretch of speech after the other, for recognizers that take a whole one."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator

from pickled.audio import MIC_RATE, SAMPLE_BYTES, bytes_for, duration_ms

LONGEST_S = 30.0
"""A stretch that is longer is cut there: Whisper hears no more at once."""

SHORTEST_MS = 150.0
"""Less is no word, and some servers make one up."""


class StretchReader:
    """Reads the sound piece by piece, and knows where in it the stretch lies."""

    def __init__(self, sound: AsyncIterator[bytes]) -> None:
        self._sound = sound
        self._taken_ms = 0.0
        self.start_ms = 0
        """Where the stretch begins, ms of all sound."""
        self.length_ms = 0.0
        """Of the stretch, so far."""
        self.over = False
        """No sound comes any more."""

    async def first(self) -> bytes | None:
        """The first piece of the next stretch; None when no sound comes any more."""
        self.start_ms, self.length_ms = round(self._taken_ms), 0.0
        async for piece in self._sound:
            if piece:
                return self._took(piece)
        self.over = True
        return None

    async def more(self) -> bytes | None:
        """The next piece of this stretch; None at its end."""
        if self.length_ms >= LONGEST_S * 1000:
            return None
        async for piece in self._sound:
            return self._took(piece) if piece else None
        self.over = True
        return None

    async def whole(self) -> bytes | None:
        """All of the next stretch; None when no sound comes any more."""
        piece = await self.first()
        if piece is None:
            return None
        pieces = []
        while piece is not None:
            pieces.append(piece)
            piece = await self.more()
        return b"".join(pieces)

    def _took(self, piece: bytes) -> bytes:
        length = duration_ms(len(piece), MIC_RATE)
        self._taken_ms += length
        self.length_ms += length
        return piece


def as_wav(pcm: bytes) -> bytes:
    """The sound as a file: 16 kHz, 16 bit, mono."""
    rate = MIC_RATE * SAMPLE_BYTES
    form = struct.pack("<HHIIHH", 1, 1, MIC_RATE, rate, SAMPLE_BYTES, 16)
    head = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(pcm))
    return b"RIFF" + struct.pack("<I", len(head) + len(pcm)) + head + pcm


def is_too_short(pcm: bytes) -> bool:
    """Can there be no word in it?"""
    return len(pcm) < bytes_for(SHORTEST_MS, MIC_RATE)
