"""Anthropic's interface: what is asked of it, and what of that not every model takes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from anthropic.types import RawMessageStreamEvent
from pydantic import TypeAdapter

from pickled.errors import ModelError
from pickled.llm.anthropic import Options, start
from tests.llm.asking import (
    SCHEMA,
    SURROUNDINGS,
    whole,
)
from tests.stand_ins.anthropic import AnthropicStandIn
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.sse import KEY


def options(server: AnthropicStandIn, **changed: Any) -> Options:
    given = {"base_url": server.url, "api_key": KEY, "model": "small", "max_tokens": 1000}
    return Options.model_validate({**given, **changed})


@pytest.fixture
async def server() -> AsyncIterator[AnthropicStandIn]:
    async with AnthropicStandIn().serve() as running:
        yield running


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
