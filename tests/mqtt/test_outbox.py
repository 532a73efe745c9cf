"""Tests of what waits for the broker: one payload per topic, the latest."""

from __future__ import annotations

import asyncio

from pickled.mqtt.outbox import Outbox, Rank


def test_outbox_latest_wins() -> None:
    """Of many values only the last one is sent."""
    outbox = Outbox()
    for value in range(1000):
        outbox.put("volume", str(value).encode(), Rank.STATE)
    assert outbox.take(10) == [("volume", b"999")]
    assert outbox.take(10) == []


def test_outbox_goes_by_rank_then_by_age() -> None:
    """Discovery first, states in their order, availability last."""
    outbox = Outbox()
    outbox.put("availability", b"online", Rank.AVAILABILITY)
    outbox.put("b", b"1", Rank.STATE)
    outbox.put("a", b"1", Rank.STATE)
    outbox.put("config", b"{}", Rank.RAW)
    assert [name for name, _ in outbox.take(10)] == ["config", "b", "a", "availability"]


def test_outbox_failed_sends_what_is_the_latest_by_then() -> None:
    """A value that changed while the old one was under way replaces it."""
    outbox = Outbox()
    outbox.put("muted", b"OFF", Rank.STATE)
    assert outbox.take(1) == [("muted", b"OFF")]
    outbox.put("muted", b"ON", Rank.STATE)
    outbox.failed("muted")
    assert outbox.take(10) == [("muted", b"ON")]


def test_outbox_all_again_includes_what_was_sent() -> None:
    """A broker without memory gets everything, but nothing that was removed."""
    outbox = Outbox()
    outbox.put("muted", b"ON", Rank.STATE)
    outbox.put("config", b"", Rank.RAW)
    for name, payload in outbox.take(10):
        outbox.sent(name, payload)
    outbox.all_again()
    assert outbox.take(10) == [("muted", b"ON")]


async def test_outbox_wait_ends_with_the_first_value() -> None:
    """The sender sleeps until there is something to send."""
    outbox = Outbox()
    waiting = asyncio.create_task(outbox.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    outbox.put("muted", b"ON", Rank.STATE)
    await asyncio.wait_for(waiting, 10)
