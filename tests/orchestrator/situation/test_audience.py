"""Chat as a whole: what is taken back while it is being looked at is not told."""

from __future__ import annotations

import asyncio

import pytest

from pickled.brain.crowd import Crowd
from pickled.brain.mood import Mood
from pickled.language.feeling.emotes import bundled_emotes
from pickled.language.reading import Reading
from pickled.messages.chat import ChatMessage, Retraction
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.orchestrator.situation.audience import Audience
from tests.stand_ins.virtual_time import BEGIN, in_virtual_time, virtual_clock


@pytest.mark.parametrize("taken_back", [False, True])
def test_vector_of_what_is_taken_back_meanwhile_is_not_told(taken_back: bool) -> None:
    """Its text would be published after it was deleted."""

    async def embed(text: str) -> tuple[float, ...]:
        assert text == "what a view"
        await asyncio.sleep(0.02)
        return 1.0, 0.5

    async def work() -> None:
        told: list[object] = []
        tap, bus = PublishingTap(), MemoryBroker().bus(announce=False)
        tap.on("event/vector", told.append)
        audience = Audience(
            crowd=Crowd(),
            mood=Mood(bundled_emotes()),
            states=States(bus, tap=tap),
            events=Events(bus, tap=tap),
            clock=virtual_clock(),
            embed=embed,
        )
        line = ChatMessage(ts=BEGIN, id="m1", user="ana", user_id="1", text="what a view")
        audience.add(line, Reading(line.text))
        await asyncio.sleep(0.01)
        if taken_back:
            assert audience.retract(Retraction.of_message("m1")) == 1
        await asyncio.sleep(0.1)
        assert len(told) == (not taken_back)

    in_virtual_time(work)
