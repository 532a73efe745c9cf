"""Takes what inputs emit: publishes it, remembers it for a while, and lets the brain choose."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from pickled.brain.gate import Selection, Verdict
from pickled.memory.short_term import ShortTerm
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.events import Event
from pickled.messages.memory import Line
from pickled.messages.response import RetractionEvent
from pickled.messages.speech import Speech
from pickled.messages.state import QueueState
from pickled.messages.stream import StreamEvent
from pickled.messages.vision import Scene
from pickled.orchestrator.chat_feed import ChatFeed
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.events import Events
from pickled.orchestrator.state import States

SEEN = 5_000
"""Ids of messages that are known, so that none is taken twice."""


@dataclass
class Intake:
    """The one door for events; returns at once, whatever comes."""

    selection: Selection
    short_term: ShortTerm
    feed: ChatFeed
    events: Events
    states: States
    clock: Clock
    dropped: Counter[str]
    """Counts what is not answered, by reason."""
    on_verdicts: Callable[[list[Verdict]], None]
    on_stream: Callable[[StreamEvent], None]
    """A raid, a sub, a tip: something that the co-host may react to by itself."""
    on_retraction: Callable[[str | None, str | None], int]
    """Message id or user id (both None: all): stops a turn that answers it."""
    remember: Callable[[ChatMessage | StreamEvent], None]
    forget: Callable[[str | None, str | None], None]
    """Message id or user id; both None: chat was cleared, which deletes nobody's past."""
    wake: Callable[[], None]
    _seen: dict[str, None] = field(default_factory=dict)
    _arrivals: deque[float] = field(default_factory=deque)

    def take(self, event: Event) -> None:
        """Take an event from an input."""
        match event:
            case ChatMessage():
                self._chat(event)
            case ChatDeleted():
                self.feed.add(event)
                self._retract("message", message_id=event.id)
            case ChatCleared():
                self.feed.add(event)
                self._retract("all" if event.user_id is None else "user", user_id=event.user_id)
            case StreamEvent():
                self._stream(event)
            case Speech() | Scene():
                pass  # hearing and seeing are not built yet: nothing emits these
            case _ as never:
                assert_never(never)

    def publish(self) -> None:
        """The queue and the pace of chat; once a second."""
        now = self.clock.now()
        while self._arrivals and self._arrivals[0] < now - 60:
            self._arrivals.popleft()
        self.states.set("chat_rate/state", float(len(self._arrivals)))
        oldest = self.selection.oldest
        self.states.set(
            "queue/state",
            QueueState(
                waiting=self.selection.waiting,
                oldest_s=round(now - oldest, 1) if oldest is not None else 0.0,
                dropped=dict(self.dropped),
            ),
        )

    def _chat(self, message: ChatMessage) -> None:
        if message.id in self._seen:
            self.dropped["duplicate"] += 1
            return
        self._seen[message.id] = None
        if len(self._seen) > SEEN:
            del self._seen[next(iter(self._seen))]
        now = self.clock.now()
        self._arrivals.append(now)
        if len(self._arrivals) > 600_000:
            self._arrivals.popleft()
        self.feed.add(message)
        self.short_term.add(
            Line(
                speaker="viewer",
                user=message.user,
                user_id=message.user_id,
                message_id=message.id,
                text=message.text,
            )
        )
        self.on_verdicts(self.selection.add(message, now=now))
        self.remember(message)
        self.wake()

    def _stream(self, event: StreamEvent) -> None:
        self.events.emit("event/stream", event)
        said = " ".join(filter(None, (event.user, event.event_type, event.text)))
        self.short_term.add(
            Line(speaker="stream", user=event.user, user_id=event.user_id, text=said)
        )
        self.on_stream(event)
        self.remember(event)
        self.wake()

    def _retract(
        self, kind: str, *, message_id: str | None = None, user_id: str | None = None
    ) -> None:
        removed = {
            "queue": self.selection.remove(message_id=message_id, user_id=user_id),
            "short_term": self._forget(message_id, user_id),
            "voice": self.on_retraction(message_id, user_id),
        }
        self.forget(message_id, user_id)
        ids = tuple(each for each in (message_id, user_id) if each)
        event = {"event_type": kind, "ts": self.clock.wall(), "ids": ids, "removed": removed}
        self.events.emit("event/retraction", RetractionEvent.model_validate(event))
        self.wake()

    def _forget(self, message_id: str | None, user_id: str | None) -> int:
        if message_id is None and user_id is None:
            return self.short_term.clear()
        return self.short_term.remove(message_id=message_id, user_id=user_id)
