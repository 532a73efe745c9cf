"""What `start` has to yield, folder by folder; what is missing is said as its author needs it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from pickled.errors import PartError

_MODEL = {"name": str, "bounded": bool}
_FIELDS: Mapping[str, Mapping[str, type]] = {
    "llm": _MODEL,
    "llm.guard": {"name": str},
    "llm.compress": {"name": str},
    "stt": {"name": str},
    "tts": {"name": str, "voices": tuple},
    "memory.embed": {"name": str, "dimensions": int},
    "outputs": {"actions": Mapping},
}
_METHODS: Mapping[str, tuple[str, ...]] = {
    "inputs": ("async def run(self, emit)",),
    "outputs": ("async def run(self)",),
    "llm": ("def stream(self, prompt)", "async def probe(self)"),
    "llm.guard": ("async def judge(self, clause)", "async def probe(self)"),
    "llm.compress": ("async def compress(self, text)",),
    "stt": ("def recognize(self, sound)", "async def probe(self)"),
    "tts": ("def synthesize(self, text, *, voice, speed)", "async def probe(self)"),
    "memory.embed": ("async def embed(self, texts, *, urgent)", "async def probe(self)"),
}
"""As an author writes them; `def` stands for an async generator, too."""


def check_start(folder: str, kind: str, entered: object) -> AbstractAsyncContextManager[Any]:
    """What `start(options, surroundings)` gave; raises PartError if it can't be entered."""
    if not isinstance(entered, AbstractAsyncContextManager):
        if inspect.iscoroutine(entered):
            entered.close()
        raise PartError(
            f"{folder}: `start` of {kind} gives a {type(entered).__name__} and no async context "
            "manager: write @asynccontextmanager above `async def start`, and yield the part"
        )
    return entered


def check_part(folder: str, kind: str, part: object) -> None:
    """Is that such a part? Raises PartError that says what it lacks."""
    for method in _METHODS.get(folder, ()):
        name = method.split("def ", 1)[1].split("(", 1)[0]
        if not callable(getattr(part, name, None)):
            raise PartError(
                f"{folder}: `start` of {kind} yields a {type(part).__name__} without "
                f"`{method}`; yield an object that has it"
            )
    for name, wanted in _FIELDS.get(folder, {}).items():
        value = getattr(part, name, None)
        if not isinstance(value, wanted):
            raise PartError(
                f"{folder}: what `start` of {kind} yields needs `{name}`, of type "
                f"{wanted.__name__}; it has {value!r:.100}"
            )
    if folder == "tts":
        voices = getattr(part, "voices", ())
        if not voices or not all(isinstance(each, str) and each for each in voices):
            raise PartError(f"{folder}: `voices` of {kind} has to name at least one voice")
