"""What each command does to the show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


def test_say_is_spoken_as_given(play: Play) -> None:
    """No model is asked."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", "Welcome back, everybody!")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("finished", "Welcome back, everybody!")
        assert rig.model.prompts == []

    play(scene)


def test_say_passes_the_same_gate(play: Play) -> None:
    """A link that somebody sends is no more spoken than one of the model's."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", "Go to https://evil.example/now please.")
        said = await rig.outcome()
        assert "evil" not in said.text

    play(scene)


def test_say_to_a_private_node_is_not_heard_on_the_stream(play: Play) -> None:
    """A target names a role or a node."""
    from tests.stand_ins.node import StandInNode

    async def scene(rig: Rig) -> None:
        ear = StandInNode(rig.broker, "phone", role="private")
        running = asyncio.create_task(ear.run())
        await asyncio.sleep(0.5)
        rig.tell("cmd/say", '{"value": "Only for you.", "target": "private"}')
        assert (await rig.outcome()).outcome == "finished"
        assert ear.played
        assert rig.nodes[0].played == []
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    play(scene)


def test_ask_is_answered_as_if_the_streamer_had_said_it(play: Play) -> None:
    """The model is told who asks."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/ask", "What do they think?")
        assert (await rig.outcome()).outcome == "finished"
        assert rig.model.prompts[0].request.origin == "ask"

    play(scene)


def test_skip_of_a_turn_that_has_only_just_begun_is_stale(play: Play) -> None:
    """It was meant for the one before."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("thinking/state") == "ON")
        rig.tell("cmd/skip")
        assert (await rig.until(rig.answers))[0].code == "stale"
        assert (await rig.outcome()).outcome == "finished"

    play(scene)


def test_persona_is_in_force_from_the_next_turn_on(play: Play) -> None:
    """The running answer stays with the one that began it."""

    async def scene(rig: Rig) -> None:
        other = next(name for name in rig.state("info").personas if name != "default")
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.tell("persona/set", other)
        first = await rig.outcome()
        rig.tell("cmd/ask", "And who are you?")
        second = await rig.outcome(2)
        assert first.persona == "John"
        assert second.persona != "John"

    play(scene)


def test_inhibit_holds_speech_until_the_lease_runs_out(play: Play) -> None:
    """A mention waits for the end of the lease."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/inhibit", '{"holder": "alert box", "seconds": 5}')
        await rig.until(rig.answers)
        began = rig.clock.now()
        rig.chat("John?")
        await rig.until(lambda: rig.state("thinking/state") == "ON")
        assert rig.clock.now() - began == pytest.approx(5, abs=0.2)
        assert rig.events("event/decision", "hold")

    play(scene)


def test_voice_state_is_one_that_can_be_chosen(play: Play) -> None:
    """The persona may name a voice that no engine here has: the state says what is heard."""

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: rig.state("voice/state") in rig.state("info").voices, within=3)

    play(scene)
