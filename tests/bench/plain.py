"""The plain pipeline, as one writes it first: collect 2 s of chat, ask, wait for the whole answer,
have all of it synthesized, play it and wait. The control arm of the benchmarks; nothing of ours."""

from __future__ import annotations

import argparse
import asyncio
import json
import queue
import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize

from tests.bench.services import Journal

BATCH_S = 2.0
_LINE = re.compile(r"@(?P<tags>\S+) :(?P<user>\w+)!\S+ PRIVMSG #\w+ :(?P<text>.*)")
_SYSTEM = (
    "You are John, the voice of chat. Answer with JSON: an emotion, and a text of two sentences."
)


@dataclass(frozen=True)
class Line:
    """A line of chat."""

    id: str
    user: str
    text: str


async def read_chat(url: str, lines: queue.SimpleQueue[Line]) -> None:
    """Everything that is said in the channel."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_str("CAP REQ :twitch.tv/tags twitch.tv/commands\r\n")
        await socket.send_str("NICK justinfan12345\r\nJOIN #wren\r\n")
        async for frame in socket:
            for each in str(frame.data).splitlines():
                if found := _LINE.fullmatch(each):
                    tags = dict(tag.partition("=")[::2] for tag in found["tags"].split(";"))
                    lines.put(Line(tags["id"], found["user"], found["text"]))


def collect(lines: queue.SimpleQueue[Line]) -> list[Line]:
    """Two seconds of chat from its first line on, and whatever waited already."""
    batch = [lines.get()]
    time.sleep(BATCH_S)
    while not lines.empty():
        batch.append(lines.get())
    return batch


def ask(client: httpx.Client, url: str, model: str, batch: list[Line]) -> str:
    """The whole answer."""
    said = "\n".join(f"{each.user}: {each.text}" for each in batch)
    messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": said}]
    options: dict[str, Any] = {"think": False, "format": "json", "keep_alive": "30m"}
    body = {"model": model, "messages": messages, "stream": True, "options": {}, **options}
    answer = client.post(f"{url}/api/chat", json=body).raise_for_status().text
    tokens = [json.loads(line)["message"]["content"] for line in answer.splitlines()]
    return str(json.loads("".join(tokens))["text"])


async def synthesize(url: str, text: str) -> tuple[int, bytes]:
    """The whole sound, with its rate."""
    where = urlsplit(url)
    rate, pcm = 22_050, b""
    async with AsyncTcpClient(str(where.hostname), int(where.port or 0)) as client:
        await client.write_event(Synthesize(text).event())
        while (event := await client.read_event()) and not AudioStop.is_type(event.type):
            if AudioChunk.is_type(event.type):
                chunk = AudioChunk.from_event(event)
                rate, pcm = chunk.rate, pcm + chunk.audio
    return rate, pcm


class Device:
    """A sound device that is open all the time, as ours is; `play` waits until all was taken."""

    def __init__(self, output: str | None) -> None:
        self._pcm, self._at = b"", 0
        self.began = 0.0
        self._done = threading.Event()
        self._stream = None
        if output:
            import sounddevice

            self._stream = sounddevice.RawOutputStream(
                samplerate=22_050,
                device=output,
                channels=1,
                dtype="int16",
                latency="low",
                callback=self._fill,
            )
            self._stream.start()

    def play(self, pcm: bytes, rate: int) -> float:
        """The moment at which the device took the first sample."""
        if self._stream is None:
            began = time.monotonic()
            time.sleep(len(pcm) / 2 / rate)
            return began
        self._done.clear()
        self.began, self._at, self._pcm = 0.0, 0, pcm
        self._done.wait()
        return self.began

    def _fill(self, out: Any, _frames: int, _time: Any, _status: Any) -> None:
        piece = self._pcm[self._at : self._at + len(out)]
        if piece and not self.began:
            self.began = time.monotonic()
        out[:] = piece.ljust(len(out), b"\0")
        self._at += len(piece)
        if not piece:
            self._done.set()


def main() -> None:
    """Answer chat until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("irc", "model-url", "model", "voice-url"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--output")
    given = parser.parse_args()
    lines: queue.SimpleQueue[Line] = queue.SimpleQueue()
    device, journal = Device(given.output), Journal(given.journal)
    reading = threading.Thread(
        target=lambda: asyncio.run(read_chat(given.irc, lines)), name="chat", daemon=True
    )
    reading.start()
    journal("ready", ids=[])
    with httpx.Client(trust_env=False, timeout=60) as client:
        while True:
            batch = collect(lines)
            ids = [each.id for each in batch]
            journal("decided", ids=ids)
            text = ask(client, given.model_url, given.model, batch)
            rate, pcm = asyncio.run(synthesize(given.voice_url, text))
            began = device.play(pcm, rate)
            journal("sound", ids=ids, at=began)
            journal("ended", ids=ids)


if __name__ == "__main__":
    main()
