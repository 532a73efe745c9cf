"""Tells how chat as a whole feels: every viewer counts once, and the label does not flicker."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from math import exp, log2
from typing import Literal

from pickled.language.feeling.emotes import Emotes
from pickled.language.feeling.sentiment import LONGEST, Feeling, emote_names, feeling
from pickled.language.reading import Reading
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.state import MoodState

Label = Literal["hyped", "happy", "calm", "tense", "upset"]

MOST_OF_ONE = 5
"""Messages of one viewer that count; earlier ones make room."""

MOST_MESSAGES = 20_000
"""Messages that count; in a flood the window becomes shorter than asked for."""

FAST_S, SLOW_S = 10.0, 240.0
"""Time constants of the pace just now, and of the pace that it is compared with."""

STAYS_S = 6.0
"""A label stays at least so long."""

MARGIN = 0.06
"""How much farther than into a label it is out of it."""

_STRANGERS = 2.0
"""Viewers without a feeling that are thought of, so that one line doesn't make a mood."""


_Mean = tuple[float, float, float]
"""Score, arousal and share of fear."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A message that counts."""

    id: str
    user_id: str
    at: float


@dataclass(slots=True)
class _Viewer:
    """One viewer's messages that count, by id, oldest first."""

    said: OrderedDict[str, Feeling] = field(default_factory=OrderedDict)
    mean: _Mean = (0.0, 0.0, 0.0)
    last_at: float = float("-inf")


@dataclass(slots=True)
class _Pace:
    """Messages a second: just now, and over the last minutes."""

    fast: float = 0.0
    slow: float = 0.0
    since: float | None = None
    at: float = 0.0

    def add(self, now: float) -> None:
        """One more message."""
        self.since = now if self.since is None else self.since
        self._forget(now)
        self.fast += 1 / FAST_S
        self.slow += 1 / SLOW_S

    def lift(self, now: float) -> float:
        """−0.1 … 0.3 on arousal: how much faster chat is than it was lately."""
        if self.since is None or now - self.since < 3 * FAST_S:
            return 0.0  # nothing to compare with yet
        self._forget(now)
        usual = self.slow / (1 - exp(-(now - self.since) / SLOW_S))
        return min(0.3, max(-0.1, 0.12 * log2((self.fast + 0.1) / (usual + 0.1))))

    def _forget(self, now: float) -> None:
        passed = max(0.0, now - self.at)
        self.fast *= exp(-passed / FAST_S)
        self.slow *= exp(-passed / SLOW_S)
        self.at = max(now, self.at)


class Mood:
    """The mood of the last `window_s` seconds of chat; `now` is a monotonic clock's."""

    def __init__(self, emotes: Emotes, *, window_s: float = 60.0) -> None:
        self._emotes = emotes
        self._window_s = window_s
        self._said: OrderedDict[str, _Said] = OrderedDict()
        self._viewers: dict[str, _Viewer] = {}
        self._pace = _Pace()
        self._sums = [0.0, 0.0, 0.0]
        self._label: Label = "calm"
        self._since = float("-inf")

    def add(self, message: ChatMessage, *, now: float, reading: Reading | None = None) -> None:
        """Counts a message; the same id counts once. `reading` is that of its text, if known."""
        self._expire(now)
        if message.id in self._said:
            return
        viewer = self._viewers.get(message.user_id) or _Viewer()
        if now - viewer.last_at >= 1:
            self._pace.add(now)
        viewer.last_at = now
        if len(viewer.said) >= MOST_OF_ONE:
            self._drop(next(iter(viewer.said)))
        elif len(self._said) >= MOST_MESSAGES:
            self._drop(next(iter(self._said)))
        self._viewers[message.user_id] = viewer
        named = emote_names(message.fragments)
        read = reading or Reading(message.text)
        viewer.said[message.id] = read.verdict(_feeling, self._emotes, named)
        self._weigh(viewer)
        self._said[message.id] = _Said(message.id, message.user_id, now)

    def retract(self, retraction: Retraction) -> int:
        """Feels nothing of what is taken back any more; tells how many messages went."""
        gone = retraction.among(self._said.values())
        if retraction.kind == "all":
            self._said.clear()
            self._viewers.clear()
            self._sums = [0.0, 0.0, 0.0]
        else:
            for each in gone:
                self._drop(each.id)
        return len(gone)

    def state(self, *, now: float) -> MoodState:
        """How chat feels; a label stays for a while, and goes when it clearly no longer fits."""
        self._expire(now)
        count = len(self._viewers)
        score, arousal, fear = (each / (count + _STRANGERS) for each in self._sums)
        arousal += self._pace.lift(now) + 0.25 * _STRANGERS / (count + _STRANGERS)
        self._settle(score, arousal, fear, now)
        return MoodState(
            score=round(max(-1.0, min(1.0, score)), 3),
            label=self._label,
            chatters=count,
            window_s=self._span(now),
        )

    def _settle(self, score: float, arousal: float, fear: float, now: float) -> None:
        label = _label(score, arousal, fear)
        kept = self._label in _near(score, arousal, fear)
        if label != self._label and not kept and now - self._since >= STAYS_S:
            self._label, self._since = label, now

    def _span(self, now: float) -> float:
        """Seconds that are looked back on: fewer than asked for in a flood."""
        if len(self._said) < MOST_MESSAGES:
            return self._window_s
        return round(min(self._window_s, now - next(iter(self._said.values())).at), 1)

    def _expire(self, now: float) -> None:
        while self._said:
            oldest = next(iter(self._said))
            if self._said[oldest].at > now - self._window_s:
                return
            self._drop(oldest)

    def _drop(self, message_id: str) -> None:
        user_id = self._said.pop(message_id).user_id
        viewer = self._viewers[user_id]
        del viewer.said[message_id]
        self._weigh(viewer)
        if not viewer.said:
            del self._viewers[user_id]
        if not self._viewers:
            self._sums = [0.0, 0.0, 0.0]  # what rounding has left

    def _weigh(self, viewer: _Viewer) -> None:
        """Puts the mean of the viewer's messages into the sums, in place of the one before."""
        before = viewer.mean
        viewer.mean = _mean(viewer.said.values())
        self._sums = [
            each + new - old for each, new, old in zip(self._sums, viewer.mean, before, strict=True)
        ]


def _feeling(reading: Reading, emotes: Emotes, named: frozenset[str]) -> Feeling:
    return feeling(reading.text[:LONGEST], emotes=emotes, named=named)


def _mean(feelings: Collection[Feeling]) -> _Mean:
    count = len(feelings) or 1
    return (
        sum([each.sentiment.score for each in feelings]) / count,
        sum([each.arousal for each in feelings]) / count,
        sum([each.fear for each in feelings]) / count,
    )


def _label(score: float, arousal: float, fear: float) -> Label:
    """The mood of mean score, arousal and share of fear; laughter alone is happy, not hyped."""
    excited = arousal >= 0.62
    if score <= -0.1 and fear >= 0.25:
        return "tense"
    if score <= -0.25:
        return "upset"
    if score <= -0.12 or (excited and score < 0.05):
        return "tense"
    if excited:
        return "hyped"
    return "happy" if score >= 0.18 else "calm"


def _near(score: float, arousal: float, fear: float) -> set[Label]:
    """The labels of every mood within the margin."""
    steps = (-MARGIN, 0.0, MARGIN)
    return {_label(score + x, arousal + y, fear + z) for x in steps for y in steps for z in steps}
