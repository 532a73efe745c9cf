"""First sound on slow and fast machines: how fast the model reads and writes decides."""

from __future__ import annotations

from statistics import median

from tests.bench.figures import Figure, percentile
from tests.bench.first_sound import sound_device
from tests.bench.services import Hardware
from tests.bench.turns import ours

ABOUT = (
    "as the first sound, with models that write and read at other speeds: tokens a second, and "
    "tokens of the prompt a second (4 characters each; what is the same as in the prompt before "
    "is not read again) before the first one is written, with 50 ms for the way"
)
WRITING = (5.0, 10.0, 40.0)
READING = (20.0, 200.0, 2000.0)
_WAY_MS = 50.0
WITHIN_S = 120.0
"""So long an answer may take."""


async def measure(how: str) -> list[Figure]:
    """Each writing speed with fast reading, each reading speed with fast writing."""
    count = {"quick": 2, "bench": 8, "prove": 32}[how]
    pairs = dict.fromkeys(
        [*((each, READING[-1]) for each in WRITING), *((WRITING[-1], each) for each in READING)]
    )
    return [await _row(writing, reading, count) for writing, reading in pairs]


async def _row(writing: float, reading: float, count: int) -> Figure:
    hardware = Hardware(first_token_ms=_WAY_MS, tokens_per_s=writing, prefill_per_s=reading)
    async with sound_device() as sink:
        turns = await ours(sink, count, hardware, within_s=WITHIN_S)
    totals = [each.total_ms for each in turns]
    read = median((each.began - each.asked) * 1000 for each in turns)
    return Figure(
        what=f"{writing:g} tokens/s, reading {reading:,g}/s: first sound, p50",
        value=median(totals) / 1000,
        unit="s",
        note=f"{len(turns)} turns, p95 {percentile(totals, 95) / 1000:.1f} s; of it {read:,.0f} ms "
        "until the first token",
    )
