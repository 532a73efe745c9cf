"""The daemon's states on MQTT: on change, and after every command that sets them."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import BaseModel, RootModel

from pickled.messages.state import MoodState, Texts
from pickled.mqtt import Bus
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.topics import topic

_TEXT_FIELDS = frozenset({"text", "heard", "sample", "title", "fragments", "label", "args"})
_TEXT_STATES = {"caption/state": "caption", "crowd_question/state": "crowd_question"}
"""Each is a field of `texts/state`, too."""


def without_text(value: Any) -> Any:
    """The same message with all words of people and of the co-host left out."""
    match value:
        case MoodState():
            return value  # its label is one of five, and nobody's words
        case RootModel():
            return value.model_copy(update={"root": without_text(value.root)})
        case BaseModel():
            return value.model_copy(update={k: _blank(k, v) for k, v in value if v is not None})
        case tuple():
            return tuple(without_text(each) for each in value)
        case dict():
            return {key: without_text(each) for key, each in value.items()}
    return value


def _blank(name: str, value: Any) -> Any:
    if name not in _TEXT_FIELDS:
        return without_text(value)
    return type(value)()


class States:
    """The latest value of each state; numbers and JSON go out at most once a second."""

    def __init__(self, bus: Bus, *, tap: PublishingTap, publish_text: bool = True) -> None:
        self._bus = bus
        self._tap = tap
        self._publish_text = publish_text
        self._values: dict[str, Any] = {}
        self._sent_at: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._texts = Texts()

    def get(self, path: str) -> Any:
        """What was set last; None before that."""
        return self._values.get(path)

    def set(self, path: str, value: Any, *, again: bool = False) -> None:
        """Publish a state if it changed, or in any case with `again`."""
        if not again and path in self._values and self._values[path] == value:
            return
        self._values[path] = value
        if path in self._timers:
            return
        rate = topic(path).max_rate
        wait = 0.0
        if rate and path in self._sent_at:
            wait = self._sent_at[path] + 1 / rate - asyncio.get_running_loop().time()
        if wait > 0:
            loop = asyncio.get_running_loop()
            self._timers[path] = loop.call_later(wait, self._send_late, path)
        else:
            self._send(path)

    def close(self) -> None:
        """Send what waits, now."""
        for path, timer in list(self._timers.items()):
            timer.cancel()
            self._send_late(path)

    def _send_late(self, path: str) -> None:
        self._timers.pop(path, None)
        self._send(path)

    def _send(self, path: str) -> None:
        value = self._values[path]
        self._tap.tell(path, value)
        if not self._publish_text:
            value = "" if path in _TEXT_STATES else without_text(value)
        self._sent_at[path] = asyncio.get_running_loop().time()
        self._bus.retain(path, value)
        if field := _TEXT_STATES.get(path):
            self._texts = self._texts.model_copy(update={field: value})
            self._bus.retain("texts/state", self._texts)
