"""The key of a model: sent to nobody else, and shown nowhere, whoever made the interface."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pydantic import ValidationError

from pickled.errors import ModelError
from tests.llm.asking import said, whole
from tests.llm.vendors import VENDORS, Vendor
from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.sse import KEY

VARIABLES = {
    "OPENAI_BASE_URL": "http://127.0.0.1:9",
    "OPENAI_API_KEY": "sk-leaked",
    "OPENAI_ADMIN_KEY": "sk-leaked",
    "OPENAI_ORG_ID": "leaked",
    "OPENAI_PROJECT_ID": "leaked",
    "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer leaked\nX-Mine: leaked",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "ANTHROPIC_API_KEY": "sk-leaked",
    "ANTHROPIC_AUTH_TOKEN": "leaked",
    "ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer leaked\nX-Mine: leaked",
    "ANTHROPIC_PROFILE": "leaked",
    "HTTP_PROXY": "http://127.0.0.1:9",
}


@pytest.mark.parametrize(
    ("key", "told"), [("sk-not-the-one-8888", "does not take the key"), (None, "wants a key")]
)
async def test_key_that_is_refused_names_the_remedy(
    vendor: Vendor, key: str | None, told: str
) -> None:
    """Both the probe and an answer name the option, and never the key."""
    async with vendor.start(api_key=key) as model:
        for attempt in (model.probe(), whole(model)):
            with pytest.raises(ModelError, match=f"{told}.*api_key_file") as failed:
                await attempt
            assert "8888" not in str(failed.value)
    assert len(vendor.server.requests) == 1


async def test_server_without_a_key_gets_none(vendor: Vendor) -> None:
    """A server of the house that wants no key is not sent one."""
    vendor.server.key = None
    async with vendor.start(api_key=None) as model:
        await model.probe()
        await whole(model)
    assert not any("authorization" in each for each in vendor.server.headers)


async def test_environment_changes_nothing(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable moves the server, gives a key away, adds a header or a proxy."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    vendor.server.key = None
    async with vendor.start(api_key=None) as model:
        await model.probe()
        assert (await said(model))[1] == DEFAULT_TEXT
    assert "leaked" not in str(vendor.server.headers)
    names = {name for each in vendor.server.headers for name in each}
    assert not any(name.startswith("x-stainless") for name in names)


async def test_key_is_in_no_log_and_no_text_of_an_object(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    """What is printed or logged, at any level, holds no key."""
    caplog.set_level(logging.DEBUG)
    given = vendor.options()
    async with vendor.start() as model:
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
@pytest.mark.parametrize("name", VENDORS)
def test_options_refuse_what_gives_a_secret_away(
    name: str, given: dict[str, Any], told: str
) -> None:
    """No password in an address, no key in clear text to the world."""
    with pytest.raises(ValidationError, match=told) as refused:
        VENDORS[name][0].Options.model_validate(given)
    errors = refused.value.errors(include_url=False, include_input=False)
    assert "hunter2" not in str([(each["loc"], each["msg"]) for each in errors])


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "[::1]:8080", "gpu.lan", "nas", "192.168.1.2"])
@pytest.mark.parametrize("name", VENDORS)
def test_key_may_be_in_clear_text_at_home(name: str, host: str) -> None:
    """A server of the house seldom has a certificate."""
    given = {"base_url": f"http://{host}/v1", "api_key": "x"}
    assert VENDORS[name][0].Options.model_validate(given).api_key
