"""The voice of this machine: real engines where they are, and engines that fail in every way."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
from contextlib import aclosing
from pathlib import Path
from typing import Any

import psutil
import pytest

from pickled.errors import VoiceError
from pickled.tts.local import VOICES, Options, start
from tests.tts.hearing import LONG_TEXT, SURROUNDINGS, TEXT, hear, length_ms, samples, silent_ms

HEADER = (
    r"printf 'RIFF\377\377\377\377WAVEfmt '"
    "\n"
    r"printf '\020\0\0\0\001\0\001\0\300\135\0\0\200\273\0\0\002\0\020\0data\377\377\377\377'"
)
SOUND = r"head -c 9600 /dev/zero | tr '\0' '\100'"
HANG = "exec sleep 1000"
FAILURES = {
    "hang": (HANG, "no sound for"),
    "hang in the middle": (f"{HEADER}\n{SOUND}\n{HANG}", "no sound for"),
    "closes its output and hangs": ("exec >&- 2>&-\nexec sleep 1000", "no sound for"),
    "fails": ("echo no such voice >&2\nexit 1", "no such voice"),
    "fails in the middle": (f"{HEADER}\n{SOUND}\nexit 3", "exit code 3"),
    "is killed": ("kill -9 $$", "exit code -9"),
    "nothing": ("true", "no sound"),
    "half a header": ("printf RIFF", "no sound"),
    "header only": (HEADER, "no sound"),
    "silence": (f"{HEADER}\nhead -c 48000 /dev/zero", "no sound"),
    "something else": ("head -c 4000 /dev/zero", "something else than sound"),
    "endless": (f"{HEADER}\nexec tr '\\0' '\\100' </dev/zero", "goes on"),
}


def engine(folder: Path, name: str, script: str) -> None:
    """An engine in a folder that is all of PATH's front; it leaves its process id there."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho $$ >>{folder}/pids\n{script}\n")
    path.chmod(0o755)


