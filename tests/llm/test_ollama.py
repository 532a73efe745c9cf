"""Ollama: answers as they are written, a model that really stops, and no failure that hangs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, get_args

import pytest

from pickled.errors import ModelError, TornError
from pickled.llm.ollama import OllamaModel, Options, start
from pickled.orchestrator.parts.ladder import CALM_S
from pickled.services.streaming import KEPT_OPEN_S
from tests.llm.asking import (
    LONG,
    SCHEMA,
    SURROUNDINGS,
    cancelled_after_the_first_piece,
    prompt,
    whole,
)
from tests.stand_ins.broker import free_port
from tests.stand_ins.ollama import DEFAULT_TEXT, Failure, OllamaStandIn


def options(ollama: OllamaStandIn, **changed: Any) -> Options:
    return Options.model_validate({"host": ollama.url, "max_tokens": 1000, **changed})


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaStandIn]:
    async with OllamaStandIn().serve() as running:
        yield running


async def refused(model: Any) -> bool:
    try:
        await model.probe()
    except ModelError:
        return True
    return False


async def test_stream_answers_in_pieces(ollama: OllamaStandIn) -> None:
    """The pieces of an answer are the JSON that was asked for, and there are many of them."""
    async with start(options(ollama), SURROUNDINGS) as model:
        pieces = [piece async for piece in model.stream(prompt())]
    assert len(pieces) > 10
    assert json.loads("".join(pieces)) == {"emotion": "happy", "text": DEFAULT_TEXT}


async def test_stream_gives_the_first_piece_before_the_last_is_written(
    ollama: OllamaStandIn,
) -> None:
    """Nothing waits for the whole answer."""
    ollama.failure = "hang in the middle"
    async with (
        start(options(ollama), SURROUNDINGS) as model,
        aclosing(model.stream(prompt())) as pieces,
    ):
        assert await anext(pieces) == "{"


async def test_stream_asks_as_ollama_wants_it(ollama: OllamaStandIn) -> None:
    """Schema, no thinking, keep_alive and one constant context size go with every request."""
    async with start(options(ollama, num_ctx=2048, temperature=0.5), SURROUNDINGS) as model:
        await whole(model)
        await model.probe()
    (asked,) = ollama.requests
    assert asked["messages"] == [
        {"role": "system", "content": "You are John."},
        {"role": "user", "content": "anna: where are we? As JSON."},
    ]
    assert asked["format"] == SCHEMA
    assert asked["think"] is False
    assert asked["options"] == {"num_ctx": 2048, "num_predict": 1000, "temperature": 0.5}
    (loaded,) = ollama.loads
    assert loaded["keep_alive"] == asked["keep_alive"] == "30m"
    assert loaded["options"]["num_ctx"] == asked["options"]["num_ctx"]


async def test_stream_ends_at_max_tokens(ollama: OllamaStandIn) -> None:
    """The longest answer is Ollama's to keep; that it is cut there is told behind its text."""
    ollama.texts = (LONG,)
    async with start(options(ollama, max_tokens=20), SURROUNDINGS) as model:
        with pytest.raises(TornError, match="more than 20 tokens; raise `max_tokens`"):
            await whole(model)
    assert ollama.generated == 20


async def test_stream_closed_early_stops_the_model(ollama: OllamaStandIn) -> None:
    """Closing the generator ends the generation, not only the reading."""
    ollama.texts, ollama.tokens_per_s = (LONG,), 100
    async with start(options(ollama), SURROUNDINGS) as model:
        async with aclosing(model.stream(prompt())) as pieces:
            for _ in range(3):
                await anext(pieces)
        await asyncio.wait_for(ollama.ended.wait(), 10)
    assert ollama.aborted == 1
    assert ollama.generated < 60


async def test_stream_cancelled_stops_the_model(ollama: OllamaStandIn) -> None:
    """A cancelled task leaves no model at work."""
    ollama.texts, ollama.tokens_per_s = (LONG,), 100
    async with start(options(ollama), SURROUNDINGS) as model:
        await cancelled_after_the_first_piece(model)
        await asyncio.wait_for(ollama.ended.wait(), 10)
    assert ollama.aborted == 1
    assert ollama.generated < 60


async def test_stream_cancelled_before_the_first_token_stops_the_model(
    ollama: OllamaStandIn,
) -> None:
    """Also while Ollama is still reading the prompt."""
    ollama.failure = "hang"
    async with start(options(ollama), SURROUNDINGS) as model:
        waiting = asyncio.create_task(whole(model))
        await asyncio.wait_for(ollama.begun.wait(), 10)
        waiting.cancel()
        await asyncio.wait({waiting})
        await asyncio.wait_for(ollama.ended.wait(), 10)
    assert ollama.aborted == 1


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_stream_fails_with_a_reason(ollama: OllamaStandIn, failure: Failure) -> None:
    """However Ollama fails, it is a ModelError with a text, and nothing is left at work."""
    ollama.failure = failure
    patience = 0.3 if "hang" in failure else 20
    short = options(ollama, first_token_timeout_s=patience, idle_timeout_s=patience)
    async with start(short, SURROUNDINGS) as model:
        with pytest.raises(ModelError) as failed:
            await asyncio.wait_for(whole(model), 30)
        await asyncio.wait_for(ollama.ended.wait(), 10) if ollama.requests else None
    assert {
        "hang": "took too long",
        "hang in the middle": "took too long",
        "cut": "was cut",
        "no done": "broke off",
        "error line": "an error was encountered while running the model",
        "html": "status 502",
        "garbage": "does not speak as Ollama does",
        "empty": "answered with nothing",
        "out of memory": "more system memory",
    }[failure] in str(failed.value)
    assert "<" not in str(failed.value)


