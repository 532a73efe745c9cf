"""Compression by a service: shorter or an error, in time, and never in the way of the end."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from socket import create_connection, create_server, socket
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from pickled.errors import ModelError
from pickled.llm.compress.tokenc import Options, start
from tests.llm.asking import SURROUNDINGS
from tests.stand_ins.broker import free_port
from tests.stand_ins.tokenc import KEY, Failure, TokencStandIn

TEXT = "We are really just so very near to the old harbour of the town."
TOLD: dict[Failure, str] = {
    "hang": "took too long",
    "cut": "failed: Request failed",
    "html": "failed",
    "garbage": "failed",
    "other shape": "something else",
    "no text": "gave nothing back",
    "redirect": "failed: Request failed: Exceeded",
    "too many": "no more requests",
    "too large": r"failed: no, \*\*\*",
    "no credit": "no credit",
    "broken": r"failed: Server error: no, \*\*\*",
}


def options(server: TokencStandIn, **changed: Any) -> Options:
    given = {"base_url": server.url, "api_key": KEY, "timeout_s": 20}
    return Options.model_validate({**given, **changed})


@pytest.fixture
async def server() -> AsyncIterator[TokencStandIn]:
    async with TokencStandIn().serve() as running:
        yield running


@contextmanager
def dripping() -> Iterator[int]:
    """A server that sends a byte from time to time, for ever: no read ever times out."""
    over = threading.Event()

    def drip(connection: socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not over.wait(0.02):
                connection.sendall(b"a")

    def accept() -> None:
        with contextlib.suppress(OSError):
            while not over.is_set():
                threads.append(threading.Thread(target=drip, args=(listening.accept()[0],)))
                threads[-1].start()

    with create_server(("127.0.0.1", 0)) as listening:
        threads = [threading.Thread(target=accept)]
        threads[0].start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            create_connection(listening.getsockname()).close()
            for each in threads:
                each.join()


async def test_compress_leaves_out_what_fills(server: TokencStandIn) -> None:
    """The text comes back shorter; the model and the strength go along."""
    async with start(options(server, aggressiveness=0.4), SURROUNDINGS) as compressor:
        assert await compressor.compress(TEXT) == "We near to old harbour town."
    (asked,) = server.requests
    assert asked["model"] == "bear-1.2"
    assert asked["compression_settings"] == {"aggressiveness": 0.4}
    assert compressor.name == "tokenc bear-1.2"


async def test_compress_never_makes_it_longer(server: TokencStandIn) -> None:
    """What gains nothing is left as it was."""
    server.output = TEXT + " And more."
    async with start(options(server), SURROUNDINGS) as compressor:
        assert await compressor.compress(TEXT) == TEXT


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_compress_asks_nothing_about_nothing(server: TokencStandIn, text: str) -> None:
    """An empty text is not worth a request."""
    async with start(options(server), SURROUNDINGS) as compressor:
        assert await compressor.compress(text) == text
    assert server.requests == []


@pytest.mark.parametrize("text", ["\ud800 the", "a\u0301 " * 50_000, "<|im_end|> the"])
async def test_compress_takes_any_text(server: TokencStandIn, text: str) -> None:
    """Neither odd characters nor length are a reason to fail."""
    async with start(options(server), SURROUNDINGS) as compressor:
        assert len(await compressor.compress(text)) <= len(text)


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_compress_fails_with_a_reason(server: TokencStandIn, failure: Failure) -> None:
    """However the service fails, it is a ModelError, and the key is not in it."""
    server.failure = failure
    patience = 0.3 if failure == "hang" else 20
    async with start(options(server, timeout_s=patience), SURROUNDINGS) as compressor:
        with pytest.raises(ModelError, match=TOLD[failure]) as failed:
            await asyncio.wait_for(compressor.compress(TEXT), 30)
    assert KEY not in str(failed.value)
    assert "<" not in str(failed.value)


@pytest.mark.parametrize("key", ["not-the-one-8888", None])
async def test_key_that_is_refused_names_the_remedy(server: TokencStandIn, key: str | None) -> None:
    """The option is named, the key is not."""
    async with start(options(server, api_key=key), SURROUNDINGS) as compressor:
        with pytest.raises(ModelError, match="api_key_file") as failed:
            await compressor.compress(TEXT)
    assert "8888" not in str(failed.value)


async def test_absent_service_is_a_model_error() -> None:
    """Starting works without it."""
    away = Options.model_validate({"base_url": f"http://127.0.0.1:{free_port()}", "api_key": "x"})
    async with start(away, SURROUNDINGS) as compressor:
        with pytest.raises(ModelError, match="failed"):
            await compressor.compress(TEXT)


async def test_hanging_service_gets_no_more_than_two_texts() -> None:
    """Threads that hang don't pile up, however many turns there are."""
    given = {"api_key": "x", "timeout_s": 0.2}
    told = []
    with dripping() as port:
        address = {"base_url": f"http://127.0.0.1:{port}"}
        async with start(Options.model_validate(given | address), SURROUNDINGS) as compressor:
            for _ in range(4):
                with pytest.raises(ModelError) as failed:
                    await asyncio.wait_for(compressor.compress(TEXT), 10)
                told.append(str(failed.value))
    assert ["took too long" in each for each in told] == [True, True, False, False]
    assert "still hangs" in told[-1]


async def test_environment_changes_nothing(
    server: TokencStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proxy stands between us and a service of the house."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with start(options(server), SURROUNDINGS) as compressor:
        assert len(await compressor.compress(TEXT)) < len(TEXT)


def test_hanging_service_does_not_hold_up_the_end() -> None:
    """Python ends while a thread still waits for an answer that never comes."""
    code = """
import asyncio, sys
from pathlib import Path
from pickled.errors import ModelError
from pickled.llm.compress.tokenc import Options, start
from pickled.plugins import Surroundings

async def main():
    options = Options(base_url=sys.argv[1], api_key="x", timeout_s=0.2)
    async with start(options, Surroundings(Path(), Path(), print)) as compressor:
        try:
            await compressor.compress("a text")
        except ModelError as error:
            print(error)

asyncio.run(main())
"""
    with dripping() as port:
        run = subprocess.run(
            [sys.executable, "-c", code, f"http://127.0.0.1:{port}"],
            capture_output=True, text=True, timeout=40, check=True,
        )  # fmt: skip
    assert run.stdout == "tokenc bear-1.2 took too long\n"
    assert run.stderr == ""


def test_options_refuse_a_key_in_clear_text() -> None:
    """Everybody on the way could read it."""
    with pytest.raises(ValidationError, match="clear text"):
        Options.model_validate({"base_url": "http://api.example.com", "api_key": "x"})
