"""A part and its fallbacks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from pickled.errors import ModelError
from pickled.orchestrator.parts.ladder import BAN, READY_S, Ladder, Rung, start_ladder
from pickled.plugins import Surroundings
from tests.stand_ins.parts import ScriptedModel, plug
from tests.stand_ins.virtual_time import in_virtual_time

Told = list[tuple[str, str]]


def _climb(
    scene: Callable[[Ladder[ScriptedModel], Told], Awaitable[None]], *models: ScriptedModel
) -> None:
    async def work() -> None:
        told: Told = []
        rungs = [Rung("scripted", model) for model in models]
        ladder = Ladder(rungs, lambda status, detail: told.append((status, detail)))
        running = asyncio.create_task(ladder.run())
        await ladder.asked.wait()
        try:
            await scene(ladder, told)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    in_virtual_time(work)


def test_ladder_uses_the_first_that_works_and_says_why_not_the_others() -> None:
    """`degraded` names what is used and what is wrong with the first choice."""

    async def scene(ladder: Ladder[ScriptedModel], told: Told) -> None:
        assert [rung.part.name for rung in ladder.working()] == ["second"]
        assert told[-1] == ("degraded", "second instead: the model is not there; start it")

    _climb(scene, ScriptedModel(broken=True), ScriptedModel(name="second"))


def test_ladder_returns_to_the_first_within_five_seconds() -> None:
    """The budget of the architecture page."""
    first = ScriptedModel(broken=True)

    async def scene(ladder: Ladder[ScriptedModel], told: Told) -> None:
        first.broken = False
        await asyncio.sleep(5)
        assert told[-1] == ("up", "scripted model")

    _climb(scene, first, ScriptedModel(name="second"))


def test_ladder_notices_a_part_that_died_while_nobody_used_it() -> None:
    """Health is right before the next turn finds out."""
    first = ScriptedModel()

    async def scene(ladder: Ladder[ScriptedModel], told: Told) -> None:
        first.broken = True
        await asyncio.sleep(6)
        assert told[-1][0] == "down"

    _climb(scene, first)


def test_ladder_leaves_a_part_alone_that_fails_in_use_but_answers_probes() -> None:
    """Longer and longer, so that not every turn waits for it, but never for ever."""

    async def scene(ladder: Ladder[ScriptedModel], _told: Told) -> None:
        rung, loop = ladder.rungs[0], asyncio.get_running_loop()
        waits = []
        for _ in range(7):
            ladder.failed(rung, ModelError("it hangs"))
            began = loop.time()
            while not rung.works:
                await asyncio.sleep(0.1)
            waits.append(loop.time() - began)
        assert waits == sorted(waits)
        assert waits[0] <= 5
        assert BAN.cap_s <= waits[-1] <= BAN.cap_s + 5
        ladder.succeeded(rung)
        ladder.failed(rung, ModelError("it hangs"))
        began = loop.time()
        while not rung.works:
            await asyncio.sleep(0.1)
        assert loop.time() - began <= 5

    _climb(scene, ScriptedModel(), ScriptedModel(name="second"))


def test_ladder_is_not_stopped_by_a_probe_that_hangs() -> None:
    """It counts as no answer."""

    class Hanging(ScriptedModel):
        async def probe(self) -> None:
            await asyncio.sleep(3600)

    async def scene(ladder: Ladder[ScriptedModel], told: Told) -> None:
        assert [rung.part.name for rung in ladder.working()] == ["second"]
        assert "no answer within" in told[-1][1]

    _climb(scene, Hanging(), ScriptedModel(name="second"))


def test_ladder_is_waited_for_until_it_is_known_what_works() -> None:
    """Who asks right after the start gets the first choice, and waits no longer than that takes."""

    async def ask() -> None:
        first, second = ScriptedModel(), ScriptedModel(name="second")
        loop = asyncio.get_running_loop()
        ladder = Ladder([Rung("a", first), Rung("b", second, works=True)], lambda *_: None)
        began, probing = loop.time(), loop.create_task(ladder.probe())
        await ladder.ready()
        assert ladder.working()[0].part is first
        assert loop.time() == began
        await probing
        silent = Ladder([Rung("a", first)], lambda *_: None)
        await silent.ready()
        assert loop.time() - began == READY_S

    in_virtual_time(ask)


def test_ladder_doubts_what_a_probe_can_not_see_until_it_has_worked() -> None:
    """Thinking that used up the tokens is not over because the list of models answers."""
    first = ScriptedModel()

    async def scene(ladder: Ladder[ScriptedModel], told: Told) -> None:
        ladder.failed(ladder.rungs[0], ModelError("it only thinks", lasts=True))
        await asyncio.sleep(BAN.cap_s + 10)
        assert {status for status, _ in told[1:]} == {"degraded"}
        assert told[-1] == ("degraded", "scripted model: it only thinks")
        assert ladder.working()[0] is ladder.rungs[0]
        ladder.succeeded(ladder.rungs[0])
        assert told[-1] == ("up", "scripted model")

    _climb(scene, first, ScriptedModel(name="second"))


def test_ladder_tells_what_a_part_lacks_and_uses_it_nevertheless() -> None:
    """A question of its own is asked with each probe."""
    lacking = True

    async def question(model: ScriptedModel) -> None:
        if lacking:
            raise ModelError(f"{model.name} has no wit")

    async def scene(ladder: Ladder[ScriptedModel], told: Told) -> None:
        nonlocal lacking
        ladder.question = question
        await asyncio.sleep(10)
        assert told[-1] == ("degraded", "scripted model: scripted model has no wit")
        assert ladder.working()[0] is ladder.rungs[0]
        lacking = False
        await asyncio.sleep(10)
        assert told[-1] == ("up", "scripted model")

    _climb(scene, ScriptedModel())


def test_ladder_that_starts_its_parts_later_leaves_them_alone_until_it_runs(tmp_path: Path) -> None:
    """And nobody waits for them before."""
    model = ScriptedModel()
    around = Surroundings(tmp_path, tmp_path, lambda _status, _detail: None)

    async def work() -> None:
        plugs = [plug("llm", model)]
        async with start_ladder(plugs, around, dice=lambda: 0.5, later=True) as ladder:
            await asyncio.sleep(1)
            assert ladder.parts() == []
            running = asyncio.create_task(ladder.run())
            await ladder.asked.wait()
            assert [rung.name for rung in ladder.working()] == [model.name]
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    in_virtual_time(work)
