"""Anthropic's interface: the schema where the model takes it, and no failure that hangs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, get_args

import pytest
from anthropic.types import RawMessageStreamEvent
from pydantic import TypeAdapter, ValidationError

from pickled.errors import ModelError
from pickled.llm.anthropic import Options, start
from tests.llm.asking import (
    LONG,
    SCHEMA,
    SURROUNDINGS,
    cancelled_after_the_first_piece,
    prompt,
    whole,
)
from tests.stand_ins.anthropic import AnthropicStandIn
from tests.stand_ins.broker import free_port
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.sse import KEY, Failure

TOLD: dict[Failure, str] = {
    "hang": "took too long",
    "hang in the middle": "took too long",
    "cut": "was cut",
    "no end": "broke off",
    "error event": "is overloaded: something is wrong here",
    "html": "status 502",
    "garbage": "does not speak as it should",
    "empty": "answered with nothing",
    "overloaded": "is overloaded",
    "too many": "takes no more requests",
    "redirect": "has moved",
    "refusal": "refused to answer",
}


def options(server: AnthropicStandIn, **changed: Any) -> Options:
    given = {"base_url": server.url, "api_key": KEY, "model": "small", "max_tokens": 1000}
    return Options.model_validate({**given, **changed})


@pytest.fixture
async def server() -> AsyncIterator[AnthropicStandIn]:
    async with AnthropicStandIn().serve() as running:
        yield running


async def test_stream_answers_in_pieces(server: AnthropicStandIn) -> None:
    """The pieces of an answer are the JSON that was asked for, and there are many of them."""
    async with start(options(server), SURROUNDINGS) as model:
        pieces = [piece async for piece in model.stream(prompt())]
    assert len(pieces) > 10
    assert json.loads("".join(pieces)) == {"emotion": "happy", "text": DEFAULT_TEXT}


async def test_stream_asks_as_anthropic_wants_it(server: AnthropicStandIn) -> None:
    """The persona is `system`, the schema goes along, and the model does not think first."""
    async with start(options(server), SURROUNDINGS) as model:
        await whole(model)
    (asked,) = server.requests
    assert asked["system"] == "You are John."
    assert asked["messages"] == [{"role": "user", "content": "anna: where are we? As JSON."}]
    assert asked["output_config"] == {"format": {"type": "json_schema", "schema": SCHEMA}}
    assert asked["thinking"] == {"type": "disabled"}
    assert asked["max_tokens"] == 1000
    assert KEY in server.headers[0].get("x-api-key", server.headers[0].get("authorization", ""))


async def test_stream_learns_what_a_model_does_not_take() -> None:
    """An older model without schemas, one that always thinks: asked once, then remembered."""
    other = AnthropicStandIn(takes_schema=False, always_thinks=True)
    async with (
        other.serve() as server,
        start(options(server, temperature=0.7), SURROUNDINGS) as model,
    ):
        answers = [json.loads(await whole(model))["text"] for _ in range(2)]
    assert answers == [DEFAULT_TEXT] * 2
    assert len(server.requests) == 5
    assert server.requests[-1].keys() == {"model", "system", "messages", "max_tokens", "stream"}


async def test_stream_sends_a_temperature_that_was_given() -> None:
    """Models that take one get it."""
    async with (
        AnthropicStandIn(takes_temperature=True).serve() as server,
        start(options(server, temperature=0.7), SURROUNDINGS) as model,
    ):
        await whole(model)
    assert [each["temperature"] for each in server.requests] == [0.7]


async def test_stream_ends_at_max_tokens(server: AnthropicStandIn) -> None:
    """An answer that is cut at its limit is no failure; the reader closes it."""
    server.texts = (LONG,)
    async with start(options(server, max_tokens=20), SURROUNDINGS) as model:
        await whole(model)
    assert server.generated == 20


async def test_stream_closed_early_stops_the_model(server: AnthropicStandIn) -> None:
    """Closing the generator ends the generation, not only the reading."""
    server.texts, server.tokens_per_s = (LONG,), 100
    async with start(options(server), SURROUNDINGS) as model:
        async with aclosing(model.stream(prompt())) as pieces:
            for _ in range(3):
                await anext(pieces)
        await asyncio.wait_for(server.ended.wait(), 10)
    assert server.aborted == 1
    assert server.generated < 60


async def test_stream_cancelled_stops_the_model(server: AnthropicStandIn) -> None:
    """A cancelled task leaves no model at work."""
    server.texts, server.tokens_per_s = (LONG,), 100
    async with start(options(server), SURROUNDINGS) as model:
        await cancelled_after_the_first_piece(model)
        await asyncio.wait_for(server.ended.wait(), 10)
    assert server.aborted == 1
    assert server.generated < 60


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_stream_fails_with_a_reason(server: AnthropicStandIn, failure: Failure) -> None:
    """However it fails, it is a ModelError with a text, and nothing is left at work."""
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


@pytest.mark.parametrize(
    ("error_type", "told"),
    [
        ("rate_limit_error", "takes no more requests"),
        ("authentication_error", "does not take the key"),
        ("not_found_error", "has no such interface"),
        ("some_new_error", "failed with small: something is wrong here"),
    ],
)
async def test_error_in_the_middle_is_told_by_its_type(
    server: AnthropicStandIn, error_type: str, told: str
) -> None:
    """Its status is 200, whatever happened."""
    server.failure, server.error_type = "error event", error_type
    async with start(options(server), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match=told):
            await whole(model)


async def test_stream_fails_at_once_instead_of_trying_again(server: AnthropicStandIn) -> None:
    """Who tries again, and what is used meanwhile, is the ladder's to say."""
    server.failure = "overloaded"
    async with start(options(server), SURROUNDINGS) as model:
        with pytest.raises(ModelError):
            await whole(model)
    assert len(server.requests) == 1


