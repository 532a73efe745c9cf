"""The embedder with a worker of its own: queries first, nothing unchecked, and always back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from pickled.errors import EmbedderError
from pickled.memory.embed import BATCH
from pickled.memory.embed import sentence_transformers as module
from pickled.memory.embed.sentence_transformers import Options, SentenceTransformersEmbedder, start
from pickled.memory.embed.worker import process
from pickled.messages.state import Status
from pickled.plugins import Surroundings
from tests.stand_ins.embedders import COMMAND, DIMENSIONS, ready, words_vector

PATIENT = {"query_timeout_s": 20, "batch_timeout_s": 20, "load_timeout_s": 20}


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is the stand-in."""
    monkeypatch.setattr(process, "COMMAND", COMMAND)
    monkeypatch.setattr(module, "_PACKAGES", ())
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.01)


@asynccontextmanager
async def started(
    reports: list[tuple[Status, str]] | None = None, **options: Any
) -> AsyncIterator[SentenceTransformersEmbedder]:
    """An embedder that is not waited for."""
    told: list[tuple[Status, str]] = [] if reports is None else reports
    surroundings = Surroundings(Path(), Path(), lambda status, why: told.append((status, why)))
    chosen = Options.model_validate({"model": "stand-in"} | PATIENT | options)
    async with start(chosen, surroundings) as embedder:
        assert isinstance(embedder, SentenceTransformersEmbedder)
        yield embedder


@asynccontextmanager
async def loaded(**options: Any) -> AsyncIterator[SentenceTransformersEmbedder]:
    """An embedder whose worker is there."""
    async with started(**options) as embedder:
        await ready(embedder)
        yield embedder


async def reason(embedder: SentenceTransformersEmbedder, *, passing: bool = False) -> str:
    """Why it refuses, once it does so for good (or for a while)."""
    async with asyncio.timeout(20):
        while True:
            try:
                await embedder.probe()
            except EmbedderError as error:
                if error.loading == passing:
                    return str(error)
            await asyncio.sleep(0.01)


async def test_embed_gives_a_vector_for_each_text_in_its_place() -> None:
    """Also for more texts than fit into a batch, and over those without a meaning."""
    texts = [f"walk number {number}" for number in range(3 * BATCH)]
    texts[0] = texts[BATCH] = "🎉🎉"
    async with loaded() as embedder:
        vectors = await embedder.embed(texts)
        assert embedder.dimensions == DIMENSIONS
    assert vectors == [None if "🎉" in text else words_vector(text) for text in texts]


@pytest.mark.parametrize("text", ["", "  \n", "🎉", "👩‍👩‍👧 ❤️", "?!", "\u200b", "..."])
async def test_embed_refuses_what_has_no_meaning(text: str) -> None:
    """A model would give it a vector all the same; not even the worker is asked."""
    async with started(model="never loads") as embedder:
        assert await embedder.embed([text]) == [None]


@pytest.mark.parametrize("text", ["散歩", "и", "7", "привет 🎉", "\ud800 half", "a" * 100_000])
async def test_embed_takes_any_text_with_a_letter(text: str) -> None:
    """Other scripts, broken characters and endless lines are no fault."""
    async with loaded() as embedder:
        (vector,) = await embedder.embed([text], urgent=True)
        assert vector
        assert len(vector) == 4 * DIMENSIONS


async def test_start_waits_for_nothing() -> None:
    """While the model loads, it says so, and whoever asks is refused at once."""
    async with started(model="never loads") as embedder:
        with pytest.raises(EmbedderError, match="loading never loads") as refused:
            await embedder.embed(["hello"])
        assert refused.value.loading
        assert embedder.name == "sentence_transformers never loads"


async def test_queries_go_before_the_backfill() -> None:
    """Of what waits, a query is next."""
    order: list[str] = []

    async def embed(text: str, *, urgent: bool) -> None:
        await embedder.embed([text], urgent=urgent)
        order.append(text)

    async with loaded() as embedder, asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(embed(f"gap {number}", urgent=False))
        await asyncio.sleep(0)  # they are in the queue now, and one is with the worker at most
        group.create_task(embed("query", urgent=True))
    assert order.index("query") <= 1
    assert sorted(order) == ["gap 0", "gap 1", "gap 2", "gap 3", "gap 4", "query"]


