"""The key of a server with OpenAI's interface: sent to nobody else, and shown nowhere."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from pickled.errors import ModelError
from pickled.llm.openai import Options, start
from tests.llm.asking import SURROUNDINGS, whole
from tests.llm.openai_options import options
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY


@pytest.fixture
async def server() -> AsyncIterator[OpenaiStandIn]:
    async with OpenaiStandIn().serve() as running:
        yield running


@pytest.mark.parametrize(
    ("key", "told"), [("sk-not-the-one-8888", "does not take the key"), (None, "wants a key")]
)
async def test_key_that_is_refused_names_the_remedy(
    server: OpenaiStandIn, key: str | None, told: str
) -> None:
    """Both the probe and an answer name the option, and never the key."""
    async with start(options(server, api_key=key), SURROUNDINGS) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match=f"{told}.*api_key_file") as failed:
                await attempt
            assert "8888" not in str(failed.value)
    assert len(server.requests) == 1


async def test_server_without_a_key_gets_none(server: OpenaiStandIn) -> None:
    """A server of the house that wants no key is not sent one."""
    server.key = None
    async with start(options(server, api_key=None), SURROUNDINGS) as model:
        await model.probe()
        await whole(model)
    assert not any("authorization" in each for each in server.headers)


async def test_environment_changes_nothing(
    server: OpenaiStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable moves the server, gives a key away, adds a header or a proxy."""
    for name, value in {
        "OPENAI_BASE_URL": "http://127.0.0.1:9",
        "OPENAI_API_KEY": "sk-leaked",
        "OPENAI_ADMIN_KEY": "sk-leaked",
        "OPENAI_ORG_ID": "leaked",
        "OPENAI_PROJECT_ID": "leaked",
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer leaked\nX-Mine: leaked",
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
    server: OpenaiStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """What is printed or logged, at any level, holds no key."""
    caplog.set_level(logging.DEBUG)
    given = options(server)
    async with start(given, SURROUNDINGS) as model:
        await whole(model)
        assert KEY not in f"{given!r} {given} {model!r} {vars(model)!r}"
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"base_url": "http://name:hunter2@host/v1"}, "base_url"),
        ({"base_url": "http://api.example.com/v1", "api_key": "hunter2"}, "clear text"),
        ({"api_key": "hunter2", "max_tokens": 0}, "max_tokens"),
    ],
)
def test_options_refuse_what_gives_a_secret_away(given: dict[str, Any], told: str) -> None:
    """No password in an address, no key in clear text to the world."""
    with pytest.raises(ValidationError, match=told) as refused:
        Options.model_validate(given)
    errors = refused.value.errors(include_url=False, include_input=False)
    assert "hunter2" not in str([(each["loc"], each["msg"]) for each in errors])


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "[::1]:8080", "gpu.lan", "nas", "192.168.1.2"])
def test_key_may_be_in_clear_text_at_home(host: str) -> None:
    """A server of the house seldom has a certificate."""
    assert Options.model_validate({"base_url": f"http://{host}/v1", "api_key": "x"}).api_key
