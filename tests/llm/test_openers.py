"""Openers on their way to a model: its grammar holds them; a server that can't loses no more."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from pickled.brain.answer_form import opening
from pickled.brain.parse import AnswerParser
from pickled.llm import Model, anthropic, ollama, openai
from pickled.messages.opener import Opener
from pickled.messages.prompt import Form, Prompt
from tests.llm.asking import SURROUNDINGS, whole
from tests.llm.openai_options import options
from tests.llm.test_answer_form import asks, of_ollama
from tests.stand_ins.anthropic import AnthropicStandIn
from tests.stand_ins.ollama import DEFAULT_TEXT, OllamaStandIn
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY
from tests.stand_ins.written import offered

OPENERS = (Opener(text="Oh,"), Opener(text="Is it?"), Opener(text="Oh no,", emotions=("sad",)))
OPENED = f"Oh, {DEFAULT_TEXT}"
FORMS: tuple[Form, ...] = get_args(Form)


def offers() -> Prompt:
    return asks().model_copy(update={"openers": OPENERS})


async def said(model: Model, asked: Prompt) -> str:
    parser = AnswerParser(("neutral", "happy"), openers=OPENERS)
    parser.feed(await whole(model, asked))
    parser.finish()
    return parser.text


def with_openers(server: Any) -> list[bool]:
    """Which of the requests offered some, by their schemas."""
    given = (
        each.get("format") or each.get("response_format", {}).get("json_schema", {}).get("schema")
        for each in server.requests
    )
    return [bool(offered("happy", each)) for each in given]


@pytest.mark.parametrize("form", ["string", "key", "object"])
@pytest.mark.parametrize("opens", [True, False])
async def test_ollama_is_held_to_an_opener_or_none(form: Form, opens: bool) -> None:
    """In the form that was chosen, and told in the last message only."""
    async with (
        OllamaStandIn(opens=opens).serve() as server,
        ollama.start(of_ollama(server, answer_form=form), SURROUNDINGS) as model,
    ):
        assert await said(model, offers()) == (OPENED if opens else DEFAULT_TEXT)
        assert await said(model, asks()) == DEFAULT_TEXT
    one, other = server.requests
    assert one["format"] == opening(offers(), form).answer_schema
    assert one["messages"][0] == other["messages"][0]
    assert with_openers(server) == [True, False]


@pytest.mark.parametrize("form", ["string", "key", "object"])
async def test_openai_interface_is_held_to_an_opener_or_none(form: Form) -> None:
    """As Ollama is."""
    async with (
        OpenaiStandIn(opens=True).serve() as server,
        openai.start(options(server, answer_form=form), SURROUNDINGS) as model,
    ):
        assert await said(model, offers()) == OPENED
        assert await said(model, asks()) == DEFAULT_TEXT
    assert with_openers(server) == [True, False]
    assert server.requests[0]["messages"][0] == server.requests[1]["messages"][0]


async def test_ollama_that_takes_no_openers_keeps_its_form() -> None:
    """They are left out within the same answer, and from then on."""
    async with (
        OllamaStandIn(knows_openers=False, opens=True).serve() as server,
        ollama.start(of_ollama(server, answer_form="string"), SURROUNDINGS) as model,
    ):
        for _ in range(2):
            assert await said(model, offers()) == DEFAULT_TEXT
    assert [each["format"]["type"] for each in server.requests] == ["string", "string"]
    assert with_openers(server) == [False, False]


async def test_ollama_without_patterns_opens_in_an_object() -> None:
    """The form is what it refused, not the openers."""
    async with (
        OllamaStandIn(knows_patterns=False, opens=True).serve() as server,
        ollama.start(of_ollama(server, answer_form="string"), SURROUNDINGS) as model,
    ):
        assert await said(model, offers()) == OPENED
        assert await said(model, offers()) == OPENED
    assert with_openers(server) == [True, True]


@pytest.mark.parametrize("status", [400, 422, 500])
async def test_openai_interface_that_takes_no_openers_keeps_its_form(status: int) -> None:
    """Turns without any are asked as before."""
    strict = OpenaiStandIn(knows_openers=False, opens=True, refusal_status=status)
    async with strict.serve() as server, openai.start(options(server), SURROUNDINGS) as model:
        await said(model, asks())
        for _ in range(2):
            assert await said(model, offers()) == DEFAULT_TEXT
        assert await said(model, asks()) == DEFAULT_TEXT
    assert with_openers(server) == [False, True, False, False, False]
    kept = [each["response_format"]["json_schema"]["schema"] for each in server.requests]
    assert all("anyOf" in each for each in kept)


async def test_openai_interface_without_choices_opens_in_an_object() -> None:
    """Where the form is refused and nothing is named, both are learnt."""
    async with (
        OpenaiStandIn(knows_choices=False, opens=True).serve() as server,
        openai.start(options(server), SURROUNDINGS) as model,
    ):
        await said(model, asks())
        assert await said(model, offers()) == OPENED


async def test_openai_interface_without_schemas_is_told_of_none() -> None:
    """Nothing could hold the model to them."""
    async with (
        OpenaiStandIn(formats=()).serve() as server,
        openai.start(options(server), SURROUNDINGS) as model,
    ):
        await said(model, offers())
    assert "Oh," not in str(server.requests[-1]["messages"])


async def test_anthropic_is_asked_as_without_openers() -> None:
    """Byte by byte."""
    async with AnthropicStandIn().serve() as server:
        given = {"base_url": server.url, "api_key": KEY, "model": "small"}
        async with anthropic.start(anthropic.Options(**given), SURROUNDINGS) as model:
            await said(model, asks())
            await said(model, offers())
    assert server.requests[0] == server.requests[1]
