"""Parts of any kind that are fine, broken, or hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

import pytest
from pydantic import BaseModel

from pickled.config import PartConfig
from pickled.doctor import parts as doctor
from pickled.errors import ConfigError, ModelError
from pickled.inputs import Emit
from pickled.messages.prompt import Prompt
from pickled.plugins import Plug, Surroundings


class Options(BaseModel):
    """What the stand-in for a plug takes."""

    url: str = ""
    fault: str = ""


class Part:
    """A model or a voice that is fine, broken, or hangs."""

    name = "stand-in"
    bounded = False

    def __init__(self, fault: str) -> None:
        self._fault = fault

    async def run(self, emit: Emit) -> None:
        """Nobody listens."""

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Nobody asks for an answer."""
        raise AssertionError(prompt)
        yield ""

    async def probe(self) -> None:
        """As the fault wants it."""
        if self._fault == "hangs":
            await asyncio.Event().wait()
        if self._fault:
            raise ModelError(f"{self._fault}: start it")


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any kind is found, and is a stand-in."""

    @asynccontextmanager
    async def start(options: Options, _: Surroundings) -> AsyncIterator[Part]:
        yield Part(options.fault)

    def find(folder: str, part: PartConfig) -> Plug:
        if part.kind == "misspelt":
            raise ConfigError("there is no kind misspelt")
        module = ModuleType(part.kind)
        module.start = start  # type: ignore[attr-defined]  # what a plug is
        return Plug(folder, part.kind, Options.model_validate(part.options), module)

    monkeypatch.setattr(doctor, "find", find)
    monkeypatch.setattr(doctor, "LONGEST_PROBE_S", 0.1)
