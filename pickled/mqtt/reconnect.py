"""Why a connection ended, in words, and how long to wait before the next one."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.mqtt.causes import Cause, rival

SHORT_S = 5.0
"""A connection that is dropped sooner than this is suspicious."""

CALM_S = 15.0
"""A connection that lasts so long has no rival any more."""

_FIRST_S = 0.1
_LONGEST_WITHOUT_RIGHTS_S = 8.0


@dataclass(frozen=True)
class End:
    """How one connection ended."""

    cause: Cause
    lasted_s: float = 0.0
    """From the broker's yes; 0 if it never came, or if we gave up."""


class Reconnect:
    """What the last ends together say."""

    def __init__(self, name: str, *, longest_wait: float = 3.0) -> None:
        self._name = name
        self._longest_wait = longest_wait
        self._failures = 0
        self._short = 0
        self.rival = ""
        """Who else of our name takes our place, with the remedy; until a connection has lasted."""

    def after(self, end: End, dice: float) -> tuple[str, float]:
        """The cause with its remedy, and the seconds to wait; `dice` in [0, 1)."""
        self._failures = 0 if end.lasted_s > SHORT_S else min(self._failures + 1, 16)
        self._short = self._short + 1 if 0 < end.lasted_s < SHORT_S else 0
        cap, first = self._longest_wait, _FIRST_S
        if end.cause.bad_credentials:
            cap, first = _LONGEST_WITHOUT_RIGHTS_S, 1.0
        longest = min(cap, first * 2.0**self._failures)
        return self._cause(end), longest * (0.5 + dice / 2)

    def calm(self) -> None:
        """A connection has lasted: nobody takes our place."""
        self.rival = ""

    def _cause(self, end: End) -> str:
        # Not every broker says it, but two drops right after connecting betray it.
        if end.cause.taken_over or self._short > 1:
            seems = "" if end.cause.taken_over else "it seems that "
            self.rival = f"{seems}{rival(self._name)}"
            return self.rival
        return end.cause.text
