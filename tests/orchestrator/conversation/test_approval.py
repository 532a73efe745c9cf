"""Approval: every answer waits for a person, and the floor stays free meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.orchestrator.conversation.approval import EXPIRES_S, MOST_HELD, SHOWN_S
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


async def held(rig: Rig, count: int = 1) -> list[str]:
    """The turns that `held/state` shows, once there are so many."""
    found = await rig.until(
        lambda: len(state.root) >= count and state if (state := rig.state("held/state")) else None
    )
    return [each.turn for each in found.root]


def test_answer_is_held_whole_and_spoken_when_approved(play: Play) -> None:
    """Nothing sounds before a person agrees; what they read is what is said."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.chat("John, hello?")
        (turn,) = await held(rig)
        (answer,) = rig.state("held/state").root
        assert answer.text == "Hello ana, this is the answer. And this is more."
        assert answer.to[0].user == "ana"
        await asyncio.sleep(2)
        assert rig.voice.spoken == []
        assert rig.state("thinking/state") == "OFF"
        rig.tell("cmd/approve", turn)
        said = await rig.outcome()
        assert (said.turn, said.outcome, said.heard) == (turn, "finished", answer.text)
        await rig.until(lambda: rig.state("held/state").root == ())

    play(scene)


def test_rejected_answer_is_never_heard(play: Play) -> None:
    """A person says no: nothing is spoken, nothing is remembered as said."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.chat("John, hello?")
        await held(rig)
        await asyncio.sleep(1)
        rig.tell("cmd/reject", "")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("rejected", "")
        assert rig.voice.spoken == []

    play(scene)


def test_held_answer_expires(play: Play) -> None:
    """An answer that nobody looks at is not spoken half a minute later."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.chat("John, hello?")
        await held(rig)
        await asyncio.sleep(EXPIRES_S + 1)
        assert (await rig.outcome()).outcome == "expired"
        await rig.until(lambda: rig.state("held/state").root == ())

    play(scene)


def test_several_answers_wait_beside_each_other(play: Play) -> None:
    """While one waits, the next is written; each is decided by its turn, the oldest first."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        for user in ("ana", "bea"):
            rig.chat("John, hello?", user=user)
            await asyncio.sleep(1.5)
        first, second = await held(rig, 2)
        rig.tell("cmd/reject", second)
        await asyncio.sleep(0.1)
        rig.tell("cmd/approve", f'{{"turn": "{first}"}}')
        said = await rig.outcome(2)
        assert (said.turn, said.outcome) == (first, "finished")
        assert [each.code for each in rig.answers()] == ["ok", "ok", "ok"]

    play(scene)


def test_approve_without_a_turn_takes_only_what_can_have_been_seen(play: Play) -> None:
    """A key that is pressed as the answer appears was not meant for it."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.tell("cmd/approve", "")
        rig.chat("John, hello?")
        await held(rig)
        rig.tell("cmd/approve", "")
        rig.tell("cmd/reject", "aaaaaaaaaaaa")
        await asyncio.sleep(SHOWN_S + 0.1)
        rig.tell("cmd/approve", "")
        await rig.outcome()
        codes = [each.code for each in rig.answers()]
        assert codes == ["ok", "stale", "stale", "unknown_turn", "ok"]

    play(scene)


def test_panic_drops_what_waits_for_a_person(play: Play) -> None:
    """After a panic there is nothing left to approve."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.chat("John, hello?")
        await held(rig)
        rig.tell("cmd/panic", "")
        assert (await rig.outcome()).outcome == "muted"
        await rig.until(lambda: rig.state("held/state").root == ())

    play(scene)


def test_deleted_line_takes_its_held_answer_with_it(play: Play) -> None:
    """A moderator deletes what was asked: the answer to it is not offered any longer."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        asked = rig.chat("John, hello?")
        await held(rig)
        rig.tell("cmd/forget", f'{{"message": "{asked}", "confirm": true}}')
        await rig.until(lambda: rig.state("held/state").root == ())
        state = rig.state("response/state")
        assert state is None or "Hello" not in state.text

    play(scene)


def test_what_a_person_gives_to_be_said_needs_no_approval(play: Play) -> None:
    """`cmd/say` comes from a person already."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        rig.tell("cmd/say", "Welcome back, everybody!")
        assert (await rig.outcome()).outcome == "finished"

    play(scene)


def test_held_answers_are_bounded(play: Play) -> None:
    """Nobody decides: the oldest goes for the newest, and no more than a few wait."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        for number in range(MOST_HELD + 3):
            rig.chat("John, hello?", user=f"u{number}")
            await asyncio.sleep(1.2)
        assert len(rig.state("held/state").root) <= MOST_HELD

    play(scene)
