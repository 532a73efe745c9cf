"""One stream of speech: what is sent, and what counts as heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from pickled.audio import SPEECH_RATE
from pickled.errors import DeviceError, VoiceError
from pickled.outputs.voice.speech_stream import WINDOW_MS
from tests.outputs.voice.desk import Desk, at_the_desk, sound, speak


def test_frames_are_numbered_in_order_and_the_last_of_a_clause_is_marked() -> None:
    """Positions run on over the clauses of a stream."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.say(0, "one", sound(0.5))
        await speech.say(1, "two", sound(0.25))
        await speech.finish()
        frames = desk.frames()
        assert [frame.seq for frame in frames] == list(range(len(frames)))
        ends = [frame.pts + len(frame.data) // 2 for frame in frames]
        assert [frame.pts for frame in frames] == [0, *ends[:-1]]
        assert [end / SPEECH_RATE for end, frame in zip(ends, frames, strict=True)
                if frame.last] == [0.5, 0.75]  # fmt: skip
        assert all(0 < len(frame.data) / 2 / SPEECH_RATE <= 0.1 for frame in frames)

    at_the_desk(scene)


def test_clause_begins_with_short_frames_so_that_the_node_can_start() -> None:
    """At most 20 ms of what the voice gave are kept back while a clause begins."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        given, kept = 0, []

        async def voice() -> AsyncIterator[bytes]:
            nonlocal given
            async for chunk in sound(0.4, chunk_s=0.04):
                given += len(chunk)
                yield chunk
                kept.append(given - sum(len(frame.data) for frame in desk.frames()))

        await speech.say(0, "one", voice())
        await speech.finish()
        longest = [max(each) / 2 / SPEECH_RATE for each in (kept[:3], kept[3:])]
        assert longest == pytest.approx([0.02, 0.04])

    at_the_desk(scene)


def test_sound_is_sent_ahead_of_real_time_but_not_beyond_the_window() -> None:
    """What is sent and not yet played never exceeds the window by more than a frame."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        saying = asyncio.create_task(speech.say(0, "long", sound(6)))
        most = 0.0
        while not saying.done():
            await asyncio.sleep(0.02)
            sent = sum(len(frame.data) / 2 for frame in desk.frames()) / SPEECH_RATE * 1000
            played = node.played[-1].played_ms if node.played else 0.0
            most = max(most, sent - played)
        assert WINDOW_MS * 0.9 < most < WINDOW_MS + 150
        await speech.finish()
        assert speech.heard() == "long"

    at_the_desk(scene)


def test_heard_is_cut_at_the_last_whole_word_that_was_played() -> None:
    """A cleared stream counts for what came out of it."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.say(0, "the first clause", sound(0.6))
        saying = asyncio.create_task(speech.say(1, "alpha beta gamma delta epsilon", sound(3)))
        await asyncio.sleep(2)
        await speech.clear()
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
        heard = speech.heard()
        assert heard.startswith("the first clause alpha")
        assert "epsilon" not in heard
        assert heard.split()[-1] in {"alpha", "beta", "gamma"}

    at_the_desk(scene)


def test_captions_change_when_their_clause_begins_to_sound() -> None:
    """Not when it is sent, which is earlier."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.say(0, "one", sound(1))
        await speech.say(1, "two", sound(0.5))
        assert desk.captions in ([], ["one"])
        await speech.finish()
        assert desk.captions == ["one", "two"]
        assert desk.started == 1

    at_the_desk(scene)


def test_stream_without_a_node_raises() -> None:
    """The caller shows captions instead."""

    async def scene(desk: Desk) -> None:
        with pytest.raises(DeviceError):
            await desk.open().say(0, "one", sound(0.5))

    at_the_desk(scene)


def test_voice_without_any_sound_raises() -> None:
    """An empty answer of a voice is a failure, not an utterance."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        with pytest.raises(VoiceError):
            await speech.say(0, "one", sound(0))
        assert speech.utterances == []

    at_the_desk(scene)


def test_clause_waits_for_the_connection_to_come_back() -> None:
    """After a fault the sound's connection may be back a little later than that of commands."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        desk.speaker.bus.disconnect()
        speaking = asyncio.create_task(speak(speech, 0.5))
        await asyncio.sleep(2)
        assert not speaking.done()
        await desk.speaker.bus.reconnect()
        await speaking
        assert speech.heard() == "one two three"
        assert node.played[-1].state == "finished"

    at_the_desk(scene)


def test_clause_is_given_up_if_the_connection_stays_away() -> None:
    """Nothing of it was said: it can still be shown."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        desk.speaker.bus.disconnect()
        with pytest.raises(DeviceError):
            await asyncio.wait_for(speak(speech, 0.5), 10)
        assert speech.utterances == []

    at_the_desk(scene)


def test_first_40_ms_are_sent_when_they_are_there() -> None:
    """A node may start with them; nothing of them waits for the voice's next piece."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        sent: list[int] = []

        async def voice() -> AsyncIterator[bytes]:
            async for chunk in sound(0.04, chunk_s=0.04):
                yield chunk
                sent.append(sum(len(frame.data) for frame in desk.frames()))

        await speech.say(0, "one", voice())
        await speech.finish()
        assert sent == [2 * SPEECH_RATE // 25]
        assert (desk.frames()[-1].last, speech.heard()) == (True, "one")

    at_the_desk(scene)


def test_clause_may_be_begun_before_it_has_sound() -> None:
    """It is announced once, and counts as said with its first sound only."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.begin(0)
        assert speech.utterances == []
        await speech.say(0, "one", sound(0.5))
        await speech.begin(1)
        await asyncio.wait_for(speech.finish(), 1.5)
        assert (speech.heard(), desk.captions, desk.started) == ("one", ["one"], 1)
        topic = desk.broker.root("node/{node}/tts/begin", node="laptop")
        assert sum(each.topic == topic for each in desk.broker.log) == 2

    at_the_desk(scene)


def test_clause_is_begun_again_for_a_node_that_comes_meanwhile() -> None:
    """Who is there when there is sound plays it."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.begin(0)
        await desk.add("tablet")
        await speech.say(0, "one", sound(0.5))
        await speech.finish()
        assert desk.frames("tablet") == desk.frames("laptop") != []

    at_the_desk(scene)


def test_stream_that_was_begun_in_vain_is_forgotten_by_the_nodes() -> None:
    """Nothing sounded, so nothing is told of; the next stream is played at once."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        vain = desk.open()
        await vain.begin(0)
        desk.speaker.forget(vain)
        await vain.abandon()
        assert desk.speaker.current is None
        speech = desk.open()
        await speak(speech, 0.5)
        assert (desk.started, speech.heard()) == (1, "one two three")
        assert {each.stream for each in node.played if each.state != "cleared"} == {speech.stream}

    at_the_desk(scene)


def test_stream_that_ends_without_a_sound_has_not_begun_to_sound() -> None:
    """A voice that fails after the beginning: nobody is told that it speaks."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.begin(0)
        with pytest.raises(VoiceError, match="no sound"):
            await speech.say(0, "one", sound(0))
        await speech.finish()
        await asyncio.sleep(1)
        assert (desk.started, desk.captions, speech.heard()) == (0, [], "")

    at_the_desk(scene)
