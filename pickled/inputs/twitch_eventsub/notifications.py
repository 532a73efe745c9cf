"""From a notification to messages of ours: by its type, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from pydantic import ValidationError

from pickled.inputs.twitch_eventsub import chat
from pickled.inputs.twitch_eventsub.fields import Event, needed, text
from pickled.inputs.twitch_eventsub.happenings import Happenings
from pickled.inputs.twitch_eventsub.notices import Notices
from pickled.messages.chat import ChatMessage
from pickled.messages.events import Event as Message
from pickled.messages.stream import StreamEvent
from pickled.recent import Seen
from pickled.services.twitch.eventsub.session import Notification

log = structlog.get_logger()

_REMEMBERED = 2000
"""Notifications, and anonymous cheers, that are known again when they come twice."""

_Read = Callable[[Event, datetime], Iterable[Message]]


class Notifications:
    """Reads those of one channel."""

    def __init__(
        self,
        channel: str,
        *,
        seen: Seen[str],
        is_own: Callable[[ChatMessage], bool],
        on_state: Callable[[str, Event], None],
    ) -> None:
        self.left_out: Counter[str] = Counter()
        """What gave no event, by reason: `duplicate own malformed unknown`."""
        self._seen = seen
        """Ids of chat's lines, however they come."""
        self._known: Seen[str] = Seen(_REMEMBERED)
        self._cheers: Seen[str] = Seen(_REMEMBERED // 20)
        self._is_own = is_own
        self._on_state = on_state
        """Told of what is no event: type and content."""
        self._complained: set[str] = set()
        self._readers = self._table(channel)

    def read(self, told: Notification, ts: datetime) -> tuple[Message, ...]:
        """What happened, if it is new; `ts` is when it was told."""
        if not self._known.add(told.id):
            self.left_out["duplicate"] += 1
            return ()
        reader = self._readers.get(told.type)
        if reader is None:
            self.left_out["unknown"] += 1
            return ()
        try:
            found = tuple(reader(told.event, ts))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self._refuse(told.type, error)
            return ()
        return tuple(each for each in found if self._is_new(each))

    def _refuse(self, kind: str, error: Exception) -> None:
        self.left_out["malformed"] += 1
        if kind not in self._complained:
            self._complained.add(kind)
            if isinstance(error, ValidationError):
                why = ", ".join(str(each["loc"]) for each in error.errors()[:3])
            else:
                why = f"{type(error).__name__} {error}"
            log.warning("an event of Twitch's can't be read", what=kind, why=why[:200])

    def _is_new(self, message: Message) -> bool:
        match message:
            case ChatMessage():
                if not self._seen.add(message.id):
                    self.left_out["duplicate"] += 1
                    return False
                if self._is_own(message):
                    self.left_out["own"] += 1
                    return False
            case StreamEvent(event_type="cheer", user_id="", login=""):
                # Twitch tells an anonymous cheer twice, in two ways; which one first is not said.
                if not self._cheers.add(f"{message.amount} {message.text}"):
                    self.left_out["duplicate"] += 1
                    return False
        return True

    def _table(self, channel: str) -> dict[str, _Read]:
        """Type → what reads it."""
        happenings, notices = Happenings(), Notices()
        points = "channel.channel_points_custom_reward_redemption.add"
        return {
            "channel.chat.message": lambda event, ts: self._line(event, ts, channel),
            "channel.chat.notification": lambda event, ts: self._notice(
                notices, event, ts, channel
            ),
            "channel.chat.message_delete": lambda event, ts: self._gone(
                chat.deleted(event, ts=ts, channel=channel)
            ),
            "channel.chat.clear_user_messages": lambda event, ts: chat.cleared_user(
                event, ts=ts, channel=channel
            ),
            "channel.chat.clear": lambda event, ts: chat.cleared(event, ts=ts, channel=channel),
            "automod.message.hold": lambda event, ts: chat.held(event, ts=ts, channel=channel),
            "channel.follow": happenings.follow,
            "channel.cheer": happenings.cheer,
            "channel.bits.use": happenings.bits,
            points: happenings.redemption,
            "channel.hype_train.begin": happenings.train_begins,
            "channel.hype_train.progress": happenings.train_goes_on,
            "channel.hype_train.end": happenings.train_ends,
            "channel.poll.begin": happenings.poll_begins,
            "channel.poll.end": happenings.poll_ends,
            "channel.prediction.begin": happenings.prediction_begins,
            "channel.prediction.lock": happenings.prediction_locks,
            "channel.prediction.end": happenings.prediction_ends,
            "channel.ad_break.begin": happenings.ad,
            **{each: self._told(each) for each in STATES},
        }

    def _line(self, event: Event, ts: datetime, channel: str) -> Iterable[Message]:
        if text(event, "message_id") in self._seen:  # most often it came over IRC before
            self.left_out["duplicate"] += 1
            return ()
        return chat.message(event, ts=ts, channel=channel)

    def _notice(
        self, notices: Notices, event: Event, ts: datetime, channel: str
    ) -> Iterable[Message]:
        message_id = needed(event, "message_id")
        if message_id in self._seen:
            self.left_out["duplicate"] += 1
            return ()
        found = notices(event, ts=ts, channel=channel)
        if not any(isinstance(each, ChatMessage) for each in found):
            self._seen.add(message_id)
        return found

    def _gone(self, found: tuple[Message, ...]) -> Iterable[Message]:
        """A line that was deleted may still be on its way on the slower of two connections."""
        for each in found:
            self._seen.add(getattr(each, "id", ""))
        return found

    def _told(self, kind: str) -> _Read:
        def read(event: Event, _ts: datetime) -> Iterable[Message]:
            self._on_state(kind, event)
            return ()

        return read


STATES = (
    "stream.online",
    "stream.offline",
    "channel.update",
    "channel.chat_settings.update",
)
"""What is kept as it is now, rather than told as something that happened."""
