"""A model on a home server without a GPU: it is asked for what it can read in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pickled.brain.tempo import GOAL_S
from pickled.messages.prompt import Prompt
from pickled.services.streaming import ServerFigures
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer
from tests.stand_ins.slow_model import SlowModel, wise

Play = Callable[..., Rig]
WITHIN_S = 20.0
"""So long a mention is worth an answer."""
QUIET_S = 8.0


def data(prompt: Prompt) -> list[str]:
    """The lines that a prompt shows."""
    return [each for each in prompt.messages[-1].content.splitlines() if each.startswith("{")]


async def settled(rig: Rig, model: SlowModel) -> None:
    """The model has read the persona."""
    await rig.until(lambda: model.warmed and not model.gauge.busy, within=120)
    await rig.until(lambda: model.gauge.tempo(None).held, within=120)


async def talk(rig: Rig, turns: int, *, before: int = 0, between: int = 0) -> None:
    """So many viewers ask, each when the one before has been answered, and others write."""
    for turn in range(1, turns + 1):
        for line in range(between):
            rig.chat(f"the sea is loud today, number {turn} {line}", user=f"guest{line}")
        rig.chat(f"John, how far is lighthouse number {turn}?", user=f"viewer{turn}")
        said = await rig.outcome(before + turn)
        assert said.outcome == "finished"
        await asyncio.sleep(QUIET_S)


def totals(rig: Rig) -> list[float]:
    """From the line of chat to the first sound, s, turn by turn."""
    states = rig.broker.sent("latency/state")
    return [each.total / 1000 for each in {each.turn: each for each in states}.values()]


def test_mention_is_answered_in_time_by_a_slow_model(play: Play) -> None:
    """10 tokens/s and 50 of the prompt: the first token within 3 s, the sound long within 20 s."""
    model = SlowModel(reads=50.0, writes=10.0)

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        await talk(rig, 12, between=3)

    rig = play(scene, model=model)
    assert len(totals(rig)) == 12
    assert max(totals(rig)) < WITHIN_S / 2
    assert max(model.first_s) <= GOAL_S
    assert all('"answer": true' in data(each)[-1] for each in model.prompts)
    assert rig.state("service_level/state") == "full"


def test_mention_while_the_persona_is_read_waits_for_that(play: Play) -> None:
    """Right after the start, within its 20 s; what was read is not read again."""
    model = SlowModel(reads=60.0, writes=10.0)

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: model.warmed, within=5)
        await talk(rig, 1)

    rig = play(scene, model=model)
    (first,) = model.first_s
    assert totals(rig)[0] < WITHIN_S
    assert first <= GOAL_S
    assert len(model.warmed) == 1


def test_mention_is_not_kept_waiting_for_a_model_that_reads_for_a_minute(play: Play) -> None:
    """It is known from the persona before how long it will read: a fallback answers at once."""
    model = SlowModel(reads=40.0, writes=10.0)
    spare = ScriptedModel(name="spare", words=lambda _: answer("The spare one is here."))

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        model.reads = 400.0  # so that it is not told to be slow before
        rig.tell("persona/set", "maple")
        await rig.until(lambda: len(model.warmed) == 2, within=5)
        await rig.until(lambda: not model.gauge.busy, within=60)
        model.reads = 8.0
        rig.tell("persona/set", "blitz")
        await rig.until(lambda: len(model.warmed) == 3, within=5)
        rig.chat("Blitz, how far is the lighthouse?")
        assert (await rig.outcome(1)).text == "The spare one is here."

    rig = play(scene, model=model, spare_models=(spare,))
    assert totals(rig)[0] < WITHIN_S


def test_next_persona_is_read_before_it_is_asked(play: Play) -> None:
    """Once after the start, once after the switch; an answer after it only reads what is new."""
    model = SlowModel(reads=50.0)

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        rig.tell("persona/set", "maple")
        await rig.until(lambda: len(model.warmed) == 2, within=3)
        await rig.until(lambda: model.gauge.tempo(None).held, within=30)
        rig.chat("Maple, how far is the lighthouse?")
        assert (await rig.outcome(1)).outcome == "finished"

    play(scene, model=model)
    assert [each.persona for each in model.warmed] == ["John", "Maple"]
    assert max(model.first_s) <= GOAL_S


def test_growing_history_is_read_once(play: Play) -> None:
    """Each prompt begins with the one before, but for a few that begin anew with half of it."""
    model = SlowModel(reads=50.0)

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        await talk(rig, 16, between=1)

    play(scene, model=model)
    anew = 0
    for before, after in zip(model.prompts, model.prompts[1:], strict=False):
        shown = [each.removesuffix(",") for each in data(after)]
        kept = [each for each in data(before) if each.removesuffix(",") in shown]
        anew += not kept or data(before)[0] not in data(after)
        assert before.messages[0] == after.messages[0]
    assert len({data(each)[0] for each in model.prompts}) <= 8
    assert anew <= 7
    assert max(len(data(each)) for each in model.prompts) >= 6
    assert max(model.first_s) <= GOAL_S


def test_model_that_becomes_slow_in_mid_stream_is_asked_for_less(play: Play) -> None:
    """Another program took the processor: after one late answer prompts are short, and whole again
    once it is fast again.
    """
    model = SlowModel(reads=2000.0, writes=40.0)
    shown: dict[str, int] = {}

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        await talk(rig, 3, between=3)
        shown["fast"] = len(data(model.prompts[-1]))
        model.reads, model.writes = 40.0, 8.0
        await talk(rig, 4, before=3, between=3)
        shown["slow"] = len(data(model.prompts[-1]))
        model.reads, model.writes = 2000.0, 40.0
        await talk(rig, 5, before=7, between=3)
        shown["again"] = len(data(model.prompts[-1]))

    play(scene, model=model)
    assert shown["slow"] < shown["fast"] <= shown["again"]
    slow = model.first_s[3:7]
    assert max(slow[1:]) <= GOAL_S
    assert max(model.first_s) < WITHIN_S / 2


@pytest.mark.parametrize(
    "tells",
    [
        lambda *_: ServerFigures(read_s=1e-12),
        lambda *_: ServerFigures(read_s=1e11, written=1e11, written_s=1e-9),
        lambda *_: ServerFigures(),
        lambda *_: None,
        lambda _, read_s: ServerFigures(read_s=read_s / 1000, loaded_s=1e9),
    ],
    ids=["no time at all", "absurd", "nothing", "no last part", "a thousandth"],
)
def test_measurements_that_lie_change_nothing(play: Play, tells: Any) -> None:
    """What can't be is not believed: how long we waited ourselves is a figure, too."""
    model = SlowModel(reads=50.0, tells=tells)

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        await talk(rig, 4, between=3)

    play(scene, model=model)
    assert max(model.first_s[1:]) <= GOAL_S


