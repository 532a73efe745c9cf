"""How all instances below one base topic are: each found by what it publishes of itself."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any, Final

from pickled.messages.state import Health
from pickled.recent import Recent
from pickled.topics import Root
from pickled.view.mirror import Mirror

MOST_INSTANCES = 200
"""That are shown; of more, those that spoke last."""

_ONLINE, _LEVEL, _HEALTH, _INFO = "availability", "service_level/state", "health/state", "info"
PATHS: Final[Set[str]] = frozenset({_ONLINE, _LEVEL, _HEALTH, _INFO})
"""What tells how an instance is."""


@dataclass(frozen=True)
class Condition:
    """How one instance is."""

    instance: str
    online: bool
    service_level: str
    """Empty if it never told."""
    version: str
    trouble: tuple[str, ...]
    """Each part that is not well, and why; of a daemon that is gone, none: it can't know."""


@dataclass
class Overview:
    """Fed with every message; knows no connection and no clock."""

    base: str
    _mirrors: Recent[str, Mirror] = field(default_factory=lambda: Recent(MOST_INSTANCES))

    @property
    def filters(self) -> tuple[str, ...]:
        """What it wants to hear."""
        return tuple(f"{self.base}/+/{path}" for path in sorted(PATHS))

    def take(self, topic: str, payload: bytes) -> str | None:
        """The instance of which something was told; None if it was nothing of ours."""
        instance = topic.removeprefix(f"{self.base}/").partition("/")[0]
        root = Root(self.base, instance)
        if not topic.startswith(root("")):
            return None
        mirror = self._mirrors.get(instance) or Mirror(root, only=PATHS)
        if not payload:  # removed: it is gone for good
            mirror.values.pop(topic.removeprefix(root("")), None)
            if not mirror.values:
                self._mirrors.pop(instance, None)
            return instance
        if mirror.take(topic, payload) is None:
            return None
        self._mirrors[instance] = mirror
        return instance

    def condition(self, instance: str) -> Condition | None:
        """How it is; None if nothing is known of it."""
        mirror = self._mirrors.get(instance)
        if mirror is None:
            return None
        values: dict[str, Any] = dict(mirror.values)
        online = values.get(_ONLINE) == "online"
        health, info = values.get(_HEALTH), values.get(_INFO)
        trouble = tuple(
            f"{name} {part.status}: {part.detail}"
            for name, part in (health.root.items() if isinstance(health, Health) else ())
            if part.status not in ("up", "disabled")
        )
        return Condition(
            instance=instance,
            online=online,
            service_level=str(values.get(_LEVEL, "")) if online else "",
            version=info.version if info else "",
            trouble=trouble if online else (),
        )

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All of them, by name."""
        found = (self.condition(each) for each in sorted(self._mirrors))
        return tuple(each for each in found if each is not None)