async def test_queue_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who brings too much is refused, what waits already is done."""
    monkeypatch.setattr(module, "_MOST_WAITING", 20)
    async with loaded() as embedder:
        first = asyncio.create_task(embedder.embed(["a"] * 20))
        await asyncio.sleep(0)
        with pytest.raises(EmbedderError, match="more than 20 texts wait"):
            await embedder.embed(["b"])
        await embedder.embed(["c"], urgent=True)
        assert len(await first) == 20


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("garbage", "answers with garbage"),
        ("wrong id", "wasn't asked"),
        ("wrong count", "wasn't asked"),
        ("short", "not of length 1"),
        ("nan", "not of length 1"),
        ("too long", "not of length 1"),
        ("huge", "answers with garbage"),
        ("dies", "has died: Segmentation fault"),
    ],
)
async def test_worker_that_goes_wrong_is_replaced(fault: str, told: str) -> None:
    """Nothing of what it answered gets through, and the next worker does it right."""
    async with loaded() as embedder:
        before = embedder.pid
        with pytest.raises(EmbedderError, match=told) as failed:
            await embedder.embed([fault])
        assert failed.value.loading
        await ready(embedder)
        assert await embedder.embed(["all is well"]) == [words_vector("all is well")]
        assert embedder.pid != before
        assert before
        assert not psutil.pid_exists(before)


async def test_model_that_fails_with_a_text_stays() -> None:
    """One text that it can't take is no reason to load it again."""
    async with loaded() as embedder:
        before = embedder.pid
        with pytest.raises(EmbedderError, match="it is too hot"):
            await embedder.embed(["fails"])
        await embedder.embed(["all is well"])
        assert embedder.pid == before


async def test_worker_that_prints_a_lot_is_not_held_up() -> None:
    """More than a pipe holds is read and forgotten."""
    async with loaded() as embedder:
        assert await embedder.embed(["chatters"]) == [words_vector("chatters")]


async def test_killed_worker_comes_back() -> None:
    """Killed while nothing is asked of it: noticed, told, replaced."""
    reports: list[tuple[Status, str]] = []
    async with started(reports) as embedder:
        await ready(embedder)
        assert embedder.pid
        os.kill(embedder.pid, signal.SIGKILL)
        assert "has died; loading the model again" in await reason(embedder, passing=True)
        await ready(embedder)
    assert [status for status, _ in reports] == ["up", "degraded", "up"]


async def test_worker_killed_at_work_fails_who_waits() -> None:
    """Both whose texts it had and who waits behind learn of it."""
    async with loaded() as embedder:
        waiting = [asyncio.create_task(embedder.embed([each])) for each in ("hangs", "behind")]
        await asyncio.sleep(0)
        assert embedder.pid
        os.kill(embedder.pid, signal.SIGKILL)
        for each in waiting:
            with pytest.raises(EmbedderError, match="has died"):
                await each


async def test_frozen_worker_is_replaced() -> None:
    """A query is given up in time; a worker that stays silent makes room for another one."""
    async with loaded(query_timeout_s=0.2, batch_timeout_s=1.5) as embedder:
        before = embedder.pid
        assert before
        os.kill(before, signal.SIGSTOP)
        with pytest.raises(EmbedderError, match=r"took longer than 0\.2 s"):
            await embedder.embed(["hello"], urgent=True)
        with pytest.raises(EmbedderError, match=r"said nothing for 1\.5 s"):
            await embedder.embed(["hello"])
        await ready(embedder)
        assert embedder.pid != before
        assert not psutil.pid_exists(before)


async def test_query_that_is_given_up_is_not_embedded() -> None:
    """What nobody waits for any more takes no time from the others."""
    async with loaded() as embedder:
        first = asyncio.create_task(embedder.embed(["first"], urgent=True))
        gone = asyncio.create_task(embedder.embed(["hangs"], urgent=True))
        await asyncio.sleep(0)  # both are in the queue now
        gone.cancel()
        await asyncio.wait({gone})
        assert await first == [words_vector("first")]


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("can not load", "can't be loaded: no such model"),
        ("dies while it loads", "has died: no space left"),
        ("talks", "answers with garbage"),
    ],
)
async def test_model_that_can_not_be_loaded(model: str, told: str) -> None:
    """The reason is given, and it is not said to be there shortly."""
    async with started(model=model) as embedder:
        assert told in await reason(embedder)


