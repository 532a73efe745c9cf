"""Why a connection ended, in words, and how long to wait before the next one."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.back_off import BackOff
from pickled.mqtt.causes import Cause, rival

SHORT_S = 5.0
"""A connection that is dropped sooner than this is suspicious."""

CALM_S = 15.0
"""A connection that lasts so long has no rival any more."""

_WITHOUT_RIGHTS = BackOff(first_s=1.0, cap_s=8.0)


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
        self._back_off = BackOff(first_s=0.1, cap_s=longest_wait)
        self._failures = 0
        self._short = 0
        self.rival = ""
        """Who else of our name takes our place, with the remedy; until a connection has lasted."""

    def after(self, end: End, dice: float) -> tuple[str, float]:
        """The cause with its remedy, and the seconds to wait; `dice` in [0, 1)."""
        self._failures = 0 if end.lasted_s > SHORT_S else self._failures + 1
        self._short = self._short + 1 if 0 < end.lasted_s < SHORT_S else 0
        back_off = _WITHOUT_RIGHTS if end.cause.bad_credentials else self._back_off
        return self._cause(end), back_off.wait(self._failures, dice)

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
