"""Streams of speech follow each other, and nothing old sounds again."""

from __future__ import annotations

import json

from pickled.outputs.voice.speaker import RESERVED, StreamNumbers
from tests.outputs.voice.desk import Desk, at_the_desk, speak


def test_stream_that_was_lost_is_cleared_before_the_next_one_begins() -> None:
    """What a node may still have of it neither sounds nor holds up what comes after it."""

    async def scene(desk: Desk) -> None:
        node = await desk.add()
        lost, heard = desk.open(), desk.open()
        desk.speaker.close(lost)
        after_lost = desk.open()
        await speak(after_lost, 0.5)
        desk.speaker.close(after_lost)
        after_heard = desk.open()
        await speak(after_heard, 0.5)
        assert [(m.topic.rsplit("/", 1)[1], json.loads(m.payload)["stream"])
                for m in desk.broker.log if m.topic.endswith(("/clear", "/begin"))] == [
            ("clear", lost.stream), ("begin", after_lost.stream), ("begin", after_heard.stream),
        ]  # fmt: skip
        assert node.played[-1].state == "finished"
        assert heard.utterances == []

    at_the_desk(scene)


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
