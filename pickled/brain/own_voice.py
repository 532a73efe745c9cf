"""Tells the co-host's own voice, come back through the microphone, from what the streamer says."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from pickled.language.talk import stops, words_of
from pickled.messages.chat import Ids, Retraction

TAIL_S = 1.5
"""So late its sound comes back at most."""

SLACK_S = 0.8
"""So much later a recognizer may notice that somebody began to talk."""

WORDS_PER_S = 2.5
"""How fast people talk; tells when a sentence began of which only the end is known."""

OWN_FROM = 0.6
"""From this likeness on, what is heard is the co-host's own voice."""

DOUBT_FROM = 0.45
"""From this likeness on it may be, by a recognizer that understood half of it."""

KNOWN_DOUBT_FROM = 0.3
"""The same once its voice is known to come back."""

ENOUGH_STRANGE = 4
"""With fewer words that it did not say it may be its voice, once that is known to come back."""

KNOWN_S = 600.0
"""So long it is known that its voice comes back."""

MOST_CLAUSES = 40
KEPT_S = 60.0
MOST_WORDS = 60
"""Words of a text that are compared."""

_OWN_SHARE = 0.7
"""Of its words, in whatever order, while it speaks."""

_LEFT_OUT = 0.5
"""What a word costs that was said and not recognized; one too many, or another one, costs 1."""

_ALIKE = 0.4
"""What a word costs that was misheard."""

_STEM = 4


@dataclass
class _Clause:
    text: str
    since: float
    about: tuple[Ids, ...]
    """The messages that it answers."""
    until: float = inf
    """It sounds as long as nobody says that it ended."""


@dataclass
class OwnVoice:
    """What it said in the last minute; times in seconds of the loop's clock."""

    _clauses: deque[_Clause] = field(default_factory=lambda: deque(maxlen=MOST_CLAUSES))
    _came_back: float = -inf

    def sounding(self, text: str, *, about: tuple[Ids, ...] = (), now: float) -> None:
        """A clause begins to sound; the one before it has ended."""
        self.silent(now=now)
        while self._clauses and now - self._clauses[0].until > KEPT_S:
            self._clauses.popleft()
        self._clauses.append(_Clause(text, now, about))

    def retract(self, retraction: Retraction, /) -> int:
        """Keep no word that answers what is taken back; how many clauses went."""
        every = retraction.kind == "all"
        gone = [e for e in self._clauses if every or any(map(retraction.concerns, e.about))]
        for each in gone:
            self._clauses.remove(each)
        return len(gone)

    def silent(self, *, now: float) -> None:
        """Nothing sounds any more."""
        if self._clauses and self._clauses[-1].until == inf:
            self._clauses[-1].until = now

    def near(self, *, began: float, ended: float) -> str:
        """What can have come back within that time."""
        found = (
            each.text
            for each in self._clauses
            if each.since <= ended and each.until + TAIL_S + SLACK_S >= began
        )
        return " ".join(found)

    def came_back(self, *, now: float) -> None:
        """It was heard, so it will be again."""
        self._came_back = now

    def comes_back(self, *, now: float) -> bool:
        """Is there a way from the loudspeaker to the microphone?"""
        return now - self._came_back < KNOWN_S

    def doubtful(self, said: str, *, own: str, now: float) -> bool:
        """May it be its own voice, though it can't be told? Then it is not answered."""
        if not own or not said:
            return False
        known = self.comes_back(now=now)
        if known and strange_words(words_of(said), own) < ENOUGH_STRANGE:
            return True
        return likeness(said, own) >= (KNOWN_DOUBT_FROM if known else DOUBT_FROM)


def is_own_voice(said: str, *, own: str) -> bool:
    """Is that the co-host's voice, come back through the microphone while it says `own`?"""
    words, ours = words_of(said), frozenset(words_of(own))
    if sum(word in ours for word in words) >= _OWN_SHARE * len(words):
        return bool(words and ours) and not _is_stop(words)
    return was_own_voice(said, own=own)


def was_own_voice(said: str, *, own: str) -> bool:
    """The same a moment later: then nobody talks into its words, and their order counts."""
    return likeness(said, own) >= OWN_FROM and not _is_stop(words_of(said))


def _is_stop(words: list[str]) -> bool:
    return len(words) == 1 and stops(words[0])


def likeness(said: str, own: str) -> float:
    """How much of it is a piece of what the co-host said, in order, 0–1.

    A recognizer may have left words out, or misheard them.
    """
    words, ours = words_of(said)[-MOST_WORDS:], words_of(own)[-4 * MOST_WORDS :]
    if not words or not ours:
        return 0.0
    row = [0.0] * (len(ours) + 1)  # it may begin anywhere in ours
    for word in words:
        before, left = row, row[0] + 1
        row = [left]
        for place, our in enumerate(ours):
            other = before[place] + _differ(word, our)
            left = min(other, before[place + 1] + 1, left + _LEFT_OUT)
            row.append(left)
    return max(0.0, 1 - min(row) / len(words))


def strange_words(words: Iterable[str], own: str) -> int:
    """How many of them the co-host did not say."""
    ours = frozenset(words_of(own))
    return sum(word not in ours for word in words)


def when_began(text: str, *, ended: float) -> float:
    """When somebody began to say that, in seconds of the same clock."""
    return ended - len(words_of(text)) / WORDS_PER_S


def _differ(word: str, our: str) -> float:
    if word == our:
        return 0.0
    same = word[:_STEM] == our[:_STEM] and min(len(word), len(our)) > _STEM
    return _ALIKE if same else 1.0
