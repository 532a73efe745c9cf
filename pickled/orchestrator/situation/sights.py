"""What is seen: shown after the gate, remarked on seldom, and looked at anew when somebody asks."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from pickled.brain.sight import Lookout, worth_a_remark
from pickled.language.looking import asks_to_look
from pickled.messages.chat import ChatMessage
from pickled.messages.command import Anything
from pickled.messages.state import Status
from pickled.messages.vision import Scene, SceneState
from pickled.mqtt import Bus, Incoming
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.situation.show import Show

log = structlog.get_logger()

MOST_TOGETHER = 5
TOGETHER_S = 15.0
"""So many sights, or those of so long, are judged as one: the last of them is what counts."""

LATELY = 20
"""Sights that are remembered, so that none is news twice."""

LOOK_S = 3.0
"""So long an answer waits for a fresh look; then it makes do with the last one."""

FRESH_S = 1.0
"""A picture that was taken so long before the question still answers it."""

UNANSWERED_S = 20.0
"""After a look that did not come nobody waits for another one for so long."""


@dataclass
class Sights:
    """Takes what passed the input gate."""

    show: Show
    states: States
    is_discreet: Callable[[], bool]
    clock: Clock
    bus: Bus
    report: Callable[[Status, str], None]
    """How the vision-server is."""
    may_remark: Callable[[], bool] = lambda: False
    """May it speak up about what it sees, unasked, and does nobody speak or wait?"""
    remark: Callable[[], None] = lambda: None
    """Have it speak up about the scene."""
    _there: bool = False
    _current: Scene | None = None
    _together: list[str] = field(default_factory=list)
    _together_since: float = 0.0
    _lately: deque[str] = field(default_factory=lambda: deque(maxlen=LATELY))
    _first_at: float | None = None
    _remarked_at: float = float("-inf")
    _no_look_before: float = float("-inf")
    _awaited: set[asyncio.Event] = field(default_factory=set)
    _looks: int = 0

    def listen(self) -> None:
        """Hear whether the vision-server is there; before the bus starts."""
        self.bus.on("vision/availability", self._availability)

    def take(self, scene: Scene) -> None:
        """Something was seen, and may be known."""
        if self.is_discreet():
            return
        now = self.clock.now()
        if self._first_at is None:
            self._first_at = now
        self.show.see(scene)
        self._current = scene
        self.publish()
        for each in self._awaited:
            each.set()
        if not self._together:
            self._together_since = now
        self._together.append(scene.text)
        if len(self._together) >= MOST_TOGETHER:
            self._judge(now)

    def tick(self) -> None:
        """Once a second."""
        self.publish()
        now = self.clock.now()
        if self._together and now - self._together_since >= TOGETHER_S:
            self._judge(now)

    def publish(self) -> None:
        """What was seen last; in discreet without its words."""
        if self._current is None:
            return
        fields = self._current.model_dump(include=set(SceneState.model_fields))
        told = SceneState.model_validate(fields | ({"text": ""} if self.is_discreet() else {}))
        self.states.set("scene/state", told)

    async def look(self, messages: Sequence[ChatMessage]) -> None:
        """If somebody asks what is to be seen, wait for a look from now; not long, and no error."""
        now = self.clock.now()
        if not self._there or self.is_discreet() or now < self._no_look_before:
            return
        if not any(asks_to_look(each.text) for each in messages):
            return
        since, seen = self.clock.wall() - timedelta(seconds=FRESH_S), asyncio.Event()
        self._looks += 1
        self._awaited.add(seen)
        try:
            async with asyncio.timeout(LOOK_S):
                wanted = Anything(id=f"look-{self._looks}-{int(self.clock.wall_ms())}")
                if not await self.bus.publish("cmd/vision_capture", wanted):
                    return
                while not self._seen_since(since):
                    seen.clear()
                    await seen.wait()
        except TimeoutError:
            self._no_look_before = self.clock.now() + UNANSWERED_S
            log.info("no fresh look came in time; what was seen last has to do")
        finally:
            self._awaited.discard(seen)

    def _seen_since(self, since: datetime) -> bool:
        return self._current is not None and self._current.captured_at >= since

    def _judge(self, now: float) -> None:
        """Is the last of what came together worth a remark?"""
        together, self._together = self._together, []
        lookout = Lookout(
            first_at=now if self._first_at is None else self._first_at,
            remarked_at=self._remarked_at,
            free=self.may_remark() and not self.is_discreet(),
            watched=self.show.watched,
        )
        if worth_a_remark(together[-1], self._lately, lookout, now=now):
            self._remarked_at = now
            self.remark()
        self._lately.extend(dict.fromkeys(together))

    def _availability(self, message: Incoming) -> None:
        self._there = message.payload == b"online"
        self._no_look_before = float("-inf")
        if message.payload:
            self.report("up" if self._there else "down", "" if self._there else "it is offline")