async def test_model_that_takes_too_long_to_load() -> None:
    """It is given up, not waited for for ever."""
    async with started(model="never loads", load_timeout_s=0.1) as embedder:
        assert "not loaded after 0.1 s" in await reason(embedder)


async def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra nothing is started, and the remedy is told."""
    monkeypatch.setattr(module, "_PACKAGES", ("no_such_package_at_all",))
    monkeypatch.setattr(process, "COMMAND", ("/bin/false",))
    async with started() as embedder:
        told = await reason(embedder)
    assert told.startswith("the package no_such_package_at_all is missing")
    assert "pip install '.[server,embeddings]'" in told


async def test_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a Python that has vanished is only an EmbedderError."""
    monkeypatch.setattr(process, "COMMAND", ("/nowhere/python",))
    async with started() as embedder:
        assert "can't be started" in await reason(embedder)


async def test_leaving_ends_the_worker_and_refuses_who_waits() -> None:
    """Nobody is left waiting, no process is left running."""
    async with loaded() as embedder:
        pid = embedder.pid
        waiting = asyncio.create_task(embedder.embed(["hangs"]))
        await asyncio.sleep(0)
    with pytest.raises(EmbedderError, match="has been stopped"):
        await waiting
    assert pid
    assert not psutil.pid_exists(pid)


async def test_folder_beside_the_configuration_is_a_model(tmp_path: Path) -> None:
    """A relative path counts from there; its name stays what was written."""
    (tmp_path / "my model").mkdir()
    surroundings = Surroundings(tmp_path, tmp_path, lambda status, why: None)
    async with start(Options(model="my model"), surroundings) as embedder:
        await ready(embedder)
        assert isinstance(embedder, SentenceTransformersEmbedder)
        assert psutil.Process(embedder.pid).cmdline()[3] == str(tmp_path / "my model")
        assert embedder.name == "sentence_transformers my model"


def test_heavy_packages_stay_out_of_the_daemon() -> None:
    """In a fresh interpreter, neither the embedder nor the whole daemon import torch."""
    code = (
        "import sys, pickled.daemon.main, pickled.memory.embed.sentence_transformers;"
        "print({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


_DAEMON = """
import asyncio, sys
from pathlib import Path
import uvloop
from pickled.memory.embed import sentence_transformers as module
from pickled.memory.embed.worker import process
from pickled.plugins import Surroundings
from tests.stand_ins.embedders import COMMAND, ready

module._PACKAGES, process.COMMAND = (), COMMAND

async def main():
    surroundings = Surroundings(Path(), Path(), lambda status, why: None)
    options = module.Options(query_timeout_s=20)
    async with module.start(options, surroundings) as embedder:
        await ready(embedder)
        other = await asyncio.create_subprocess_exec("sleep", "600")
        print(embedder.pid, other.pid, flush=True)
        if "leave" not in sys.argv:
            await asyncio.Event().wait()
        other.kill()
        await other.wait()

uvloop.run(main())
"""


def test_worker_does_not_outlive_the_daemon() -> None:
    """Killed outright, on its own event loop, and with other children still there."""
    daemon = subprocess.Popen([sys.executable, "-c", _DAEMON], stdout=subprocess.PIPE, text=True)
    with daemon:
        assert daemon.stdout
        worker, other = (psutil.Process(int(pid)) for pid in daemon.stdout.readline().split())
        daemon.kill()
        gone, alive = psutil.wait_procs([worker], timeout=20)
        assert other.is_running()
        other.kill()
    assert (gone, alive) == ([worker], [])


def test_worker_ends_with_the_embedder_on_the_daemons_loop() -> None:
    """Leaving takes the worker along, without a warning or a zombie."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _DAEMON, "leave"],
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not psutil.pid_exists(int(done.stdout.split()[0]))
