"""What a choice goes by, and what it says: the rules, and a verdict on each message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pickled.brain.choice.score import Weights
from pickled.brain.choice.waiting import Waiting

Kind = Literal["answer", "skip", "merge", "expire", "hold"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the persona and the settings ask for; times in seconds."""

    triggers: tuple[str, ...]
    spontaneity: float
    """0–1"""
    cooldown: float
    mention_ttl: float
    batch_size: int
    answer_questions: bool
    stale_after: float = 6.0
    """An unaddressed message that waited this long is dropped."""
    weights: Weights = field(default_factory=Weights)
    threshold: float = 1.5
    """Unaddressed messages that score less are answered by chance only."""
    pressing: float = 4.0
    """What scores as much is worth a mention: it does not wait for the cooldown. A plain question
    does from 16 viewers on."""
    mentions_per_viewer: int = 3
    """So many mentions of one viewer wait at most."""
    delay_s: float = 0.0
    """The uplink's delay: an unaddressed question is left to the streamer for so long."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about some messages."""

    kind: Kind
    reason: str
    messages: tuple[Waiting, ...]
    """Oldest first; in an answer the last one is the one that asked, the others go with it."""
    score: float | None = None
    """Of the one that asked, of the only one, or of the best that chance passed over."""
    parts: dict[str, float] = field(default_factory=dict)
    """What that score is the sum of, and beside it what else the decision is made of: `age_s`,
    `waiting`, `count` and `viewers` of the same meaning, `dice`, `spontaneity`."""
    cluster: str = ""
    """What the messages have in common, if anything."""
    scores: tuple[float, ...] = ()
    """One for each of the messages."""
