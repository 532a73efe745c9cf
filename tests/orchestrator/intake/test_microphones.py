"""The nodes' microphones: nothing else of the connection for sound is offered."""

from __future__ import annotations

import pytest

from pickled.mqtt.in_process import MemoryBroker
from pickled.offers import Offers
from pickled.orchestrator.intake.microphones import Microphones
from tests.stand_ins import microphone as mic


async def test_only_what_microphones_send_is_offered() -> None:
    """A part can't read what is spoken to the nodes by this."""
    microphones = Microphones(MemoryBroker().bus(announce=False))
    for path in ("node/{node}/tts/audio", "node/{node}/vad", "event/chat", "no/topic"):
        with pytest.raises(KeyError):
            microphones.on(path, lambda _: None)
    assert microphones.names() == ()


async def test_what_a_part_borrowed_ends_with_it() -> None:
    """No frame reaches one that is gone."""
    bus = MemoryBroker().bus(announce=False)
    heard: list[bytes] = []
    with Offers(microphone=Microphones(bus)).lent() as offers:
        assert offers.microphone is not None
        offers.microphone.on("node/{node}/mic/end", lambda message: heard.append(message.payload))
        (path, payload) = mic.end(1)
        bus.broker.send(path, payload, node="a")
        await bus.settle()
    bus.broker.send(path, payload, node="a")
    await bus.settle()
    assert len(heard) == 1
