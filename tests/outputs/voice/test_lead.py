"""Which node counts as hearing a stream, and what becomes of it when that one is gone."""

from __future__ import annotations

import asyncio

import pytest

from pickled.errors import DeviceError
from tests.outputs.voice.desk import Desk, at_the_desk, sound, speak


def test_all_public_nodes_get_the_same_sound_and_the_first_by_name_leads() -> None:
    """If the lead goes, the next one's reports count."""

    async def scene(desk: Desk) -> None:
        lead, second = await desk.add("a"), await desk.add("b")
        speech = desk.open()
        await speech.say(0, "one two three four", sound(2))
        assert [f.data for f in desk.frames("a")] == [f.data for f in desk.frames("b")]
        lead.frozen = True
        lead.vanish()
        await speech.finish()
        assert speech.heard() == "one two three four"
        assert second.played[-1].state == "finished"

    at_the_desk(scene)


def test_node_that_stops_playing_is_given_up() -> None:
    """The turn ends instead of waiting for ever."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        saying = asyncio.create_task(speech.say(0, "one two three", sound(8)))
        await asyncio.sleep(1)
        node.frozen = True
        with pytest.raises(DeviceError):
            await asyncio.wait_for(saying, 20)

    at_the_desk(scene)


@pytest.mark.parametrize("length_s", [1.0, 8.0])
def test_stream_that_the_node_gives_up_ends_at_once(length_s: float) -> None:
    """Nobody waits for a node that has dropped the stream, whether or not all of it was sent."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        speaking = asyncio.create_task(speak(speech, length_s))
        await asyncio.sleep(0.5)
        node.give_up()
        with pytest.raises(DeviceError):
            await asyncio.wait_for(speaking, 0.5)
        assert speech.heard() != "one two three"

    at_the_desk(scene)


def test_stream_of_a_node_that_was_started_again_ends_at_once() -> None:
    """It is there under the same name, but knows nothing of the stream."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        speaking = asyncio.create_task(speak(speech, 8.0))
        await asyncio.sleep(0.5)
        node.frozen = True
        node.start_again()
        with pytest.raises(DeviceError):
            await asyncio.wait_for(speaking, 0.5)

    at_the_desk(scene)


def test_node_that_is_muted_swallows_the_stream_and_nothing_is_heard() -> None:
    """It is over at once, and counts as muted."""

    async def scene(desk: Desk) -> None:
        await desk.add(muted=True)
        speech = desk.open()
        await speech.say(0, "one two", sound(1))
        await speech.finish()
        assert speech.muted
        assert speech.heard() == ""

    at_the_desk(scene)


def test_node_without_sound_gets_nothing_and_the_next_one_leads_from_the_start() -> None:
    """What the next one plays counts as begun, and as heard."""

    async def scene(desk: Desk) -> None:
        silent, second = await desk.add("a"), await desk.add("b")
        silent.lose_sound("no sound card")
        await asyncio.sleep(0.1)
        speech = desk.open()
        await speak(speech, 1.0)
        assert desk.frames("a") == []
        assert second.played[-1].state == "finished"
        assert (desk.started, speech.heard()) == (1, "one two three")

    at_the_desk(scene)


def test_lead_that_loses_its_sound_hands_over_in_the_middle() -> None:
    """The sentence goes on at the other one, and is begun once."""

    async def scene(desk: Desk) -> None:
        lead, _ = await desk.add("a"), await desk.add("b")
        speech = desk.open()
        speaking = asyncio.create_task(speak(speech, 3.0))
        await asyncio.sleep(1)
        lead.lose_sound("the cable is gone")
        await asyncio.wait_for(speaking, 4)
        assert (desk.started, speech.heard()) == (1, "one two three")

    at_the_desk(scene)


def test_lead_that_never_sounded_leaves_the_beginning_to_the_next_one() -> None:
    """It took the stream and dropped it: the other one has sounded before it led."""

    async def scene(desk: Desk) -> None:
        lead, _ = await desk.add("a"), await desk.add("b")
        lead.frozen = True
        speech = desk.open()
        speaking = asyncio.create_task(speak(speech, 6.0))
        await asyncio.sleep(1)
        assert desk.started == 0
        lead.give_up()
        await asyncio.sleep(0.5)
        assert desk.started == 1
        await speaking

    at_the_desk(scene)


def test_nobody_who_has_sound_is_said_with_the_reason() -> None:
    """A turn ends at once instead of waiting for a node that can't play."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        node.lose_sound("the cable is gone")
        await asyncio.sleep(0.1)
        with pytest.raises(DeviceError, match="laptop can't be heard: the cable is gone"):
            await asyncio.wait_for(speak(desk.open(), 1.0), 0.5)
        node.lose_sound("")
        await asyncio.sleep(0.1)
        await speak(desk.open(), 1.0)
        assert node.played[-1].state == "finished"

    at_the_desk(scene)
