"""Asks who speaks, and plays the voice on this machine."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE, duration_ms
from pickled.cli.machine import has_sound_card
from pickled.cli.setup.draft import Draft
from pickled.cli.setup.interview import Choice, Interview
from pickled.config import Config
from pickled.doctor.parts import surroundings
from pickled.doctor.trial.sounding import SENTENCE
from pickled.errors import ConfigError, DeviceError, VoiceError
from pickled.node.device import DeviceSink
from pickled.plugins import find
from pickled.services.deepgram import CONSOLE

KEY_FILE = "deepgram.key"
WAV = Path("pickled-voice.wav")
BY_LANGUAGE = "auto"
_MOST_SHOWN = 40
_LONGEST_S = 30.0
_TAIL_S = 0.3


def ask_voice(questions: Interview, draft: Draft, *, silent: bool) -> None:
    """Take a voice that was heard, or with `silent` one that is there."""
    questions.heading("The voice")
    tts = draft.config().tts
    kind = questions.choose(
        "tts", "Who speaks",
        [
            Choice("local", "this machine: flite for English, espeak-ng for the rest"),
            Choice("wyoming", "Piper, or another voice of the house with Wyoming's protocol"),
            Choice("deepgram", "Deepgram's voices, in the cloud, for a key"),
        ],
        default=tts.kind if tts.kind in ("local", "wyoming", "deepgram") else "local",
    )  # fmt: skip
    before = tts.options if tts.kind == kind else {}
    options: dict[str, str] = {}
    if kind == "wyoming":
        options["url"] = questions.ask(
            "url", "Where it is", default=str(before.get("url") or "tcp://127.0.0.1:10200"),
            check=_address,
        )  # fmt: skip
    if kind == "deepgram" and not before.get("api_key"):
        options |= _key(questions, draft)
    draft.set_part("tts", kind, options)
    try:
        voices = asyncio.run(_voices(draft.config()))
    except VoiceError as error:
        questions.bad(f"{error}. Until then captions are shown instead.")
        return
    while not _chosen(questions, draft, voices, before, silent=silent):
        before = draft.config().tts.options


def _key(questions: Interview, draft: Draft) -> dict[str, str]:
    """The option that names its file, if there is one."""
    if not (key := questions.secret(f"Its key, from {CONSOLE} (empty: none yet)")):
        return {}
    draft.keep_secret(KEY_FILE, key)
    questions.say(f"Kept in {KEY_FILE}, readable by you alone.", "dim")
    return {"api_key_file": KEY_FILE}


def _chosen(
    questions: Interview,
    draft: Draft,
    voices: tuple[str, ...],
    before: Mapping[str, object],
    *,
    silent: bool,
) -> bool:
    """Is one taken?"""
    choices = [Choice(BY_LANGUAGE, "the best one of the persona's language")]
    choices += [Choice(name, "") for name in voices[:_MOST_SHOWN]]
    kept = str(before.get("voice") or BY_LANGUAGE)
    default = kept if kept in voices else BY_LANGUAGE
    name = questions.choose("voice", "Which one", choices, default=default, free=True)
    told = questions.defaults or "voice" in questions.given
    if name != BY_LANGUAGE and name not in voices:
        questions.bad(f"There is no voice {name}; there are {', '.join(voices[:_MOST_SHOWN])}.")
        return told
    wanted = None if name == BY_LANGUAGE else name
    if wanted or before.get("voice"):
        draft.set(wanted, "tts", "voice")
    if silent:
        return True
    try:
        pcm = asyncio.run(_spoken(draft.config(), SENTENCE, wanted))
    except VoiceError as error:
        questions.bad(f"{error}.")
    else:
        questions.good(play(pcm))
    return told or questions.yes("Take it? (no: another one)")


def play(pcm: bytes) -> str:
    """Have it heard, and say where; without a sound card it becomes a file here."""
    long_s = duration_ms(len(pcm), SPEECH_RATE) / 1000
    if has_sound_card():
        try:
            asyncio.run(_played(pcm, long_s))
        except DeviceError:
            pass
        else:
            return "that was it, on this machine's sound card"
    try:
        with wave.open(str(WAV), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SPEECH_RATE)
            file.writeframes(pcm)
    except OSError as error:
        return f"it speaks ({long_s:.1f} s), but {WAV} can't be written: {error.strerror}"
    return f"no sound card here: it is in {WAV.absolute()} ({long_s:.1f} s)"


async def _played(pcm: bytes, long_s: float) -> None:
    at = 0

    def pull(samples: int) -> bytes:
        nonlocal at
        wanted = samples * SAMPLE_BYTES
        piece, at = pcm[at : at + wanted], at + wanted
        return piece.ljust(wanted, b"\0")

    sink = DeviceSink()
    sink.start(pull)
    try:
        await asyncio.sleep(long_s + sink.latency_s + _TAIL_S)
    finally:
        sink.stop()


def _address(text: str) -> str:
    plain = text.strip().rstrip("/")
    plain = plain if "://" in plain else f"tcp://{plain}"
    if not plain.startswith("tcp://") or not plain.rpartition(":")[2].isdecimal():
        raise ValueError("is no address: write it as tcp://127.0.0.1:10200")
    return plain


async def _voices(config: Config) -> tuple[str, ...]:
    """Their names; raises VoiceError with the remedy."""
    try:
        plug = find("tts", config.tts)
    except ConfigError as error:
        raise VoiceError(str(error).removesuffix(".")) from error
    async with plug.start(surroundings(config)) as voice:
        await voice.probe()
        return tuple(voice.voices)


async def _spoken(config: Config, text: str, name: str | None) -> bytes:
    """PCM of a sentence; raises VoiceError."""
    sound = bytearray()
    async with find("tts", config.tts).start(surroundings(config)) as voice:
        try:
            async with (
                asyncio.timeout(_LONGEST_S),
                aclosing(voice.synthesize(text, voice=name)) as pieces,
            ):
                async for piece in pieces:
                    sound += piece
        except TimeoutError:
            raise VoiceError(f"it took longer than {_LONGEST_S:g} s") from None
    if not sound:
        raise VoiceError("it gave no sound")
    return bytes(sound)
