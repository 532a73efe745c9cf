"""A recording is played to the whole daemon: as asked for, the same each time, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pickled.config import Config
from pickled.errors import ConfigError
from pickled.inputs.replay import find_recording
from pickled.rehearsal.compare import side_by_side
from pickled.rehearsal.counts import count
from pickled.rehearsal.moments import Happened, Spoke, as_object, moments, outcomes
from pickled.rehearsal.recorded import read_recorded
from pickled.rehearsal.stage import Casting, personas_of, rehearse
from pickled.rehearsal.story import Story

CONFIG = Config()


def chat(t: float, text: str, number: int, **fields: Any) -> dict[str, Any]:
    """Somebody writes."""
    said = {"id": f"m{number}", "user": f"viewer{number}", "user_id": str(number), "text": text}
    return {"t": t, "type": "chat", **said, **fields}


def played(tmp_path: Path, *lines: dict[str, Any], casting: Casting | None = None) -> Story:
    """What comes of these lines."""
    path = tmp_path / "some.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return rehearse(read_recorded(path), CONFIG, casting or Casting("test"))


def said(story: Story) -> list[str]:
    """What was said, in order."""
    return [each.text for each in story.turns.values()]


def test_recorded_answer_is_said_again(tmp_path: Path) -> None:
    """To the message that it was given to then, whatever the turn was called."""
    response = {"t": 4, "type": "response", "turn": "a", "text": "Hi there, my friend."}
    decision = {"type": "decision", "event_type": "answer", "turn": "a", "messages": ["m2"]}
    story = played(
        tmp_path,
        chat(1, "John, are you there?", 1),
        chat(8, "John, and now?", 2),
        {"t": 8, **decision},
        response | {"t": 9},
    )
    first, second = said(story)
    assert "are you there" in first
    assert second == "Hi there, my friend."
    assert story.notes == ["1 answers are not in the recording: they were read out"]


def test_recorded_marks_alone_are_not_said(tmp_path: Path) -> None:
    """A clause without a word is none in a replay, either."""
    response = {"t": 9, "type": "response", "turn": "a", "text": "?! … Here we are at last. ... 🎉"}
    decision = {"type": "decision", "event_type": "answer", "turn": "a", "messages": ["m1"]}
    story = played(tmp_path, chat(8, "John, and now?", 1), {"t": 8, **decision}, response)
    (turn,) = story.turns.values()
    assert "Here we are at last." in turn.text
    assert all(any(map(str.isalnum, clause.text)) for clause in turn.clauses)


def test_other_model_takes_no_recorded_answer(tmp_path: Path) -> None:
    """Asked for a model, it is the model that answers."""
    response = {"t": 4, "type": "response", "turn": "a", "text": "Hi there, my friend."}
    decision = {"type": "decision", "event_type": "answer", "turn": "a", "messages": ["m1"]}
    lines = [chat(1, "John, are you there?", 1), {"t": 1, **decision}, response]
    story = played(tmp_path, *lines, casting=Casting("test", recorded_answers=False))
    assert "are you there" in said(story)[0]


def test_commands_act_at_their_moment(tmp_path: Path) -> None:
    """A recorded pause is a pause; what is wrong is noted as refused."""
    story = played(
        tmp_path,
        {"t": 0.5, "type": "command", "topic": "paused/set", "payload": "ON"},
        chat(1, "what is that?", 1),
        {"t": 5, "type": "command", "topic": "paused/set", "payload": {"value": "OFF"}},
        {"t": 5, "type": "command", "topic": "volume/set", "payload": "loud"},
        chat(6, "John, what is that?", 2),
    )
    assert story.fates["m1"].decision.reason == "paused"
    assert story.fates["m2"].decision.event_type == "answer"
    assert [each.command for _, each in story.refused] == ["volume/set"]


def test_what_was_in_force_at_first_is(tmp_path: Path) -> None:
    """It begins muted if it was muted."""
    state = {"t": 0, "type": "state", "topic": "muted/state", "payload": "ON"}
    story = played(tmp_path, state, chat(1, "John, hello?", 1))
    assert story.fates["m1"].decision.event_type == "expire"
    assert not story.turns


def test_persona_that_is_asked_for_stays(tmp_path: Path) -> None:
    """Neither the recording's own persona nor a switch in it takes its place."""
    lines = [
        {"t": 0, "type": "state", "topic": "persona/state", "payload": "default"},
        {"t": 0.5, "type": "command", "topic": "persona/set", "payload": "default"},
        chat(1, "Maple, hello?", 1),
    ]
    story = played(tmp_path, *lines, casting=Casting("test", persona="maple"))
    assert {name for _, name in story.personas} == {"maple"}
    assert [each.persona for each in story.turns.values()] == ["Maple"]


