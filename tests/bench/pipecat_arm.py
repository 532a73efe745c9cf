"""A pipecat pipeline on the same stand-ins: chat, its Ollama service, a Wyoming voice, a sink.

Runs alone, with the Python of an environment that has pipecat; nothing of ours is imported.
What is not pipecat's own is as quick as it can be: the sink has no device, so sound counts at the
moment at which pipecat hands its first piece over, and the voice's rate is kept, so that nothing
is resampled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from loguru import logger
from pipecat.frames.frames import (
    BotStoppedSpeakingFrame,
    ErrorFrame,
    Frame,
    LLMFullResponseStartFrame,
    LLMMessagesAppendFrame,
    LLMTextFrame,
    OutputAudioRawFrame,
    StartFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.ollama.llm import OLLamaLLMService
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.workers.runner import WorkerRunner
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize

RATE = 22_050
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


class TextOfAnswer(FrameProcessor):
    """Lets only the text of `{"emotion": …, "text": …}` through, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._whole, self._given = "", 0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take one frame."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMFullResponseStartFrame):
            self._whole, self._given = "", 0
        if not isinstance(frame, LLMTextFrame):
            await self.push_frame(frame, direction)
            return
        self._whole += frame.text
        text = self._whole
        if text.startswith("{"):
            text = text.partition('"text": "')[2].partition('"')[0]
        if len(text) > self._given:
            await self.push_frame(LLMTextFrame(text[self._given :]), direction)
            self._given = len(text)


class WyomingVoice(TTSService):
    """Passes each piece of sound on as it comes."""

    def __init__(self, url: str) -> None:
        settings = TTSSettings(model=None, voice=None, language=None)
        super().__init__(push_start_frame=True, push_stop_frames=True, settings=settings)
        where = urlsplit(url)
        self._where = (str(where.hostname), int(where.port or 0))

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame, None]:
        """Speech for one sentence."""
        async with AsyncTcpClient(*self._where) as client:
            await client.write_event(Synthesize(text).event())
            while (event := await client.read_event()) and not AudioStop.is_type(event.type):
                if AudioChunk.is_type(event.type):
                    chunk = AudioChunk.from_event(event)
                    yield TTSAudioRawFrame(chunk.audio, chunk.rate, 1, context_id=context_id)


class Sink(BaseOutputTransport):
    """Takes sound in real time."""

    def __init__(self, journal: Journal, idle: asyncio.Event) -> None:
        super().__init__(TransportParams(audio_out_enabled=True, audio_out_sample_rate=RATE))
        self._journal, self._idle = journal, idle
        self._due = 0.0
        self._sounding = False

    async def start(self, frame: StartFrame) -> None:
        """Ready at once."""
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._journal("ready")

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """As a device: returns when the piece has been taken."""
        if not self._sounding and any(frame.audio):
            self._sounding = True
            self._journal("sound")
        self._due = max(self._due, time.monotonic()) + len(frame.audio) / 2 / RATE
        await asyncio.sleep(self._due - time.monotonic())
        return True

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Log what fails."""
        if isinstance(frame, ErrorFrame):
            logger.error(frame.error)
        await super().process_frame(frame, direction)

    async def push_frame(
        self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM
    ) -> None:
        """Notice the end of an answer."""
        if isinstance(frame, BotStoppedSpeakingFrame) and direction == FrameDirection.DOWNSTREAM:
            self._sounding = False
            self._journal("ended")
            self._idle.set()
        await super().push_frame(frame, direction)


async def read_chat(url: str, worker: Any, journal: Journal, idle: asyncio.Event) -> None:
    """Each line is a user's message, once the answer before is over."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_str("CAP REQ :twitch.tv/tags twitch.tv/commands\r\n")
        await socket.send_str("NICK justinfan12345\r\nJOIN #wren\r\n")
        async for frame in socket:
            for each in str(frame.data).splitlines():
                if found := _LINE.fullmatch(each):
                    await idle.wait()
                    idle.clear()
                    tags = dict(tag.partition("=")[::2] for tag in found["tags"].split(";"))
                    journal.asked = tags["id"]
                    said = {"role": "user", "content": f"{found['user']}: {found['text']}"}
                    await worker.queue_frame(LLMMessagesAppendFrame([said], run_llm=True))


async def run(given: argparse.Namespace) -> None:
    """Answer chat until ended."""
    journal, idle = Journal(given.journal), asyncio.Event()
    idle.set()
    settings = OLLamaLLMService.Settings(model=given.model)
    model = OLLamaLLMService(base_url=f"{given.model_url}/v1", settings=settings)
    pair = LLMContextAggregatorPair(LLMContext(messages=[{"role": "system", "content": _SYSTEM}]))
    sink = Sink(journal, idle)
    steps = [pair.user(), model, TextOfAnswer(), WyomingVoice(given.voice_url), sink]
    worker = PipelineWorker(
        Pipeline([*steps, pair.assistant()]),
        params=PipelineParams(audio_out_sample_rate=RATE),
        idle_timeout_secs=None,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(WorkerRunner(handle_sigint=False).run(worker))
        tasks.create_task(read_chat(given.irc, worker, journal, idle))


def main() -> None:
    """Answer chat until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("irc", "model-url", "model", "voice-url"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    logger.remove()
    logger.add(print, level="WARNING")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
