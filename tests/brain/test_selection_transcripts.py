"""Golden transcripts: what comes in, and what the selection decides, line by line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pickled.brain.crowd import Crowd
from tests.brain.stage import RULES, Stage, decisions, read_lines

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.jsonl"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_selection_transcript(file: Path) -> None:
    """The selection decides what the transcript says, at the moment that it says."""
    about, *lines = read_lines(file)
    rules = {key: tuple(v) if isinstance(v, list) else v for key, v in about["rules"].items()}
    crowd = Crowd(known=RULES.triggers) if about.get("crowd") else None
    stage = Stage(replace(RULES, **rules), dice=iter(about["dice"]), crowd=crowd)
    stage.play([each for each in lines if each["type"] != "decision"], until=about["until"])
    assert decisions(stage.log) == [each for each in lines if each["type"] == "decision"]
    assert next(stage.dice, None) is None, "dice were left over"


def test_transcripts_are_there() -> None:
    """The situations that the selection was built for are all played."""
    assert len(FILES) >= 20
