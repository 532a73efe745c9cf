"""What comes piece by piece comes in time, is of the right kind, and ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest

from pickled.errors import ModelError
from pickled.orchestrator.parts.fence import CLOSE_S
from pickled.orchestrator.parts.pieces import SLACK_S, Limits, Pieces
from tests.stand_ins.virtual_time import in_virtual_time

READER: Pieces[str] = Pieces("oracle", str, Limits(first_s=10, next_s=5), ModelError)


def _gives(*steps: Any) -> Callable[[], AsyncGenerator[Any, None]]:
    """A number waits so long, an exception is raised, all else is given."""

    async def source() -> AsyncGenerator[Any, None]:
        for step in steps:
            if isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, BaseException):
                raise step
            else:
                yield step

    return source


def _read(source: Callable[[], Any], *, most: int = 1_000) -> tuple[list[str], str, float]:
    """What came, what was told in the end, and when."""

    async def work() -> tuple[list[str], str, float]:
        got: list[str] = []
        loop = asyncio.get_running_loop()
        try:
            async for piece in READER.of(source, most=most):
                got.append(piece)  # noqa: PERF401  # what came before it failed counts
        except ModelError as error:
            return got, str(error), loop.time()
        return got, "", loop.time()

    return in_virtual_time(work)


@pytest.mark.parametrize(
    ("steps", "got", "told"),
    [
        (("a", "b"), ["a", "b"], ""),
        ((), [], ""),
        ((9.0, "a", 4.0, "b"), ["a", "b"], ""),
        ((11.0, "a"), [], "oracle gave nothing for 10 s"),
        (("a", 6.0, "b"), ["a"], "oracle gave nothing for 5 s"),
        (("a", ValueError("odd")), ["a"], "oracle failed: odd"),
        (("a", ModelError("pull it")), ["a"], "pull it"),
        ((SystemExit(1),), [], "oracle failed: it raised SystemExit"),
        (("a", asyncio.CancelledError()), ["a"], "oracle failed: it cancelled itself"),
        (("a", b"b"), ["a"], "oracle gave bytes and not str"),
        (("a", None), ["a"], "oracle gave NoneType and not str"),
        (("a" * 600, "b" * 600), ["a" * 600], "oracle does not come to an end"),
    ],
)
def test_pieces_come_in_time_or_their_part_has_failed(
    steps: tuple[Any, ...], got: list[str], told: str
) -> None:
    """Everything that goes wrong is an error of the kind that the reader expects."""
    assert _read(_gives(*steps))[:2] == (got, told)


def test_pieces_of_what_is_no_generator_are_a_failure() -> None:
    """An author who forgets `yield` reads about it."""

    async def answer() -> str:
        return "hello"

    _, told, _ = _read(answer)
    assert told == "oracle failed: that is no async generator: it has to `yield` its pieces"


def test_reader_may_take_its_time() -> None:
    """Only waiting counts, not what is done between two pieces."""

    async def work() -> list[str]:
        got = []
        async for piece in READER.of(_gives("a", "b", "c"), most=10):
            await asyncio.sleep(60)
            got.append(piece)
        return got

    assert in_virtual_time(work) == ["a", "b", "c"]


def test_source_is_not_read_ahead_and_closed_when_the_reader_is() -> None:
    """A model stops to write when nobody listens any more."""
    begun: list[int] = []
    closed: list[bool] = []

    async def source() -> AsyncGenerator[str, None]:
        try:
            for number in range(10):
                begun.append(number)
                yield str(number)
        finally:
            closed.append(True)

    async def work() -> None:
        async with aclosing(READER.of(source, most=100)) as pieces:
            assert await anext(pieces) == "0"
            assert await anext(pieces) == "1"

    in_virtual_time(work)
    assert begun == [0, 1]
    assert closed == [True]


def test_source_that_does_not_close_is_left_behind() -> None:
    """The turn goes on after a short while."""

    async def source() -> AsyncGenerator[str, None]:
        try:
            yield "a"
        finally:
            for _ in range(10):
                try:
                    await asyncio.sleep(10)
                except asyncio.CancelledError:
                    continue

    async def work() -> float:
        loop = asyncio.get_running_loop()
        pieces = READER.of(source, most=10)
        await anext(pieces)
        began = loop.time()
        await pieces.aclose()
        took = loop.time() - began
        await asyncio.sleep(120)
        return took

    assert in_virtual_time(work) <= CLOSE_S + 0.1


@pytest.mark.parametrize(
    ("options", "limits"),
    [
        ({}, Limits(10.0, 5.0)),
        (
            {"connect_timeout_s": 2.0, "first_token_timeout_s": 60.0, "idle_timeout_s": 20.0},
            Limits(62.0 + SLACK_S, 20.0 + SLACK_S, 60.0),
        ),
        ({"first_byte_timeout_s": 3.0}, Limits(3.0 + SLACK_S, 5.0, 3.0)),
    ],
)
def test_limits_are_no_shorter_than_a_parts_own(options: dict[str, float], limits: Limits) -> None:
    """Who has options for its patience keeps them, and says more about it than we can."""
    assert Limits.beside(SimpleNamespace(**options)) == limits
