"""What it speaks up about by itself: a raid or a sub, the uplink that goes and comes, silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from pickled.brain.floor import idle_at
from pickled.messages.state import LinkQuality
from pickled.messages.stream import StreamEvent

REACTIONS = frozenset(
    {"sub", "resub", "gift", "cheer", "tip", "raid", "follow", "redemption", "hype_train"}
)
REACT_AGAIN_S = 10.0
"""The same person's same event within this time is one."""

MOST_REMEMBERED = 100

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

    def worth(self, event: StreamEvent, *, now: float) -> bool:
        """Is that something to react to, and not only an echo of what was a moment ago?"""
        self._reacted = {k: at for k, at in self._reacted.items() if now - at < REACT_AGAIN_S}
        key = (event.event_type, event.user_id or event.user)
        full = len(self._reacted) >= MOST_REMEMBERED
        if event.event_type not in REACTIONS or key in self._reacted or full:
            return False
        self._reacted[key] = now
        return True


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
    what = event.event_type.replace("_", " ")
    if event.viewers:
        what += f" with {event.viewers} viewers"
    if event.amount:
        what += f" of {event.amount:g} {event.currency or ''}".rstrip()
    if event.months:
        what += f", {event.months} months"
    return f"{what}: {event.text}" if event.text else what
