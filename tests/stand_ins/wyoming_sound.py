"""What the stand-in of a Wyoming voice says: real words, or a tone."""

from __future__ import annotations

import array
import asyncio
import math
import tempfile
import wave
from asyncio.subprocess import DEVNULL

RATE = 22_050
"""Hz, as most of Piper's voices have it."""

_TONE_CHARS_PER_S = 15


async def words_of(flite: str, text: str) -> tuple[int, bytes]:
    """Its rate and samples, by flite."""
    with tempfile.TemporaryFile() as words, tempfile.NamedTemporaryFile(suffix=".wav") as file:
        words.write(text.encode("ascii", "ignore"))
        words.seek(0)
        process = await asyncio.create_subprocess_exec(
            *(flite, "-voice", "slt", "-f", "/dev/stdin", "-o", file.name),
            stdin=words,
            stdout=DEVNULL,
        )
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        with wave.open(file.name) as sound:
            return sound.getframerate(), sound.readframes(sound.getnframes())


def tone_of(text: str) -> bytes:
    """A tone as long as the text."""
    samples = range(RATE * len(text) // _TONE_CHARS_PER_S)
    wave_ = (int(9000 * math.sin(math.tau * 330 * each / RATE)) for each in samples)
    return array.array("h", wave_).tobytes()
