"""The input side of the gate: chat is screened before anybody sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pickled.brain import safety
from pickled.brain.safety import GateRules
from pickled.language.injection.names import Names, names_in_force
from pickled.language.injection.tricks import trick
from pickled.language.reading import Reading, Readings
from pickled.messages.chat import SOMEBODY, ChatMessage, Retraction
from pickled.messages.response import SafetyEvent
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent, StreamState
from pickled.messages.vision import Scene
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events

log = structlog.get_logger()

NOTHING = "…"


@dataclass
class Screening:
    """Takes words out that must not be spoken, published or remembered."""

    rules: Callable[[], GateRules]
    events: Events
    clock: Clock
    texts: Readings = field(default_factory=Readings)
    """Texts that were read lately, with all verdicts on them."""
    names: Readings = field(default_factory=Readings)
    """Apart from texts, so that a flood of new ones does not push known viewers out."""
    _under: GateRules = field(init=False)
    """The rules by which they were looked at."""

    def __post_init__(self) -> None:
        self._under = self.rules()

    def chat(self, message: ChatMessage) -> ChatMessage:
        """The message as it may be seen; the same one if nothing is wrong with it."""
        text, user = self.text(message.text, source="chat"), self.name(message.user)
        replied = self.name(message.reply_to_user) if message.reply_to_user else None
        if (text, user, replied) == (message.text, message.user, message.reply_to_user):
            return message
        # Fragments repeat the text.
        cleaned = {
            "text": text, "user": user, "reply_to_user": replied, "fragments": (),
            "masked_name": _masked(message.user, user),
        }  # fmt: skip
        return message.model_copy(update=cleaned)

    def stream(self, event: StreamEvent) -> StreamEvent:
        """The same for a stream event's words."""
        user = self.name(event.user) if event.user else ""
        cleaned = {
            "user": user,
            "masked_name": _masked(event.user, user),
            "text": self.text(event.text, source="stream") if event.text else "",
            "title": self.text(event.title, source="stream") if event.title else "",
        }
        return event.model_copy(update=cleaned)

    def state(self, state: StreamState) -> StreamState:
        """The same for what a stream calls itself."""
        cleaned = {
            "title": self.text(state.title, source="stream") if state.title else "",
            "game": self.text(state.game, source="stream") if state.game else "",
        }
        return state.model_copy(update=cleaned)

    def speech(self, speech: Speech) -> Speech:
        """The same for what the streamer says: a street that slipped out is not published."""
        if not speech.text:
            return speech
        return speech.model_copy(update={"text": self.text(speech.text, source="speech")})

    def scene(self, scene: Scene) -> Scene | None:
        """The same for what was seen; None if what is written there gives orders to us."""
        if self.texts.of(scene.text).verdict(_tries_a_trick, names_in_force()):
            log.info("what is written in the picture gives orders, so it is not looked at")
            return None
        return scene.model_copy(update={"text": self.text(scene.text, source="vision")})

    def text(self, text: str, *, source: str) -> str:
        """Any text from outside."""
        checked = self._checked(text, self.texts)
        if checked.kind == "passed":
            return text
        self._tell(checked, source)
        return checked.text if checked.text is not None else NOTHING

    def name(self, name: str) -> str:
        """A name is fit to be said, or it is nobody's."""
        checked = self._checked(name, self.names)
        if checked.kind == "passed":
            return name
        self._tell(checked, "name")
        return SOMEBODY

    def retract(self, retraction: Retraction) -> int:
        """Know no text and no name any more; no line is kept here, so none went."""
        return self.texts.retract(retraction) + self.names.retract(retraction)

    def is_trick(self, message: ChatMessage) -> bool:
        """Does a line, or its author's name, try a trick on the model?"""
        looked_at = self.texts.of(message.text), self.names.of(message.user)
        names = names_in_force()
        return any(each.verdict(_tries_a_trick, names) for each in looked_at)

    def _checked(self, text: str, known: Readings) -> safety.Checked:
        if (rules := self.rules()) != self._under:
            self._under = rules
            self.texts.clear()
            self.names.clear()
        return known.of(text).verdict(self._looked_at)

    def _looked_at(self, reading: Reading) -> safety.Checked:
        return safety.check_input(reading, gate=self._under)

    def _tell(self, checked: safety.Checked, source: str) -> None:
        event = {
            "event_type": "masked",
            "ts": self.clock.wall(),
            "rule": checked.rule or "",
            "tier": checked.tier,
            "side": "input",
            "source": source,
        }
        self.events.emit("event/safety", SafetyEvent.model_validate(event))


def _tries_a_trick(reading: Reading, names: Names) -> bool:
    """Orders to a co-host of these names, which are in force."""
    del names
    return bool(trick(reading))


def _masked(name: str, shown: str) -> str:
    """The name itself, where another one is shown: whoever bears it keeps their rights."""
    return name if name != shown else ""
