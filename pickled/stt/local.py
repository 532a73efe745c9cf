"""Recognizes on this machine, without any service: Whisper, in a process of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from pickled.errors import RecognizerError
from pickled.extras import remedy
from pickled.messages.base import Strict
from pickled.messages.recognized import Recognized, RecognizedWord
from pickled.plugins import Surroundings
from pickled.stt import Recognizer
from pickled.stt.stretches import StretchReader
from pickled.stt.worker.process import RecognizerProcess

_NEEDS = {"whisper": "faster_whisper", "pocketsphinx": "pocketsphinx"}
_AGAIN_S = 5.0
"""A process that ended is started again no sooner."""
_MOST_THREADS = 4
_LONGEST_TEXT = 4000
_ALONE = 1
"""Processors that are left to everything else."""


class Options(Strict):
    """Which engine hears, and with which model."""

    engine: Literal["whisper", "pocketsphinx"] = "whisper"
    """`pocketsphinx` is small, brings its model, knows English, and is often wrong."""
    model: str = Field(default="base.en", min_length=1, max_length=200)
    """Of Whisper, fetched once: `tiny.en`, `base.en`, `small.en`; `base`, `small` for other
    languages; or a folder that holds one."""
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    hint: str = Field(default="", max_length=1000)
    """Names and words that it would else not know, as a text."""
    threads: int = Field(default=0, ge=0, le=64)
    """Of the processor; 0: all but one, at most four."""
    answer_timeout_s: float = Field(default=10.0, gt=0, le=120)
    """From the end of a stretch of speech to its words."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Recognizer]:
    """A recognizer of this machine; its model loads behind the start."""
    ear = LocalEar(options, surroundings.data_dir, surroundings.base_dir)
    try:
        yield ear
    finally:
        await ear.close()


class LocalEar:
    """Keeps a process that has the model loaded."""

    def __init__(self, options: Options, data_dir: Path, base_dir: Path) -> None:
        self.name = f"local {options.engine}"
        self._options, self._data_dir, self._base_dir = options, data_dir, base_dir
        self._process: RecognizerProcess | None = None
        self._task: asyncio.Task[None] | None = None
        self._started_at = float("-inf")
        self._busy = asyncio.Lock()
        """Held for a stretch of speech: it hears one at a time."""

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """As `Recognizer.recognize`; a turn is a stretch."""
        stretches = StretchReader(sound)
        while (piece := await stretches.first()) is not None:
            async with self._busy:
                process, start_ms = self._there(), stretches.start_ms
                number, more = await process.begin(), piece
                while more:
                    await process.send(more)
                    if (text := process.interim(number)) is not None:
                        yield Recognized("interim", text[:_LONGEST_TEXT], start_ms=start_ms)
                    more = await stretches.more() or b""
                await process.send(b"")
                answer = await process.final(number, self._options.answer_timeout_s)
            yield _recognized(answer, start_ms)

    async def probe(self) -> None:
        """Is its model loaded? Begins to load it, if need be."""
        options, now = self._options, asyncio.get_running_loop().time()
        if find_spec(package := _NEEDS[options.engine]) is None:
            raise RecognizerError(_without(package))
        ended = self._task is None or self._task.done()
        if ended and now - self._started_at > _AGAIN_S:
            self._started_at = now
            self._process = RecognizerProcess(self._asked())
            self._task = asyncio.create_task(self._process.run(), name="local recognizer")
        self._there()

    async def close(self) -> None:
        """End the process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _there(self) -> RecognizerProcess:
        process, options = self._process, self._options
        model = options.model if options.engine == "whisper" else options.engine
        if process is None or (not process.ready and not process.failure):
            why = f"{model} is loading; the first time it is fetched"
            raise RecognizerError(why, loading=True)
        if process.failure and not process.ready:
            raise RecognizerError(
                f"{model} can't be loaded: {process.failure}. Is this machine online? Or name "
                "a folder that holds a model in `model`"
            )
        if process.failure:
            raise RecognizerError(process.failure)
        return process

    def _asked(self) -> dict[str, Any]:
        options = self._options
        own = self._base_dir / options.model
        spare = max(1, (os.cpu_count() or 1) - _ALONE)
        return {
            "engine": options.engine,
            "model": str(own) if own.is_dir() else options.model,
            "folder": str(self._data_dir / "models"),
            "language": options.language,
            "hint": options.hint,
            "threads": options.threads or min(spare, _MOST_THREADS),
        }


def _without(package: str) -> str:
    if package == _NEEDS["whisper"]:
        return f"it needs the package faster-whisper; install it with {remedy('server', 'whisper')}"
    return f"it needs the package {package}; `pip install {package}` brings it, with its model"


def _recognized(answer: dict[str, Any], start_ms: int) -> Recognized:
    sure, listed = answer.get("confidence"), answer.get("words") or ()
    words = tuple(
        RecognizedWord(str(text), start_ms + int(begin), start_ms + int(end))
        for text, begin, end in listed
    )
    confidence = float(sure) if isinstance(sure, int | float) else None
    text = " ".join(answer["final"].split())[:_LONGEST_TEXT]
    return Recognized("final", text, False, confidence, start_ms, words)
