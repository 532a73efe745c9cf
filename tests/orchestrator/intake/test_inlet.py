"""Events come in checked, from the loop and from threads."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from pickled.errors import PartError
from pickled.messages.chat import ChatMessage
from pickled.messages.events import Event
from pickled.orchestrator.intake.inlet import BATCH, MOST_WAITING, Inlet
from tests.stand_ins.virtual_time import BEGIN


def _line(number: int = 0) -> ChatMessage:
    return ChatMessage(ts=BEGIN, id=f"m{number}", user="ana", user_id="1", text="hello")


@pytest.mark.parametrize("given", [{"text": "hello"}, "hello", None, b"x"])
async def test_emit_says_what_it_takes(given: Any) -> None:
    """An author reads a sentence, and not where our code could not go on."""
    taken: list[Event] = []
    inlet = Inlet(on_dropped=print)
    inlet.open(taken.append)
    with pytest.raises(PartError, match=f"given a {type(given).__name__}; it takes one of Chat"):
        inlet.emit(given)
    assert taken == []


async def test_emit_in_the_loop_is_taken_at_once() -> None:
    """Before it returns."""
    taken: list[Event] = []
    inlet = Inlet(on_dropped=print)
    inlet.open(taken.append)
    inlet.emit(_line())
    assert taken == [_line()]


async def test_emit_of_many_in_one_go_lets_the_loop_do_something_else() -> None:
    """A frame of fifty lines is taken in order, twenty in a round."""
    taken: list[Event] = []
    rounds: list[int] = []
    inlet = Inlet(on_dropped=print)
    inlet.open(taken.append)
    lines = [_line(number) for number in range(50)]
    for line in lines:
        inlet.emit(line)
    while len(taken) < len(lines):
        rounds.append(len(taken))
        await asyncio.sleep(0)
    assert taken == lines
    assert sorted(set(rounds)) == [BATCH, 2 * BATCH]
    inlet.emit(_line(50))
    assert len(taken) == 51, "a lone one is taken at once again"


async def test_emit_from_threads_is_taken_in_the_loop_in_order() -> None:
    """All of it."""
    taken: list[Event] = []
    where: set[int] = set()

    def take(event: Event) -> None:
        where.add(threading.get_ident())
        taken.append(event)

    inlet = Inlet(on_dropped=print)
    inlet.open(take)
    lines = [_line(number) for number in range(4 * BATCH)]
    await asyncio.to_thread(lambda: [inlet.emit(each) for each in lines])
    while len(taken) < len(lines):
        await asyncio.sleep(0)
    assert taken == lines
    assert where == {threading.get_ident()}


async def test_flood_from_a_thread_is_bounded_and_counted() -> None:
    """What comes faster than it can be taken is dropped, and told."""
    taken: list[Event] = []
    dropped: list[int] = []
    inlet = Inlet(on_dropped=dropped.append)
    inlet.open(taken.append)
    line = _line()
    thread = threading.Thread(target=lambda: [inlet.emit(line) for _ in range(MOST_WAITING + 5)])
    thread.start()
    thread.join()  # the loop stands still meanwhile
    while len(taken) < MOST_WAITING:
        await asyncio.sleep(0)
    assert sum(dropped) == 5


def test_emit_after_the_end_is_refused() -> None:
    """A thread that goes on hears that nobody listens."""
    inlet = Inlet(on_dropped=print)

    async def work() -> None:
        inlet.open(print)

    asyncio.run(work())
    told: list[str] = []

    def late() -> None:
        try:
            inlet.emit(_line())
        except PartError as error:
            told.append(str(error))

    thread = threading.Thread(target=late)
    thread.start()
    thread.join()
    assert told == ["the daemon has ended: nothing is taken any more"]
