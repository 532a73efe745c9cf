"""Ears of this machine: a process of its own recognizes real speech, and may die."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pickled.errors import RecognizerError
from pickled.plugins import Surroundings
from pickled.stt.local import LocalEar, Options, start
from tests.e2e.hearing import word_error_rate
from tests.stt.listening import LiveSound, listening
from tests.stt.speaking import needs_flite, said

WEATHER = "what is the weather like today"


@asynccontextmanager
async def ear(folder: Path, **options: Any) -> AsyncIterator[LocalEar]:
    """A recognizer whose model is loaded."""
    chosen = Options.model_validate({"engine": "pocketsphinx", **options})
    around = Surroundings(folder, folder, lambda *_: None)
    async with start(chosen, around) as made:
        assert isinstance(made, LocalEar)
        await loaded(made)
        yield made


async def loaded(made: LocalEar) -> None:
    """Wait until it answers a probe; whatever else it says is raised."""
    async with asyncio.timeout(30):
        while True:
            try:
                await made.probe()
            except RecognizerError as error:
                if not error.loading:
                    raise
                await asyncio.sleep(0.05)
            else:
                return


@needs_flite
async def test_real_speech_is_recognized(tmp_path: Path) -> None:
    """While it is spoken, and as a whole; each word has its place."""
    sound = LiveSound()
    async with ear(tmp_path) as made, listening(made.recognize(sound)) as heard:
        await sound.live(said(WEATHER))
        (text,) = await heard.until_finals(1)
        sound.at_once(said("yes we are going to the river"))
        await heard.until_finals(2)
    assert word_error_rate(WEATHER, text) <= 0.35
    assert word_error_rate("yes we are going to the river", heard.finals[1]) <= 0.5
    assert any(each.state == "interim" and each.text for each in heard.all)
    first, second = (each for each in heard.all if each.state == "final")
    assert [each.text for each in first.words] == text.split()
    assert all(each.start_ms < each.end_ms for each in first.words)
    assert second.start_ms == pytest.approx(len(said(WEATHER)) / 32, abs=1)


@needs_flite
async def test_process_that_dies_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn fails, so that a fallback hears it; then it is asked by its probe."""
    monkeypatch.setattr("pickled.stt.local._AGAIN_S", 0.0)
    sound = LiveSound()
    async with ear(tmp_path) as made:
        assert made._process is not None
        process = made._process._process
        assert process is not None
        async with listening(made.recognize(sound)) as heard:
            await sound.live(said("one two")[:6400], pause=False)
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            sound.at_once(said("one two"))
            failed = await heard.until_failure()
        assert isinstance(failed, RecognizerError)
        assert "has died" in str(failed)
        await loaded(made)
        sound = LiveSound()
        async with listening(made.recognize(sound)) as heard:
            sound.at_once(said(WEATHER))
            assert (await heard.until_finals(1))[0]


async def test_process_ends_with_the_ear(tmp_path: Path) -> None:
    """Also in the midst of a stretch of speech."""
    sound = LiveSound()
    async with ear(tmp_path) as made:
        assert made._process is not None
        process = made._process._process
        assert process is not None
        async with listening(made.recognize(sound)):
            await sound.live(bytes(6400), pause=False)
    assert process.returncode is not None


async def test_stretch_that_was_left_does_not_leak_into_the_next(tmp_path: Path) -> None:
    """Its answer is nobody's."""
    async with ear(tmp_path) as made:
        sound = LiveSound()
        async with listening(made.recognize(sound)):
            await sound.live(bytes(6400), pause=False)
        sound = LiveSound()
        async with listening(made.recognize(sound)) as heard:
            sound.at_once(bytes(16_000))
            await heard.until_finals(1)
        assert made._process is not None
        assert made._process.stretch == 2


@pytest.mark.skipif(find_spec("faster_whisper") is not None, reason="faster-whisper is installed")
async def test_missing_package_is_named(tmp_path: Path) -> None:
    """With the extra that brings it."""
    with pytest.raises(RecognizerError, match=r"faster-whisper; .*\[server,whisper\]"):
        async with ear(tmp_path, engine="whisper"):
            pass


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
async def test_model_that_cannot_be_fetched_is_named(tmp_path: Path) -> None:
    """Without a network, and without the model on the disk."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecognizerError, match="can't be loaded"):
        async with ear(tmp_path, engine="whisper", model="empty"):
            pass
