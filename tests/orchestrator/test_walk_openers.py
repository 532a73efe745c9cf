"""The bundled walk with a model that takes every opener it is offered, and one that takes none."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

from pickled.brain.openers import BETWEEN, LAST
from pickled.brain.persona import parse_persona
from tests.orchestrator.opens import Opens, clauses
from tests.orchestrator.rig import Rig
from tests.orchestrator.test_walk import WALK_S, Walk
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time

JOHN = Path(__file__).parents[2] / "personas" / "default.yaml"
OPENERS = {
    each.text for each in parse_persona(JOHN.read_text(encoding="utf-8"), source="john").openers
}


def walked(folder: Path, *, takes: bool) -> list[tuple[str, list[str]]]:
    """How each answer of the walk ended, and what was said, clause by clause."""
    rigs: list[Rig] = []

    async def work() -> None:
        rig = Rig(folder, model=Opens(takes=takes), seed=11)
        rig._door = Walk()
        rig.nodes.append(StandInNode(rig.broker))
        rigs.append(rig)
        async with rig.running():
            await asyncio.sleep(WALK_S)

    in_virtual_time(work)
    (rig,) = rigs
    ended = {each.turn: each.outcome for each in rig.broker.sent("response/state")}
    answers = [(outcome, clauses(rig, turn)) for turn, outcome in ended.items()]
    return [(outcome, said) for outcome, said in answers if said]


def test_at_most_a_third_of_the_walk_opens_so(tmp_path: Path) -> None:
    """With a model that never says no: many do, none comes twice in ten, and there is no rhythm."""
    answers = walked(tmp_path, takes=True)
    opened = [place for place, (_, said) in enumerate(answers) if said[0] in OPENERS]
    assert len(answers) > 30
    print(f"{len(opened)} of {len(answers)} answers open so")  # noqa: T201 - the measure
    assert len(answers) / 6 < len(opened) <= len(answers) / 3
    distances = [two - one for one, two in pairwise(opened)]
    assert min(distances) > BETWEEN
    assert len(set(distances)) > 2
    said = [answers[place][1][0] for place in opened]
    for place, opener in enumerate(said):
        assert opener not in said[max(0, place - LAST) : place]
    whole = [answers[place][1] for place in opened if answers[place][0] == "finished"]
    assert all(len(each) > 1 for each in whole), "none stands alone"


def test_walk_has_no_opener_that_the_model_does_not_choose(tmp_path: Path) -> None:
    """None is put before an answer by us."""
    answers = walked(tmp_path, takes=False)
    assert len(answers) > 30
    assert not any(said[0] in OPENERS for _, said in answers)
