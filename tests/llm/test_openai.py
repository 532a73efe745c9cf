"""OpenAI's interface: any server that speaks it, whatever it lacks, and no failure that hangs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import get_args

import pytest

from pickled.errors import ModelError
from pickled.llm.openai import Options, start
from tests.llm.asking import (
    LONG,
    SCHEMA,
    SURROUNDINGS,
    cancelled_after_the_first_piece,
    prompt,
    whole,
)
from tests.llm.openai_options import options
from tests.stand_ins.broker import free_port
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY, Failure

TOLD: dict[Failure, str] = {
    "hang": "took too long",
    "hang in the middle": "took too long",
    "cut": "was cut",
    "no end": "broke off",
    "error event": "The server had an error",
    "html": "status 502",
    "garbage": "does not speak as it should",
    "empty": "answered with nothing",
    "overloaded": "is overloaded",
    "too many": "takes no more requests",
    "redirect": "has moved",
    "refusal": "refused to answer",
}


@pytest.fixture
async def server() -> AsyncIterator[OpenaiStandIn]:
    async with OpenaiStandIn().serve() as running:
        yield running


async def test_stream_answers_in_pieces(server: OpenaiStandIn) -> None:
    """The pieces of an answer are the JSON that was asked for, and there are many of them."""
    async with start(options(server), SURROUNDINGS) as model:
        pieces = [piece async for piece in model.stream(prompt())]
    assert len(pieces) > 10
    assert json.loads("".join(pieces)) == {"emotion": "happy", "text": DEFAULT_TEXT}


async def test_stream_asks_for_the_schema(server: OpenaiStandIn) -> None:
    """The schema is strict, the roles are kept, and the key goes along."""
    async with start(options(server, temperature=0.5), SURROUNDINGS) as model:
        await whole(model)
    (asked,) = server.requests
    assert asked["messages"] == [
        {"role": "system", "content": "You are John."},
        {"role": "user", "content": "anna: where are we? As JSON."},
    ]
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert asked["response_format"]["json_schema"]["strict"] is True
    assert (asked["max_tokens"], asked["temperature"]) == (1000, 0.5)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_stream_takes_the_model_of_the_persona(server: OpenaiStandIn) -> None:
    """A persona may ask for another model of the same server."""
    async with start(options(server), SURROUNDINGS) as model:
        await whole(model, prompt(model="large"))
    assert server.requests[0]["model"] == "large"


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("formats", [("json_object",), ()])
async def test_stream_learns_which_form_the_server_can_give(
    status: int, formats: tuple[str, ...]
) -> None:
    """Without schemas it asks for an object, without objects for nothing, and remembers that."""
    async with (
        OpenaiStandIn(formats=formats, refusal_status=status).serve() as server,
        start(options(server), SURROUNDINGS) as model,
    ):
        answers = [json.loads(await whole(model))["text"] for _ in range(3)]
    assert answers == [DEFAULT_TEXT] * 3
    steps = 2 - len(formats)
    assert len(server.requests) == steps + 3
    forms = [each.get("response_format", {}).get("type") for each in server.requests]
    assert set(forms[steps:]) == {formats[0] if formats else None}


async def test_stream_learns_what_newer_models_want() -> None:
    """The limit's other name and no temperature; the schema stays."""
    newer = OpenaiStandIn(limit="max_completion_tokens", takes_temperature=False)
    async with newer.serve() as server, start(options(server), SURROUNDINGS) as model:
        await whole(model)
        await whole(model)
    assert len(server.requests) == 4
    assert server.requests[-1].keys() == {
        "model", "messages", "stream", "response_format", "max_completion_tokens"
    }  # fmt: skip
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


async def test_stream_does_not_learn_from_a_fault_that_stays() -> None:
    """A server that fails whatever is asked is asked for the best again next time."""
    async with (
        OpenaiStandIn(formats=()).serve() as server,
        start(options(server, temperature=1.0), SURROUNDINGS) as model,
    ):
        server.any_model, server.limit = True, "none"
        with pytest.raises(ModelError, match="max_"):
            await whole(model)
        first = len(server.requests)
        with pytest.raises(ModelError, match="max_"):
            await whole(model)
    assert first <= 5
    assert server.requests[first]["response_format"]["type"] == "json_schema"


async def test_stream_ends_at_max_tokens(server: OpenaiStandIn) -> None:
    """An answer that is cut at its limit is no failure; the reader closes it."""
    server.texts = (LONG,)
    async with start(options(server, max_tokens=20), SURROUNDINGS) as model:
        await whole(model)
    assert server.generated == 20


