"""Replaying a recording: at its times, at any speed, again and again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from pickled.config import PartConfig
from pickled.errors import ConfigError, RecordingError
from pickled.inputs.replay import Options, start
from pickled.messages.chat import ChatDeleted, ChatMessage
from pickled.messages.events import Event
from pickled.messages.state import Status
from pickled.plugins import Surroundings, find, kinds
from tests.stand_ins.virtual_time import VirtualTimeLoop

CHAT = {"type": "chat", "user": "Ann", "user_id": "7", "text": "hi"}
SMALL = [
    {"t": 0.5, "id": "a", **CHAT},
    {"t": 2, "type": "dice", "value": 0.5},
    {"t": 4, "type": "command", "topic": "muted/set", "payload": "ON"},
    {"t": 4, "id": "b", "reply_to": "a", **CHAT},
    {"t": 10, "type": "delete", "message_id": "b"},
]


Played = list[tuple[float, Event]]


def play(path: Path, *, until: Callable[[Played], bool] | None = None, **options: Any) -> Played:
    """What a recording gives, each with its second since the start, on virtual time."""

    async def run() -> Played:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        played: Played = []
        chosen = Options.model_validate({"file": path.name, **options})
        async with start(chosen, surroundings(path.parent)) as source:
            task = asyncio.current_task()
            assert task is not None

            def emit(event: Event) -> None:
                played.append((loop.time() - begin, event))
                if until is not None and until(played):
                    task.cancel()

            try:
                await source.run(emit)
            except asyncio.CancelledError:
                task.uncancel()
        return played

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(run())


def surroundings(base_dir: Path, reports: list[tuple[Status, str]] | None = None) -> Surroundings:
    """Surroundings that keep what is reported."""
    kept = [] if reports is None else reports
    return Surroundings(
        base_dir=base_dir,
        data_dir=base_dir,
        report=lambda status, detail: kept.append((status, detail)),
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A recording of ten seconds."""
    path = tmp_path / "small.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in SMALL), encoding="utf-8")
    return path


def test_replay_times(small: Path) -> None:
    """Events come at their times; what no input gives is passed over."""
    played = play(small)
    assert [at for at, _ in played] == pytest.approx([0.5, 4, 10], abs=0.01)
    assert [type(event) for _, event in played] == [ChatMessage, ChatMessage, ChatDeleted]
    assert all(getattr(event, "source", "") == "replay" for _, event in played)


def test_replay_time_stamps(small: Path) -> None:
    """The moments on the events are as far apart as the events."""
    first, second, _ = (event for _, event in play(small))
    apart = (second.ts - first.ts) / timedelta(seconds=1)
    assert apart == pytest.approx(3.5, abs=0.01)
    assert first.ts.utcoffset() == timedelta()


def test_replay_of_a_torn_recording(small: Path) -> None:
    """It plays to where it is torn, in each repetition, and says so once."""
    small.write_bytes(small.read_bytes() + b'{"t": 11, "type": "ch')
    structlog.reset_defaults()  # a command line may have turned warnings off before
    with capture_logs() as lines:
        played = play(small, loop=True, until=lambda played: len(played) == 8)
    assert len(played) == 8
    (line,) = lines
    assert "line 6 is torn" in line["why"]


@pytest.mark.parametrize("speed", [0.5, 20])
def test_replay_speed(small: Path, speed: float) -> None:
    """A speed makes all of it shorter or longer."""
    expected = [0.5 / speed, 4 / speed, 10 / speed]
    assert [at for at, _ in play(small, speed=speed)] == pytest.approx(expected, abs=0.01)


