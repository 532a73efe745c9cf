"""It says in chat that it is an AI: as a stream begins, and at most once an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from pickled.messages.stream import StreamEvent
from tests.orchestrator.rig import Rig
from tests.stand_ins.outputs import StandInChat
from tests.stand_ins.parts import plug

Play = Callable[..., Rig]


def notices(chat: StandInChat) -> list[str]:
    return [text for text, _, _ in chat.lines if "is an AI" in text]


def test_notice_is_written_at_the_start_and_hourly_while_it_speaks(play: Play) -> None:
    """Not to an empty room, and not again where it has not said a word since."""
    chat = StandInChat()

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(5)
        assert chat.lines == []
        rig.happen(StreamEvent(ts=rig.clock.wall(), event_type="online"))
        await rig.until(lambda: chat.lines)
        (text,) = notices(chat)
        assert text.startswith("John is an AI")
        assert "!pickle help" in text
        assert "!pickle optout" in text
        await asyncio.sleep(1800)
        rig.chat("John, hello?")
        await asyncio.sleep(1790)
        assert len(notices(chat)) == 1
        await asyncio.sleep(20)
        assert len(notices(chat)) == 2

    options = {"chat_commands": {"prefix": "pickle"}}
    play(scene, outputs=(plug("outputs", chat),), options=options)


def test_notice_is_not_repeated_after_a_restart(play: Play) -> None:
    """A daemon that is started again within the hour has said so already."""
    chat = StandInChat()

    async def scene(rig: Rig) -> None:
        rig.chat("hello everybody")
        await asyncio.sleep(5)
        assert len(notices(chat)) == 1

    for later in (timedelta(), timedelta(minutes=30)):
        play(scene, outputs=(plug("outputs", chat),), later=later)
    play(_nothing_new(chat), outputs=(plug("outputs", chat),), later=timedelta(minutes=40))


def _nothing_new(chat: StandInChat) -> Callable[[Rig], object]:
    async def scene(rig: Rig) -> None:
        rig.chat("hello again")
        await asyncio.sleep(5)
        assert len(notices(chat)) == 1

    return scene


def test_notice_can_be_switched_off(play: Play) -> None:
    """Who says it otherwise, in a panel or a title, need not have it in chat."""
    chat = StandInChat()

    async def scene(rig: Rig) -> None:
        rig.chat("hello everybody")
        await asyncio.sleep(5)
        assert chat.lines == []

    play(scene, outputs=(plug("outputs", chat),), options={"chat_commands": {"notice": False}})


def test_what_is_written_passes_the_gate(play: Play) -> None:
    """A private word or a listed one is no more written than spoken; help is ours."""
    chat = StandInChat()

    async def scene(rig: Rig) -> None:
        mod = {"user": "mo", "badges": ("moderator/1",)}
        rig.chat("I have a dog called Waffles and we walk every day")
        await asyncio.sleep(5)
        rig.chat("!pickle block Waffles", **mod)
        await rig.until(rig.answers)
        rig.chat("!pickle whatdoyouknow")
        await asyncio.sleep(3)
        assert not any("Waffles" in text for text, _, _ in chat.lines)
        assert rig.events("event/safety", "blocked")[-1].source == "chat_reply"
        rig.chat("!pickle help", **mod)
        await rig.until(lambda: any("Write !pickle" in text for text, _, _ in chat.lines))

    play(scene, outputs=(plug("outputs", chat),))
