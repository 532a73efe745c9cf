"""A LiveKit agent on the same stand-ins: chat, its OpenAI plugin, a Wyoming voice, a sink.

Runs alone, with the Python of an environment that has livekit-agents; nothing of ours is imported.
There is neither a room nor a server: what it says goes to the sink, which has no device, so sound
counts at the moment at which LiveKit hands its first piece over; the voice's rate is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from livekit import rtc
from livekit.agents import Agent, AgentSession, ModelSettings, llm, tts
from livekit.agents.voice.io import AudioOutput, AudioOutputCapabilities
from livekit.plugins import openai
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize

RATE = 22_050
_PIECE_MS = 20
_LINE = re.compile(r"@(?P<tags>\S+) :(?P<user>\w+)!\S+ PRIVMSG #\w+ :(?P<text>.*)")
_SYSTEM = "You are John, the voice of chat. Answer in two sentences."


class Journal:
    """Lines of JSON, each with its moment, about the line of chat that is being answered."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self.asked = ""

    def __call__(self, what: str) -> None:
        entry = {"at": time.monotonic(), "what": what, "ids": [self.asked]}
        self._file.write(json.dumps(entry) + "\n")


class WyomingVoice(tts.TTS):
    """Passes each piece of sound on as it comes."""

    def __init__(self, url: str) -> None:
        capabilities = tts.TTSCapabilities(streaming=False)
        super().__init__(capabilities=capabilities, sample_rate=RATE, num_channels=1)
        where = urlsplit(url)
        self.where = (str(where.hostname), int(where.port or 0))

    def synthesize(self, text: str, **options: Any) -> _Speech:
        """Speech for one sentence."""
        return _Speech(tts=self, input_text=text, **_with_defaults(options))


class _Speech(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        output_emitter.initialize(
            request_id="1",
            sample_rate=RATE,
            num_channels=1,
            mime_type="audio/pcm",
            frame_size_ms=_PIECE_MS,
        )
        voice: Any = self._tts
        async with AsyncTcpClient(*voice.where) as client:
            await client.write_event(Synthesize(self.input_text).event())
            while (event := await client.read_event()) and not AudioStop.is_type(event.type):
                if AudioChunk.is_type(event.type):
                    output_emitter.push(AudioChunk.from_event(event).audio)
        output_emitter.flush()


def _with_defaults(options: dict[str, Any]) -> dict[str, Any]:
    return {"conn_options": tts.tts.DEFAULT_API_CONNECT_OPTIONS} | options


class TextOfAnswer(Agent):
    """Speaks only the text of `{"emotion": …, "text": …}`, as it is written."""

    async def tts_node(self, text: AsyncIterable[str], model_settings: ModelSettings) -> Any:
        """The voice for what the model writes."""
        async for frame in Agent.default.tts_node(self, _of_json(text), model_settings):
            yield frame


async def _of_json(text: AsyncIterable[Any]) -> AsyncIterator[str]:
    whole, given = "", 0
    async for piece in text:
        whole += str(piece)
        said = whole
        if said.startswith("{"):
            said = said.partition('"text": "')[2].partition('"')[0]
        if len(said) > given:
            yield said[given:]
            given = len(said)


class Sink(AudioOutput):
    """Takes sound in real time."""

    def __init__(self, journal: Journal, idle: asyncio.Event) -> None:
        capabilities = AudioOutputCapabilities(pause=False)
        super().__init__(label="sink", capabilities=capabilities, sample_rate=RATE)
        self._journal, self._idle = journal, idle
        self._due = self._seconds = 0.0
        self._sounding = False
        self._ending: asyncio.Task[None] | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        """As a device: it is heard once all before it was."""
        await super().capture_frame(frame)
        if not self._sounding and any(bytes(frame.data)):
            self._sounding = True
            self._journal("sound")
        self._due = max(self._due, time.monotonic()) + frame.duration
        self._seconds += frame.duration

    def flush(self) -> None:
        """The answer is complete."""
        super().flush()
        if self._seconds:
            self._ending = asyncio.create_task(self._end())

    def clear_buffer(self) -> None:
        """Nobody interrupts it here."""

    async def _end(self) -> None:
        seconds, self._seconds = self._seconds, 0.0
        await asyncio.sleep(max(0.0, self._due - time.monotonic()))
        self._sounding = False
        self.on_playback_finished(playback_position=seconds, interrupted=False)
        self._journal("ended")
        self._idle.set()


async def read_chat(url: str, session: Any, journal: Journal, idle: asyncio.Event) -> None:
    """Each line is a user's message, once the answer before is over."""
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        await socket.send_str("CAP REQ :twitch.tv/tags twitch.tv/commands\r\n")
        await socket.send_str("NICK justinfan12345\r\nJOIN #wren\r\n")
        async for frame in socket:
            for each in str(frame.data).splitlines():
                if found := _LINE.fullmatch(each):
                    await idle.wait()
                    idle.clear()
                    tags = dict(tag.partition("=")[::2] for tag in found["tags"].split(";"))
                    journal.asked = tags["id"]
                    session.generate_reply(user_input=f"{found['user']}: {found['text']}")


async def run(given: argparse.Namespace) -> None:
    """Answer chat until ended."""
    journal, idle = Journal(given.journal), asyncio.Event()
    idle.set()
    model: llm.LLM = openai.LLM(model=given.model, base_url=f"{given.model_url}/v1", api_key="none")
    session: Any = AgentSession(llm=model, tts=WyomingVoice(given.voice_url))
    session.output.audio = Sink(journal, idle)
    await session.start(TextOfAnswer(instructions=_SYSTEM))
    journal("ready")
    await read_chat(given.irc, session, journal, idle)


def main() -> None:
    """Answer chat until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("irc", "model-url", "model", "voice-url"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
