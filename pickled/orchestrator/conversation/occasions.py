"""What it speaks up about by itself: a raid or a sub, the uplink that goes and comes, silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from pickled.brain.floor import idle_at
from pickled.messages.state import LinkQuality
from pickled.messages.stream import StreamEvent

REACT_AGAIN_S: dict[str, float] = {
    "sub": 10.0,
    "resub": 10.0,
    "gift": 10.0,
    "cheer": 10.0,
    "tip": 10.0,
    "raid": 10.0,
    "follow": 10.0,
    "redemption": 10.0,
    "hype_train": 60.0,
    "poll": 10.0,
    "prediction": 10.0,
    "ad": 10.0,
    "online": 600.0,
    "offline": 600.0,
}
"""What it reacts to: the same person's same event within this time is one."""

MOST_REMEMBERED = 100

SHORTEST_NOTICE_S = 5.0
"""An ad that begins sooner leaves no time for a sentence."""

SAME_AD_S = 60.0
"""Announcements whose moments are closer than that are of the same ad."""

LINK_TALK_S = 20.0
"""While the uplink is lost, it speaks again after so much silence; each time after as much more."""

LONGEST_LINK_TALK_S = 60.0
"""It lets no more silence pass than this."""

CARRY_S = 900.0
"""After so long nobody waits for the picture any more, and it stops to talk about it."""

BACK_AFTER_S = 3.0
"""A loss shorter than that is not worth a word when the uplink is back."""


@dataclass
class Reactions:
    """Which stream events are worth a turn of their own."""

    _reacted: dict[tuple[str, str], float] = field(default_factory=dict)
    _cheers: dict[tuple[str, float], float] = field(default_factory=dict)
    """Those that an event told of, and no line of chat yet: who, how much, and when."""
    _ad_at: float = -inf
    """When the ad begins that was announced last."""

    def worth(self, event: StreamEvent, *, now: float) -> bool:
        """Is that something to react to, and not only an echo of what was a moment ago?"""
        self._forget(now)
        kind, who = event.event_type, event.user_id or event.user
        key = (kind, event.title if kind in ("poll", "prediction") else who)
        if kind not in REACT_AGAIN_S or key in self._reacted or self._full:
            return False
        if kind == "ad" and not self._is_announced(event, now):
            return False
        self._reacted[key] = now
        if kind == "cheer" and event.amount:
            self._cheers[who, event.amount] = now
        return True

    def cheered(self, who: str, bits: float, *, now: float) -> bool:
        """Is a line of chat with bits the first that is known of that cheer?"""
        self._forget(now)
        told = self._cheers.pop((who, bits), None)
        if not self._full:
            self._reacted["cheer", who] = now
        return told is None

    @property
    def _full(self) -> bool:
        return len(self._reacted) >= MOST_REMEMBERED

    def _is_announced(self, event: StreamEvent, now: float) -> bool:
        """Of one that runs already nobody is warned, of one that comes only once."""
        begins = now + (event.in_seconds or 0.0)
        if begins - now < SHORTEST_NOTICE_S or abs(begins - self._ad_at) < SAME_AD_S:
            return False
        self._ad_at = begins
        return True

    def _forget(self, now: float) -> None:
        self._reacted = {
            key: at for key, at in self._reacted.items() if now - at < REACT_AGAIN_S[key[0]]
        }
        again = REACT_AGAIN_S["cheer"]
        self._cheers = {key: at for key, at in self._cheers.items() if now - at < again}


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when nobody speaks; in seconds of the loop's clock."""

    quiet_since: float
    """The co-host."""
    talked_until: float
    """The streamer."""
    idle_after: float | None
    """So long it may last, s; None: for ever."""


@dataclass
class Moments:
    """When to say something that nobody asked for; times in seconds of the loop's clock."""

    _lost_since: float | None = None
    _told: int = 0
    """How often something was said about the loss."""
    _back: bool = False

    def link(self, quality: LinkQuality, *, now: float) -> None:
        """The uplink is told to be like that."""
        if quality == "lost":
            self._back = False
            self._lost_since = now if self._lost_since is None else self._lost_since
        elif self._lost_since is not None:
            self._back = bool(self._told) or now - self._lost_since >= BACK_AFTER_S
            self._lost_since, self._told = None, 0

    def due(self, silence: Silence, *, now: float) -> str | None:
        """The reason to speak up now, if there is one; it is not given a second time."""
        if self._back:
            self._back = False
            return "link_back"
        at = self.wake_at(silence)
        if at is None or now < at:
            return None
        if self._lost_since is not None:
            self._told += 1
            return "link_lost"
        return "idle"

    def wake_at(self, silence: Silence) -> float | None:
        """When `due` will have something to say; None: not before something changes."""
        if self._back:
            return -inf
        if self._lost_since is not None:
            gap = min(LINK_TALK_S * self._told, LONGEST_LINK_TALK_S)
            at = max(self._lost_since, silence.quiet_since + gap if self._told else -inf)
            return at if at <= self._lost_since + CARRY_S else None
        return idle_at(
            quiet_since=silence.quiet_since,
            talked_until=silence.talked_until,
            idle_after=silence.idle_after,
        )


def told(event: StreamEvent) -> str:
    """What happened on the stream, in words for the prompt."""
    what = _WORDS.get(event.event_type, event.event_type.replace("_", " "))
    if event.event_type in _TITLED and event.title:
        what += f" “{event.title}”"
    if event.in_seconds:
        what += f" in {event.in_seconds:.0f} seconds"
    if event.viewers:
        what += f" with {event.viewers} viewers"
    if event.amount and (amount := _AMOUNTS.get(event.event_type, " of {}")):
        told_amount = f"{event.amount:g} {event.currency or ''}".rstrip()
        what += amount.format(told_amount)
    if event.months:
        what += f", {event.months} months"
    return f"{what}: {event.text}" if event.text else what


_WORDS = {
    "online": "the stream begins",
    "offline": "the stream is over",
    "ad": "an ad break begins",
}
_AMOUNTS = {"redemption": " for {} points", "hype_train": ", level {}", "ad": ""}
"""What the number of an event is."""

_TITLED = ("online", "redemption", "poll", "prediction", "hype_train")