def test_replay_loop(small: Path) -> None:
    """A loop starts again a second after the end, with fresh ids that still point at each other."""
    played = play(small, loop=True, until=lambda played: len(played) == 8)
    times = [at for at, _ in played]
    assert times == pytest.approx([0.5, 4, 10, 11.5, 15, 21, 22.5, 26], abs=0.02)
    chat = [event for _, event in played if isinstance(event, ChatMessage)]
    assert [each.id for each in chat] == ["a", "b", "a~1", "b~1", "a~2", "b~2"]
    assert [each.reply_to for each in chat] == [None, "a", None, "a~1", None, "a~2"]
    assert [event.id for _, event in played if isinstance(event, ChatDeleted)] == ["b", "b~1"]


def test_replay_empty_loop(tmp_path: Path) -> None:
    """Even an empty recording in a loop lets others work and can be stopped."""
    (tmp_path / "empty.jsonl").touch()

    async def run() -> int:
        async with start(Options(file="empty.jsonl", loop=True), surroundings(tmp_path)) as source:
            task = asyncio.create_task(source.run(lambda _: None))
            await asyncio.sleep(30)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return 1

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        assert runner.run(run()) == 1


def test_replay_many_at_once(tmp_path: Path) -> None:
    """Thousands of lines of the same moment don't keep others waiting until the last one."""
    path = tmp_path / "many.jsonl"
    lines = [json.dumps({"t": 0, "id": str(number), **CHAT}) for number in range(2000)]
    path.write_text("\n".join(lines), encoding="utf-8")

    async def run() -> list[int]:
        emitted: list[Event] = []
        seen: list[int] = []

        async def watch() -> None:
            while len(emitted) < len(lines):
                seen.append(len(emitted))
                await asyncio.sleep(0)

        async with start(Options(file="many.jsonl"), surroundings(tmp_path)) as source:
            await asyncio.gather(source.run(emitted.append), watch())
        return seen

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        seen = runner.run(run())
    assert max(after - before for before, after in pairwise(seen)) <= 10


def test_replay_wrong_line(small: Path) -> None:
    """A wrong line ends it with its place."""
    with small.open("a", encoding="utf-8") as file:
        file.write("{}\n")
    with pytest.raises(RecordingError, match=r"small\.jsonl, line 6: `type` is missing"):
        play(small)


async def test_replay_bundled() -> None:
    """A bundled recording is found by its name, with or without its ending, and talks at once."""
    for name in ("irl_walk", "irl_walk.jsonl"):
        talks = asyncio.Event()
        reports: list[tuple[Status, str]] = []

        def emit(_: Event, talks: asyncio.Event = talks) -> None:
            talks.set()

        options = Options(file=name, speed=50)
        async with start(options, surroundings(Path("nowhere"), reports)) as source:
            task = asyncio.create_task(source.run(emit))
            async with asyncio.timeout(10):
                await talks.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert reports == [("up", "playing irl_walk.jsonl")]


def test_replay_whole_walk() -> None:
    """The bundled walk plays to its end, in its time."""
    played = play(Path("irl_walk"))
    assert len(played) > 400
    assert 620 <= played[-1][0] <= 650


async def test_replay_absent(tmp_path: Path) -> None:
    """A recording that isn't there is named, with the bundled ones."""
    options = Options(file="lost.jsonl")
    with pytest.raises(ConfigError, match=r"no recording lost\.jsonl.*irl_walk"):
        async with start(options, surroundings(tmp_path)):
            pass


@pytest.mark.parametrize("wrong", [{"speed": 0}, {"speed": "inf"}, {"file": ""}, {"sped": 2}])
def test_replay_wrong_options(wrong: dict[str, Any]) -> None:
    """Options that make no sense are refused."""
    with pytest.raises(ConfigError, match="inputs: replay"):
        find("inputs", PartConfig.model_validate({"kind": "replay", "file": "irl_walk", **wrong}))


def test_kinds() -> None:
    """The inputs that can be named are the files, not the packages beside them."""
    assert {"replay", "twitch_anonymous"} <= set(kinds("inputs"))
    assert not {"twitch_irc", "recordings"} & set(kinds("inputs"))
