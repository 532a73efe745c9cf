"""How much sound a node keeps in hand before it starts, by how evenly sound came lately."""

from __future__ import annotations

from dataclasses import dataclass

SHALLOW_MS = 60.0
DEEP_MS = 120.0
UNEVEN_MS = 20.0
"""Average lateness above which the deep prebuffer is used."""

_SMOOTHING = 8
_SHRINK_MS = 15.0


@dataclass
class Prebuffer:
    """Grows to 120 ms after an underrun or on an uneven network, shrinks with each utterance."""

    base_ms: float = SHALLOW_MS
    jitter_ms: float = 0.0
    """Average lateness of frames that came while little was in hand."""

    @property
    def ms(self) -> float:
        """What to have before starting."""
        return DEEP_MS if self.jitter_ms > UNEVEN_MS else self.base_ms

    def arrived(self, late_ms: float, *, fill_ms: float) -> None:
        """A frame came so much later after the one before it than its length.

        A frame for which the sender took its time, because there is plenty, tells nothing.
        """
        if fill_ms < DEEP_MS:
            self.jitter_ms += (max(0.0, late_ms) - self.jitter_ms) / _SMOOTHING

    def underrun(self) -> None:
        """The sound ran dry within an utterance."""
        self.base_ms = DEEP_MS

    def utterance_done(self) -> None:
        """An utterance has sounded to its end."""
        self.base_ms = max(SHALLOW_MS, self.base_ms - _SHRINK_MS)
