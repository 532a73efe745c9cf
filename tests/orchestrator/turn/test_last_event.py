"""The last event of a turn tells by itself what was answered, why, and how long it took."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pickled.messages.response import StageTimes
from pickled.rehearsal.story import FOLLOWED
from pickled.view.mirror import Mirror
from pickled.view.turns import FollowedTurns
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


def test_last_event_names_messages_reason_and_stages(play: Play) -> None:
    """The same as the decision and `latency/state`, which names the turn, too."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.outcome()

    rig = play(scene)
    (end,) = rig.events("event/response", "finished")
    decision = rig.events("event/decision", "answer")[0]
    assert (end.messages, end.reason) == (decision.messages, "mention")
    (latency,) = rig.broker.sent("latency/state")
    assert latency.turn == end.turn
    assert end.stages == StageTimes(**latency.model_dump(include=set(StageTimes.model_fields)))
    assert end.stages.total is not None
    for kind in ("started", "clause"):
        early = rig.events("event/response", kind)[0]
        assert (early.messages, early.reason, early.stages) == ((), "", None)


@pytest.mark.parametrize(("command", "reason"), [("cmd/ask", "ask"), ("cmd/say", "say")])
def test_turn_that_chat_did_not_ask_for_names_no_message(
    play: Play, command: str, reason: str
) -> None:
    """What a person says over MQTT has no id that anybody could look up."""

    async def scene(rig: Rig) -> None:
        rig.tell(command, "where do we go")
        await rig.outcome()

    (end,) = play(scene).events("event/response", "finished")
    assert (end.messages, end.reason) == ((), reason)


def test_turns_that_end_within_a_second_each_have_their_times(play: Play) -> None:
    """`latency/state` goes out once a second; whoever reads the events misses nothing."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", "One.")
        rig.tell("cmd/say", "Two.")
        await rig.until(lambda: len(rig.events("event/response", "finished")) == 2)

    rig = play(scene)
    turns, mirror = FollowedTurns(), Mirror(rig.broker.root, only=FOLLOWED - {"response/state"})
    for each in rig.broker.log:
        if said := mirror.take(each.topic, each.payload):
            turns.take(said.value)
    ends = rig.events("event/response", "finished")
    followed = [turns.get(each.turn) for each in ends]
    assert [each and each.text for each in followed] == ["One.", "Two."]
    assert all(each and each.stages and each.stages.total for each in followed)
