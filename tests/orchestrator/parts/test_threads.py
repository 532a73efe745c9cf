"""A part that works in a thread may tell how it is from there."""

from __future__ import annotations

import asyncio
import threading

from pickled.orchestrator.parts.threads import in_loop


async def test_call_from_a_thread_is_made_in_the_loop() -> None:
    """With its arguments; one from the loop is made at once."""
    made: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    call = in_loop(lambda what: made.put_nowait((what, threading.get_ident())))
    call("here")
    assert made.qsize() == 1
    await asyncio.to_thread(call, "there")
    here = threading.get_ident()
    assert [await made.get(), await made.get()] == [("here", here), ("there", here)]


def test_call_after_the_end_does_nothing() -> None:
    """A thread that goes on does no harm."""
    made: list[str] = []

    async def work() -> None:
        calls.append(in_loop(made.append))

    calls: list[object] = []
    asyncio.run(work())
    thread = threading.Thread(target=calls[0], args=("late",))  # type: ignore[arg-type]
    thread.start()
    thread.join()
    assert made == []
