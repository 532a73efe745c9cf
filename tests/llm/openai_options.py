"""How the stand-in for OpenAI's interface is reached."""

from __future__ import annotations

from typing import Any

from pickled.llm.openai import Options
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY


def options(server: OpenaiStandIn | None = None, **changed: Any) -> Options:
    """A small model there, with the right key."""
    given = {"api_key": KEY, "model": "small", "max_tokens": 1000}
    if server is not None:
        given["base_url"] = server.base_url
    return Options.model_validate({**given, **changed})
