"""The model and the voice as processes of their own, which write down what they did and when.

`python -m tests.bench.services model|voice --journal FILE`; moments are those of the monotonic
clock, which all processes of a machine share.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.bench import opener_pieces
from tests.bench.pieces import ANSWERS, EMOTION, VOCABULARY, cut
from tests.stand_ins.ollama import OllamaStandIn, Request
from tests.stand_ins.processes import Process, environment, python, started
from tests.stand_ins.written import offered
from tests.stand_ins.wyoming import WyomingStandIn

FIRST_BYTE_MS, SPEED = 150.0, 4.0

TEXT_ALONE = "text-alone:latest"
"""Asked by this name over OpenAI's interface, the model writes no JSON around its text."""

MODEL = "phi3.5:latest"

TWO_SENTENCES = 100
"""Characters; a longer answer has two."""


def answer(number: int) -> str:
    """What the model writes when it is asked for the first time (0), the second time, and so on."""
    return ANSWERS[number % len(ANSWERS)]


def is_long(number: int) -> bool:
    """Has that answer two sentences?"""
    return len(answer(number)) > TWO_SENTENCES


@dataclass(frozen=True)
class Hardware:
    """What the model runs on: how fast it reads and writes, and in which pieces."""

    first_token_ms: float = 200.0
    tokens_per_s: float = 40.0
    prefill_per_s: float | None = None
    """Tokens of what is new in the prompt; None: reading is within the first token's time."""
    vocabulary: str = VOCABULARY


DEFAULT = Hardware()


@dataclass(frozen=True)
class Service:
    """A running stand-in."""

    url: str
    journal: Path

    def entries(self) -> list[dict[str, Any]]:
        """What it has written down so far."""
        return read_journal(self.journal)


def read_journal(path: Path) -> list[dict[str, Any]]:
    """All whole lines."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


class Journal:
    """Lines of JSON, each with its moment."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def __call__(self, what: str, **more: Any) -> None:
        self._file.write(json.dumps({"at": time.monotonic(), "what": what} | more) + "\n")


@contextmanager
def service(kind: str, folder: Path, hardware: Hardware = DEFAULT) -> Iterator[Service]:
    """Start `model` or `voice`, with a new journal in that folder."""
    journal, told = folder / f"{kind}.jsonl", json.dumps(asdict(hardware))
    command = python("tests.bench.services", kind, "--journal", str(journal), "--hardware", told)
    with started(kind, command, folder=folder, environ=environment(folder)) as process:
        yield Service(_url(process), journal)


def _url(process: Process) -> str:
    written = process.until_log("://", timeout_s=30)
    return next(line for line in written.splitlines() if "://" in line)


class _Model(OllamaStandIn):
    """With the OpenAI interface that the real server has too; it takes every opener."""

    def _tokens(self, asked: Request) -> list[str]:
        form = _form(asked.get("format"))
        known = offered(EMOTION, asked.get("format"))
        if self.raw is not None or (form == "object" and not known):
            return super()._tokens(asked)
        begun = opener_pieces.plain_head(form)
        if known:
            begun = opener_pieces.head(form, known[0])
        return opener_pieces.cut(begun, opener_pieces.tail(form, self._text(asked)))

    def _application(self) -> web.Application:
        app = super()._application()
        app.router.add_post("/v1/chat/completions", self._completions)
        return app

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(asked)
        self.note("asked", asked, "")
        await self.read(asked)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self.raw = self._text(asked) if asked["model"] == TEXT_ALONE else None
        for token in self._tokens({}):
            await response.write(_event(asked, token))
            self.note("token", asked, token)
            await asyncio.sleep(1 / self.tokens_per_s if self.tokens_per_s else 0)
        await response.write(_event(asked, None) + b"data: [DONE]\n\n")
        await response.write_eof()
        return response


def _form(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "object"
    if schema.get("type") == "string":
        return "string"
    return "key" if "anyOf" in schema else "object"


def _event(asked: Request, token: str | None) -> bytes:
    delta = {} if token is None else {"role": "assistant", "content": token}
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if token is None else None}
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": asked["model"],
        "choices": [choice],
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


async def _serve(kind: str, journal: Journal, on: Hardware) -> None:
    if kind == "model":
        model = _Model(
            first_token_ms=on.first_token_ms,
            tokens_per_s=on.tokens_per_s,
            prefill_per_s=on.prefill_per_s,
            cut=partial(cut, vocabulary=on.vocabulary),
            emotion=EMOTION,
            feels=True,  # so it is asked for a string
        )
        model.texts = lambda _: answer(len(model.requests) - 1)
        model.note = lambda what, _, token: journal(what, text=token)
        serving: Any = model.serve()
    else:
        voice = WyomingStandIn(first_byte_ms=FIRST_BYTE_MS, speed=SPEED, tone=True)
        voice.note = lambda what, text, ms: journal(what, text=text, ms=ms)
        serving = voice.serve()
    async with serving as stand_in:
        print(stand_in.url, flush=True)  # noqa: T201 - whoever started it waits for this
        await asyncio.Event().wait()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("model", "voice"))
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--hardware", default="{}", help="JSON, the fields of Hardware")
    given = parser.parse_args()
    hardware = Hardware(**json.loads(given.hardware))
    asyncio.run(_serve(given.kind, Journal(given.journal), hardware))


if __name__ == "__main__":
    main()
