"""A line that is deleted: while it waits, is being said, is remembered, was answered in chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pickled.messages.chat import ChatCleared, ChatDeleted
from tests.orchestrator.reach import intake_of
from tests.orchestrator.rig import Rig
from tests.stand_ins.outputs import StandInChat
from tests.stand_ins.parts import ScriptedModel, answer, plug

Play = Callable[..., Rig]

SOON_S = 0.3
"""So long it may go on to sound."""

LINE = "my purple elephant sings at night"


def delete(rig: Rig, name: str) -> None:
    rig.happen(ChatDeleted(ts=rig.clock.wall(), id=name))


def ban(rig: Rig, name: str) -> None:
    del name
    rig.happen(ChatCleared(ts=rig.clock.wall(), user="troll", user_id="id-troll"))


def removed(rig: Rig) -> dict[str, int]:
    """What the last retraction took from where."""
    return {name: n for name, n in rig.events("event/retraction")[-1].removed.items() if n}


@pytest.mark.parametrize("take_back", [delete, ban])
def test_line_is_deleted_while_it_waits(take_back: Callable[[Rig, str], None], play: Play) -> None:
    """It never reaches a model; queue, crowd, context and memory let it go, and it is told."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, tell us something")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.chat(f"John, {LINE}", id="t1", user="troll")
        await asyncio.sleep(0.2)
        take_back(rig, "t1")
        await asyncio.sleep(20)
        assert len(rig.model.prompts) == 1
        assert {"queue", "short_term", "answerable", "crowd"} <= removed(rig).keys()

    play(scene)


@pytest.mark.parametrize("take_back", [delete, ban])
@pytest.mark.parametrize("answered", ["t1", "a1"])
def test_line_is_deleted_while_it_is_being_said(
    answered: str, take_back: Callable[[Rig, str], None], play: Play
) -> None:
    """Whether it is what is answered, or only quoted: silence within 300 ms, and no trace."""
    quoting = ScriptedModel(
        lambda _prompt: answer(
            "Somebody has a purple elephant that sings at night, they say. And I could go on "
            "about that for long, and I will, for as long as nobody stops me here and now."
        ),
        bounded=True,
    )

    async def scene(rig: Rig) -> None:
        asks = {"t1": answered == "t1", "a1": answered == "a1"}
        rig.chat(("John, " if asks["t1"] else "") + LINE, id="t1", user="troll")
        if asks["a1"]:
            rig.chat("John, what is new?", id="a1")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(0.5)
        take_back(rig, "t1")
        await asyncio.sleep(SOON_S)
        assert rig.state("speaking/state") == "OFF"
        state = await rig.outcome()
        assert (state.outcome, state.text, state.heard, state.to) == ("interrupted", "", "", ())
        assert removed(rig).get("voice" if asks["t1"] else "quoting") == 1
        assert not intake_of(rig).short_term.own()

    play(scene, model=quoting)


def test_line_that_nobody_quotes_stops_nobody(play: Play) -> None:
    """A deletion is no stop key: what is about something else is said to its end."""

    async def scene(rig: Rig) -> None:
        rig.chat(LINE, id="t1", user="troll")
        rig.chat("John, what is new?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        delete(rig, "t1")
        assert (await rig.outcome()).outcome == "finished"

    play(scene)


def test_line_is_deleted_after_it_was_remembered(play: Play) -> None:
    """What was made of it goes, too: the fact, and what was answered in its words."""
    quoting = ScriptedModel(lambda _prompt: answer("Ah, a purple elephant that sings."))

    async def scene(rig: Rig) -> None:
        rig.chat("John, I have a dog called Waffles", id="t1", user="troll")
        await rig.outcome()
        await asyncio.sleep(3)
        storing = intake_of(rig).stores["memory"]
        assert await _recalled(storing) != []
        delete(rig, "t1")
        await asyncio.sleep(3)
        assert await _recalled(storing) == []
        rig.tell("cmd/viewer", '{"viewer": "troll"}')
        told = (await rig.until(rig.answers))[0]
        assert "Waffles" not in told.model_dump_json()
        assert rig.state("response/state").text == ""

    async def _recalled(storing: object) -> list[str]:
        writing = getattr(storing, "writing")  # noqa: B009  # a store of any kind
        hits = await writing.long_term.recall(
            "dog Waffles purple elephant", scope=writing.scope(), k=9
        )
        return [each.id for each in hits]

    play(scene, model=quoting)


def test_line_is_deleted_after_it_was_answered_in_chat(play: Play) -> None:
    """Our own line that answers it is deleted, and that is told, too."""
    chat = StandInChat()

    async def scene(rig: Rig) -> None:
        rig.chat("I have a dog called Waffles", user="troll", source="twitch")
        await asyncio.sleep(3)
        rig.chat("!pickle whatdoyouknow", id="t2", user="troll", source="twitch")
        await rig.until(lambda: chat.lines)
        assert "Waffles" in chat.lines[0][0]
        delete(rig, "t2")
        await rig.until(lambda: rig.events("event/retraction"))
        assert chat.lines == []
        assert removed(rig)["actions"] == 1

    options = {"chat_commands": {"notice": False}}
    play(scene, outputs=(plug("outputs", chat),), options=options)
