"""A voice without any service: flite or espeak-ng, whichever is on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import struct
import tempfile
import unicodedata
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal, TypeVar

from pydantic import Field

from pickled.errors import VoiceError
from pickled.messages.base import Strict
from pickled.plugins import Surroundings
from pickled.tts import UNHEARD_PERCENT, Synthesizer
from pickled.tts.languages import reading
from pickled.tts.pcm import Resampled
from pickled.tts.pcm.off_loop import OffLoop

Engine = Literal["flite", "espeak-ng"]
T = TypeVar("T")

_FLITE = ("slt", "rms", "awb", "kal16")
_ESPEAK = (
    *("en-us", "en-gb", "en-gb-scotland", "de", "fr-fr", "es", "es-419", "it", "pt", "pt-br"),
    *("nl", "pl", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "tr", "uk", "ru", "hi"),
    *("ja", "ko", "cmn", "vi", "id", "ms", "sk", "sl", "hr", "sr", "bg", "mk", "lt", "lv", "et"),
    *("is", "ca", "eu", "cy", "ga", "sq", "af", "sw", "ar", "fa", "ur", "he", "bn", "mr", "ne"),
    *("pa", "gu", "ta", "te", "kn", "ml", "si", "th", "my", "ka", "hy", "am", "be", "kk"),
)
VOICES: dict[str, tuple[Engine, str]] = {
    **{f"flite-{name}": ("flite", name) for name in _FLITE},
    **{f"espeak-{language}": ("espeak-ng", language) for language in _ESPEAK},
}
"""Best first: the engine, and what it calls the voice."""

LANGUAGES: dict[str, str] = {
    name: ("en-gb-scotland" if own == "awb" else "en-us") if engine == "flite" else own
    for name, (engine, own) in VOICES.items()
}
"""What each of them speaks."""

_ESPEAK_WORDS_PER_MINUTE = 175
_SLOWEST, _FASTEST = 0.5, 2.0
_WAV_HEADER = struct.Struct("<4s4x4s8xHHI6xH4s4x")
_READ_BYTES = 4096
_LONGEST_REASON = 200

# What writers set and flite does not know; it speaks ASCII only.
_PLAIN = str.maketrans("‘’‚“”„«»–—…ßøØæÆœŒłŁ", '\'\'\'"""""--.sooaAoOlL')


