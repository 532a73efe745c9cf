"""Ollama's models: which of them is meant, and those that think."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pickled.errors import ModelError, NoSuchModelError
from pickled.llm.ollama import Options, start
from tests.llm.asking import SURROUNDINGS, prompt, whole
from tests.stand_ins.ollama import OllamaStandIn


def options(ollama: OllamaStandIn, **changed: Any) -> Options:
    return Options.model_validate({"host": ollama.url, "max_tokens": 1000, **changed})


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaStandIn]:
    async with OllamaStandIn().serve() as running:
        yield running


async def test_unknown_model_of_a_persona_is_named_and_not_the_configured_one(
    ollama: OllamaStandIn,
) -> None:
    """The one that is there is not the one that is missing."""
    async with start(options(ollama), SURROUNDINGS) as model:
        for attempt in (whole(model, prompt(model="nope:1b")), model.probe_model("nope:1b")):
            with pytest.raises(NoSuchModelError, match="`ollama pull nope:1b`"):
                await attempt
        await model.probe()


async def test_model_that_can_not_stop_thinking_thinks_little(ollama: OllamaStandIn) -> None:
    """gpt-oss knows levels only."""
    ollama.models = ("gpt-oss:20b",)
    async with start(options(ollama, model="gpt-oss:20b"), SURROUNDINGS) as model:
        assert await whole(model)
    assert ollama.requests[0]["think"] == "low"


async def test_thinking_that_uses_up_the_tokens_is_told_with_its_remedy(
    ollama: OllamaStandIn,
) -> None:
    """A server that thinks nevertheless says nothing: why, and what to do."""
    ollama.thinks = 30
    async with start(options(ollama, max_tokens=20), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match=r"all 20 tokens into thinking.*`max_tokens`"):
            await whole(model)


async def test_thinking_that_takes_too_long_is_told_with_its_remedy(ollama: OllamaStandIn) -> None:
    """The first words are waited for once, however many thoughts come before."""
    ollama.thinks, ollama.tokens_per_s = 1000, 50
    async with start(options(ollama, first_token_timeout_s=0.3), SURROUNDINGS) as model:
        with pytest.raises(ModelError, match=r"thought for 0.3 s.*`first_token_timeout_s`"):
            await asyncio.wait_for(whole(model), 10)
