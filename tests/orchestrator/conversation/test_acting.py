"""Actions: only what the persona lists and an output offers, seldom, agreed to, and told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pickled.config import PartConfig
from pickled.messages.chat import ChatDeleted
from pickled.messages.stream import StreamEvent
from pickled.outputs.mqtt import MqttAction
from pickled.outputs.mqtt import Options as MqttOptions
from pickled.plugins import find
from tests.orchestrator.rig import Rig
from tests.stand_ins.outputs import StandInLamp
from tests.stand_ins.parts import ScriptedModel, answer, plug

Play = Callable[..., Rig]


def persona(folder: Path, actions: str) -> dict[str, Any]:
    text = f"name: John\npersonality: You are John.\nactions: {actions}\n"
    (folder / "john.yaml").write_text(text, encoding="utf-8")
    return {"personas_dir": folder, "persona": "john"}


def told(rig: Rig) -> list[tuple[str, str, str]]:
    return [(each.event_type, each.action, each.reason) for each in rig.events("event/action")]


def lit() -> ScriptedModel:
    """It says something else each time, and has the lamp lit."""
    said: list[str] = []

    def words(_prompt: object) -> str:
        said.append("x")
        return answer(f"Let there be light, number {len(said)}. And so it is. !lamp")

    return ScriptedModel(words)


def test_action_is_done_when_the_answer_was_heard(play: Play, tmp_path: Path) -> None:
    """The word behind the answer is neither spoken nor shown, also behind the last sentence that
    may be said; then the output is asked, and all of it is told."""
    lamp = StandInLamp()

    async def scene(rig: Rig) -> None:
        rig.chat("John, light please")
        said = await rig.outcome()
        assert said.heard == "Let there be light, number 1. And so it is."
        await rig.until(lambda: lamp.done)
        assert lamp.done == [("lamp", {"user": "ana", "user_id": "id-ana"})]
        assert told(rig) == [("asked", "lamp", ""), ("done", "lamp", "")]
        (asked, _) = rig.events("event/action")
        assert (asked.turn, asked.by) == (said.turn, "model")
        assert "!lamp (switches the lamp on)" in rig.model.prompts[0].messages[0].content

    play(scene, model=lit(), outputs=(plug("outputs", lamp),),
         options=persona(tmp_path, "[{name: lamp, confirm: false}]"))  # fmt: skip


def test_persona_without_actions_tells_its_model_of_none(play: Play, tmp_path: Path) -> None:
    """Off by default: what a model writes behind its answer is then just words."""
    lamp = StandInLamp()

    async def scene(rig: Rig) -> None:
        rig.chat("John, light please")
        await rig.outcome()
        await asyncio.sleep(2)
        assert told(rig) == []
        assert lamp.done == []
        assert "beside speaking" not in rig.model.prompts[0].messages[0].content

    play(scene, model=lit(), outputs=(plug("outputs", lamp),), options=persona(tmp_path, "[]"))


@pytest.mark.parametrize(("decision", "kind"), [("approve", "done"), ("reject", "refused")])
def test_action_waits_for_a_person(decision: str, kind: str, play: Play, tmp_path: Path) -> None:
    """By default: it is shown with its name and what it is about, and done or not."""
    lamp = StandInLamp()

    async def scene(rig: Rig) -> None:
        rig.chat("John, light please")
        await rig.outcome()
        await rig.until(lambda: rig.state("held/state").root)
        (held,) = rig.state("held/state").root
        assert (held.text, held.action, held.args["room"]) == ("!lamp", "lamp", "kitchen")
        await asyncio.sleep(1)
        assert lamp.done == []
        rig.tell(f"cmd/{decision}")
        await rig.until(lambda: len(told(rig)) == 3)
        assert [each for each, _, _ in told(rig)] == ["asked", "held", kind]
        assert len(lamp.done) == (decision == "approve")

    play(scene, model=lit(), outputs=(plug("outputs", lamp),),
         options=persona(tmp_path, "[{name: lamp, args: {room: kitchen}}]"))  # fmt: skip


def test_answer_that_waits_shows_its_action_and_one_yes_does_for_both(
    play: Play, tmp_path: Path
) -> None:
    """Who read the answer with its action has agreed to it."""
    lamp = StandInLamp()

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.chat("John, light please")
        await rig.until(lambda: rig.state("held/state").root)
        assert rig.state("held/state").root[0].action == "lamp"
        await asyncio.sleep(1)
        rig.tell("cmd/approve")
        await rig.until(lambda: lamp.done)
        assert [each for each, _, _ in told(rig)] == ["asked", "done"]

    play(scene, model=lit(), outputs=(plug("outputs", lamp),), options=persona(tmp_path, "lamp"))


def test_action_is_done_seldom(play: Play, tmp_path: Path) -> None:
    """A model that wants it each time gets it once in so many seconds."""
    lamp = StandInLamp()

    async def scene(rig: Rig) -> None:
        for turn in (1, 2):
            rig.chat("John, light please", user=f"u{turn}")
            await rig.outcome(turn)
            await asyncio.sleep(2)
        kinds = [each for each, _, _ in told(rig)]
        assert kinds == ["asked", "done", "asked", "refused"]
        assert "again in" in told(rig)[-1][2]
        assert len(lamp.done) == 1

    play(scene, model=lit(), outputs=(plug("outputs", lamp),),
         options=persona(tmp_path, "[{name: lamp, confirm: false, every: 300}]"))  # fmt: skip


def test_action_that_fails_is_told(play: Play, tmp_path: Path) -> None:
    """Why it was not done stands in the event; nobody hears of it."""
    lamp = StandInLamp(broken=True)

    async def scene(rig: Rig) -> None:
        rig.chat("John, light please")
        await rig.until(lambda: len(told(rig)) == 2)
        kind, _, why = told(rig)[-1]
        assert (kind, "the lamp is not there" in why) == ("failed", True)

    play(scene, model=lit(), outputs=(plug("outputs", lamp),),
         options=persona(tmp_path, "[{name: lamp, confirm: false}]"))  # fmt: skip


def test_action_goes_with_the_line_that_asked_for_it(play: Play, tmp_path: Path) -> None:
    """Deleted while it waits for a person: it is shown no longer, and not done."""
    lamp = StandInLamp()

    async def scene(rig: Rig) -> None:
        rig.chat("John, light please", id="m9")
        await rig.outcome()
        await rig.until(lambda: rig.state("held/state").root)
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id="m9"))
        await rig.until(lambda: rig.state("held/state").root == ())
        assert told(rig)[-1][0] == "refused"
        assert rig.events("event/retraction")[0].removed["actions"] == 1
        assert lamp.done == []

    play(scene, model=lit(), outputs=(plug("outputs", lamp),), options=persona(tmp_path, "lamp"))


def test_raid_gets_its_shout_out_where_that_is_allowed(play: Play, tmp_path: Path) -> None:
    """Asked for by the raid itself; the model is not told of what it may not ask for."""
    twitch = StandInLamp(actions={"shoutout": "shows another channel"})

    async def scene(rig: Rig) -> None:
        raid = {"event_type": "raid", "user": "Cap", "user_id": "77", "viewers": 9}
        rig.happen(StreamEvent.model_validate({"ts": rig.clock.wall(), **raid}))
        await rig.until(lambda: twitch.done)
        assert twitch.done == [("shoutout", {"user": "Cap", "user_id": "77"})]
        await rig.outcome()
        assert "shoutout" not in rig.model.prompts[0].messages[0].content

    allowed = persona(tmp_path, "[{name: shoutout, confirm: false, spoken: false}]")
    play(scene, outputs=(plug("outputs", twitch),), options=allowed)


def test_lamp_in_the_house_is_switched_by_what_is_configured(play: Play, tmp_path: Path) -> None:
    """That topic and that payload, on the real broker, and not a word of anybody's."""
    action = {"topic": "zigbee2mqtt/lamp/set", "payload": '{"state": "ON"}', "does": "lights up"}
    output = find(
        "outputs", PartConfig.model_validate({"kind": "mqtt", "actions": {"lamp": action}})
    )

    async def scene(rig: Rig) -> None:
        rig.chat("John, light please")
        await rig.until(lambda: told(rig)[-1:] == [("done", "lamp", "")])
        (sent,) = [each for each in rig.broker.log if each.topic == action["topic"]]
        assert json.loads(sent.payload) == {"state": "ON"}
        assert not sent.retain
        assert "!lamp (lights up)" in rig.model.prompts[0].messages[0].content

    play(scene, model=lit(), outputs=(output,),
         options=persona(tmp_path, "[{name: lamp, confirm: false}]"))  # fmt: skip


@pytest.mark.parametrize(
    "topic", ["pickled/home/muted/set", "pickled", "home/#", "home/+/set", "$SYS/x", "a\x01b"]
)
def test_output_never_publishes_where_it_may_not(topic: str, play: Play, tmp_path: Path) -> None:
    """Below our own topics a model could command itself: refused at the start, with the reason."""
    action = MqttAction(topic=topic, payload="ON")
    output = find("outputs", PartConfig.model_validate(
        {"kind": "mqtt", "actions": {"lamp": action.model_dump()}}))  # fmt: skip
    assert isinstance(output.options, MqttOptions)

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: "output.mqtt" in rig.state("health/state").root)
        health = rig.state("health/state").root["output.mqtt"]
        assert health.status == "down"
        assert "actions.lamp.topic" in health.detail
        rig.chat("John, light please")
        await rig.outcome()
        await asyncio.sleep(1)
        assert not [each for each in rig.broker.log if each.payload == b"ON" and not each.retain]

    play(scene, model=lit(), outputs=(output,),
         options=persona(tmp_path, "[{name: lamp, confirm: false}]"))  # fmt: skip