def left_over(folder: Path) -> list[int]:
    """The engines that still run, or were not waited for."""
    pids = folder / "pids"
    started = [int(pid) for pid in pids.read_text().split()] if pids.exists() else []
    return [pid for pid in started if psutil.pid_exists(pid)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where engines are looked for first."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


@pytest.mark.parametrize("failure", FAILURES)
async def test_synthesize_fails_with_a_reason(folder: Path, failure: str) -> None:
    """However an engine fails, it is a VoiceError with a text, and its process is gone."""
    script, reason = FAILURES[failure]
    engine(folder, "espeak-ng", script)
    patience = 0.5 if "hang" in failure else 20
    short = Options(engine="espeak-ng", first_byte_timeout_s=patience, idle_timeout_s=patience)
    async with start(short, SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match=reason):
            await asyncio.wait_for(hear(voice.synthesize(TEXT)), 30)
    assert left_over(folder) == []


@pytest.mark.parametrize("failure", ["hang", "fails", "is killed", "nothing"])
async def test_synthesize_by_flite_fails_with_a_reason(folder: Path, failure: str) -> None:
    """The same for the engine that writes a file."""
    script, reason = FAILURES[failure]
    engine(folder, "flite", script)
    short = Options(engine="flite", first_byte_timeout_s=0.5 if failure == "hang" else 20)
    async with start(short, SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match=reason):
            await asyncio.wait_for(hear(voice.synthesize(TEXT)), 30)
    assert left_over(folder) == []


@pytest.mark.parametrize("script", [HANG, f"{HEADER}\n{SOUND}\n{HANG}", FAILURES["endless"][0]])
@pytest.mark.parametrize("name", ["flite", "espeak-ng"])
async def test_synthesize_cancelled_kills_the_engine(folder: Path, name: Any, script: str) -> None:
    """Whatever the engine is doing, afterwards there is no process, not even a dead one."""
    engine(folder, name, f"trap '' TERM INT\n{script}")
    async with start(Options(engine=name), SURROUNDINGS) as voice:
        hearing = asyncio.create_task(hear(voice.synthesize(TEXT)))
        while not (folder / "pids").exists():
            await asyncio.sleep(0.01)
        hearing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await hearing
    assert left_over(folder) == []


async def test_synthesize_closed_early_kills_the_engine(folder: Path) -> None:
    """Closing the generator ends the engine, also when its pipe is full."""
    engine(folder, "espeak-ng", FAILURES["endless"][0])
    async with (
        start(Options(engine="espeak-ng"), SURROUNDINGS) as voice,
        aclosing(voice.synthesize(TEXT)) as pcm,
    ):
        assert await anext(pcm)
    assert left_over(folder) == []


@pytest.mark.parametrize("name", ["flite", "espeak-ng"])
@pytest.mark.parametrize("text", ["-o /etc/passwd", "--help", "$(touch x) `touch x`; touch x"])
async def test_text_is_never_a_command(folder: Path, name: Any, text: str) -> None:
    """The text comes in by a file: neither a shell nor the engine's options see it."""
    engine(folder, name, f'echo "$@" >{folder}/arguments\ncat /dev/stdin >{folder}/text')
    async with start(Options(engine=name), SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match="no sound"):
            await hear(voice.synthesize(text))
    assert (folder / "text").read_text() == text
    assert "touch" not in (folder / "arguments").read_text()
    assert "passwd" not in (folder / "arguments").read_text()


async def test_probe_without_an_engine_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any engine it starts, says what to install, and finds it once it is there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    async with start(Options(), SURROUNDINGS) as voice:
        assert voice.voices == tuple(VOICES)
        with pytest.raises(VoiceError, match="`apt install flite`"):
            await voice.probe()
        with pytest.raises(VoiceError, match="flite can't be started"):
            await hear(voice.synthesize(TEXT))
        engine(tmp_path, "espeak-ng", "true")
        await voice.probe()
        assert voice.name == "local espeak-ng"
        assert "flite-slt" not in voice.voices


async def test_probe_misses_the_wanted_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine is no replacement for the one that was asked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    engine(tmp_path, "flite", "true")
    async with start(Options(engine="espeak-ng"), SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match="`apt install espeak-ng`"):
            await voice.probe()


async def test_configured_voice_is_the_default(folder: Path) -> None:
    """`voice` comes first; the engine that fits it is used."""
    for name in ("flite", "espeak-ng"):
        engine(folder, name, f"echo {name} $@ >{folder}/used")
    async with start(Options(voice="espeak-de"), SURROUNDINGS) as voice:
        assert voice.voices[0] == "espeak-de"
        for asked in (None, "no-such-voice", "espeak-de"):
            with pytest.raises(VoiceError):
                await hear(voice.synthesize(TEXT, voice=asked))
            assert (folder / "used").read_text().startswith("espeak-ng ")
            assert " -v de " in (folder / "used").read_text()


async def test_text_goes_to_the_engine_that_knows_its_letters(folder: Path) -> None:
    """A text in Chinese or Russian is not left to flite, whoever was asked for."""
    for name in ("flite", "espeak-ng"):
        engine(folder, name, f"echo {name} $@ >{folder}/used")
    async with start(Options(), SURROUNDINGS) as voice:
        assert voice.voices[0] == "flite-slt"
        for text, used in (
            ("你好，世界", "espeak-ng .* -v cmn "),
            ("Привет, чат", "espeak-ng .* -v ru "),
            ("مرحبا بكم", "espeak-ng .* -v ar "),
            ("Hello, 世界", "flite -voice slt "),
        ):
            with pytest.raises(VoiceError):
                await hear(voice.synthesize(text))
            assert re.match(used, (folder / "used").read_text())


async def test_text_that_no_engine_reads_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """flite alone, flite as the one that was wanted, and letters that nobody knows."""
    monkeypatch.setenv("PATH", str(tmp_path))
    engine(tmp_path, "flite", "true")
    async with start(Options(), SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match="`apt install espeak-ng`"):
            await hear(voice.synthesize("你好"))
        engine(tmp_path, "espeak-ng", "true")
        await voice.probe()
        with pytest.raises(VoiceError, match="no voice of flite and espeak-ng"):
            await hear(voice.synthesize("ᏣᎳᎩ"))
    async with start(Options(engine="flite"), SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match="without `engine: flite`"):
            await hear(voice.synthesize("你好"))


def needs(name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed: `apt install {name}`")


@pytest.mark.integration
@pytest.mark.parametrize(("name", "voice"), [("flite", "flite-slt"), ("espeak-ng", "espeak-en-us")])
async def test_engine_speaks(name: str, voice: str) -> None:
    """Real speech, loud enough, without a pause before it, faster or slower as asked."""
    needs(name)
    async with start(Options(), SURROUNDINGS) as local:
        await local.probe()
        assert voice in local.voices
        normal = await hear(local.synthesize(TEXT, voice=voice))
        fast = await hear(local.synthesize(TEXT, voice=voice, speed=1.5))
        longer = await hear(local.synthesize(LONG_TEXT, voice=voice))
    assert 800 < length_ms(normal) < 4000
    assert length_ms(fast) < 0.85 * length_ms(normal)
    assert length_ms(longer) > 8 * length_ms(normal)
    assert silent_ms(normal) < 60
    assert samples(normal).std() > 500


@pytest.mark.integration
async def test_engine_speaks_while_it_writes() -> None:
    """espeak-ng is heard before it has come to its end, and stops when it is closed."""
    needs("espeak-ng")
    async with (
        start(Options(engine="espeak-ng"), SURROUNDINGS) as local,
        aclosing(local.synthesize(LONG_TEXT * 20)) as pcm,
    ):
        assert await anext(pcm)
        assert "espeak-ng" in {each.name() for each in psutil.Process().children()}
    assert "espeak-ng" not in {each.name() for each in psutil.Process().children()}


@pytest.mark.integration
@pytest.mark.parametrize(("name", "voice"), [("flite", "flite-slt"), ("espeak-ng", "espeak-en-us")])
async def test_engine_takes_what_people_write(name: str, voice: str) -> None:
    """Typographic marks, accents and emoji do not change how the words sound."""
    needs(name)
    async with start(Options(), SURROUNDINGS) as local:
        plain = await hear(local.synthesize("It's a naive cafe, isn't it?", voice=voice))
        fancy = await hear(
            local.synthesize("It’s a naïve café, isn’t it? \N{PARTY POPPER}", voice=voice)
        )
    assert length_ms(fancy) < 2 * length_ms(plain)


@pytest.mark.integration
async def test_flite_tells_what_it_can_not_speak() -> None:
    """A text without a letter that flite knows names the engine that does."""
    needs("flite")
    async with start(Options(engine="flite"), SURROUNDINGS) as local:
        with pytest.raises(VoiceError, match="espeak-ng"):
            await hear(local.synthesize("今日は"))


@pytest.mark.integration
@pytest.mark.parametrize("voice", [each for each in VOICES if each.startswith("espeak-")])
async def test_each_language_is_there(voice: str) -> None:
    """Each voice that we list is one that espeak-ng has."""
    needs("espeak-ng")
    async with start(Options(engine="espeak-ng"), SURROUNDINGS) as local:
        assert length_ms(await hear(local.synthesize("Radio 1 2 3", voice=voice))) > 300


@pytest.mark.integration
@pytest.mark.parametrize(
    "text", ["你好，世界", "Привет, чат", "こんにちは", "مرحبا بكم", "안녕하세요"]
)
async def test_foreign_text_sounds(text: str) -> None:
    """With both engines installed, nothing has to be configured for that."""
    needs("flite")
    needs("espeak-ng")
    async with start(Options(), SURROUNDINGS) as local:
        assert length_ms(await hear(local.synthesize(text))) > 300


@pytest.mark.integration
async def test_every_voice_is_there() -> None:
    """Each name that is offered is one of the engine's."""
    needs("espeak-ng")
    names = [name for name, (engine, _) in VOICES.items() if engine == "espeak-ng"]
    async with start(Options(), SURROUNDINGS) as local:
        for name in names:
            assert await hear(local.synthesize("Hello.", voice=name))
