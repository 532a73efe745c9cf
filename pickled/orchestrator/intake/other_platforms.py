"""The door for what others bring over MQTT: whose it is, how much of it, and what is believed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.brain.chat_command import MODERATING
from pickled.bucket import Bucket
from pickled.errors import CommandRefused
from pickled.messages.chat import ChatDeleted, ChatMessage
from pickled.messages.outside_chat import LONGEST_USER_ID, TellChat
from pickled.orchestrator.parts.clock import Clock

MOST_A_SECOND = 200.0
"""Lines of one platform, retractions of one, and events. MQTT doesn't tell who publishes, so it
can't be counted by user."""

MOST_PLATFORMS = 8
"""At the same time: with a name of its own for each line, a flood had no limit."""

QUIET_S = 60.0
"""A platform that brought nothing for so long leaves its place to another."""


@dataclass
class _Place:
    """A platform's rate."""

    lines: Bucket = field(default_factory=lambda: Bucket(MOST_A_SECOND, MOST_A_SECOND))
    retractions: Bucket = field(default_factory=lambda: Bucket(MOST_A_SECOND, MOST_A_SECOND))
    """Apart from lines: what a moderator deletes in a flood has to come through it."""
    at: float = 0.0


@dataclass
class OtherPlatforms:
    """Makes events of what is brought; raises CommandRefused (`busy`) for what is too much."""

    clock: Clock
    moderators_from: tuple[str, ...] = ()
    """Platforms whose moderators are believed to be some."""
    _places: OrderedDict[str, _Place] = field(default_factory=OrderedDict)
    """The one that was quiet for longest comes first."""
    _events: Bucket = field(default_factory=lambda: Bucket(MOST_A_SECOND, MOST_A_SECOND))

    def chat(self, told: TellChat, *, new_id: Callable[[], str]) -> ChatMessage | ChatDeleted:
        """The line, or its retraction, with ids that no other platform has."""
        platform, now = told.platform, self.clock.now()
        place = self._place(platform, now)
        allowed = place.lines if told.delete is None else place.retractions
        if not allowed.take(now):
            raise CommandRefused("busy", f"more than {MOST_A_SECOND:g} a second of {platform}")
        if told.delete is not None:
            whole = _within(platform, told.delete)
            return ChatDeleted(ts=self.clock.wall(), id=whole, source=platform)
        believed = platform in self.moderators_from
        return ChatMessage(
            ts=self.clock.wall(),
            id=_within(platform, told.id or new_id()),
            user=told.user,
            user_id=_within(platform, told.user_id or _by_name(told.user)),
            source=platform,
            badges=told.badges if believed else tuple(filter(_is_harmless, told.badges)),
            text=told.text,
            reply_to=_within(platform, told.reply_to) if told.reply_to else None,
        )

    def count_event(self) -> None:
        """One more event; raises CommandRefused if that is too many."""
        if not self._events.take(self.clock.now()):
            raise CommandRefused("busy", f"more than {MOST_A_SECOND:g} events a second")

    def _place(self, platform: str, now: float) -> _Place:
        found = self._places.get(platform)
        if found is None:
            if len(self._places) >= MOST_PLATFORMS:
                self._make_room(now)
            found = self._places[platform] = _Place()
        found.at = now
        self._places.move_to_end(platform)
        return found

    def _make_room(self, now: float) -> None:
        name, quietest = next(iter(self._places.items()))
        if now - quietest.at < QUIET_S:
            raise CommandRefused(
                "busy", f"{MOST_PLATFORMS} platforms send already", field="platform"
            )
        del self._places[name]


def _within(platform: str, own: str) -> str:
    return f"{platform}:{own}"


def _by_name(user: str) -> str:
    """Stands for an author without an id; no id of those who have one looks like it."""
    return " " + user.casefold()[: LONGEST_USER_ID - 1]


def _is_harmless(badge: str) -> bool:
    return badge.split("/", 1)[0] not in MODERATING
