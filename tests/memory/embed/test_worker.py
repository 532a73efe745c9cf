"""The embedder's worker: replaced when it goes wrong, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import psutil
import pytest

from pickled.errors import EmbedderError
from pickled.messages.state import Status
from tests.memory.embed.started import loaded, reason, started
from tests.stand_ins.embedders import ready, words_vector

pytestmark = pytest.mark.usefixtures("stand_in")


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
