"""The reel: what was heard can be heard again, until there are final words for it."""

from __future__ import annotations

import asyncio

from pickled.audio import MIC_RATE, bytes_for
from pickled.messages.recognized import PAUSE
from pickled.orchestrator.intake.reel import Reel, ReelReader


def piece(number: int, ms: int = 100) -> bytes:
    """A tenth of a second that tells which it is."""
    return bytes([number, 0]) * (bytes_for(ms, MIC_RATE) // 2)


async def numbers(reader: ReelReader, most: int = 1000) -> list[int]:
    """Which pieces it has; -1 for a pause."""
    found: list[int] = []
    while len(found) < most:
        try:
            async with asyncio.timeout(0):
                each = await anext(reader)
        except (StopAsyncIteration, TimeoutError):
            break
        found.append(each[0] if each else -1)
    return found


def filled(*each: int, longest_s: float = 30) -> Reel:
    """With those pieces; -1 for a pause."""
    reel = Reel(longest_s)
    for number in each:
        reel.add(PAUSE if number < 0 else piece(number))
    return reel


async def test_second_reader_gets_what_the_first_one_had() -> None:
    """Back to the last final words, or so much of it as it may be given at once."""
    reel = filled(1, 2, -1, 3, 4, 5)
    assert await numbers(reel.read(0), 3) == [1, 2, -1]
    reel.settle()
    assert await numbers(reel.read(reel.back(30))) == [3, 4, 5]
    assert await numbers(reel.read(reel.back(0.2))) == [4, 5]
    assert reel.before(reel.back(0.2)) == 300


async def test_reader_that_stops_waiting_loses_nothing() -> None:
    """It asks again, and gets the next one."""
    reel = filled(1)
    reader = reel.read(0)
    assert await numbers(reader) == [1]
    assert await numbers(reader) == []
    reel.add(piece(2))
    assert await numbers(reader) == [2]


async def test_what_is_too_much_goes_and_is_counted() -> None:
    """The oldest; only what nobody had read is lost."""
    reel = filled(1, 2, longest_s=0.3)
    reader = reel.read(0)
    assert await numbers(reader, 1) == [1]
    for number in (3, 4, 5):
        reel.add(piece(number))
    assert await numbers(reader) == [3, 4, 5]
    assert reel.dropped_ms == 100


async def test_reading_ends_before_a_stretch_where_it_shall() -> None:
    """Never in the midst of one."""
    asked: list[int] = []

    def goes_on() -> bool:
        asked.append(1)
        return len(asked) < 2

    reel = filled(1, -1, 2, -1, 3)
    reader = reel.read(0, goes_on=goes_on)
    assert await numbers(reader) == [1, -1, 2, -1]
    assert reader.ended
    assert len(asked) == 2
    assert await numbers(reel.read(reel.read_up_to)) == [3]


async def test_pauses_in_a_row_are_one() -> None:
    """And one before anybody spoke is none."""
    assert await numbers(filled(-1, 1, -1, -1, 2).read(0)) == [1, -1, 2]


async def test_reading_ends_with_the_sound() -> None:
    """Everything that is there comes first."""
    reel = filled(1, 2)
    reel.close()
    reader = reel.read(0)
    assert await numbers(reader) == [1, 2]
    assert reader.ended
