"""Takes what inputs emit: publishes it, remembers it for a while, and lets the brain choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, assert_never

from pickled.brain.chat_command import ChatCommand
from pickled.brain.choice.spam import is_bot, is_command
from pickled.brain.quotes import quotes
from pickled.brain.selection import Selection, Verdict
from pickled.language.address import addressed
from pickled.memory.short_term import ShortTerm
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage, Retraction
from pickled.messages.events import Event
from pickled.messages.memory import Line
from pickled.messages.response import RetractionEvent
from pickled.messages.speech import Speech
from pickled.messages.state import QueueState
from pickled.messages.stream import StreamEvent, StreamState
from pickled.messages.vision import Scene
from pickled.orchestrator.intake.answerable import Answerable
from pickled.orchestrator.intake.chat_feed import ChatFeed
from pickled.orchestrator.intake.hold import Hold
from pickled.orchestrator.intake.screening import Screening
from pickled.orchestrator.intake.shedding import Shedding
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.situation.audience import Audience
from pickled.orchestrator.situation.pace import Pace
from pickled.orchestrator.situation.show import Show
from pickled.orchestrator.situation.sights import Sights
from pickled.recent import Seen

SEEN = 5_000
"""Ids of messages that are known, so that none is taken twice."""


def _nothing(_said: str) -> bool:
    return False


class Store(Protocol):
    """What keeps words of chat."""

    def retract(self, retraction: Retraction, /) -> int:
        """Keep nothing that is taken back; how much went."""


@dataclass
class Intake:
    """The one door for events; returns at once, whatever comes."""

    selection: Selection
    short_term: ShortTerm
    feed: ChatFeed
    events: Events
    states: States
    clock: Clock
    screening: Screening
    audience: Audience
    show: Show
    sights: Sights
    pace: Pace
    answerable: Answerable
    is_ignored: Callable[[Iterable[str]], bool]
    """Who is never answered, counted or remembered, by any of their names."""
    dropped: Counter[str]
    """Counts what is not answered, by reason."""
    recognize: Callable[[ChatMessage], ChatCommand | None]
    """The command that a line of chat is, if it is one to us."""
    do: Callable[[ChatCommand], None]
    hear: Callable[[Speech], bool]
    """Lets the streamer be heard; False if it was the co-host's own voice."""
    on_verdicts: Callable[[list[Verdict]], None]
    on_stream: Callable[[StreamEvent], None]
    """A raid, a sub, a tip: something that the co-host may react to by itself."""
    cheer: Callable[[ChatMessage], bool]
    """Thanks for bits that come with a line, and answers it; False: it is a line like others."""
    remember: Callable[[ChatMessage | StreamEvent], None]
    expect: Callable[[ChatMessage], None]
    """Told of lines that may be answered at once, before they are looked at any further."""
    wake: Callable[[], None]
    cut: Callable[[Callable[[str], bool]], int]
    """Ends what is said and for which that holds, and leaves no trace of it; how much it was."""
    beyond: Mapping[str, Store]
    """Who keeps words of chat further on, by the name under which it is told."""
    hold_s: float = 0.0
    """So long chat is kept back for moderators to act first."""
    _hold: Hold = field(init=False)
    _shedding: Shedding = field(default_factory=Shedding)
    _seen: Seen[str] = field(default_factory=lambda: Seen(SEEN))

    def __post_init__(self) -> None:
        self._hold = Hold(self.hold_s, self.clock, self._chat)

    @property
    def stores(self) -> dict[str, Store]:
        """All that keep words of chat, by name: what is taken back leaves each of them."""
        return {
            "held": self._hold,
            "feed": self.feed,
            "queue": self.selection,
            "crowd": self.audience,
            "short_term": self.short_term,
            "screening": self.screening,
            "answerable": self.answerable,
            **self.beyond,
        }

    def take(self, event: Event) -> None:
        """Take an event from an input."""
        match event:
            case ChatMessage():
                self._arrive(event)
            case ChatDeleted() | ChatCleared():
                self._retract(event)
            case StreamEvent():
                self._stream(event)
            case StreamState():
                self.show.tell(self.screening.state(event))
            case Speech():
                self._speech(self.screening.speech(event))
            case Scene():
                if (scene := self.screening.scene(event)) is not None:
                    self.sights.take(scene)
            case _ as never:
                assert_never(never)

    def publish(self) -> None:
        """The queue, the pace of chat, what it is about, and the show; once a second."""
        now = self.clock.now()
        self.audience.publish()
        self.show.publish()
        self.sights.tick()
        self.states.set("chat_rate/state", self.pace.rate)
        oldest = self.selection.oldest
        self.states.set(
            "queue/state",
            QueueState(
                waiting=self.selection.waiting,
                oldest_s=round(now - oldest, 1) if oldest is not None else 0.0,
                dropped=dict(self.dropped),
            ),
        )

    def close(self) -> None:
        """Publish what is collected; what is held back stays unseen."""
        self._hold.close()
        self.feed.close()

    def _arrive(self, message: ChatMessage) -> None:
        if not self._seen.add(message.id):
            self.dropped["duplicate"] += 1
            return
        if self.is_ignored((message.user, *message.other_names)):
            self.dropped["ignored"] += 1
            self.feed.add(self.screening.chat(message))
            return
        self.pace.arrive()
        triggers = self.selection.rules.triggers
        if not self._shedding.takes(message, triggers=triggers, now=self.clock.now()):
            self.dropped["flood"] += 1
            self.feed.leave_out()
        elif not self._hold.add(message):
            self.dropped["overflow"] += 1

    def _chat(self, raw: ChatMessage) -> None:
        """A line of chat that nobody took back while it was held."""
        now, message = self.clock.now(), self.screening.chat(raw)
        self.show.wrote_at = now
        self.feed.add(message)
        if message.partner:
            self.dropped["shared_chat"] += 1
            self._line(message, withheld=self.screening.is_trick(message))
            return
        if command := self.recognize(raw):  # a word to unblock is masked in the other one
            self.do(replace(command, message=message))
            self.on_verdicts(self.selection.add(message, now=now, refused="command"))
            return
        trick = self.screening.is_trick(message)
        if not trick:
            if addressed(message, self.selection.rules.triggers):
                self.expect(message)
            self.audience.add(message, self.screening.texts.of(message.text))
        self._line(message, withheld=trick)
        cheered = bool(message.bits) and not trick and self.cheer(message)
        refused = "injection" if trick else "cheer" if cheered else ""
        self.on_verdicts(self.selection.add(message, now=now, refused=refused))
        if not trick:  # it would give its order again from memory
            self.remember(message)
            if not is_bot(message) and not is_command(message.text):
                self.answerable.add(message)
        self.wake()

    def _line(self, message: ChatMessage, *, withheld: bool) -> None:
        self.short_term.add(
            Line(
                speaker="viewer",
                user=message.user,
                user_id=message.user_id,
                message_id=message.id,
                text=message.text,
                withheld=withheld,
            )
        )

    def _speech(self, speech: Speech) -> None:
        if not self.hear(speech):
            return
        self.events.emit("event/speech", speech)
        if speech.event_type == "final" and speech.text:
            self.short_term.add(Line(speaker="streamer", user="streamer", text=speech.text))

    def _stream(self, raw: StreamEvent) -> None:
        event = self.screening.stream(raw)
        self.show.happen(event)
        self.events.emit("event/stream", event)
        if self.is_ignored((raw.user, *raw.other_names)):
            return
        said = " ".join(filter(None, (event.user, event.event_type, event.text)))
        self.short_term.add(
            Line(
                speaker="stream",
                user=event.user,
                user_id=event.user_id,
                text=said,
                wrote=event.text,
            )
        )
        self.on_stream(event)
        self.remember(event)
        self.wake()

    def _retract(self, event: ChatDeleted | ChatCleared) -> None:
        retraction = Retraction.by(event)
        lines = self.answerable.of(retraction)
        removed = {name: store.retract(retraction) for name, store in self.stores.items()}
        removed["quoting"] = self.cut(
            partial(quotes, lines=lines, names=retraction.kind == "user") if lines else _nothing
        )
        self.feed.add(event)
        told = RetractionEvent(
            event_type=retraction.kind,
            ts=self.clock.wall(),
            ids=(retraction.id,) if retraction.id else (),
            removed=removed,
        )
        self.events.emit("event/retraction", told)
        self.wake()
