"""Models of the house are measured by every answer; the beginning of a prompt is read before."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from pickled.brain.tempo import marks
from pickled.errors import ModelError, TornError
from pickled.llm import Gauged, Model, anthropic, ollama, openai
from pickled.messages.prompt import Prompt, PromptMessage
from pickled.services.gauge import Gauge
from tests.llm.asking import SURROUNDINGS, prompt, whole
from tests.llm.openai_options import options as openai_options
from tests.stand_ins.ollama import OllamaStandIn
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY

RULES = PromptMessage(role="system", content="\n".join(["Be brief, John, and be kind."] * 30))
ASKS = prompt().model_copy(update={"messages": (RULES, prompt().messages[-1])})
WARMS = ASKS.model_copy(
    update={"messages": (RULES, PromptMessage(role="user", content="[")), "warming": True}
)


def options(server: OllamaStandIn, **changed: Any) -> ollama.Options:
    return ollama.Options.model_validate({"host": server.url, "max_tokens": 200, **changed})


def gauge_of(model: Model) -> Gauge:
    assert isinstance(model, Gauged)
    assert model.gauge is not None
    return model.gauge


async def warm(model: Model, asked: Prompt = WARMS) -> None:
    """Read, and one token written, which is no whole answer."""
    with pytest.raises(TornError):
        await whole(model, asked)


async def test_ollama_reads_the_beginning_and_then_only_what_is_new() -> None:
    """For one token, however little patience there is; what was asked is written as ever."""
    server = OllamaStandIn(prefill_per_s=400.0, tokens_per_s=400.0, parameter_size="3.8B")
    impatient = {"first_token_timeout_s": 0.3}
    async with (
        server.serve(),
        ollama.start(options(server, **impatient), SURROUNDINGS) as model,
    ):
        await model.probe()
        await warm(model)
        gauge = gauge_of(model)
        cold = gauge.tempo(None)
        assert cold.held == marks(WARMS)
        assert 300 < (cold.reads or 0) * cold.real < 450
        await whole(model, ASKS)
        assert gauge.tempo(None).held == marks(ASKS)
        assert 100 < (gauge.tempo(None).writes or 0) < 500
    (warmed,), (asked,) = server.warmed, server.requests
    assert warmed["options"]["num_predict"] == 1
    assert warmed["messages"][0] == asked["messages"][0]
    assert {**warmed, "messages": 0, "options": 0} == {**asked, "messages": 0, "options": 0}
    first, second = server.cache.read
    assert first > 200 > 20 > second
    assert gauge.size(None) == 3.8


@pytest.mark.parametrize(
    "told",
    [
        {"prompt_eval_duration": 0, "eval_duration": 0, "prompt_eval_count": 0},
        {"prompt_eval_duration": None, "eval_duration": None, "eval_count": None},
        {"prompt_eval_duration": -5, "eval_duration": -5, "prompt_eval_count": -5},
        {"prompt_eval_duration": 10**300, "load_duration": 10**300, "eval_count": 10**300},
        {"prompt_eval_duration": 1, "eval_duration": 1},
    ],
    ids=["zero", "missing", "negative", "absurd", "a nanosecond"],
)
async def test_ollama_that_lies_of_its_speed_is_measured_all_the_same(told: dict[str, Any]) -> None:
    """And its answers are whole."""
    server = OllamaStandIn(prefill_per_s=100.0, tokens_per_s=400.0, told=told)
    async with server.serve(), ollama.start(options(server), SURROUNDINGS) as model:
        assert "Hello everybody" in await whole(model, ASKS)
        tempo = gauge_of(model).tempo(None)
    tokens = sum(each.tokens for each in marks(ASKS))
    read_s = server.cache.read[0] / 100.0
    assert tempo.reads == pytest.approx(tokens / read_s, rel=0.25)
    assert tempo.real == 1.0 or 0.3 <= tempo.real <= 1.5


async def test_ollama_that_is_left_while_it_reads_goes_on_there() -> None:
    """What it read until then is not read again; that it was slow is known."""
    server = OllamaStandIn(prefill_per_s=100.0)
    async with server.serve(), ollama.start(options(server), SURROUNDINGS) as model:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5), aclosing(model.stream(ASKS)) as pieces:
                await anext(pieces)
        assert gauge_of(model).tempo(None).held == ()
        await server.ended.wait()
        await warm(model)
    assert server.cache.read[1] < server.cache.read[0] - 50


async def test_openai_server_of_the_house_is_measured() -> None:
    """By what llama.cpp's server tells, else by time; one token is asked for, to have it read."""
    timings = {"prompt_n": 200, "prompt_ms": 500.0, "predicted_n": 20, "predicted_ms": 2000.0}
    server = OpenaiStandIn(first_token_ms=600.0)
    async with server.serve(), openai.start(openai_options(server), SURROUNDINGS) as model:
        await warm(model)
        server.timings = timings
        await whole(model, ASKS)
        gauge = gauge_of(model)
        assert gauge.tempo(None).writes == 10.0
        assert gauge.tempo(None).held == marks(ASKS)
    warmed, asked = server.requests[0], server.requests[-1]
    assert (warmed["max_tokens"], asked["max_tokens"]) == (1, 1000)


@pytest.mark.parametrize("timings", [7, [], {}, {"prompt_ms": "soon", "predicted_n": None}])
async def test_openai_server_may_tell_anything(timings: Any) -> None:
    """Its answer is none the worse for it."""
    server = OpenaiStandIn(timings=timings)
    async with server.serve(), openai.start(openai_options(server), SURROUNDINGS) as model:
        assert "emotion" in await whole(model) or "happy" in await whole(model)


async def test_services_outside_are_not_measured() -> None:
    """What they hold, and whom else they serve, nobody here knows; they would take money for it."""
    outside = openai_options(base_url="https://api.example.com/v1")
    own = anthropic.Options.model_validate({"base_url": "http://127.0.0.1:9", "api_key": KEY})
    async with (
        openai.start(outside, SURROUNDINGS) as far,
        anthropic.start(own, SURROUNDINGS) as other,
    ):
        assert isinstance(far, Gauged)
        assert isinstance(other, Gauged)
        assert far.gauge is None
        assert other.gauge is None


async def test_failure_while_the_beginning_is_read_is_told_as_ever() -> None:
    """With its remedy."""
    server = OllamaStandIn(failure="out of memory")
    async with server.serve(), ollama.start(options(server), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match="memory"):
            await whole(model, WARMS)
