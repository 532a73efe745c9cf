"""The form of an answer: the cheapest that a server can hold its model to, learnt from it."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from pickled.brain.answer_form import in_form, rule, schema
from pickled.errors import ModelError
from pickled.llm import anthropic, ollama, openai
from pickled.messages.prompt import AnswerForm, Form, Prompt, PromptMessage
from tests.llm.asking import SURROUNDINGS, prompt, said, whole
from tests.llm.openai_options import options
from tests.stand_ins.anthropic import AnthropicStandIn
from tests.stand_ins.ollama import DEFAULT_TEXT, OllamaStandIn
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY

EMOTIONS = ("neutral", "happy")
ANSWER = ("happy", DEFAULT_TEXT)


def of_ollama(server: OllamaStandIn, **changed: Any) -> ollama.Options:
    return ollama.Options.model_validate({"host": server.url, "max_tokens": 1000, **changed})


def held_to(asked: dict[str, Any]) -> Form | None:
    """The form that a request to OpenAI's interface asks for by a schema."""
    given = asked.get("response_format", {}).get("json_schema", {}).get("schema")
    forms: tuple[Form, ...] = get_args(Form)
    return next((each for each in forms if given and given == schema(each, EMOTIONS)), None)


def asks(*, model: str | None = None) -> Prompt:
    """What is asked, with the words for an object, as a persona's prompt has them."""
    rules = PromptMessage(role="system", content=f"You are John.\n- {rule('object', EMOTIONS)}")
    given = prompt(model=model)
    return given.model_copy(update={"messages": (rules, *given.messages[1:])})


def told(asked: dict[str, Any]) -> list[str]:
    return [each["content"] for each in asked["messages"]]


@pytest.mark.parametrize(
    ("chosen", "form"),
    [("auto", "object"), ("string", "string"), ("key", "key"), ("object", "object"),
     ("text", "text")],
)  # fmt: skip
async def test_ollama_is_asked_for_the_form_that_was_chosen(chosen: str, form: Form) -> None:
    """By its schema and in its words; without a choice, for an object until it was tried."""
    async with (
        OllamaStandIn().serve() as server,
        ollama.start(of_ollama(server, answer_form=chosen), SURROUNDINGS) as model,
    ):
        server.raw = f"[happy] {DEFAULT_TEXT}" if form == "text" else None
        assert await said(model, asks()) == ANSWER
    (asked,) = server.requests
    assert asked.get("format", {}) == schema(form, EMOTIONS)
    assert told(asked) == [each.content for each in in_form(asks(), form).messages]


@pytest.mark.parametrize(
    ("server", "form", "tries"),
    [
        (OllamaStandIn(feels=True), "string", 4),
        (OllamaStandIn(emotion="happy"), "object", 4),
        (OllamaStandIn(feels=True, knows_patterns=False), "object", 0),
    ],
)
async def test_model_of_ollama_is_tried_for_strings_when_it_is_loaded(
    server: OllamaStandIn, form: Form, tries: int
) -> None:
    """One that feels the same about a death and a cow on the roof says more in an object."""
    async with (
        server.serve(),
        ollama.start(of_ollama(server), SURROUNDINGS) as model,
    ):
        await model.probe()
        await model.probe()
        assert len(server.tried) == tries
        assert await said(model, asks()) == ANSWER
        server.models = (*server.models, "another")
        assert await said(model, asks(model="another")) == ANSWER
    first, another = server.requests
    assert first["format"] == schema(form, EMOTIONS)
    assert another["format"] == schema("object", EMOTIONS), "nobody tried that one"


async def test_ollama_that_knows_no_pattern_is_asked_for_an_object() -> None:
    """Within the same answer, and at once from then on; each model has its own."""
    old = OllamaStandIn(knows_patterns=False, models=("small", "large"))
    async with (
        old.serve() as server,
        ollama.start(of_ollama(server, model="small", answer_form="string"), SURROUNDINGS) as model,
    ):
        assert await said(model, asks()) == await said(model, asks()) == ANSWER
        assert [each["format"] for each in server.requests] == [schema("object", EMOTIONS)] * 2
        server.knows_patterns = True
        await said(model, asks())
        assert await said(model, asks(model="large")) == ANSWER
    forms = [each["format"]["type"] for each in server.requests]
    assert forms == ["object", "object", "object", "string"]


