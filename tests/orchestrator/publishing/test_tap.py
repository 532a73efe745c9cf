"""Anything in the process can listen to what is published."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from pickled.messages.command import CommandEvent
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.publishing.tap import PublishingTap
from tests.stand_ins.virtual_time import BEGIN, in_virtual_time


def test_tap_tells_states_and_events_also_without_a_broker_and_without_text() -> None:
    """Who listens gets the value as it was set: only MQTT goes without text."""
    heard: list[tuple[str, Any]] = []

    async def work() -> None:
        tap, bus = PublishingTap(), MemoryBroker().bus()
        bus.disconnect()
        for path in ("caption/state", "event/command"):
            tap.on(path, lambda value, path=path: heard.append((path, value)))
        States(bus, tap=tap, publish_text=False).set("caption/state", "hello")
        event = CommandEvent(ts=BEGIN, event_type="accepted", command="cmd/ping", code="ok")
        Events(bus, tap=tap).emit("event/command", event)
        assert heard == [("caption/state", "hello"), ("event/command", event)]

    in_virtual_time(work)


def test_listener_that_raises_is_logged_and_the_others_go_on() -> None:
    """What one gets wrong is not the others' trouble."""
    heard: list[str] = []
    tap = PublishingTap()
    tap.on("caption/state", lambda _: 1 / 0)
    tap.on("caption/state", heard.append)
    with capture_logs() as lines:
        tap.tell("caption/state", "hello")
    assert heard == ["hello"]
    assert [each["topic"] for each in lines] == ["caption/state"]


def test_listener_can_leave_also_while_it_is_told() -> None:
    """Each `on` has its own end; leaving twice changes nothing."""
    heard: list[str] = []
    tap = PublishingTap()

    def once(value: str) -> None:
        heard.append(value)
        leave()
        leave()

    leave = tap.on("caption/state", once)
    tap.on("caption/state", heard.append)
    for value in ("a", "b"):
        tap.tell("caption/state", value)
    assert heard == ["a", "a", "b"]


def test_tap_knows_the_topics() -> None:
    """A misspelt one is told at once."""
    with pytest.raises(KeyError):
        PublishingTap().on("captoin/state", print)
