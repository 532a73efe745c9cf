"""One clause as it is spoken: where it lies in its stream, and what was heard of it."""

from __future__ import annotations

from dataclasses import dataclass

ROUNDED = 3
"""Samples: a node tells tenths of a millisecond."""


@dataclass
class Utterance:
    """One clause, and where it lies in the stream."""

    index: int
    name: str
    """`<turn>.<n>`"""
    text: str
    start: int
    """First sample."""
    samples: int = 0
    complete: bool = False
    """All of its samples are sent."""

    def heard(self, played: float) -> str:
        """What was heard when the stream was played up to that sample."""
        inside = played - self.start
        if self.samples == 0 or inside <= 0:
            return ""
        if self.complete and inside >= self.samples - ROUNDED:
            return self.text
        share = min(1.0, inside / self.samples)
        cut = int(len(self.text) * share)
        if cut >= len(self.text):
            return self.text
        return self.text[:cut].rpartition(" ")[0]
