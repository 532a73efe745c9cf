"""Publishes for outputs in the rest of the house, and never below the instance's own topics."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.errors import PartError
from pickled.mqtt import Bus

LONGEST_TOPIC = 200
"""Characters."""


@dataclass(frozen=True)
class RestOfTheHouse:
    """Topics that are not the contract's; what is published there comes from the configuration."""

    bus: Bus

    def refusal(self, topic: str) -> str:
        """Why nothing may be published there; empty if it may."""
        base = self.bus.root.base
        if not topic or len(topic) > LONGEST_TOPIC:
            return f"a topic has 1 to {LONGEST_TOPIC} characters"
        if any(each in "+#" or ord(each) < ord(" ") for each in topic) or topic.startswith("$"):
            return "a topic to publish on has no wildcard, no control character and no $ in front"
        if topic == base or topic.startswith(f"{base}/"):
            return f"what lies below {base}/ is pickled's own: commands come from people"
        return ""

    async def publish(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Raises PartError if it may not be, or was not, published."""
        if why := self.refusal(topic):
            raise PartError(f"{topic[:LONGEST_TOPIC]!r} is not published on: {why}")
        if not await self.bus.publish_raw(topic, payload.encode(), retain=retain):
            raise PartError(
                f"the broker did not take {topic}: it is away, or does not let us write there "
                "(Mosquitto: `topic write` in the access list)"
            )
