"""Models behind an address and a key: what holds whoever made their interface."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import get_args

import pytest

from pickled.errors import ModelError, NoSuchModelError, TornError
from tests.llm.asking import LONG, cancelled_after_the_first_piece, prompt, whole
from tests.llm.vendors import Vendor
from tests.stand_ins.broker import free_port
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.sse import KEY, Failure

TOLD: dict[Failure, str] = {
    "hang": "took too long",
    "hang in the middle": "took too long",
    "cut": "was cut",
    "no end": "broke off",
    "html": "status 502",
    "garbage": "does not speak as it should",
    "empty": "answered with nothing",
    "overloaded": "is overloaded",
    "too many": "takes no more requests",
    "redirect": "has moved",
    "refusal": "refused to answer",
}
IN_THE_STREAM = {"openai": "The server had an error", "anthropic": "is overloaded: something is"}


async def test_stream_answers_in_pieces(vendor: Vendor) -> None:
    """The pieces of an answer are the JSON that was asked for, and there are many of them."""
    async with vendor.start(answer_form="object") as model:
        pieces = [piece async for piece in model.stream(prompt())]
    assert len(pieces) > 10
    assert json.loads("".join(pieces)) == {"emotion": "happy", "text": DEFAULT_TEXT}


async def test_stream_takes_the_model_of_the_persona(vendor: Vendor) -> None:
    """A persona may ask for another model of the same server."""
    async with vendor.start() as model:
        await whole(model, prompt(model="large"))
    assert vendor.server.requests[0]["model"] == "large"


async def test_stream_ends_at_max_tokens(vendor: Vendor) -> None:
    """An answer that is cut at its limit says so behind its text, with the remedy."""
    vendor.server.texts = (LONG,)
    async with vendor.start(max_tokens=20) as model:
        with pytest.raises(TornError, match="more than 20 tokens; raise `max_tokens`"):
            await whole(model)
    assert vendor.server.generated == 20


async def test_stream_closed_early_stops_the_model(vendor: Vendor) -> None:
    """Closing the generator ends the generation, not only the reading."""
    vendor.server.texts, vendor.server.tokens_per_s = (LONG,), 100
    async with vendor.start() as model:
        async with aclosing(model.stream(prompt())) as pieces:
            for _ in range(3):
                await anext(pieces)
        await asyncio.wait_for(vendor.server.ended.wait(), 10)
    assert vendor.server.aborted == 1
    assert vendor.server.generated < 60


async def test_stream_cancelled_stops_the_model(vendor: Vendor) -> None:
    """A cancelled task leaves no model at work."""
    vendor.server.texts, vendor.server.tokens_per_s = (LONG,), 100
    async with vendor.start() as model:
        await cancelled_after_the_first_piece(model)
        await asyncio.wait_for(vendor.server.ended.wait(), 10)
    assert vendor.server.aborted == 1
    assert vendor.server.generated < 60


async def test_stream_cancelled_before_the_first_token_stops_the_model(vendor: Vendor) -> None:
    """Also while the server is still reading the prompt."""
    vendor.server.failure = "hang"
    async with vendor.start() as model:
        waiting = asyncio.create_task(whole(model))
        await asyncio.wait_for(vendor.server.begun.wait(), 10)
        waiting.cancel()
        await asyncio.wait({waiting})
        await asyncio.wait_for(vendor.server.ended.wait(), 10)
    assert vendor.server.aborted == 1


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_stream_fails_with_a_reason(vendor: Vendor, failure: Failure) -> None:
    """However the server fails, it is a ModelError with a text, and nothing is left at work."""
    vendor.server.failure = failure
    patience = 0.3 if "hang" in failure else 20
    async with vendor.start(first_token_timeout_s=patience, idle_timeout_s=patience) as model:
        with pytest.raises(ModelError) as failed:
            await asyncio.wait_for(whole(model), 30)
        begun = vendor.server.begun.is_set()
        await asyncio.wait_for(vendor.server.ended.wait(), 10) if begun else None
    assert {**TOLD, "error event": IN_THE_STREAM[vendor.name]}[failure] in str(failed.value)
    assert "<" not in str(failed.value)
    assert KEY not in str(failed.value)


async def test_stream_fails_at_once_instead_of_trying_again(vendor: Vendor) -> None:
    """Who tries again, and what is used meanwhile, is the ladder's to say."""
    vendor.server.failure = "overloaded"
    async with vendor.start() as model:
        with pytest.raises(ModelError):
            await whole(model)
    assert len(vendor.server.requests) == 1


async def test_stream_takes_no_longer_than_its_total(vendor: Vendor) -> None:
    """A model that never hangs, but never ends either, is given up."""
    vendor.server.texts, vendor.server.tokens_per_s = (LONG,), 50
    async with vendor.start(total_timeout_s=0.3) as model:
        with pytest.raises(ModelError, match="took too long"):
            await asyncio.wait_for(whole(model), 10)
        await asyncio.wait_for(vendor.server.ended.wait(), 10)
    assert vendor.server.aborted == 1


async def test_stream_takes_any_text(vendor: Vendor) -> None:
    """What can't be encoded is replaced, and no reason to fail."""
    async with vendor.start() as model:
        await whole(model, prompt("json \ud800 " + "a\u0301" * 1000))
    assert "json ?" in vendor.server.requests[0]["messages"][-1]["content"]


async def test_unknown_model_is_named_with_its_remedy(vendor: Vendor) -> None:
    """By its answer, and from then on by the probe, until it is there."""
    async with vendor.start(model="huge") as model:
        for attempt in (whole(model), model.probe()):
            with pytest.raises(NoSuchModelError, match="no model huge; change the option `model`"):
                await attempt
        vendor.server.models = ("huge",)
        await model.probe()
        await whole(model)


async def test_unknown_model_of_a_persona_is_named_and_not_the_configured_one(
    vendor: Vendor,
) -> None:
    """The one that is there is not the one that is missing."""
    async with vendor.start() as model:
        with pytest.raises(NoSuchModelError, match="no model nope"):
            await whole(model, prompt(model="nope"))
        await model.probe()
        with pytest.raises(NoSuchModelError, match="no model nope"):
            await model.probe_model("nope")  # type: ignore[attr-defined]  # not every model has it


async def test_probe_generates_nothing(vendor: Vendor) -> None:
    """Asking how it is costs nothing."""
    async with vendor.start() as model:
        await model.probe()
    assert (vendor.server.probes, vendor.server.requests) == (1, [])


async def test_absent_server_names_the_remedy(vendor: Vendor) -> None:
    """Starting without the server works; the probe and an answer say what to look at."""
    async with vendor.start(base_url=f"http://127.0.0.1:{free_port()}") as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match=r"nothing answers at .*`base_url`"):
                await attempt


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n[]", b"SSH-2.0-OpenSSH\r\n", b""])
async def test_something_else_at_that_address_is_a_model_error(
    vendor: Vendor, answer: bytes
) -> None:
    """Another service on that port is told apart from a model."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    other = await asyncio.start_server(reply, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}"
    async with other, vendor.start(base_url=address) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError):
                await attempt
