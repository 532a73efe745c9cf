"""Plays a recording as if it happened now: the chat of another evening, or the bundled walk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field

from pickled.errors import ConfigError
from pickled.inputs import Emit, Source
from pickled.messages.recording import read, to_event
from pickled.plugins import Surroundings

log = structlog.get_logger()

BUNDLED = Path(__file__).parent / "recordings"
_PAUSE_S = 1.0
"""Between the end and the next beginning, in seconds of the recording."""


class Options(BaseModel):
    """Which recording, and how fast."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(min_length=1)
    """A path, or the name of a bundled recording (`irl_walk`)."""
    speed: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    """How many seconds of the recording pass in one."""
    loop: bool = False
    """Start again at the end, with fresh message ids."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Source]:
    """Ready to play; raises ConfigError if there is no such recording."""
    try:
        path = find_recording(options.file, surroundings.base_dir)
    except ConfigError as error:
        raise ConfigError(f"inputs: replay: {error}") from error
    yield Replay(path, options, surroundings)


class Replay:
    """Emits what the inputs gave when it was recorded: chat, deletions, stream, speech, sight.

    `command` lines and what pickled itself did are passed over: they are not an input's to give.
    """

    def __init__(self, path: Path, options: Options, surroundings: Surroundings) -> None:
        self._path = path
        self._options = options
        self._report = surroundings.report

    async def run(self, emit: Emit) -> None:
        """Play to the end, or for ever; raises RecordingError where a line is wrong."""
        self._report("up", f"playing {self._path.name}")
        loop = asyncio.get_running_loop()
        origin, moment = loop.time(), datetime.now(UTC)
        begin, repetition, last = origin, 0, 0.0
        torn: Callable[[str], None] = self._say_torn
        while True:
            suffix = f"~{repetition}" if repetition else ""
            with closing(read(self._path, on_torn=torn)) as lines:
                for line in lines:
                    last = line.t
                    due = begin + line.t / self._options.speed
                    # Slept also when it is due: where many come at once, others get their turn.
                    await asyncio.sleep(max(0.0, due - loop.time()))
                    ts = moment + timedelta(seconds=loop.time() - origin)
                    event = to_event(line, ts=ts, source="replay", suffix=suffix)
                    if event is not None:
                        emit(event)
            if not self._options.loop:
                return
            repetition, torn = repetition + 1, _known
            begin += (last + _PAUSE_S) / self._options.speed
            await asyncio.sleep(max(0.0, begin - loop.time()))

    def _say_torn(self, why: str) -> None:
        log.warning("the recording is not whole", why=why)


def _known(_why: str) -> None:
    """It was said the first time."""


def find_recording(file: str, base_dir: Path) -> Path:
    """A path, or the name of a bundled recording; raises ConfigError if there is none."""
    path = base_dir / Path(file).expanduser()
    if path.is_file():
        return path
    bundled = sorted(each.stem for each in BUNDLED.glob("*.jsonl"))
    if file.removesuffix(".jsonl") in bundled:
        return BUNDLED / f"{file.removesuffix('.jsonl')}.jsonl"
    raise ConfigError(
        f"there is no recording {file}: neither the file {path} nor one of the bundled ones "
        f"({', '.join(bundled)})"
    )
