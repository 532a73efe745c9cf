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
