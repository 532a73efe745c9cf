"""How fast a server is, as its answers show; and which model would be fast enough."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from pickled.brain.tempo import Tempo, marks, new_tokens
from pickled.errors import ModelError
from pickled.messages.prompt import PromptMessage
from pickled.services.gauge import MOST_MODELS, Gauge
from pickled.services.smaller import billions_of, smaller
from pickled.services.streaming import Piece, ServerFigures, figure
from tests.llm.asking import prompt
from tests.stand_ins.virtual_time import in_virtual_time

RULES = PromptMessage(role="system", content="\n".join(["Be brief, John, and be kind."] * 20))
ASKS = prompt().model_copy(update={"messages": (RULES, *prompt().messages)})
WHOLE = new_tokens(marks(ASKS), ())


async def pieces(
    *, first_s: float = 2.0, count: int = 11, told: ServerFigures | None = None, error: str = ""
) -> AsyncGenerator[Piece, None]:
    """An answer of ten tokens a s."""
    await asyncio.sleep(first_s)
    if error:
        raise ModelError(error)
    for number in range(count):
        yield Piece("word ")
        await asyncio.sleep(0.1 if number < count - 1 else 0)
    yield Piece(end="whole", told=told)


async def measure(gauge: Gauge, most: int = 100, **how: Any) -> None:
    """Read so many pieces of an answer."""
    measured = gauge.measured(pieces(**how), ASKS)
    async with aclosing(measured):
        async for _ in measured:
            most -= 1
            if not most:
                break


def test_gauge_measures_by_time_where_nothing_is_told() -> None:
    """To the first token, and from there to the last."""

    async def scene() -> None:
        gauge = Gauge("small")
        await measure(gauge)
        tempo = gauge.tempo(None)
        assert tempo.reads == pytest.approx(WHOLE / 2.0)
        assert tempo.writes == pytest.approx(10.0)
        assert tempo.held == marks(ASKS)
        assert gauge.tempo("large") == Tempo()
        assert gauge.busy == 0

    in_virtual_time(scene)


def test_gauge_takes_what_the_server_tells() -> None:
    """Its own count is shown, its time is better than ours; loading the model is no reading."""

    async def scene() -> None:
        gauge = Gauge("small")
        told = ServerFigures(read=WHOLE / 2, read_s=1.5, written=20, written_s=4.0, loaded_s=0.4)
        await measure(gauge, told=told)
        tempo = gauge.tempo("small")
        assert (tempo.reads, tempo.writes) == (pytest.approx(WHOLE / 1.5), 5.0)
        assert tempo.real == pytest.approx(0.5)
        loading = Gauge("small")
        await measure(loading, first_s=9.0, told=ServerFigures(loaded_s=7.0))
        assert loading.tempo(None).reads == pytest.approx(WHOLE / 2.0)

    in_virtual_time(scene)


def test_gauge_does_not_know_what_is_held_after_a_failure() -> None:
    """A server that refused is not slow; one that was given up is, and holds who knows what."""

    async def scene() -> None:
        gauge = Gauge("small")
        with pytest.raises(ModelError):
            await measure(gauge, error="no")
        assert gauge.tempo(None) == Tempo()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(8):
                await measure(gauge, first_s=60)
        assert gauge.tempo(None).reads == pytest.approx(WHOLE / 8)
        assert gauge.tempo(None).held == ()
        assert gauge.busy == 0

    in_virtual_time(scene)


def test_gauge_of_an_answer_that_was_heard_enough_of() -> None:
    """It is closed before its last part: what was read is held all the same."""

    async def scene() -> None:
        gauge = Gauge("small")
        await measure(gauge, most=3)
        assert gauge.tempo(None).held == marks(ASKS)
        assert gauge.tempo(None).reads == pytest.approx(WHOLE / 2.0)

    in_virtual_time(scene)


def test_gauge_keeps_so_many_models() -> None:
    """Personas may name any number of them."""
    gauge = Gauge("small")
    for number in range(MOST_MODELS + 5):
        gauge.weigh(f"model {number}", 1.0)
    assert gauge.size("model 0") is None
    assert gauge.size(f"model {MOST_MODELS}") == 1.0


@pytest.mark.parametrize("value", [0, -1, True, None, "7", [], float("nan"), 10**400, 1e13])
def test_figure_that_can_not_be_is_none(value: object) -> None:
    """Whatever a server tells."""
    assert figure(value) is None


def test_told_later_adds_to_what_was_told() -> None:
    """A count and the times may come in parts of their own."""
    both = ServerFigures(read=10).also(ServerFigures(read_s=2.0)).also(None)
    assert both == ServerFigures(read=10, read_s=2.0)
    assert replace(both, loaded_s=5.0).loaded_within(3.0) == 0.0


def test_smaller_model_is_the_largest_that_is_fast_enough() -> None:
    """Reading goes by size: half of it for twice the speed; the smallest where none is enough."""
    assert smaller(3.8, Tempo(reads=20.0)) == "gemma2:2b"
    assert smaller(3.8, Tempo(reads=9.0)) == "llama3.2:1b"
    assert smaller(3.8, Tempo(reads=1.0)) == "qwen2.5:0.5b"
    assert smaller(0.5, Tempo(reads=1.0)) == ""
    assert smaller(None, Tempo(reads=1.0)) == ""


@pytest.mark.parametrize(
    ("told", "billions"),
    [("3.8B", 3.8), ("494.03M", 0.49403), ("1b", 1.0), ("", None), ("big", None), (7, None),
     ("-1B", None), ("nanB", None), ("9" * 400 + "B", None)],
)  # fmt: skip
def test_size_is_read_as_servers_tell_it(told: object, billions: float | None) -> None:
    """Whatever else they say is no size."""
    found = billions_of(told)
    assert found == (None if billions is None else pytest.approx(billions))