async def test_stream_takes_no_longer_than_its_total(ollama: OllamaStandIn) -> None:
    """A model that never hangs, but never ends either, is given up."""
    ollama.texts, ollama.tokens_per_s = (LONG,), 50
    async with start(options(ollama, total_timeout_s=0.3), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match="took too long"):
            await asyncio.wait_for(whole(model), 10)
        await asyncio.wait_for(ollama.ended.wait(), 10)
    assert ollama.aborted == 1


async def test_stream_from_a_slow_model_is_no_failure(ollama: OllamaStandIn) -> None:
    """The limits are for each wait, not for the answer as a whole."""
    ollama.texts, ollama.tokens_per_s = ("Slow, but sure.",), 10
    patient = options(ollama, first_token_timeout_s=1.0, idle_timeout_s=1.0)
    async with start(patient, SURROUNDINGS) as model:
        assert json.loads(await whole(model))["text"] == "Slow, but sure."


async def test_unknown_model_names_the_remedy(ollama: OllamaStandIn) -> None:
    """Both the probe and an answer say what to type."""
    async with start(options(ollama, model="llama3.2"), SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match=r"`ollama pull llama3\.2`"):
                await attempt


async def test_absent_server_names_the_remedy() -> None:
    """Starting without Ollama works; the probe and an answer say what to type."""
    away = Options(host=f"http://127.0.0.1:{free_port()}")
    async with start(away, SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match="`ollama serve`"):
                await attempt


async def test_probe_has_the_model_loaded_once(ollama: OllamaStandIn) -> None:
    """Asking again and again loads it once, and generates nothing."""
    async with start(options(ollama), SURROUNDINGS) as model:
        for _ in range(3):
            await model.probe()
    assert len(ollama.loads) == 1
    assert ollama.generated == 0


async def test_probe_takes_a_name_without_tag(ollama: OllamaStandIn) -> None:
    """`phi3.5` is `phi3.5:latest`, as Ollama has it."""
    async with start(options(ollama, model="phi3.5"), SURROUNDINGS) as model:
        await model.probe()


async def test_probe_says_that_the_model_is_being_loaded(ollama: OllamaStandIn) -> None:
    """A model that is not loaded yet does not hold up the show; later it is there."""
    ollama.load_s = 1.0
    async with start(options(ollama), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match="is loading"):
            await model.probe()
        async with asyncio.timeout(10):
            while await refused(model):
                pass
    assert len(ollama.loads) == 1


async def test_probe_left_while_loading_leaves_no_task(ollama: OllamaStandIn) -> None:
    """Whoever leaves while the model loads, does not wait for it."""
    ollama.load_s = 3600.0
    async with start(options(ollama), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match="is loading"):
            await model.probe()


async def test_probe_tells_that_the_model_can_not_be_loaded(ollama: OllamaStandIn) -> None:
    """A model that is too large is found before somebody waits for its answer."""
    async with start(options(ollama), SURROUNDINGS) as model:
        ollama.failure = "out of memory"
        with pytest.raises(ModelError, match="more system memory"):
            await model.probe()
        ollama.failure = None
        await model.probe()


async def test_probe_loads_again_after_a_failure(ollama: OllamaStandIn) -> None:
    """An answer that failed may mean that the model is gone from memory."""
    async with start(options(ollama), SURROUNDINGS) as model:
        await model.probe()
        ollama.failure = "cut"
        with pytest.raises(ModelError):
            await whole(model)
        ollama.failure = None
        await model.probe()
        await whole(model)
    assert len(ollama.loads) == 2


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n[]", b"SSH-2.0-OpenSSH\r\n", b""])
async def test_probe_of_something_else_is_a_model_error(answer: bytes) -> None:
    """Another service on that port is told apart from Ollama."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, start(Options(host=f"http://127.0.0.1:{port}"), SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError):
                await attempt


async def test_environment_can_not_move_the_server(
    ollama: OllamaStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither OLLAMA_HOST nor a proxy changes where an answer comes from."""
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with start(options(ollama), SURROUNDINGS) as model:
        assert isinstance(model, OllamaModel)
        assert json.loads(await whole(model))["text"] == DEFAULT_TEXT


async def test_stream_goes_over_a_connection_that_is_open(ollama: OllamaStandIn) -> None:
    """An answer that was heard enough of takes its connection along: another one is there at once,
    and idle for longer than one waits between two viewers.
    """
    told: list[str] = []
    ollama.note = lambda what, _, text: told.append(text) if what == "socket" else None
    ollama.tokens_per_s = 100.0
    async with start(options(ollama), SURROUNDINGS) as model:
        await model.probe()
        for _ in range(3):
            async with aclosing(model.stream(prompt())) as pieces:
                await anext(pieces)
            named = {each for each in asyncio.all_tasks() if "connect to" in each.get_name()}
            await asyncio.wait(named)
    assert told == ["kept"] * 3
    assert KEPT_OPEN_S > 2 * CALM_S
