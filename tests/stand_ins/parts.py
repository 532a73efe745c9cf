"""A model and a voice that do what the test wrote down, as plugs for the daemon."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import ModelError, VoiceError
from pickled.messages.prompt import Prompt
from pickled.plugins import Plug
from pickled.rehearsal.parts import plug as rehearsed_plug

CHARS_PER_S = 15.0
"""How fast the voice speaks."""


def answer(text: str, emotion: str = "happy") -> str:
    """What a model writes."""
    return json.dumps({"emotion": emotion, "text": text}, ensure_ascii=False)


def fours(text: str) -> list[str]:
    """A text in pieces of four characters."""
    return [text[start : start + 4] for start in range(0, len(text), 4)]


@dataclass
class ScriptedModel:
    """Writes `words(prompt)`: JSON, piece by piece, at a given pace."""

    words: Callable[[Prompt], str] = lambda prompt: answer(
        f"Hello {prompt.request.messages[-1].user}, this is the answer. And this is more."
        if prompt.request.messages
        else "This was a stream like any other."
    )
    cut: Callable[[str], Sequence[str]] = fours
    """Into the pieces in which it comes."""
    name: str = "scripted model"
    bounded: bool = False
    first_token_s: float = 0.2
    token_s: float = 0.01
    broken: bool = False
    """It answers neither probes nor prompts."""
    fails_after: int | None = None
    """So many pieces, then it breaks."""
    hangs: bool = False
    prompts: list[Prompt] = field(default_factory=list)
    stopped: int = 0
    """How often it was closed before its end."""

    async def probe(self) -> None:
        if self.broken:
            raise ModelError("the model is not there; start it")

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        if self.broken:
            raise ModelError("the model is not there; start it")
        written = False
        try:
            await asyncio.sleep(self.first_token_s)
            if self.hangs:
                await asyncio.sleep(15)
                raise ModelError("no token within 15 s")
            for number, piece in enumerate(self.cut(self.words(prompt))):
                if number == self.fails_after:
                    raise ModelError("the connection was cut")
                yield piece
                await asyncio.sleep(self.token_s)
            written = True
        finally:
            self.stopped += not written


@dataclass
class ScriptedVoice:
    """A tone as long as the text, faster than real time."""

    name: str = "scripted voice"
    voices: tuple[str, ...] = ("alto", "bass")
    languages: dict[str, str] = field(default_factory=dict)
    on_demand: tuple[str, ...] = ()
    first_byte_s: float = 0.15
    speedup: float = 4.0
    broken: bool = False
    hangs: bool = False
    breaks_after_s: float | None = None
    """So much sound of a clause, then it fails."""
    unheard_percent: float = 5.0
    spoken: list[tuple[str, str | None]] = field(default_factory=list)
    """Text and voice."""
    stopped: int = 0
    """How often it was closed before its end."""

    async def probe(self) -> None:
        if self.broken:
            raise VoiceError("the voice is not there; start it")

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        if self.broken:
            raise VoiceError("the voice is not there; start it")
        self.spoken.append((text, voice))
        left = whole = int(len(text) / CHARS_PER_S / speed * SPEECH_RATE)
        most = whole if self.breaks_after_s is None else int(self.breaks_after_s * SPEECH_RATE)
        try:
            await asyncio.sleep(self.first_byte_s)
            if self.hangs:
                await asyncio.sleep(10)
                raise VoiceError("no sound within 10 s")
            while left > 0:
                block = min(left, SPEECH_RATE // 10)
                await asyncio.sleep(block / SPEECH_RATE / self.speedup)
                yield b"\x00\x10" * block if SAMPLE_BYTES == 2 else b""
                left -= block
                if whole - left >= most and left > 0:
                    raise VoiceError("the connection was cut")
        finally:
            self.stopped += left > 0


def plug(folder: str, part: Any, *, kind: str = "scripted") -> Plug:
    """A plug that yields the part as it is."""
    return rehearsed_plug(folder, part, kind=kind)
