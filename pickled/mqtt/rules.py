"""What may be published where: sizes, and the topics that an answer may go to."""

from __future__ import annotations

from pickled.topics import Root

LARGEST_RETAINED = 256 * 1024
"""Bytes of a retained payload; brokers keep all of them in memory."""

LARGEST_PAYLOAD = 1_000_000
"""Bytes of any other payload, unless the broker allows less."""

PACKET_ROOM = 1024
"""Bytes of a packet beside its payload: topic and properties."""

LONGEST_RESPONSE_TOPIC = 256
"""Bytes."""


def too_large(payload: bytes, *, retain: bool, limit: int = LARGEST_PAYLOAD) -> bool:
    """Would the broker, or we, refuse it? `limit` is the broker's own, in bytes."""
    return len(payload) > min(limit, LARGEST_RETAINED if retain else LARGEST_PAYLOAD)


def may_answer(root: Root, response_topic: str, *, discovery_prefix: str) -> bool:
    """May an answer go there?

    Whoever may send one command must not use us to publish what he may not: neither on a topic of
    the contract, nor on Home Assistant's discovery.
    """
    if not response_topic or len(response_topic.encode()) > LONGEST_RESPONSE_TOPIC:
        return False
    if any(character in response_topic for character in "+#\0") or response_topic[0] == "$":
        return False
    if response_topic.startswith(f"{discovery_prefix}/") or root.find(response_topic):
        return False
    ours = response_topic.startswith(root(""))
    return not (ours and (response_topic.endswith("/set") or "/cmd/" in response_topic))