def test_recorded_persona_that_is_gone_is_replaced(tmp_path: Path) -> None:
    """And that is said."""
    state = {"t": 0, "type": "state", "topic": "persona/state", "payload": "nobody"}
    story = played(tmp_path, state, chat(1, "John, hello?", 1))
    assert "the persona nobody is not here: default plays it" in story.notes
    assert len(story.turns) == 1


def test_unknown_persona_is_refused(tmp_path: Path) -> None:
    """With those that there are."""
    with pytest.raises(ConfigError, match="there is no 'nobody'"):
        played(tmp_path, chat(1, "hi", 1), casting=Casting("test", persona="nobody"))


def test_replay_touches_no_data_of_the_user(tmp_path: Path) -> None:
    """Memory and settings are in a folder of its own, which is gone afterwards."""
    own = tmp_path / "data"
    own.mkdir()
    path = tmp_path / "some.jsonl"
    path.write_text(json.dumps(chat(1, "John, hello?", 1)) + "\n")
    rehearse(read_recorded(path), Config(data_dir=own), Casting("test"))
    assert list(own.iterdir()) == []


@pytest.fixture(scope="module")
def walk() -> Story:
    """The bundled walk."""
    return rehearse(read_recorded(find_recording("irl_walk", Path())), CONFIG, Casting("walk"))


def test_walk_is_the_same_twice(walk: Story) -> None:
    """Every decision, word and moment."""
    again = rehearse(read_recorded(find_recording("irl_walk", Path())), CONFIG, Casting("walk"))
    assert again.decisions == walk.decisions
    assert list(again.turns.values()) == list(walk.turns.values())
    assert again.sounds == walk.sounds
    rows = side_by_side(walk, again)
    assert len(rows) == len(walk.turns)
    assert all(row.same_decision and row.same_words for row in rows)


def test_walk_is_told_whole_and_in_order(walk: Story) -> None:
    """Every line and every turn is told once, in order of time."""
    told = list(moments(walk))
    assert [each.t for each in told] == sorted(each.t for each in told)
    assert sum(isinstance(each, Happened) for each in told) == len(walk.lines)
    spoken = [each.said.turn for each in told if isinstance(each, Spoke)]
    assert sorted(spoken) == sorted(walk.turns)


def test_walk_in_figures(walk: Story) -> None:
    """Every message has one fate; mentions are nearly all answered; silence and speech add up."""
    triggers = {name: each.triggers for name, each in personas_of(CONFIG).items()}
    counts = count(walk, triggers)
    assert counts.messages == len(walk.chat)
    assert counts.answered + sum(counts.by_fate.values()) <= counts.messages
    assert counts.mentions > 20
    assert counts.mentions_answered / counts.mentions > 0.8
    assert 0.1 < counts.spoken_share < 0.9
    since, seconds = counts.longest_silence
    assert not any(begin < since + seconds and end > since for begin, end in walk.sounds)


def test_walk_as_objects(walk: Story) -> None:
    """Each decision is one object that says what, why, about whom, and what was said."""
    objects = [as_object(each, walk) for each in outcomes(walk)]
    answers = [each for each in objects if each["decision"] == "answer"]
    assert len(answers) == len(walk.turns)
    for each in answers:
        assert {"persona", "text", "heard", "outcome"} <= each["answer"].keys()
    assert json.loads(json.dumps(objects)) == objects


def test_two_personas_beside_each_other(tmp_path: Path) -> None:
    """What only one of them answered stands there, with why the other one did not."""
    lines = [chat(1, "Maple, hello?", 1), chat(30, "John, hello?", 2), chat(60, "sunny day", 3)]
    first = played(tmp_path, *lines, casting=Casting("a", persona="default"))
    second = played(tmp_path, *lines, casting=Casting("b", persona="maple"))
    rows = {row.user: row for row in side_by_side(first, second)}
    assert rows["viewer1"].second.kind == rows["viewer2"].first.kind == "answer"
    for row in rows.values():
        assert row.same_decision or row.first != row.second
        assert not row.same_words or row.first.text == row.second.text