def test_fallback_has_a_speed_of_its_own(play: Play) -> None:
    """The first one reads fast and fails; the second one gets what it can read in time."""
    fast, slow = SlowModel(reads=2000.0, name="fast"), SlowModel(reads=50.0, name="slow")

    async def scene(rig: Rig) -> None:
        await settled(rig, fast)
        await settled(rig, slow)
        await talk(rig, 2, between=6)
        fast.text = lambda _: ""  # an answer without a word is a failure
        await talk(rig, 2, before=2, between=6)

    play(scene, model=fast, spare_models=(slow,))
    assert len(slow.prompts) == 2
    assert max(slow.first_s) <= GOAL_S
    assert len(data(fast.prompts[2])) > len(data(slow.prompts[0]))


def test_model_that_is_too_slow_is_told_with_a_smaller_one(play: Play) -> None:
    """8 tokens/s: in the detail of its health, once in the log; and no more when it is faster."""
    model = SlowModel(reads=8.0, writes=5.0)
    model.gauge.weigh("slow", 3.8)
    details: list[str] = []

    async def scene(rig: Rig) -> None:
        await settled(rig, model)
        await asyncio.sleep(3)
        details.append(rig.state("health/state").root["llm"].detail)
        model.reads, model.writes = 800.0, 40.0
        for persona in ("maple", "blitz", "maple", "blitz"):
            rig.tell("persona/set", persona)
            await asyncio.sleep(10)
        details.append(rig.state("health/state").root["llm"].detail)

    rig = play(scene, model=model)
    assert "reads 8 tokens/s: first word after" in details[0]
    assert "too slow: try qwen2.5:1.5b" in details[0]
    assert details[1] == "slow model"
    changes = [each for each in rig.events("event/health") if each.component == "llm"]
    assert {each.to for each in changes} == {"up"}


def test_fast_model_gets_the_prompt_that_it_always_got(play: Play) -> None:
    """Byte for byte that of a model that nobody measures."""
    fast = SlowModel(reads=2000.0, writes=40.0)
    plain = ScriptedModel(lambda prompt: answer(wise(prompt)), first_token_s=0.0, token_s=1 / 40)
    told: list[list[object]] = []

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(3)
        await talk(rig, 6, between=4)

    for model in (fast, plain):
        play(scene, model=model, folder=model.name)
        told.append([each.messages for each in model.prompts])
    assert told[0] == told[1]


def test_compressor_is_left_out_where_it_costs_more_than_it_saves(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slow model holds what it read: what is worded anew would have to be read again."""

    class Shorter:
        name = "shorter"
        asked = 0

        async def compress(self, text: str) -> str:
            self.asked += 1
            await asyncio.sleep(0.3)
            return text.replace(" the ", " ")

    slow, fast = Shorter(), Shorter()

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(12)
        await talk(rig, 4, between=5)

    play(scene, model=SlowModel(reads=50.0), compressor=slow)
    assert slow.asked == 0
    assert "not compressed: a slow model" in capsys.readouterr().out
    play(scene, model=SlowModel(reads=2000.0, writes=40.0), compressor=fast)
    assert fast.asked == 4
    assert capsys.readouterr().out.count("compressing costs more time than it saves") == 1


def test_readers_of_words_keep_none(tmp_path: Path) -> None:
    """What a gauge knows of a prompt are figures: a deleted message is not in it."""
    model = SlowModel()
    model.gauge.weigh("slow", 1.0)
    assert "lighthouse" not in repr(model.gauge.tempo(None))
    assert not list(tmp_path.iterdir())
