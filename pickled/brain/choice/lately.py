"""What was said and what was answered in the last minutes: repetition, novelty, fairness."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Protocol

from pickled.brain.crowd import Support
from pickled.recent import Recent

WINDOW_S = 60.0
"""Equal lines are counted in windows of this length, s."""

MOST_WORDINGS = 500
"""So many wordings are counted at a time; the one not said for longest goes first."""

MOST_VIEWERS = 300
"""So many viewers are told apart in a wording, the others count as one of them."""

NOVEL_AGAIN_S = 120.0
"""After this time an answered topic is as good as new, s."""

FAIR_AGAIN_S = 60.0
"""In this time half of the memory that a viewer was answered is gone, s."""

MOST_ANSWERED = 500
"""So many viewers, and topics, are known as answered; the oldest go first."""


class Crowded(Protocol):
    """Who counts how many mean the same."""

    def __call__(self, message_id: str, /, *, now: float) -> Support | None:
        """How many mean what that message means; None when it isn't known."""


@dataclass(slots=True)
class _Wording:
    since: float
    count: int = 0
    viewers: dict[str, int] = field(default_factory=dict)
    """Viewer → how often."""


class Wordings:
    """Counts lines of the same words, by their short names, and the viewers who wrote them."""

    def __init__(self) -> None:
        self._known: Recent[str, _Wording] = Recent(MOST_WORDINGS)

    def add(self, wording: str, viewer: str, *, now: float) -> int:
        """Count a line; how often that viewer had said it before."""
        known = self._known.get(wording)
        if known is None or now - known.since > WINDOW_S:
            known = _Wording(now)
        self._known[wording] = known
        before = known.viewers.get(viewer, 0)
        known.count += 1
        if before or len(known.viewers) < MOST_VIEWERS:
            known.viewers[viewer] = before + 1
        return before

    def counted(self, wording: str) -> tuple[int, int]:
        """How many lines, of how many viewers, said the same; at least 1."""
        known = self._known.get(wording)
        return (known.count, max(1, len(known.viewers))) if known else (1, 1)

    def restart(self, wording: str) -> None:
        """It is answered: who says it from now on is counted anew."""
        self._known.pop(wording, None)

    def forget(self, viewer: str | None) -> None:
        """Forget one viewer, or (None) everything."""
        if viewer is None:
            self._known.clear()
            return
        for each in self._known.values():
            each.count -= each.viewers.pop(viewer, 0)


class Answered:
    """Who was answered, and what about; fades over minutes."""

    def __init__(self) -> None:
        self._viewers: Recent[str, tuple[float, float]] = Recent(MOST_ANSWERED)
        self._topics: Recent[str, tuple[float, int, int]] = Recent(MOST_ANSWERED)

    def viewer(self, user_id: str, *, now: float) -> None:
        """A viewer is answered."""
        level = self._level(user_id, now) + 1
        self._viewers[user_id] = (now, level)

    def topic(self, cluster: str, *, count: int = 0, viewers: int = 0, now: float) -> None:
        """A topic is answered, that so many lines of so many viewers were about."""
        self._topics[cluster] = (now, count, viewers)

    def fairness(self, user_id: str, *, now: float) -> float:
        """0 when not answered lately, -0.5 just after one answer, down to -1 after several."""
        return -min(1.0, self._level(user_id, now) / 2)

    def novelty(self, clusters: tuple[str, ...], *, now: float) -> float:
        """1, or -1 just after one of these topics was answered, and rising since."""
        known = [self._topics[each][0] for each in clusters if each in self._topics]
        return min(1.0, 2 * (now - max(known)) / NOVEL_AGAIN_S - 1) if known else 1.0

    def since(self, support: Support, *, now: float) -> tuple[int, int]:
        """How many lines and viewers came since the topic was answered, about; at least 1."""
        known = self._topics.get(support.cluster)
        if known is None:
            return support.count, support.viewers
        when, count, viewers = known
        still = max(0.0, 1 - (now - when) / WINDOW_S)
        return (
            max(1, support.count - round(count * still)),
            max(1, support.viewers - round(viewers * still)),
        )

    def forget(self, user_id: str | None) -> None:
        """Forget one viewer, or (None) everything."""
        if user_id is None:
            self._viewers.clear()
            self._topics.clear()
        else:
            self._viewers.pop(user_id, None)

    def _level(self, user_id: str, now: float) -> float:
        when, level = self._viewers.get(user_id, (now, 0.0))
        return float(level * 0.5 ** (max(0.0, now - when) / FAIR_AGAIN_S)) if level else 0.0


def wording_of(words: str) -> str:
    """A short name for these words, the same in every process."""
    return f"w{zlib.crc32(words.encode('utf-8', 'surrogatepass')):08x}"