class Options(Strict):
    """Which engine speaks, and how."""

    engine: Literal["auto", "flite", "espeak-ng"] = "auto"
    """`auto` takes both: flite sounds better in English, espeak-ng speaks many languages."""
    voice: str | None = None
    """As in `VOICES`; without it, the best one of the persona's language."""
    speed: float = Field(default=1.0, ge=0.5, le=2)
    """1 is normal; the persona's speed comes on top."""
    first_byte_timeout_s: float = Field(default=5.0, gt=0, le=60)
    idle_timeout_s: float = Field(default=5.0, gt=0, le=60)
    """Between two pieces of sound."""
    unheard_percent: float = Field(default=UNHEARD_PERCENT, ge=0, le=100)
    """So many of a hundred clauses it may be asked for in vain, so that it is heard sooner."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Synthesizer]:
    """The voice of this machine; whether there is one shows at the first probe."""
    del surroundings
    yield LocalVoice(options)


class LocalVoice:
    """Runs an engine for each text."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.name = "local"
        self.unheard_percent = options.unheard_percent
        self.voices: tuple[str, ...] = ()
        self.languages: dict[str, str] = {}
        self._look()

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """Speech as it becomes ready; closing the generator kills the engine.

        Another voice speaks what that one can't read, as Chinese.
        """
        wanted = voice if voice in self.voices else self.voices[0]
        engine, name = VOICES[self._reader(text, wanted)]
        pace = min(max(speed * self._options.speed, _SLOWEST), _FASTEST)
        run = self._flite if engine == "flite" else self._espeak
        head, speech, off_loop = b"", None, OffLoop()
        async with aclosing(run(text, name, pace)) as wav:
            async for data in wav:
                if speech is None:
                    head += data
                    if len(head) < _WAV_HEADER.size:
                        continue
                    speech, data = _speech(head), head[_WAV_HEADER.size :]
                for piece in await off_loop.do(speech.feed, data):
                    yield piece
        if speech is None:
            raise VoiceError(f"{engine} gave no sound")
        last = speech.finish
        for piece in await off_loop.do(lambda _: last()):
            yield piece

    async def probe(self) -> None:
        """Is there an engine?"""
        if not self._look():
            wanted = self._options.engine
            package = "flite" if wanted == "auto" else wanted
            raise VoiceError(
                f"no {package} on this machine; install it with `apt install {package}`"
            )

    def _look(self) -> bool:
        """Find the engines; without any, the voices are those that there would be."""
        wanted = (
            ("flite", "espeak-ng") if self._options.engine == "auto" else (self._options.engine,)
        )
        found = [each for each in wanted if shutil.which(each)]
        voices = [name for name, (engine, _) in VOICES.items() if engine in (found or wanted)]
        if self._options.voice in voices:
            voices.insert(0, voices.pop(voices.index(self._options.voice)))
        self.voices = tuple(voices)
        self.languages = {name: LANGUAGES[name] for name in voices}
        self.name = f"local {VOICES[voices[0]][0]}"
        return bool(found)

    def _reader(self, text: str, voice: str) -> str:
        """That voice, or one that knows the letters; raises VoiceError if the engine is missing."""
        reader = reading(text, voice, self.voices, self.languages)
        if reader is None and VOICES[voice][0] == "flite":
            raise VoiceError(self._too_foreign())
        return reader or voice

    def _too_foreign(self) -> str:
        """Why flite does not speak a text, and what helps."""
        if self._options.engine == "flite":
            return "flite speaks English only; without `engine: flite`, espeak-ng takes the rest"
        if shutil.which("espeak-ng") is None:
            return "flite speaks English only; `apt install espeak-ng` adds other languages"
        return "no voice of flite and espeak-ng reads these letters; another kind of voice may"

    async def _espeak(self, text: str, voice: str, pace: float) -> AsyncGenerator[bytes, None]:
        """espeak-ng writes while it speaks."""
        words = round(_ESPEAK_WORDS_PER_MINUTE * pace)
        command = ("espeak-ng", "--stdin", "--stdout", "-b", "1", "-v", voice, "-s", str(words))
        patience = self._options.first_byte_timeout_s
        async with _running(*command, text=text, stdout=PIPE) as process:
            assert process.stdout is not None
            while data := await _within(patience, process.stdout.read(_READ_BYTES)):
                patience = self._options.idle_timeout_s
                yield data
            await _ended(process, patience)

    async def _flite(self, text: str, voice: str, pace: float) -> AsyncGenerator[bytes, None]:
        """flite can't write into a pipe, but it is done after 1.5 % of the time that it talks."""
        stretch = f"duration_stretch={1 / pace:.3f}"
        with tempfile.TemporaryFile() as file:
            output = file.fileno()
            command = ("flite", "-voice", voice, "--setf", stretch, "-f", "/dev/stdin", "-o")
            async with _running(
                *command, f"/dev/fd/{output}", text=_ascii(text), stdout=DEVNULL, pass_fds=(output,)
            ) as process:
                await _ended(process, self._options.first_byte_timeout_s)
            file.seek(0)
            while data := file.read(_READ_BYTES):
                yield data


@asynccontextmanager
async def _running(*command: str, text: str, **how: Any) -> AsyncIterator[Process]:
    """A process that reads the text, and that is gone afterwards, however it went.

    The text comes from a file without a name: as an argument it could be an option, and
    engines open `/dev/stdin` anew, which works with a file and not with every pipe.
    """
    with tempfile.TemporaryFile() as words:
        words.write(text.encode(errors="replace"))
        words.seek(0)
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=words, stderr=PIPE, **how
            )
        except OSError as error:
            raise VoiceError(f"{command[0]} can't be started: {error.strerror}") from error
        try:
            yield process
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.communicate()  # empties the pipes, else they stay open


async def _within(seconds: float, waiting: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await waiting
    except TimeoutError as error:
        raise VoiceError(f"the voice gave no sound for {seconds:g} s") from error


async def _ended(process: Process, seconds: float) -> None:
    """Wait for its end; raises VoiceError with its own words if it failed."""
    assert process.stderr is not None
    told = await _within(seconds, process.stderr.read(_LONGEST_REASON))
    if await _within(seconds, process.wait()):
        reason = " ".join(told.decode(errors="replace").split())
        raise VoiceError(f"the voice failed: {reason or f'exit code {process.returncode}'}")


def _speech(head: bytes) -> Resampled:
    """Both engines write the plain header of 44 bytes; the lengths in it may be made up."""
    riff, wave, form, channels, rate, width, data = _WAV_HEADER.unpack_from(head)
    if (riff, wave, form, width, data) != (b"RIFF", b"WAVE", 1, 16, b"data"):
        raise VoiceError("the voice gave something else than sound")
    return Resampled(rate, channels=channels)


def _ascii(text: str) -> str:
    """What of a text flite reads."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return decomposed.encode("ascii", "ignore").decode()
