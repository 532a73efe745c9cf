"""The node makes itself softer at once while somebody speaks: what to do then, the daemon says."""

from __future__ import annotations

from dataclasses import dataclass

DUCK_DB = -12.0
BACK_S = 2.0
"""Without a voice for so long it is as loud as before: it was no interruption."""


@dataclass
class Ducking:
    """Time is an argument (monotonic, s)."""

    allowed: bool = True
    _voice_at: float = float("-inf")

    def wanted(self, now: float, *, voice: bool, sounding: bool) -> bool:
        """Is it to be soft just now; is there a `voice`, while something is `sounding`?

        An answer to what was said before begins as loud as ever.
        """
        if not sounding:
            self._voice_at = float("-inf")
        elif voice:
            self._voice_at = now
        return self.allowed and now - self._voice_at < BACK_S
