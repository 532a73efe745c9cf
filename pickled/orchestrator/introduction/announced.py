"""What Home Assistant was told of, kept over restarts: what is gone can only be removed by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import structlog
from pydantic import Field, RootModel, ValidationError

from pickled.entity_rows import Device
from pickled.messages.base import Message
from pickled.mqtt.discovery.components import DeviceOwner
from pickled.topics import Root

log = structlog.get_logger()

SETTING = "home_assistant"


class Told(Message):
    """One device, as it was announced last."""

    base: str
    instance: str
    device: Device = "daemon"
    node: str = ""
    components: dict[str, str] = Field(default_factory=dict)
    """Key → platform."""
    gone: dict[str, str] = Field(default_factory=dict)
    """The same of what is no more: Home Assistant has not been seen to take it out yet."""
    removed: bool = False
    """All of it."""

    @property
    def owner(self) -> DeviceOwner:
        """Whose it is."""
        return DeviceOwner.of(Root(self.base, self.instance), self.device, self.node)


class _Kept(RootModel[dict[str, Told]]):
    """Discovery topic → device."""


class Announced:
    """The devices by their discovery topic."""

    def __init__(self, kept: Any, keep: Callable[[Any], None]) -> None:
        """`kept` is what `keep` was given in an earlier run; what can't be read is left out."""
        self._keep = keep
        self._told: dict[str, Told] = {}
        try:
            self._told = dict(_Kept.model_validate(kept or {}).root)
        except ValidationError as error:
            log.warning("what Home Assistant was told is not known any more", why=str(error)[:200])

    def __len__(self) -> int:
        return len(self._told)

    def __iter__(self) -> Iterator[tuple[str, Told]]:
        yield from list(self._told.items())

    def get(self, topic: str) -> Told | None:
        """What was announced there last."""
        return self._told.get(topic)

    def put(self, topic: str, told: Told | None) -> None:
        """Note it; None: nothing is left of it."""
        if self._told.get(topic) == told:
            return
        if told is None:
            del self._told[topic]
        else:
            self._told[topic] = told
        self._keep({each: self._told[each].model_dump() for each in sorted(self._told)})

    def unfinished(self) -> list[tuple[str, Told]]:
        """Those of which something is to be taken out."""
        return [(topic, told) for topic, told in self if told.gone or told.removed]
