"""OpenAI's interface: any server that speaks it, whatever it lacks, and however it words things."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from pickled.errors import ModelError
from pickled.llm.openai import start
from tests.llm.asking import SCHEMA, SURROUNDINGS, prompt, said, whole
from tests.llm.openai_options import options
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY, event

QUIET = {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}}


@pytest.fixture
async def server() -> AsyncIterator[OpenaiStandIn]:
    async with OpenaiStandIn().serve() as running:
        yield running


async def test_stream_asks_for_the_schema(server: OpenaiStandIn) -> None:
    """The schema is strict, the roles are kept, and the model is told not to think."""
    async with start(options(server, temperature=0.5, answer_form="object"), SURROUNDINGS) as model:
        await whole(model)
    (asked,) = server.requests
    assert asked["messages"] == [
        {"role": "system", "content": "You are John."},
        {"role": "user", "content": "anna: where are we? As JSON."},
    ]
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert asked["response_format"]["json_schema"]["strict"] is True
    assert (asked["max_tokens"], asked["temperature"]) == (1000, 0.5)
    assert {key: asked[key] for key in QUIET} == QUIET
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("formats", [("json_object",), ()])
async def test_stream_learns_which_form_the_server_can_give(
    status: int, formats: tuple[str, ...]
) -> None:
    """Without schemas it asks for an object, without objects for nothing, and remembers that."""
    async with (
        OpenaiStandIn(formats=formats, refusal_status=status).serve() as server,
        start(options(server, answer_form="object"), SURROUNDINGS) as model,
    ):
        answers = [(await said(model))[1] for _ in range(3)]
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
        "model", "messages", "stream", "response_format", "max_completion_tokens", *QUIET
    }  # fmt: skip
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("efforts", "takes_template_kwargs", "sent"),
    [
        (("low", "medium"), True, {**QUIET, "reasoning_effort": "low"}),
        ((), True, {"chat_template_kwargs": {"enable_thinking": False}}),
        ((), False, {}),
    ],
)
async def test_stream_learns_how_a_server_is_told_not_to_think(
    efforts: tuple[str, ...], takes_template_kwargs: bool, sent: dict[str, Any]
) -> None:
    """By an effort, by its template, or not at all; remembered, and nothing else is given up."""
    strict = OpenaiStandIn(efforts=efforts, takes_template_kwargs=takes_template_kwargs)
    async with strict.serve() as server, start(options(server), SURROUNDINGS) as model:
        await whole(model)
        first = len(server.requests)
        await whole(model)
    assert len(server.requests) == first + 1
    assert {key: each for key, each in server.requests[-1].items() if key in QUIET} == sent
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


async def test_stream_outside_tells_only_a_model_that_was_seen_to_think(
    server: OpenaiStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most services outside refuse what they don't know: those who never think are not told."""
    monkeypatch.setattr("pickled.llm.openai.is_outside", lambda _: True)
    server.thinks = 3
    async with start(options(server), SURROUNDINGS) as model:
        for _ in range(2):
            await whole(model)
    first, second = server.requests
    assert not first.keys() & QUIET.keys()
    assert second["reasoning_effort"] == "none"


async def test_thinking_that_uses_up_the_tokens_is_told_with_its_remedy() -> None:
    """The model said nothing: why, and what to do, and that a probe can't see whether it's over."""
    stubborn = OpenaiStandIn(efforts=(), takes_template_kwargs=False, thinks=500)
    async with (
        stubborn.serve() as server,
        start(options(server, max_tokens=20), SURROUNDINGS) as model,
    ):
        with pytest.raises(ModelError, match=r"all 20 tokens into.*`max_tokens`") as failed:
            await whole(model)
    assert failed.value.lasts


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Only user and assistant roles are supported!",
        "Jinja Exception: System role not supported, raise_exception",
    ],
)
@pytest.mark.parametrize("status", [400, 500])
async def test_stream_learns_that_a_template_has_no_system_role(words: str, status: int) -> None:
    """The rules stand in front of what is asked, from the second request on at once."""
    gemma = OpenaiStandIn(without_system=words, refusal_status=status)
    async with gemma.serve() as server, start(options(server), SURROUNDINGS) as model:
        answers = [(await said(model))[1] for _ in range(2)]
    assert answers == [DEFAULT_TEXT] * 2
    assert len(server.requests) == 3
    told = {"role": "user", "content": "You are John.\n\nanna: where are we? As JSON."}
    assert [each["messages"] for each in server.requests[1:]] == [[told]] * 2
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


async def test_unlisted_name_is_taken_until_it_was_refused(server: OpenaiStandIn) -> None:
    """A server may take names that it doesn't list."""
    async with start(options(server, model="huge"), SURROUNDINGS) as model:
        await model.probe()
        with pytest.raises(ModelError, match="no model huge"):
            await whole(model)
        with pytest.raises(ModelError, match="no model huge"):
            await model.probe()


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


ANSWER = {"id": "1", "object": "chat.completion", "created": 1, "model": "small"}
HEAD = {**ANSWER, "object": "chat.completion.chunk"}


def piece(delta: Any, reason: str | None = None) -> bytes:
    """A chunk of an answer, in whatever form."""
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return event({**HEAD, "choices": [choice]})


def body(content: Any) -> bytes:
    """A whole answer, for who did not want a stream."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({**ANSWER, "choices": [choice]}).encode()


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("text/event-stream", piece({"content": "Hello."}) + piece(None, "stop")),
        ("text/event-stream", piece({"content": [{"type": "text", "text": "Hello."}]}, "stop")),
        ("application/json", body("Hello.")),
        ("application/json", body([{"type": "text", "text": "Hello."}])),
    ],
)
async def test_odd_form_of_an_answer_is_understood(kind: str, written: bytes) -> None:
    """No delta, a list of parts, one body in place of a stream."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(written)}\r\n\r\n"
        writer.write(head.encode() + written)
        writer.close()

    odd = await asyncio.start_server(reply, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{odd.sockets[0].getsockname()[1]}"
    async with odd, start(options(base_url=address), SURROUNDINGS) as model:
        assert await whole(model, prompt()) == "Hello."


async def test_answer_goes_over_a_connection_that_is_open() -> None:
    """One that was heard enough of takes its own along: another one is there before the next."""
    server = OpenaiStandIn(tokens_per_s=50.0)
    async with server.serve(), start(options(server), SURROUNDINGS) as model:
        await model.probe()
        for _ in range(3):
            known, asked = set(server.sockets), len(server.sockets)
            async with aclosing(model.stream(prompt())) as pieces:
                await anext(pieces)
            assert server.sockets[asked] in known
            named = {each for each in asyncio.all_tasks() if "connect to" in each.get_name()}
            await asyncio.wait(named)
