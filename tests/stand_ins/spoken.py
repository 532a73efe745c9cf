"""Speech that stand-ins understand without a model: each word is a buzz of a loudness of its own.

So words are found wherever the sound was cut, and however much of it comes twice.
"""

from __future__ import annotations

import array

RATE = 16_000
WORD_MS, GAP_MS = 200, 80
WORD_BYTES, GAP_BYTES = (RATE * each // 1000 * 2 for each in (WORD_MS, GAP_MS))
QUIET = 500
"""What is not louder is silence."""

_LOWEST, _STEP = 2000, 50
_TORN = 0.6
"""Less than this of a word is not understood."""

_KNOWN = """
john what is the weather like today and tomorrow in here we are going to see stop it now yes no hm
where how about that one two three four five six seven eight nine ten
"""
WORDS = tuple(_KNOWN.split())


def spoken(text: str, *, pause_ms: int = 0) -> bytes:
    """The sound of a text of those words."""
    sound = b""
    for word in text.split():
        level = _LOWEST + _STEP * WORDS.index(word)
        buzz = array.array("h", [level, -level] * (WORD_BYTES // 4)).tobytes()
        sound += buzz + bytes(GAP_BYTES)
    return sound + silence(pause_ms)


def silence(ms: float) -> bytes:
    """No sound for so long."""
    return bytes(int(RATE * ms / 1000) * 2)


def understood(pcm: bytes) -> list[tuple[str, float, float]]:
    """Its words, each with its start and end in s."""
    samples = array.array("h", pcm[: len(pcm) // 2 * 2])
    found: list[tuple[str, float, float]] = []
    at = 0
    while at < len(samples):
        level, begin = abs(samples[at]), at
        while at < len(samples) and abs(samples[at]) == level:
            at += 1
        number = (level - _LOWEST) / _STEP
        whole = (at - begin) * 2 >= WORD_BYTES * _TORN
        if level > QUIET and whole and number.is_integer() and 0 <= number < len(WORDS):
            found.append((WORDS[int(number)], begin / RATE, at / RATE))
    return found


def is_loud(pcm: bytes) -> bool:
    """Is there more than silence in it?"""
    samples = array.array("h", pcm[: len(pcm) // 2 * 2])
    return bool(samples) and max(map(abs, samples)) > QUIET
