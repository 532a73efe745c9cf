"""Which parts show that they go on: what has died without a word is noticed by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class _Beat:
    last: float
    within_s: float


@dataclass
class Pulses:
    """Every part that runs by itself, with its sign of life; knows no clock and no task."""

    _alive: dict[str, Callable[[], bool]] = field(default_factory=dict)
    _beats: dict[str, _Beat] = field(default_factory=dict)

    def watch(self, name: str, is_alive: Callable[[], bool]) -> None:
        """From now on that part has to be alive, until it is `over`."""
        self._alive[name] = is_alive

    def beat(self, name: str, now: float, *, within_s: float) -> None:
        """It has just done something, and promises to do so again `within_s`."""
        self._beats[name] = _Beat(now, within_s)

    def over(self, name: str) -> None:
        """It has come to its end, and that was told: no sign of life is waited for."""
        self._alive.pop(name, None)
        self._beats.pop(name, None)

    def silent(self, now: float) -> tuple[str, ...]:
        """Those that have died, or not kept their promise; none is as it should be."""
        dead = {name for name, is_alive in self._alive.items() if not is_alive()}
        late = {name for name, beat in self._beats.items() if now - beat.last > beat.within_s}
        return tuple(sorted(dead | late))
