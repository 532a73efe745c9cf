"""What a message is worth: a sum of named parts, each weighed as the persona asks."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Annotated

from pydantic import Field

from pickled.messages.base import Strict
from pickled.messages.chat import ChatMessage

Weight = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]


class Weights(Strict):
    """How much each part of a message's score counts: -10 to 10, 0 leaves the part out."""

    addressed: Weight = 3.0
    """It names the co-host, or replies to it: 0 or 1."""
    question: Weight = 2.0
    """It asks something, and not another viewer: 0 or 1."""
    novelty: Weight = 1.0
    """It says something: 0 to 1, down to -1 when the same was answered within two minutes."""
    support: Weight = 2.0
    """How many viewers say the same: 0 alone, 0.4 for 10 of them, 1 from 256 on."""
    role: Weight = 0.5
    """Broadcaster 1, moderator 0.6, VIP 0.5, subscriber 0.3; bits raise it up to 1."""
    fairness: Weight = 0.5
    """Its author was answered lately: 0 to -1, half of it gone after a minute."""
    staleness: Weight = 1.0
    """Age: 0 to -1; for a mention 0 to 1, because it is about to expire."""
    spam: Weight = 2.0
    """Links, walls of capitals or emotes, repetition: 0 to -1."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, and what it is the sum of."""

    score: float
    """The sum of the parts, rounded to 3 places."""
    parts: dict[str, float]
    """Part → weighed value, rounded to 3 places; the names are those of the weights."""


def score(
    message: ChatMessage,
    *,
    addressed: bool = False,
    question: bool = False,
    novelty: float = 1.0,
    viewers: int = 1,
    fairness: float = 0.0,
    staleness: float = 0.0,
    spam: float = 0.0,
    weights: Weights,
) -> Scored:
    """The message's score.

    novelty, fairness and staleness are from -1 to 1, spam is from 0 to 1; viewers say the same.
    """
    parts = {
        "addressed": round(weights.addressed * addressed, 3) + 0.0,  # no minus zero
        "question": round(weights.question * question, 3) + 0.0,
        "novelty": round(weights.novelty * novelty, 3) + 0.0,
        "support": round(weights.support * support_of(viewers), 3) + 0.0,
        "role": round(weights.role * role_of(message), 3) + 0.0,
        "fairness": round(weights.fairness * fairness, 3) + 0.0,
        "staleness": round(weights.staleness * staleness, 3) + 0.0,
        "spam": round(-weights.spam * spam, 3) + 0.0,
    }
    return Scored(round(sum(parts.values()), 3) + 0.0, parts)


def support_of(viewers: int) -> float:
    """0 for one viewer, a step for each doubling, 1 from 256 on."""
    return min(1.0, log2(viewers) / 8) if viewers > 1 else 0.0


def role_of(message: ChatMessage) -> float:
    """0–1: who speaks, by badges, and what it was worth to them, by bits."""
    badges = 0.0
    for badge in message.badges:
        badges = max(badges, _BADGES.get(badge, 0.0))
    if not message.bits:
        return badges
    return min(1.0, max(badges, 0.3) + log2(1 + message.bits / 100) / 8)


_BADGES = {
    "broadcaster": 1.0,
    "moderator": 0.6,
    "lead_moderator": 0.6,
    "vip": 0.5,
    "subscriber": 0.3,
    "founder": 0.3,
}
