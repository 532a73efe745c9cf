"""Models behind an address and a key, each with the stand-in that speaks its interface."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pickled.llm import Model, anthropic, openai
from tests.llm.asking import SURROUNDINGS
from tests.stand_ins.anthropic import AnthropicStandIn
from tests.stand_ins.openai import OpenaiStandIn
from tests.stand_ins.sse import KEY, SseStandIn

VENDORS: dict[str, tuple[ModuleType, type[SseStandIn], str]] = {
    "openai": (openai, OpenaiStandIn, "/v1"),
    "anthropic": (anthropic, AnthropicStandIn, ""),
}


@dataclass
class Vendor:
    """An interface, and a stand-in that speaks it."""

    name: str
    server: SseStandIn

    def options(self, **changed: Any) -> Any:
        """A small model there, with the right key."""
        module, _, path = VENDORS[self.name]
        given = {"base_url": self.server.url + path, "api_key": KEY, "model": "small",
                 "max_tokens": 1000}  # fmt: skip
        return module.Options.model_validate({**given, **changed})

    def start(self, **changed: Any) -> AbstractAsyncContextManager[Model]:
        """With options changed."""
        started: AbstractAsyncContextManager[Model] = VENDORS[self.name][0].start(
            self.options(**changed), SURROUNDINGS
        )
        return started