async def test_stream_closed_early_stops_the_model(server: OpenaiStandIn) -> None:
    """Closing the generator ends the generation, not only the reading."""
    server.texts, server.tokens_per_s = (LONG,), 100
    async with start(options(server), SURROUNDINGS) as model:
        async with aclosing(model.stream(prompt())) as pieces:
            for _ in range(3):
                await anext(pieces)
        await asyncio.wait_for(server.ended.wait(), 10)
    assert server.aborted == 1
    assert server.generated < 60


async def test_stream_cancelled_stops_the_model(server: OpenaiStandIn) -> None:
    """A cancelled task leaves no model at work."""
    server.texts, server.tokens_per_s = (LONG,), 100
    async with start(options(server), SURROUNDINGS) as model:
        await cancelled_after_the_first_piece(model)
        await asyncio.wait_for(server.ended.wait(), 10)
    assert server.aborted == 1
    assert server.generated < 60


async def test_stream_cancelled_before_the_first_token_stops_the_model(
    server: OpenaiStandIn,
) -> None:
    """Also while the server is still reading the prompt."""
    server.failure = "hang"
    async with start(options(server), SURROUNDINGS) as model:
        waiting = asyncio.create_task(whole(model))
        await asyncio.wait_for(server.begun.wait(), 10)
        waiting.cancel()
        await asyncio.wait({waiting})
        await asyncio.wait_for(server.ended.wait(), 10)
    assert server.aborted == 1


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_stream_fails_with_a_reason(server: OpenaiStandIn, failure: Failure) -> None:
    """However the server fails, it is a ModelError with a text, and nothing is left at work."""
    server.failure = failure
    patience = 0.3 if "hang" in failure else 20
    short = options(server, first_token_timeout_s=patience, idle_timeout_s=patience)
    async with start(short, SURROUNDINGS) as model:
        with pytest.raises(ModelError) as failed:
            await asyncio.wait_for(whole(model), 30)
        await asyncio.wait_for(server.ended.wait(), 10) if server.begun.is_set() else None
    assert TOLD[failure] in str(failed.value)
    assert "<" not in str(failed.value)
    assert KEY not in str(failed.value)


async def test_stream_takes_no_longer_than_its_total(server: OpenaiStandIn) -> None:
    """A model that never hangs, but never ends either, is given up."""
    server.texts, server.tokens_per_s = (LONG,), 50
    async with start(options(server, total_timeout_s=0.3), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match="took too long"):
            await asyncio.wait_for(whole(model), 10)
        await asyncio.wait_for(server.ended.wait(), 10)
    assert server.aborted == 1


async def test_stream_takes_any_text(server: OpenaiStandIn) -> None:
    """What can't be encoded is replaced, and no reason to fail."""
    async with start(options(server), SURROUNDINGS) as model:
        await whole(model, prompt("json \ud800 " + "a\u0301" * 1000))
    assert "json ?" in server.requests[0]["messages"][1]["content"]


async def test_unknown_model_is_told_by_the_answer_and_then_by_the_probe(
    server: OpenaiStandIn,
) -> None:
    """Only a refusal shows that a name which isn't listed is not taken either."""
    async with start(options(server, model="huge"), SURROUNDINGS) as model:
        await model.probe()
        for attempt in (whole(model), model.probe()):
            with pytest.raises(ModelError, match="no model huge; change the option `model`"):
                await attempt
        server.models = ("huge",)
        await model.probe()
        await whole(model)


async def test_wrong_path_is_told_apart_from_an_unknown_model(server: OpenaiStandIn) -> None:
    """A forgotten /v1 is the commonest mistake."""
    async with start(options(server, base_url=server.url), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match="is /v1 missing"):
            await whole(model)


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_probe_of_a_server_without_a_list_is_fine(server: OpenaiStandIn, status: int) -> None:
    """Not every server can say which models it has."""
    server.list_status, server.any_model = status, True
    async with start(options(server, model="whatever"), SURROUNDINGS) as model:
        await model.probe()
        await whole(model)


async def test_probe_generates_nothing(server: OpenaiStandIn) -> None:
    """Asking how it is costs nothing."""
    async with start(options(server), SURROUNDINGS) as model:
        await model.probe()
    assert (server.probes, server.requests) == (1, [])


async def test_absent_server_names_the_remedy() -> None:
    """Starting without the server works; the probe and an answer say what to look at."""
    away = Options(base_url=f"http://127.0.0.1:{free_port()}/v1")
    async with start(away, SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match=r"nothing answers at .*`base_url`"):
                await attempt


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n[]", b"SSH-2.0-OpenSSH\r\n", b""])
async def test_something_else_at_that_address_is_a_model_error(answer: bytes) -> None:
    """Another service on that port is told apart from a model."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    other = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    async with other, start(Options(base_url=f"http://127.0.0.1:{port}"), SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError):
                await attempt
