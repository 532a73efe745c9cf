"""The bundled walk from its first to its last line, in virtual time, without a model."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path

import pytest

from pickled.inputs import Emit, replay
from pickled.language.address import addressed
from pickled.llm import readout
from pickled.messages.response import ResponseState
from pickled.plugins import Plug, Surroundings
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedVoice
from tests.stand_ins.virtual_time import in_virtual_time

WALK_S = 660
GOLDEN = Path(__file__).parent / "transcripts" / "irl_walk.txt"


class Walk:
    """The bundled recording as an input."""

    async def run(self, emit: Emit) -> None:
        self.emit = emit
        options = replay.Options(file="irl_walk")
        plug = Plug("inputs", "replay", options, replay)
        async with plug.start(
            Surroundings(Path(), Path(), lambda _status, _detail: None)
        ) as source:
            await source.run(emit)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    """The walk, once for all tests here."""
    return _walk(tmp_path_factory)


def _walk(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    rigs: list[Rig] = []

    async def work() -> None:
        rig = Rig(
            tmp_path_factory.mktemp("walk"),
            model=readout.Readout(readout.Options()),
            voice=ScriptedVoice(),
            seed=11,
        )
        rig._door = Walk()
        rig.nodes.append(StandInNode(rig.broker))
        rigs.append(rig)
        async with rig.running():
            await asyncio.sleep(WALK_S)

    in_virtual_time(work)
    return rigs[0]


def test_walk_answers_or_expires_every_mention(walk: Rig) -> None:
    """Nobody who named the co-host is passed over in silence."""
    lines = walk.events("event/chat", "message")
    mentions = {each.id for each in lines if addressed(each, ("john", "pickle", "pickled"))}
    gone = {each.id for each in walk.events("event/chat", "deleted")}
    gone |= {i for each in walk.events("event/retraction") for i in each.ids}
    users = {each.user_id for each in walk.events("event/chat", "cleared")}
    taken_back = gone | {each.id for each in lines if each.user_id in users}
    decided = {
        i
        for each in walk.events("event/decision")
        if each.event_type in ("answer", "expire", "merge")
        for i in each.messages
    }
    assert len(mentions) > 20
    assert mentions - taken_back <= decided


def test_walk_answers_mentions_within_their_time(walk: Rig) -> None:
    """What is answered is still worth an answer, and little expires."""
    answers = walk.events("event/decision", "answer")
    reasons = Counter(each.reason for each in answers)
    assert reasons["mention"] > 15
    assert all(each.parts["age_s"] <= 20 for each in answers)
    assert len(walk.events("event/decision", "expire")) <= reasons["mention"]


def test_walk_is_heard_to_the_end_or_cut_for_a_reason(walk: Rig) -> None:
    """Every turn has one outcome; what is finished was heard as it was written."""
    said = {each.turn: each for each in walk.broker.sent("response/state") if each.text}
    assert len(said) > 30
    for each in said.values():
        if each.outcome == "finished":
            assert each.heard == each.text
    assert Counter(each.outcome for each in said.values())["failed"] == 0


def test_walk_never_speaks_links_or_commands(walk: Rig) -> None:
    """Spam in chat does not come out of the mouth."""
    for text, _voice in walk.voice.spoken:
        assert "http" not in text.lower()
        assert ".com" not in text.lower()
        assert not text.startswith(("!", "/"))


def test_walk_takes_back_what_moderators_removed(walk: Rig) -> None:
    """A deleted line is not among what any later state shows."""
    retractions = walk.events("event/retraction")
    assert {each.event_type for each in retractions} >= {"message", "user"}


def test_walk_reacts_to_the_raid(walk: Rig) -> None:
    """The raid is welcomed by name."""
    raid = walk.events("event/stream", "raid")[0]
    began = walk.events("event/response", "clause")
    name = raid.user.replace("_", " ").lower().split()[0]
    assert any(name in each.text.lower() for each in began)


def test_walk_twice_is_the_same_byte_for_byte(
    walk: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same recording, seed and model: the same decisions and the same words."""
    again = _walk(tmp_path_factory)

    def said(rig: Rig, path: str) -> list[bytes]:
        topic = rig.broker.root(path)
        return [each.payload for each in rig.broker.log if each.topic == topic]

    for path in ("event/decision", "event/response", "caption/state"):
        assert said(walk, path) == said(again, path)


def test_walk_says_what_the_transcript_says(walk: Rig) -> None:
    """Golden: who was answered, why, and what was heard.

    When it is meant to change: `PICKLED_GOLDEN=write pytest tests/orchestrator/test_walk.py`,
    then read the difference as a viewer would.
    """
    reasons = {each.turn: each.reason for each in walk.events("event/decision", "answer")}
    ends = {each.turn: each for each in walk.broker.sent("response/state")}
    told = [
        f"{reasons.get(turn, 'stream')} | {_asked(each)} => {each.heard} ({each.outcome})"
        for turn, each in ends.items()
    ]
    written = "\n".join(told) + "\n"
    if os.environ.get("PICKLED_GOLDEN") == "write":
        GOLDEN.write_text(written, encoding="utf-8")
    assert written == GOLDEN.read_text(encoding="utf-8")


def _asked(said: ResponseState) -> str:
    return f"{said.to[0].user}: {said.to[0].text}" if said.to else "(taken back)"
