"""A recording with openers is replayed with them: the same clauses, the same decisions."""

from __future__ import annotations

from pathlib import Path

from pickled.config import Config
from pickled.rehearsal.recorded import read_recorded
from pickled.rehearsal.stage import Casting, rehearse
from tests.orchestrator.opens import Opens, clauses
from tests.orchestrator.rig import Rig
from tests.rehearsal.live import busy_evening, live


def test_replay_opens_as_it_was_opened(tmp_path: Path) -> None:
    """Although its turns have other names, and so other dice."""
    rig, path = live(tmp_path, busy_evening, model=Opens(), prepares_openers=True)
    story = rehearse(read_recorded(path), Config(), Casting("as recorded"))
    then = {turn: clauses(rig, turn) for turn in _turns(rig)}
    short = [said[0] for said in then.values() if said and said[0].endswith(",")]
    assert len([each for each in short if len(each) < 12]) >= 2
    now = [[each.text for each in turn.clauses] for turn in story.turns.values()]
    assert now == list(then.values())
    assert story.as_recorded == story.recorded


def _turns(rig: Rig) -> list[str]:
    return list(dict.fromkeys(each.turn for each in rig.events("event/response", "started")))
