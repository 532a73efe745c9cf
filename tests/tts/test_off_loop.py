"""Sound is made ready beside the loop, in order, and a short first piece at once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from pickled.errors import VoiceError
from pickled.tts.pcm.off_loop import AT_ONCE_BYTES, OffLoop


class Work:
    """Gives each piece back, and remembers in which thread."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def __call__(self, pcm: bytes) -> Iterator[bytes]:
        self.threads.append(threading.current_thread().name)
        yield pcm


async def test_first_piece_is_made_at_once_and_the_others_in_a_thread() -> None:
    """Nobody waits for a thread to hear the first sound."""
    work, off_loop = Work(), OffLoop()
    made = [await off_loop.do(work, bytes([number])) for number in range(4)]
    assert made == [[b"\0"], [b"\1"], [b"\2"], [b"\3"]]
    own = threading.current_thread().name
    assert work.threads[0] == own
    assert own not in work.threads[1:]
    assert len(set(work.threads[1:])) == 1


async def test_long_first_piece_is_made_in_a_thread() -> None:
    """A voice that gives a whole sentence at once does not hold up the loop."""
    work = Work()
    await OffLoop().do(work, bytes(AT_ONCE_BYTES + 1))
    assert work.threads != [threading.current_thread().name]


async def test_piece_of_which_nothing_sounds_yet_does_not_count() -> None:
    """Silence before the first sound: that one is waited for just as well."""
    work, off_loop = Work(), OffLoop()
    assert await off_loop.do(lambda _: [], b"quiet") == []
    await off_loop.do(work, b"sound")
    assert work.threads == [threading.current_thread().name]


async def test_loop_goes_on_while_sound_is_made() -> None:
    """Long work in the thread, and the loop turns meanwhile."""
    turns = 0
    over = asyncio.Event()

    async def turning() -> None:
        nonlocal turns
        while not over.is_set():
            turns += 1
            await asyncio.sleep(0.001)

    def slow(pcm: bytes) -> list[bytes]:
        time.sleep(0.2)
        return [pcm]

    task = asyncio.create_task(turning())
    await OffLoop().do(slow, bytes(AT_ONCE_BYTES + 1))
    over.set()
    await task
    assert turns > 10


async def test_failure_of_the_work_is_raised_to_who_waits() -> None:
    """As if it had been done on the loop."""

    def failing(_pcm: bytes) -> list[bytes]:
        raise VoiceError("the voice goes on for ever")

    with pytest.raises(VoiceError, match="for ever"):
        await OffLoop().do(failing, bytes(AT_ONCE_BYTES + 1))
