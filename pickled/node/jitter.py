"""How much sound a node keeps in hand before it starts, by how evenly sound came lately."""

from __future__ import annotations

from dataclasses import dataclass

FAST_MS = 40.0
SHALLOW_MS = 60.0
DEEP_MS = 120.0
UNEVEN_MS = 20.0
"""Average lateness above which the deep prebuffer is used."""

EVEN_MS = 5.0
"""Average lateness up to which the network is steady."""
AHEAD_MS = 5.0
"""So much sooner than its length each frame comes, where the voice is faster than real time."""

_SMOOTHING = 8
_SHRINK_MS = 15.0


@dataclass
class Prebuffer:
    """Grows to 120 ms after an underrun or on an uneven network, shrinks with each utterance.

    40 ms do where sound has come evenly, and faster than it plays.
    """

    base_ms: float = SHALLOW_MS
    jitter_ms: float = 0.0
    """Average lateness of frames that came while little was in hand."""
    ahead_ms: float = 0.0
    """How much sooner than its length each of them came, on average; below 0: later."""

    @property
    def ms(self) -> float:
        """What to have before starting."""
        if self.jitter_ms > UNEVEN_MS:
            return DEEP_MS
        fast = self.ahead_ms >= AHEAD_MS and self.jitter_ms <= EVEN_MS
        return FAST_MS if fast and self.base_ms == SHALLOW_MS else self.base_ms

    def arrived(self, late_ms: float, *, fill_ms: float) -> None:
        """A frame came so much later after the one before it than its length.

        A frame for which the sender took its time, because there is plenty, tells nothing.
        """
        if fill_ms < DEEP_MS:
            self.jitter_ms += (max(0.0, late_ms) - self.jitter_ms) / _SMOOTHING
            self.ahead_ms += (-late_ms - self.ahead_ms) / _SMOOTHING

    def underrun(self) -> None:
        """The sound ran dry within an utterance."""
        self.base_ms = DEEP_MS

    def utterance_done(self) -> None:
        """An utterance has sounded to its end."""
        self.base_ms = max(SHALLOW_MS, self.base_ms - _SHRINK_MS)
