"""The many as one: what chat is about, what it asks, and how it feels."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pickled.brain.crowd import Crowd, Support, quantized
from pickled.brain.mood import Mood
from pickled.bucket import Bucket
from pickled.errors import EmbedderError
from pickled.language.reading import Reading
from pickled.messages.chat import ChatMessage, Retraction, VectorEvent
from pickled.messages.state import CrowdState, CrowdTopic, MoodLabel
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.side_tasks import SideTasks

VECTORS_A_S = 20
"""Texts that are embedded for the crowd, at most, a second; one for each group of near-equal."""

VECTOR_S = 0.05
"""A vector that is not ready within this time does not count."""

Embed = Callable[[str], Awaitable["tuple[float, ...] | None"]]
"""The meaning of a text; None or EmbedderError when no embedder is ready."""


@dataclass
class Audience:
    """Counts chat, and publishes what it finds."""

    crowd: Crowd
    mood: Mood
    states: States
    events: Events
    clock: Clock
    embed: Embed | None = None
    _vectors: Bucket = field(default_factory=lambda: Bucket(VECTORS_A_S, VECTORS_A_S))
    _embedding: SideTasks = field(default_factory=SideTasks)

    def add(self, message: ChatMessage, reading: Reading) -> Support:
        """Count a message; the reading is that of its text."""
        now = self.clock.now()
        self.mood.add(message, now=now, reading=reading)
        support = self.crowd.add(message, now=now, reading=reading)
        embed = self.embed
        if embed and self.crowd.wants_vector(message.id) and self._vectors.take(now):
            self._embedding.start(self._vector(embed, message), name="crowd vector")
        return support

    def retract(self, retraction: Retraction) -> int:
        """Take back from crowd and mood, and show what is left; how many lines of the crowd."""
        self.mood.retract(retraction)
        gone = self.crowd.retract(retraction)
        self.publish()
        return gone

    def topics(self, *, most: int = 8) -> tuple[CrowdTopic, ...]:
        """What several viewers say, largest first."""
        return self.crowd.topics(now=self.clock.now(), most=most)

    @property
    def label(self) -> MoodLabel:
        """How chat feels."""
        return self.mood.state(now=self.clock.now()).label

    def publish(self) -> None:
        """Crowd and mood, where they changed."""
        now = self.clock.now()
        mood = self.mood.state(now=now)
        self.states.set("mood/state", mood)
        self.states.set("mood_label/state", mood.label)
        self.states.set("crowd/state", CrowdState(topics=self.topics()))
        asked = self.crowd.question(now=now)
        self.states.set("crowd_question/state", asked.sample if asked else "")

    async def close(self) -> None:
        """Wait for nothing any more."""
        await self._embedding.close()

    async def _vector(self, embed: Embed, message: ChatMessage) -> None:
        text = self.crowd.wording(message.id)
        try:
            async with asyncio.timeout(VECTOR_S):
                values = await embed(text)
        except (TimeoutError, EmbedderError):
            return
        if values is None or not self.crowd.wording(message.id):
            return  # it was taken back meanwhile
        vector = quantized(values)
        self.crowd.add_vector(message.id, vector)
        data = base64.b64encode(vector).decode()
        event = VectorEvent(ts=self.clock.wall(), message=message.id, text=text, data=data)
        self.events.emit("event/vector", event)
