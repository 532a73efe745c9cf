"""One stream of speech: what is sent, and what counts as heard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from pickled.audio import SPEECH_RATE, Frame
from pickled.errors import DeviceError, VoiceError
from pickled.mqtt.memory import MemoryBroker
from pickled.outputs.voice.nodes import Nodes
from pickled.outputs.voice.speaker import RESERVED, Speaker, StreamNumbers
from pickled.outputs.voice.speech import WINDOW_MS, Sound, Speech
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time, virtual_clock

TURN = "abcdefghijkl"


class Desk:
    """A speaker, its nodes and what it told."""

    def __init__(self, broker: MemoryBroker, speaker: Speaker) -> None:
        self.broker = broker
        self.speaker = speaker
        self.captions: list[str] = []
        self.started = 0
        self.nodes: list[StandInNode] = []
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> Speech:
        def started(_played: object) -> None:
            self.started += 1

        sound = Sound(started=started, utterance=lambda each: self.captions.append(each.text))
        return self.speaker.open(TURN, sound=sound)

    async def add(self, name: str = "laptop", **how: object) -> StandInNode:
        node = StandInNode(self.broker, name, **how)
        self.nodes.append(node)
        self.tasks.append(asyncio.create_task(node.run()))
        await asyncio.sleep(0.2)
        return node

    def frames(self, node: str = "laptop") -> list[Frame]:
        topic = self.broker.root("node/{node}/tts/audio", node=node)
        return [Frame.decode(m.payload) for m in self.broker.log if m.topic == topic]


def _at_the_desk(scene: Callable[[Desk], Awaitable[None]]) -> None:
    async def work() -> None:
        broker, clock = MemoryBroker(), virtual_clock()
        bus = broker.bus(announce=False)
        nodes = Nodes(bus, wall_ms=clock.wall_ms)
        numbers = StreamNumbers(saved=0, save=lambda _: None)
        speaker = Speaker(
            bus=broker.bus(announce=False),
            nodes=nodes,
            session=77,
            numbers=numbers,
            wall_ms=clock.wall_ms,
        )
        nodes.listen()
        speaker.listen()
        desk = Desk(broker, speaker)
        desk.tasks = [asyncio.create_task(bus.run()), asyncio.create_task(nodes.run())]
        await asyncio.sleep(0.1)
        try:
            await scene(desk)
        finally:
            for task in desk.tasks:
                task.cancel()
            await asyncio.gather(*desk.tasks, return_exceptions=True)

    in_virtual_time(work)


async def _sound(seconds: float, *, chunk_s: float = 0.1) -> AsyncIterator[bytes]:
    left = int(seconds * SPEECH_RATE)
    while left > 0:
        block = min(left, int(chunk_s * SPEECH_RATE))
        yield b"\x01\x00" * block
        left -= block


def test_frames_are_numbered_in_order_and_the_last_of_a_clause_is_marked() -> None:
    """Positions run on over the clauses of a stream."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.say(0, "one", _sound(0.5))
        await speech.say(1, "two", _sound(0.25))
        await speech.finish()
        frames = desk.frames()
        assert [frame.seq for frame in frames] == list(range(len(frames)))
        ends = [frame.pts + len(frame.data) // 2 for frame in frames]
        assert [frame.pts for frame in frames] == [0, *ends[:-1]]
        assert [end / SPEECH_RATE for end, frame in zip(ends, frames, strict=True)
                if frame.last] == [0.5, 0.75]  # fmt: skip
        assert all(0 < len(frame.data) / 2 / SPEECH_RATE <= 0.1 for frame in frames)

    _at_the_desk(scene)


def test_clause_begins_with_short_frames_so_that_the_node_can_start() -> None:
    """At most 20 ms of what the voice gave are kept back while a clause begins."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        given, kept = 0, []

        async def voice() -> AsyncIterator[bytes]:
            nonlocal given
            async for chunk in _sound(0.4, chunk_s=0.04):
                given += len(chunk)
                yield chunk
                kept.append(given - sum(len(frame.data) for frame in desk.frames()))

        await speech.say(0, "one", voice())
        await speech.finish()
        longest = [max(each) / 2 / SPEECH_RATE for each in (kept[:3], kept[3:])]
        assert longest == pytest.approx([0.02, 0.04])

    _at_the_desk(scene)


def test_sound_is_sent_ahead_of_real_time_but_not_beyond_the_window() -> None:
    """What is sent and not yet played never exceeds the window by more than a frame."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        saying = asyncio.create_task(speech.say(0, "long", _sound(6)))
        most = 0.0
        while not saying.done():
            await asyncio.sleep(0.02)
            sent = sum(len(frame.data) / 2 for frame in desk.frames()) / SPEECH_RATE * 1000
            played = node.played[-1].played_ms if node.played else 0.0
            most = max(most, sent - played)
        assert WINDOW_MS * 0.9 < most < WINDOW_MS + 150
        await speech.finish()
        assert speech.heard() == "long"

    _at_the_desk(scene)


def test_heard_is_cut_at_the_last_whole_word_that_was_played() -> None:
    """A cleared stream counts for what came out of it."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.say(0, "the first clause", _sound(0.6))
        saying = asyncio.create_task(speech.say(1, "alpha beta gamma delta epsilon", _sound(3)))
        await asyncio.sleep(2)
        await speech.clear()
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
        heard = speech.heard()
        assert heard.startswith("the first clause alpha")
        assert "epsilon" not in heard
        assert heard.split()[-1] in {"alpha", "beta", "gamma"}

    _at_the_desk(scene)


def test_captions_change_when_their_clause_begins_to_sound() -> None:
    """Not when it is sent, which is earlier."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        await speech.say(0, "one", _sound(1))
        await speech.say(1, "two", _sound(0.5))
        assert desk.captions in ([], ["one"])
        await speech.finish()
        assert desk.captions == ["one", "two"]
        assert desk.started == 1

    _at_the_desk(scene)


def test_all_public_nodes_get_the_same_sound_and_the_first_by_name_leads() -> None:
    """If the lead goes, the next one's reports count."""

    async def scene(desk: Desk) -> None:
        lead, second = await desk.add("a"), await desk.add("b")
        speech = desk.open()
        await speech.say(0, "one two three four", _sound(2))
        assert [f.data for f in desk.frames("a")] == [f.data for f in desk.frames("b")]
        lead.frozen = True
        lead.vanish()
        await speech.finish()
        assert speech.heard() == "one two three four"
        assert second.played[-1].state == "finished"

    _at_the_desk(scene)


def test_stream_without_a_node_raises() -> None:
    """The caller shows captions instead."""

    async def scene(desk: Desk) -> None:
        with pytest.raises(DeviceError):
            await desk.open().say(0, "one", _sound(0.5))

    _at_the_desk(scene)


def test_voice_without_any_sound_raises() -> None:
    """An empty answer of a voice is a failure, not an utterance."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        with pytest.raises(VoiceError):
            await speech.say(0, "one", _sound(0))
        assert speech.utterances == []

    _at_the_desk(scene)


def test_node_that_stops_playing_is_given_up() -> None:
    """The turn ends instead of waiting for ever."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        saying = asyncio.create_task(speech.say(0, "one two three", _sound(8)))
        await asyncio.sleep(1)
        node.frozen = True
        with pytest.raises(DeviceError):
            await asyncio.wait_for(saying, 20)

    _at_the_desk(scene)


@pytest.mark.parametrize("length_s", [1.0, 8.0])
def test_stream_that_the_node_gives_up_ends_at_once(length_s: float) -> None:
    """Nobody waits for a node that has dropped the stream, whether or not all of it was sent."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        speaking = asyncio.create_task(_speak(speech, length_s))
        await asyncio.sleep(0.5)
        node.give_up()
        with pytest.raises(DeviceError):
            await asyncio.wait_for(speaking, 0.5)
        assert speech.heard() != "one two three"

    _at_the_desk(scene)


def test_stream_of_a_node_that_was_started_again_ends_at_once() -> None:
    """It is there under the same name, but knows nothing of the stream."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        speaking = asyncio.create_task(_speak(speech, 8.0))
        await asyncio.sleep(0.5)
        node.frozen = True
        node.start_again()
        with pytest.raises(DeviceError):
            await asyncio.wait_for(speaking, 0.5)

    _at_the_desk(scene)


def test_clause_waits_for_the_connection_to_come_back() -> None:
    """After a fault the sound's connection may be back a little later than that of commands."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        speech = desk.open()
        desk.speaker.bus.disconnect()
        speaking = asyncio.create_task(_speak(speech, 0.5))
        await asyncio.sleep(2)
        assert not speaking.done()
        await desk.speaker.bus.reconnect()
        await speaking
        assert speech.heard() == "one two three"
        assert node.played[-1].state == "finished"

    _at_the_desk(scene)


def test_clause_is_given_up_if_the_connection_stays_away() -> None:
    """Nothing of it was said: it can still be shown."""

    async def scene(desk: Desk) -> None:
        await desk.add()
        speech = desk.open()
        desk.speaker.bus.disconnect()
        with pytest.raises(DeviceError):
            await asyncio.wait_for(_speak(speech, 0.5), 10)
        assert speech.utterances == []

    _at_the_desk(scene)


def test_stream_that_was_lost_is_cleared_before_the_next_one_begins() -> None:
    """What a node may still have of it neither sounds nor holds up what comes after it."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        lost, heard = desk.open(), desk.open()
        desk.speaker.close(lost)
        after_lost = desk.open()
        await _speak(after_lost, 0.5)
        desk.speaker.close(after_lost)
        after_heard = desk.open()
        await _speak(after_heard, 0.5)
        assert [(m.topic.rsplit("/", 1)[1], json.loads(m.payload)["stream"])
                for m in desk.broker.log if m.topic.endswith(("/clear", "/begin"))] == [
            ("clear", lost.stream), ("begin", after_lost.stream), ("begin", after_heard.stream),
        ]  # fmt: skip
        assert node.played[-1].state == "finished"
        assert heard.utterances == []

    _at_the_desk(scene)


async def _speak(speech: Speech, length_s: float) -> None:
    await speech.say(0, "one two three", _sound(length_s))
    await speech.finish()


def test_node_that_is_muted_swallows_the_stream_and_nothing_is_heard() -> None:
    """It is over at once, and counts as muted."""

    async def scene(desk: Desk) -> None:
        await desk.add(muted=True)
        speech = desk.open()
        await speech.say(0, "one two", _sound(1))
        await speech.finish()
        assert speech.muted
        assert speech.heard() == ""

    _at_the_desk(scene)


def test_stream_numbers_only_rise_over_restarts_and_clock_jumps() -> None:
    """They start at Unix seconds, and a clock that was set back changes nothing."""
    kept: list[int] = []
    first_run = StreamNumbers(saved=0, save=kept.append)
    first = [first_run.next(1_000_000), first_run.next(1_000_000), first_run.next(1_000_009)]
    second_run = StreamNumbers(saved=kept[-1], save=kept.append)
    second = [second_run.next(5), second_run.next(5)]
    everything = first + second
    assert first == [1_000_000, 1_000_001, 1_000_009]
    assert everything == sorted(set(everything))
    assert len(kept) == 2
    for _ in range(RESERVED + 5):
        everything.append(second_run.next(5))
    assert everything == sorted(set(everything))
    assert len(kept) == 3
