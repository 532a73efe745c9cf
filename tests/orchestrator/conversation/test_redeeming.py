"""Channel points: a reward that is configured does something, any other is talked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pickled.errors import ConfigError
from pickled.messages.stream import StreamEvent
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]
REWARDS = {
    "redemptions": [
        {"title": "Say it", "do": "say", "text": "{user} wants you to hear: {text}"},
        {"title": "Be Maple", "do": "persona", "persona": "maple", "seconds": 20},
        {"title": "Silence", "do": "mute", "seconds": 30},
        {"title": "Ask John", "do": "ask"},
        {"title": "Lamp", "do": "action", "action": "lamp"},
    ]
}


def redeem(rig: Rig, title: str, text: str = "") -> None:
    fields = {"title": title, "text": text, "user": "ana", "user_id": "id-ana"}
    rig.happen(StreamEvent(ts=rig.clock.wall(), event_type="redemption", **fields))


def test_reward_says_a_text(play: Play) -> None:
    """Through the gate, as everything that is spoken."""

    async def scene(rig: Rig) -> None:
        redeem(rig, "say it", "hello from Lisbon, visit evil.example.com/now")
        said = await rig.outcome()
        assert said.heard == "ana wants you to hear: hello from Lisbon, visit link"
        (done,) = rig.events("event/action")
        assert (done.event_type, done.action, done.by) == ("done", "say", "ana")
        assert done.args == {"title": "Say it"}
        assert rig.model.prompts == []

    play(scene, options=REWARDS)


def test_reward_changes_the_persona_for_a_while(play: Play) -> None:
    """And the one before comes back, also after two in a row, unless somebody chose meanwhile."""

    async def scene(rig: Rig) -> None:
        redeem(rig, "Be Maple")
        await rig.until(lambda: rig.state("persona/state") == "maple")
        await asyncio.sleep(10)
        redeem(rig, "Be Maple")
        await asyncio.sleep(15)
        assert rig.state("persona/state") == "maple"
        await asyncio.sleep(10)
        assert rig.state("persona/state") == "default"
        redeem(rig, "Be Maple")
        await asyncio.sleep(1)
        rig.tell("persona/set", "blitz")
        await asyncio.sleep(30)
        assert rig.state("persona/state") == "blitz"

    play(scene, options=REWARDS)


def test_reward_silences_for_a_while(play: Play) -> None:
    """A lease: it runs out by itself, and can be given back; what is being said is cut."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        redeem(rig, "Silence")
        assert (await rig.outcome()).outcome == "interrupted"
        held = await rig.until(lambda: rig.state("inhibit/state").root)
        assert [each.holder for each in held] == ["redemption"]
        await asyncio.sleep(25)
        rig.chat("John, and now?", user="ben")
        await asyncio.sleep(3)
        assert len(rig.model.prompts) == 1
        await rig.outcome(2)

    play(scene, options=REWARDS)


def test_reward_has_its_question_answered(play: Play) -> None:
    """And one that nobody configured is talked about."""

    async def scene(rig: Rig) -> None:
        redeem(rig, "Ask John", "what is your favourite bridge?")
        await rig.outcome()
        task = rig.model.prompts[0].messages[-1].content
        assert "redemption “Ask John”: what is your favourite bridge?" in task
        assert "answer what it says" in task
        await asyncio.sleep(15)
        redeem(rig, "Hydrate!")
        await rig.outcome(2)
        assert "redemption “Hydrate!”" in rig.model.prompts[-1].messages[-1].content
        assert rig.events("event/action") == []

    play(scene, options=REWARDS)


def test_reward_for_an_action_needs_the_persona_to_allow_it(play: Play) -> None:
    """The list of the persona is the only one."""

    async def scene(rig: Rig) -> None:
        redeem(rig, "Lamp")
        (told,) = await rig.until(lambda: rig.events("event/action"))
        assert (told.event_type, told.by) == ("refused", "ana")
        assert "John may not do that" in told.reason

    play(scene, options=REWARDS)


@pytest.mark.parametrize(
    ("reward", "why"),
    [
        ({"title": "X", "do": "persona", "persona": "nobody"}, "there is no persona nobody"),
        ({"title": "X", "do": "say", "text": "{viewer}"}, "filled in"),
        ({"title": "X", "do": "say"}, "needs `text`"),
        ({"title": "X", "do": "ask", "seconds": 3}, "no use for `seconds`"),
    ],
)
def test_reward_that_can_not_be_done_is_refused(
    reward: dict[str, object], why: str, play: Play
) -> None:
    """At the start, with its title and what is wrong."""

    async def scene(rig: Rig) -> None:
        del rig

    with pytest.raises((ConfigError, ValueError), match=why):
        play(scene, options={"redemptions": [reward]})
