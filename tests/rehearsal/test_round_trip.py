"""What was recorded is replayed as it was: the same decisions, the same words, the same ends."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

import pytest

from pickled.config import Config
from pickled.rehearsal.recorded import read_recorded
from pickled.rehearsal.stage import Casting, rehearse
from pickled.rehearsal.story import Story
from tests.orchestrator.rig import Rig
from tests.rehearsal.live import busy_evening, live
from tests.stand_ins.virtual_time import BEGIN

CASTING = Casting("as recorded")


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rig, Path]:
    """A busy evening, once for all tests here."""
    return live(tmp_path_factory.mktemp("evening"), busy_evening)


@pytest.fixture(scope="module")
def story(evening: tuple[Rig, Path]) -> Story:
    """Its replay."""
    return rehearse(read_recorded(evening[1]), Config(), CASTING)


def test_replay_decides_as_it_was_decided(evening: tuple[Rig, Path], story: Story) -> None:
    """With recorded dice, answers and durations every decision is the recorded one, in order."""
    rig = evening[0]
    then = [
        (each.event_type, each.reason, each.messages)
        for each in rig.events("event/decision")
        if each.event_type != "summary"
    ]
    now = [each.key for each in story.decisions if each.decision.event_type != "summary"]
    assert len(then) > 50
    assert {"answer", "skip", "hold"} <= {kind for kind, _, _ in then}
    assert now == then
    assert (story.as_recorded, story.recorded) == (len(then), len(then))


def test_replay_says_what_was_said(evening: tuple[Rig, Path], story: Story) -> None:
    """Every turn has the same words, and ends as it ended."""
    ends = {"finished", "interrupted"}
    then = [each for each in evening[0].events("event/response") if each.event_type in ends]
    now = list(story.turns.values())
    assert [(each.text, each.outcome) for each in now] == [
        (each.text, each.outcome) for each in then
    ]
    assert {"finished", "skipped"} <= {each.outcome for each in then}
    assert story.notes == []


def test_approval_is_replayed(tmp_path: Path) -> None:
    """What a person approved is said when it was, by whatever name; what was rejected is not."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        for number, verdict in enumerate(("approve", "reject", "approve")):
            rig.chat("John, is that so?", user=f"viewer{number}")
            held = await rig.until(lambda: rig.state("held/state").root)
            await asyncio.sleep(2)
            named = json.dumps({"turn": held[0].turn}) if number != 1 else ""
            rig.tell(f"cmd/{verdict}", named)
            await rig.until(lambda: not rig.state("held/state").root)
            await asyncio.sleep(15)

    rig, path = live(tmp_path, scene)
    again = rehearse(read_recorded(path), Config(), CASTING)
    outcomes = [each.outcome for each in again.turns.values()]
    assert outcomes == ["finished", "rejected", "finished"]
    assert again.refused == []
    assert again.as_recorded == again.recorded == len(rig.events("event/decision"))


def test_meaning_is_replayed(tmp_path: Path) -> None:
    """Vectors that were published are there again for the same words."""
    data = base64.b64encode(bytes([0, 127, 0, 0])).decode()

    async def scene(rig: Rig) -> None:
        message = rig.chat("where is the market?")
        await asyncio.sleep(0.05)
        embedded = {"message": message, "text": "where is the market"}
        event = {"event_type": "vector", "ts": BEGIN.isoformat(), **embedded, "data": data}
        rig.tell(rig.broker.root("event/vector"), json.dumps(event))
        await asyncio.sleep(20)

    _, path = live(tmp_path, scene)
    story = rehearse(read_recorded(path), Config(), CASTING)
    assert list(story.vectors.values()) == [data]
    assert story.vectors.keys() <= story.chat.keys()
