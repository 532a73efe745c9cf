"""One worker for several daemons: the first has it, the others ask it, and none depends on it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from pickled.errors import EmbedderError
from pickled.memory.embed.sentence_transformers import SentenceTransformersEmbedder
from pickled.memory.embed.worker import HEAD, READY
from pickled.memory.embed.worker.shared import meeting_place
from tests.memory.embed.started import loaded
from tests.stand_ins.embedders import DIMENSIONS, ready, words_vector

pytestmark = pytest.mark.usefixtures("stand_in")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of ours as a session has it; its name is short, as a socket's has to be."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


async def embeds(embedder: SentenceTransformersEmbedder) -> None:
    """It gives the right vector, as soon as it can."""
    await ready(embedder)
    assert await embedder.embed(["a walk"], urgent=True) == [words_vector("a walk")]


async def test_second_daemon_asks_the_firsts_worker() -> None:
    """One process, the same vectors, also for more texts than fit into a batch."""
    async with loaded() as first, loaded() as second:
        assert first.pid is not None
        assert second.pid is None
        assert second.dimensions == DIMENSIONS
        texts = [f"walk {number}" for number in range(30)]
        assert await second.embed(texts) == [words_vector(text) for text in texts]
        assert await first.embed(["mine"]) == [words_vector("mine")]


async def test_first_daemon_ends_and_the_second_has_a_worker() -> None:
    """It is loading again meanwhile, and says so; then it serves others."""
    async with AsyncExitStack() as of_the_first:
        await of_the_first.enter_async_context(loaded())
        async with loaded() as second, loaded() as third:
            assert (second.pid, third.pid) == (None, None)
            await of_the_first.aclose()
            await until_one_has_a_worker(second, third)
            await embeds(second)
            await embeds(third)


async def until_one_has_a_worker(*embedders: SentenceTransformersEmbedder) -> None:
    """One of them, and not both."""
    async with asyncio.timeout(30):
        while not any(each.pid for each in embedders):
            await asyncio.sleep(0.02)
    assert sum(each.pid is not None for each in embedders) == 1


async def test_worker_that_dies_is_replaced_for_all() -> None:
    """Whoever made it die."""
    async with loaded() as first, loaded() as second:
        with pytest.raises(EmbedderError):
            await second.embed(["dies"])
        await embeds(first)
        await embeds(second)


async def test_guest_that_is_served_badly_helps_itself() -> None:
    """A worker that hangs is the first one's to replace: the guest has one of its own from then."""
    async with loaded() as first, loaded(batch_timeout_s=0.5) as second:
        hanging = asyncio.create_task(first.embed(["hangs"]))
        await asyncio.sleep(0)
        with pytest.raises(EmbedderError):
            await second.embed(["a walk"])
        await embeds(second)
        assert second.pid is not None
        assert second.pid != first.pid
        hanging.cancel()
        await asyncio.wait({hanging})


async def test_failure_of_the_model_is_told_to_the_guest() -> None:
    """In the same words, and both go on."""
    async with loaded() as first, loaded() as second:
        with pytest.raises(EmbedderError, match="it is too hot"):
            await second.embed(["fails"])
        await embeds(second)
        await embeds(first)


@pytest.mark.parametrize(
    "line",
    [b"\xff\n", b"[]\n", b'{"id": -1, "texts": ["a"]}\n', b'{"id": 1, "texts": []}\n',
     b'{"id": 1, "texts": [7]}\n', b'{"id": 1e99, "texts": ["a"]}\n', b"x" * 1_100_000],
)  # fmt: skip
async def test_guest_that_asks_nonsense_is_sent_away(runtime: Path, line: bytes) -> None:
    """And nobody else notices."""
    async with loaded() as first:
        (socket,) = (runtime / "pickled").glob("*.sock")
        reader, writer = await asyncio.open_unix_connection(socket)
        assert await reader.readexactly(HEAD.size) == HEAD.pack(READY, 0, DIMENSIONS, 0)
        writer.write(line)
        with suppress(ConnectionResetError):  # with what it has not read
            assert await reader.read() == b""
        writer.close()
        await embeds(first)


async def test_sharing_can_be_switched_off() -> None:
    """Each has its own then."""
    async with loaded(share=False) as first, loaded(share=False) as second:
        assert first.pid != second.pid
        assert None not in (first.pid, second.pid)


async def test_another_model_is_another_worker() -> None:
    """What is shared is the same model, in the same way."""
    async with loaded(model="another") as other, loaded() as first:
        assert None not in (other.pid, first.pid)


def test_meeting_place_is_nobody_elses(runtime: Path) -> None:
    """A folder into which others may look is none; the same model in another way is elsewhere."""
    environ = {"XDG_RUNTIME_DIR": str(runtime)}
    place = meeting_place(environ, ("model", "cpu", "1"))
    assert place is not None
    assert place.socket != meeting_place(environ, ("model", "cpu", "2")).socket  # type: ignore[union-attr]
    assert meeting_place({}, ("model",)) is None
    assert meeting_place({"XDG_RUNTIME_DIR": f"{runtime}/{'x' * 100}"}, ("m",)) is None
    cache = meeting_place({"CACHE_DIRECTORY": f"{runtime}:/other"}, ("model",))
    assert cache is not None
    assert cache.lock.parent == runtime
    (runtime / "pickled").chmod(0o755)
    assert meeting_place(environ, ("model",)) is None


async def test_socket_that_was_left_over_is_no_worker(runtime: Path) -> None:
    """As after a power cut: whoever comes is the first."""
    place = meeting_place(os.environ, ("stand-in", "cpu", "1"))
    assert place is not None
    place.socket.parent.mkdir(exist_ok=True)
    place.socket.write_text("left over")
    async with loaded() as first:
        assert first.pid is not None
        await embeds(first)
    assert not place.socket.exists()