async def test_ollama_is_asked_once_where_no_form_can_mend_it() -> None:
    """A model that doesn't fit into memory does not in another form either."""
    async with (
        OllamaStandIn(failure="out of memory").serve() as server,
        ollama.start(of_ollama(server, answer_form="string"), SURROUNDINGS) as model,
    ):
        with pytest.raises(ModelError, match="more system memory"):
            await whole(model, asks())
        server.failure = None
        await whole(model, asks())
    assert [each["format"]["type"] for each in server.requests] == ["string"]


async def test_stand_in_refuses_what_its_schema_does_not_allow() -> None:
    """A scripted model has no more freedom than a real one that is held to a grammar."""
    async with (
        OllamaStandIn(emotion="furious").serve() as server,
        ollama.start(of_ollama(server, answer_form="string"), SURROUNDINGS) as model,
    ):
        with pytest.raises(ModelError, match="no grammar lets that through"):
            await whole(model, asks())
        server.emotion, server.texts = "happy", ('He said "wow"\nto me.',)
        assert json.loads(await whole(model, asks())) == "happy He said 'wow' to me."


@pytest.mark.parametrize(
    ("chosen", "forms"),
    [("auto", ["key"]), ("key", ["key"]), ("string", ["string"]), ("object", ["object"]),
     ("text", [None])],
)  # fmt: skip
async def test_openai_interface_is_asked_for_the_form_that_was_chosen(
    chosen: str, forms: list[Form | None]
) -> None:
    """The emotion as a key, without a choice."""
    async with (
        OpenaiStandIn().serve() as server,
        openai.start(options(server, answer_form=chosen), SURROUNDINGS) as model,
    ):
        server.raw = f"[happy] {DEFAULT_TEXT}" if chosen == "text" else None
        assert await said(model, asks()) == ANSWER
    assert [held_to(each) for each in server.requests] == forms
    assert told(server.requests[0]) == [
        each.content for each in in_form(asks(), forms[0] or "text").messages
    ]
    assert ("response_format" in server.requests[0]) == (chosen != "text")


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("chosen", ["auto", "string"])
async def test_openai_interface_without_that_form_is_asked_for_an_object(
    status: int, chosen: AnswerForm
) -> None:
    """Once refused, it is remembered for that model."""
    strict = OpenaiStandIn(knows_choices=False, knows_patterns=False, refusal_status=status)
    async with (
        strict.serve() as server,
        openai.start(options(server, answer_form=chosen), SURROUNDINGS) as model,
    ):
        for _ in range(3):
            assert await said(model, asks()) == ANSWER
        await said(model, asks(model="large"))
    first: Form = "string" if chosen == "string" else "key"
    assert [held_to(each) for each in server.requests] == [
        first, "object", "object", "object", first, "object"
    ]  # fmt: skip
    for each in server.requests:
        assert rule(held_to(each) or "text", EMOTIONS) in told(each)[0]


async def test_openai_interface_without_any_schema_is_asked_in_words() -> None:
    """The words are always those of the form that is asked for."""
    async with (
        OpenaiStandIn(formats=()).serve() as server,
        openai.start(options(server), SURROUNDINGS) as model,
    ):
        assert await said(model, asks()) == await said(model, asks()) == ANSWER
    kinds = [each.get("response_format", {}).get("type") for each in server.requests]
    assert kinds == ["json_schema", "json_schema", "json_object", None, None]
    assert rule("object", EMOTIONS) in told(server.requests[-1])[0]


async def test_vendor_whose_schemas_are_objects_is_asked_for_one() -> None:
    """No answer waits for a refusal that is known."""
    given = options(base_url="https://api.openai.com/v1")
    assert openai._Openai(given, None)._best == "object"  # type: ignore[arg-type]
    assert openai._Openai(options(base_url="https://example.org/v1"), None)._best == "key"  # type: ignore[arg-type]


async def test_anthropic_is_asked_as_before() -> None:
    """For an object, or for text where that was chosen; other forms it can't be held to."""
    async with AnthropicStandIn().serve() as server:
        given = {"base_url": server.url, "api_key": KEY, "model": "small"}
        async with anthropic.start(anthropic.Options(**given), SURROUNDINGS) as model:
            assert await said(model, asks()) == ANSWER
        plain = anthropic.Options(**given, answer_form="text")
        async with anthropic.start(plain, SURROUNDINGS) as model:
            server.raw = f"[happy] {DEFAULT_TEXT}"
            assert await said(model, asks()) == ANSWER
    assert ["output_config" in each for each in server.requests] == [True, False]
    with pytest.raises(ValidationError, match="answer_form"):
        anthropic.Options(**given, answer_form="string")
