"""Announces devices to Home Assistant, and takes out what is no more, also where it was away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

import structlog

from pickled.mqtt import Bus
from pickled.mqtt.discovery.devices import Announcement, removed_device
from pickled.orchestrator.introduction.announced import Announced, Told
from pickled.topics import RETIRED

log = structlog.get_logger()

MOST_DEVICES = 128
"""More than that, those that are gone included: somebody is making nodes up."""

Options = Callable[[], Mapping[str, Sequence[str]]]

TAKES_IT_S = 1.5
"""Home Assistant has set up what it was told after so long, so that it can be removed."""


class Devices:
    """One retained message a device.

    Home Assistant removes only what it knows. What is removed while it is off stays in it for ever,
    unless it is told all of it once more before: so that is done when it comes back.
    """

    def __init__(self, bus: Bus, announced: Announced, options: Options) -> None:
        """`options` are today's: path → every value that can come."""
        self._bus = bus
        self._announced = announced
        self._options = options
        self._current: dict[str, Announcement] = {}
        self._sweeping = asyncio.Lock()

    def announce(self, device: Announcement) -> None:
        """Tell it, if it differs from what was told."""
        if self._current.get(device.topic) == device:
            return
        self._current[device.topic] = device
        before = self._announced.get(device.topic)
        if before is None and len(self._announced) >= MOST_DEVICES:
            log.warning("too many devices, one is not announced", device=device.owner.device_id)
            return
        gone = _gone(device, before.components | before.gone if before else {})
        is_new = before is None and device.owner.device == "daemon"
        retired = _gone(device, RETIRED) if is_new else {}
        self._bus.retain_raw(device.topic, device.payload(gone | retired))
        owner = device.owner
        told = Told(
            base=owner.root.base,
            instance=owner.root.instance,
            device=owner.device,
            node=owner.node,
            components=device.platforms,
            gone=gone,
        )
        self._announced.put(device.topic, told)

    def remove(self, topic: str) -> None:
        """Tell that a device is no more."""
        self._current.pop(topic, None)
        told = self._announced.get(topic)
        if told is None or told.removed:
            return
        log.info("taken out of Home Assistant", device=told.owner.device_id)
        self._bus.retain_raw(topic, b"")
        self._announced.put(topic, told.model_copy(update={"removed": True}))

    async def sweep(self, *, is_there: bool) -> None:
        """Take out what is no more, whether or not Home Assistant still knows it.

        `is_there`: it has just said so, and nothing of this has to be done again.
        """
        async with self._sweeping:
            unfinished = self._announced.unfinished()
            if not unfinished:
                return
            for topic, told in unfinished:
                self._bus.retain_raw(topic, self._whole(topic, told))
            try:
                await asyncio.sleep(TAKES_IT_S)
            finally:  # also where we end meanwhile: what is gone must not stay there
                for topic, told in unfinished:
                    self._bus.retain_raw(topic, self._rest(topic, told.gone))
            if is_there and self._bus.connected:
                self._done(unfinished)

    def _done(self, swept: list[tuple[str, Told]]) -> None:
        for topic, told in swept:
            if self._announced.get(topic) == told:
                left = None if told.removed else told.model_copy(update={"gone": {}})
                self._announced.put(topic, left)

    def _whole(self, topic: str, told: Told) -> bytes:
        device = self._current.get(topic)
        if device is None:
            return removed_device(told.owner, told.components | told.gone, self._options())
        return device.payload(told.gone, whole=True)

    def _rest(self, topic: str, gone: Mapping[str, str]) -> bytes:
        device = self._current.get(topic)
        return device.payload(gone) if device else b""


def _gone(device: Announcement, known: Mapping[str, str]) -> dict[str, str]:
    return {key: each for key, each in known.items() if key not in device.components}
