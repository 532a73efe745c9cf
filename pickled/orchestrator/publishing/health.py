"""How each part is, and what the co-host can do just now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import structlog

from pickled.messages.state import (
    Component,
    ComponentHealth,
    ErrorEvent,
    Health,
    HealthEvent,
    ServiceLevel,
    Status,
)
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.threads import in_loop
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.outputs.voice.nodes import Node
from pickled.recurring import Recurring, times

LONGEST_ERROR = 200
"""Characters of a node's own words."""

log = structlog.get_logger()


class HealthBoard:
    """Component → how it is; publishes `health/state`, `event/health` and `service_level/state`."""

    def __init__(self, *, states: States, events: Events, clock: Clock) -> None:
        self._states = states
        self._events = events
        self._clock = clock
        self._parts: dict[Component, ComponentHealth] = {}
        self._logged = Recurring()

    def reporter(self, component: Component) -> Callable[[Status, str], None]:
        """A function by which one part tells how it is, from any thread."""
        return in_loop(partial(self.report, component))

    def report(self, component: Component, status: Status, detail: str = "") -> None:
        """Note how a part is; said only when it changed."""
        before = self._parts.get(component)
        if before and (before.status, before.detail) == (status, detail):
            return
        changed = before is None or before.status != status
        since = self._clock.wall() if changed or before is None else before.since
        self._parts[component] = ComponentHealth(status=status, detail=detail, since=since)
        self.publish()
        if changed:
            self._log(component, status, detail)
            self._events.emit(
                "event/health",
                HealthEvent(
                    ts=self._clock.wall(),
                    component=component,
                    from_=before.status if before else None,
                    to=status,
                    detail=detail,
                ),
            )

    def _log(self, component: Component, status: Status, detail: str) -> None:
        """What changes again and again is counted."""
        count = self._logged.due(f"{component} {status} {detail}", self._clock.now())
        if count is not None:
            level = log.info if status in ("up", "disabled") else log.warning
            what = f"health{times(count)}"
            level(what, component=component, status=status, detail=detail)

    def recovered(self, component: Component, why: str) -> None:
        """It is up again, if it was not well for that reason, and nothing was said since."""
        part = self._parts.get(component)
        if part is not None and part.detail == why:
            self.report(component, "up")

    def nodes(self, online: Sequence[Node]) -> None:
        """Which audio-nodes are there: without a public one that has sound, nobody hears it."""
        heard = [node for node in online if node.state.has_sound]
        names = ", ".join(node.name for node in heard)
        unheard = "; ".join(
            f"{node.name} has no sound: {node.state.last_error[:LONGEST_ERROR]}"
            for node in online
            if not node.state.has_sound
        )
        if not any(node.public for node in heard):
            nobody = f"none speaks to the stream ({names or 'none'})"
            self.report("node", "down", f"{nobody}; {unheard}" if unheard else nobody)
        elif unheard:
            self.report("node", "degraded", f"{names}; {unheard}")
        else:
            self.report("node", "up", names)

    def complain(self, component: str, code: str, message: str) -> None:
        """Say on `event/error` what a person may want to know."""
        error = ErrorEvent(
            ts=self._clock.wall(), component=component, code=code, message=message[:500]
        )
        self._events.emit("event/error", error)

    def status(self, component: Component) -> Status | None:
        """How a part is; None if it has not told."""
        part = self._parts.get(component)
        return part.status if part else None

    def publish(self) -> None:
        """The states, if they changed."""
        self._states.set("health/state", Health(dict(sorted(self._parts.items()))))
        self._states.set("service_level/state", self.service_level)

    @property
    def service_level(self) -> ServiceLevel:
        """What a viewer gets: all of it, a fallback, words without a voice, or nothing."""
        if self.status("llm") == "down":
            return "silent"
        if "down" in (self.status("tts"), self.status("node")):
            return "captions"
        if "degraded" in (self.status("llm"), self.status("stt"), self.status("tts")):
            return "reduced"
        if self.status("stt") == "down":
            return "reduced"
        return "full"
