"""A node's connection by itself, and what it logs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pickled.config import MqttConfig
from pickled.node.link import Link
from tests.mqtt.connected import ROOT
from tests.stand_ins.peer import WAIT_S


@contextmanager
def linked(config: MqttConfig) -> Iterator[Link]:
    """A node's connection, until the block ends."""
    wake = threading.Event()
    link = Link(config, ROOT, "laptop", "control", {"availability": 1}, _take, wake)
    link.start()
    try:
        yield link
    finally:
        link.stop()
        link._client.loop_stop()
        link._client.reinitialise()  # closes the sockets by which paho wakes its thread


def _take(_message: object, _fresh: bool) -> None:
    """Nothing is sent here."""


class Lines(logging.Handler):
    """What the node logs, for whoever waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self._news = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._news:
            self.told.append(record.getMessage())
            self._news.notify_all()

    def until(self, text: str, link: Link) -> str:
        """The first line with that text, or the error that ends the node."""
        until = time.monotonic() + WAIT_S
        with self._news:
            while not (found := link.failure or self._with(text)) and time.monotonic() < until:
                self._news.wait(0.05)
        assert found, self.told
        return str(link.failure or self._with(text)[0])

    def until_up(self, link: Link) -> None:
        """Wait until it is connected."""
        until = time.monotonic() + WAIT_S
        while not link.connected and time.monotonic() < until:
            link.wake.wait(0.05)
            link.wake.clear()
        assert link.connected, self.told

    def _with(self, text: str) -> list[str]:
        return [each for each in self.told if text in each]
