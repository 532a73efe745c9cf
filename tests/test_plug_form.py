"""What `start` has to yield is said as an author needs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from pickled.errors import PartError
from pickled.plug_form import check_part, check_start


def _do(*_: Any) -> None:
    """Something."""


MODEL = {"name": "m", "bounded": False, "stream": _do, "probe": _do}
VOICE = {"name": "v", "voices": ("a",), "synthesize": _do, "probe": _do}


@pytest.mark.parametrize(
    ("folder", "part"),
    [
        ("inputs", {"run": _do}),
        ("llm", MODEL),
        ("tts", VOICE),
        ("stt", {"name": "e", "recognize": _do, "probe": _do}),
        ("outputs", {"run": _do, "actions": {}}),
    ],
)
def test_part_of_the_right_form_passes(folder: str, part: dict[str, Any]) -> None:
    """Nothing more is asked."""
    check_part(folder, "x", SimpleNamespace(**part))


@pytest.mark.parametrize(
    ("folder", "part", "told"),
    [
        ("inputs", {}, "`start` of x yields a SimpleNamespace without `async def run(self, emit)`"),
        ("outputs", {"run": _do}, "needs `actions`, of type Mapping; it has None"),
        ("llm", MODEL | {"name": None}, "needs `name`, of type str; it has None"),
        ("llm", {"name": "m", "bounded": False, "probe": _do}, "`def stream(self, prompt)`"),
        ("stt", {"name": "e", "probe": _do}, "`def recognize(self, sound)`"),
        ("tts", VOICE | {"voices": ()}, "`voices` of x has to name at least one voice"),
        ("tts", VOICE | {"voices": ["a"]}, "needs `voices`, of type tuple"),
        ("tts", VOICE | {"voices": (1,)}, "has to name at least one voice"),
        ("memory.embed", {"name": "e", "embed": _do, "probe": _do}, "needs `dimensions`"),
    ],
)
def test_part_that_lacks_something_is_told_what(
    folder: str, part: dict[str, Any], told: str
) -> None:
    """Folder, kind and the missing line of code."""
    with pytest.raises(PartError) as refused:
        check_part(folder, "x", SimpleNamespace(**part))
    assert str(refused.value).startswith(f"{folder}: ")
    assert told in str(refused.value)


async def _coroutine() -> None:
    """What an author writes who forgets the decorator."""


async def _generator() -> Any:
    yield


@pytest.mark.parametrize("enter", [_coroutine, _generator, object, lambda: None])
def test_start_has_to_be_a_context_manager(enter: Callable[[], object]) -> None:
    """The remedy is a line that can be copied."""
    with pytest.raises(PartError, match="write @asynccontextmanager above `async def start`"):
        check_start("inputs", "x", enter())


def test_context_manager_passes() -> None:
    """As `asynccontextmanager` makes it."""
    manager = asynccontextmanager(_generator)()
    assert check_start("inputs", "x", manager) is manager
