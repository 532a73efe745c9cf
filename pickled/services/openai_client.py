"""OpenAI's own client, for any server with that interface: models that write, and that speak."""

from __future__ import annotations

from typing import Any

import openai


def new_client(base_url: str, way: Any) -> openai.AsyncOpenAI:
    """With values for all that it would take from the environment; the key is added on the way."""
    client = openai.AsyncOpenAI(base_url=base_url, api_key="-", http_client=way, max_retries=0)
    client.organization = client.project = client.admin_api_key = None
    return client


def reason_of(error: openai.APIStatusError) -> object:
    """What the server says of its refusal, wherever it says it."""
    body = error.body
    if isinstance(body, dict):
        return next((body[key] for key in ("message", "detail", "error") if key in body), "")
    return body
