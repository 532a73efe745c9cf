"""Does the microphone hear what the node plays? Then it is deaf while something sounds.

How loud both were is compared over all delays up to 1.5 s, which is the old way of echo
suppressors and needs no arithmetic worth naming: an echo follows what was played, in rises and
falls, whatever room and loudspeaker did to its tone; another voice does not. Until that is known
it is taken for one. Times are arguments (monotonic, s).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pickled.audio import MIC_RATE, SPEECH_RATE
from pickled.node.envelope import SLOT_S, Envelope, Likeness, likeness

Echo = Literal["unknown", "yes", "no"]

LONGEST_WAY_S = 1.5
"""From the node's output through loudspeaker and air, or through a stream, to the microphone."""
TAIL_S = 0.4
"""A room goes on sounding."""
WINDOW_S = 3.0
LOOK_S = 0.5

ALIKE, UNLIKE = 0.7, 0.55
"""Another voice comes to 0.7 at most, in one look of 1,800, an echo 3 dB above all else in the room
to 0.9 (flite's voices against one another, and with themselves in noise)."""
SURE = 0.8
"""Once is enough then; else twice, by ways of nearly the same length."""
_SAME_SLOTS = 3
_UNLIKE, _UNLIKE_LATER = 12, 36
"""Four looks in a row at a quiet room show that there is none; twelve where there was one."""
QUIET_DB = 8.0
_MOST_MISSING = 3
_BETWEEN_S = 1.0
"""From one clause to the next."""

_WINDOW, _WAY = round(WINDOW_S / SLOT_S), round(LONGEST_WAY_S / SLOT_S)


@dataclass
class EchoWatch:
    """Told of everything that is played and heard."""

    echo: Echo = "unknown"
    sure: bool = False
    """Somebody said so at the start: it is not found out."""
    lag_s: float = LONGEST_WAY_S
    """How long the way is, as far as it is known."""
    played: Envelope = field(default_factory=lambda: Envelope(SPEECH_RATE))
    heard: Envelope = field(default_factory=lambda: Envelope(MIC_RATE))
    _sounded_until: float = float("-inf")
    _looked_at: float = float("-inf")
    _last: Likeness = field(default_factory=lambda: Likeness(0.0, 0, whole=False))
    _unlike: int = 0

    def sounded(self, pcm: bytes, at_s: float, length_s: float) -> None:
        """The node played that; it began to leave the device at that time."""
        if pcm.count(0) < len(pcm):
            self._sounded_until = max(self._sounded_until, at_s + length_s)
            self.played.add(pcm, at_s)

    def took(self, pcm: bytes, at_s: float) -> None:
        """The microphone heard that; it began at that time."""
        self.heard.add(pcm, at_s)

    def sounding(self, at_s: float) -> bool:
        """Does something of the node's sound, or did so a moment ago?"""
        return at_s < self._sounded_until + _BETWEEN_S

    def deaf(self, at_s: float) -> bool:
        """May what the microphone hears at that time be the node itself?"""
        return self.echo != "no" and at_s < self._sounded_until + self.lag_s + TAIL_S

    def look(self, now: float) -> None:
        """Compare, every half second in which something was played."""
        if self.sure and self.echo == "no":
            return
        if now - self._looked_at < LOOK_S or now > self._sounded_until + LONGEST_WAY_S:
            return
        self._looked_at = now
        until = int(now / SLOT_S) - 1
        if self.heard.missing(until, _WINDOW) > _MOST_MISSING:
            return  # it has not listened for long enough
        played = self.played.levels(until, _WINDOW + _WAY)
        found = likeness(played, self.heard.levels(until, _WINDOW))
        if found is not None:
            self._judge(found)

    def _judge(self, found: Likeness) -> None:
        before, self._last = self._last, found
        again = before.alike >= ALIKE and abs(before.lag - found.lag) <= _SAME_SLOTS
        if found.alike >= SURE or (found.alike >= ALIKE and again):
            self._unlike, self.lag_s = 0, found.lag * SLOT_S
            self.echo = "yes"
        elif found.alike >= UNLIKE:
            self._unlike = 0
        elif found.whole:
            self._deny(quiet=found.rise_db < QUIET_DB)

    def _deny(self, *, quiet: bool) -> None:
        """One look shows none; a `quiet` room tells far more than another voice.

        What was an echo before is one until the room is quiet: on a machine that is too busy to
        play evenly, it is like nothing that was played.
        """
        was = self.echo == "yes"
        self._unlike += 3 if quiet else not was
        if self._unlike >= (_UNLIKE_LATER if was else _UNLIKE) and not self.sure:
            self.echo, self.lag_s = "no", LONGEST_WAY_S


@dataclass
class BlockClock:
    """When samples began that come in blocks, which are handed over early or late."""

    rate: int
    _next: float | None = None

    def at(self, now: float, samples: int) -> float:
        """These came now: counted from those before, and drawn slowly to the clock."""
        due = self._next
        at = now if due is None or abs(now - due) > _STRAY_S else due + (now - due) * _DRAW
        self._next = at + samples / self.rate
        return at


_STRAY_S, _DRAW = 0.15, 0.02
"""Further off there was a stall; nearer it is jitter, or two clocks that drift apart."""