async def test_stream_takes_any_text(server: AnthropicStandIn) -> None:
    """What can't be encoded is replaced, and no reason to fail."""
    async with start(options(server), SURROUNDINGS) as model:
        await whole(model, prompt("json \ud800 " + "a\u0301" * 1000))
    assert "json ?" in server.requests[0]["messages"][0]["content"]


@pytest.mark.parametrize("key", ["sk-not-the-one-8888", None])
async def test_key_that_is_refused_names_the_remedy(
    server: AnthropicStandIn, key: str | None
) -> None:
    """Both the probe and an answer name the option, and never the key."""
    async with start(options(server, api_key=key), SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match="api_key_file") as failed:
                await attempt
            assert "8888" not in str(failed.value)


async def test_probe_finds_an_unknown_model(server: AnthropicStandIn) -> None:
    """Before somebody waits for its answer, and without generating anything."""
    async with start(options(server, model="huge"), SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match="no model huge; change the option `model`"):
                await attempt
    async with start(options(server), SURROUNDINGS) as model:
        await model.probe()
    assert server.generated == 0


async def test_probe_of_a_server_that_only_forwards_is_fine() -> None:
    """Not everything that speaks Anthropic's language knows its models."""
    async with (
        AnthropicStandIn(has_models=False).serve() as server,
        start(options(server), SURROUNDINGS) as model,
    ):
        await model.probe()
        await whole(model)


async def test_absent_server_names_the_remedy() -> None:
    """Starting without it works; the probe and an answer say what to look at."""
    away = Options(base_url=f"http://127.0.0.1:{free_port()}")
    async with start(away, SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match=r"nothing answers at .*`base_url`"):
                await attempt


async def test_environment_changes_nothing(
    server: AnthropicStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable moves the server, gives a key away, adds a header or a proxy."""
    for name, value in {
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
        "ANTHROPIC_API_KEY": "sk-leaked",
        "ANTHROPIC_AUTH_TOKEN": "leaked",
        "ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer leaked\nX-Mine: leaked",
        "ANTHROPIC_PROFILE": "leaked",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.key = None
    async with start(options(server, api_key=None), SURROUNDINGS) as model:
        await model.probe()
        assert json.loads(await whole(model))["text"] == DEFAULT_TEXT
    assert "leaked" not in str(server.headers)
    assert not any(name.startswith("x-stainless") for each in server.headers for name in each)


async def test_key_is_in_no_log_and_no_text_of_an_object(
    server: AnthropicStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """What is printed or logged, at any level, holds no key."""
    caplog.set_level(logging.DEBUG)
    given = options(server)
    async with start(given, SURROUNDINGS) as model:
        await whole(model)
        assert KEY not in f"{given!r} {given} {model!r} {vars(model)!r}"
    assert KEY not in caplog.text


def test_options_refuse_a_key_in_clear_text() -> None:
    """Everybody on the way could read it."""
    with pytest.raises(ValidationError, match="clear text"):
        Options.model_validate({"base_url": "http://api.example.com", "api_key": "x"})


@pytest.mark.parametrize("thinks", [False, True])
def test_stand_in_speaks_as_the_client_knows_it(*, thinks: bool) -> None:
    """Its events are valid for the client's own models, which are lenient when they read."""
    server = AnthropicStandIn(always_thinks=thinks)
    first, pieces, end = server.events({"model": "small", "max_tokens": 9}, ["a", "b"])
    lines = b"".join([first, *pieces, end]).decode().splitlines()
    events = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    adapter: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)
    kinds = [adapter.validate_json(each).type for each in events if '"ping"' not in each]
    assert kinds[0] == "message_start"
    assert kinds[-1] == "message_stop"
