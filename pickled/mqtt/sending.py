"""What goes out on a connection: so much at a time, in good time, and what the broker refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from pickled.mqtt.outbox import Outbox, Rank
from pickled.mqtt.rules import too_large
from pickled.mqtt.wire import Outcome, Wire
from pickled.recurring import Recurring

log = structlog.get_logger()

_IN_FLIGHT = 20
_BATCH = 8
_MOST_LATE = 2


class Sending:
    """Of one connection, over all its reconnects."""

    def __init__(
        self,
        timeout: float,
        *,
        refusal: Callable[[str, str], str],
        too_small: Callable[[int], str],
    ) -> None:
        """What the broker does not take within `timeout` seconds is late.

        `refusal` words why it does not take a topic, `too_small` that its packets are.
        """
        self.outbox = Outbox()
        """What is retained."""
        self._timeout = timeout
        self._window = asyncio.Semaphore(_IN_FLIGHT)
        self._late = 0
        self._refused: list[Callable[[str, str], None]] = []
        self._logged = Recurring()
        self._refusal = refusal
        self._too_small = too_small

    def begin(self) -> None:
        """A new connection is there: nothing is late on it."""
        self._late = 0

    def on_refused(self, hook: Callable[[str, str], None]) -> None:
        """Called with topic and a sentence when the broker does not take, or give us, something."""
        self._refused.append(hook)

    def keep(self, name: str, payload: bytes, rank: Rank) -> None:
        """Put it into the outbox."""
        if not too_large(payload, retain=True):
            self.outbox.put(name, payload, rank)
        else:
            log.error("too large to be retained", topic=name, bytes=len(payload))

    async def flush(self, wire: Wire) -> None:
        """Send what waits in the outbox."""
        while not wire.lost.done() and (batch := self.outbox.take(_BATCH)):
            async with asyncio.TaskGroup() as group:
                for name, payload in batch:
                    group.create_task(self._send_kept(wire, name, payload), name=f"mqtt {name}")

    async def send(
        self, wire: Wire, name: str, payload: bytes, *, retain: bool = False, **how: Any
    ) -> bool:
        """Send once there is room; False if it was not sent, or refused, or not answered."""
        if self._is_too_large(wire, name, payload, retain=retain):
            return False
        try:
            async with asyncio.timeout(self._timeout):
                await self._window.acquire()
        except TimeoutError:
            return False
        try:
            return await self._send(wire, name, payload, retain=retain, **how) == "sent"
        finally:
            self._window.release()

    def report_refused(self, name: str, reason: str) -> None:
        """Tell that the broker does not take a topic, or give it to us, and for which reason."""
        self._tell(name, self._refusal(reason, name))

    async def _send_kept(self, wire: Wire, name: str, payload: bytes) -> None:
        if self._is_too_large(wire, name, payload, retain=True):
            return
        outcome = await self._send(wire, name, payload, qos=1, retain=True)
        if outcome == "away":
            self.outbox.failed(name)
        else:
            self.outbox.sent(name, payload)

    async def _send(self, wire: Wire, name: str, payload: bytes, **how: Any) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout):
                outcome, reason = await wire.send(name, payload, **how)
        except TimeoutError:
            self._late += 1
            if self._late >= _MOST_LATE:
                wire.give_up()
            return "away"
        if outcome == "refused":
            self.report_refused(name, reason)
        if outcome != "away":
            self._late = 0
        return outcome

    def _is_too_large(self, wire: Wire, name: str, payload: bytes, *, retain: bool) -> bool:
        if too_large(payload, retain=retain, limit=wire.largest_payload):
            if too_large(payload, retain=retain):
                log.error("too large to be sent", topic=name, bytes=len(payload))
            else:
                self._tell(name, self._too_small(wire.largest_packet))
            return True
        return False

    def _tell(self, name: str, why: str) -> None:
        """Each topic seldom."""
        if self._logged.due(name, asyncio.get_running_loop().time()) is None:
            return
        log.error("the broker does not take this", topic=name, why=why)
        for hook in self._refused:
            hook(name, why)
