"""The input side of the gate: chat is screened, and if wished held back, before anybody sees it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.brain import safety
from pickled.brain.safety import GateRules
from pickled.messages.chat import ChatMessage
from pickled.messages.response import SafetyEvent
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent
from pickled.messages.vision import Scene
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.events import Events

SOMEBODY = "somebody"
"""Who has a name that can't be said."""

NOTHING = "…"

MOST_HELD = 20_000
"""Messages that are held back at the same time; beyond that they are dropped, and counted."""

LONGEST_TEXT = 2_000
"""Characters; Twitch allows 500. What comes after them is nobody's honest line."""

MOST_KNOWN = 4_096
"""Verdicts on texts, and on names, that are remembered: chat repeats itself, and so do viewers."""

LONGEST_KNOWN = 200
"""Characters; a longer text is looked at each time."""


@dataclass
class _Known:
    """Verdicts that were given already; good for as long as the rules stay the same."""

    rules: GateRules | None = None
    verdicts: dict[str, safety.Checked] = field(default_factory=dict)

    def check(self, text: str, *, rules: GateRules) -> safety.Checked:
        """What the rules say of the text."""
        if len(text) > LONGEST_KNOWN:
            return safety.check_input(text, gate=rules)
        if rules != self.rules:
            self.rules = rules
            self.verdicts.clear()
        verdict = self.verdicts.get(text)
        if verdict is None:
            if len(self.verdicts) >= MOST_KNOWN:
                self.verdicts.clear()
            verdict = self.verdicts[text] = safety.check_input(text, gate=rules)
        return verdict


@dataclass
class Screening:
    """Takes words out that must not be spoken, published or remembered."""

    rules: Callable[[], GateRules]
    events: Events
    clock: Clock
    _texts: _Known = field(default_factory=_Known)
    _names: _Known = field(default_factory=_Known)

    def chat(self, message: ChatMessage) -> ChatMessage:
        """The message as it may be seen; the same one if nothing is wrong with it."""
        text, user = self.text(message.text, source="chat"), self.name(message.user)
        replied = self.name(message.reply_to_user) if message.reply_to_user else None
        if (text, user, replied) == (message.text, message.user, message.reply_to_user):
            return message
        # Fragments repeat the text.
        cleaned = {"text": text, "user": user, "reply_to_user": replied, "fragments": ()}
        return message.model_copy(update=cleaned)

    def stream(self, event: StreamEvent) -> StreamEvent:
        """The same for a stream event's words."""
        cleaned = {
            "user": self.name(event.user) if event.user else "",
            "text": self.text(event.text, source="stream") if event.text else "",
            "title": self.text(event.title, source="stream") if event.title else "",
        }
        return event.model_copy(update=cleaned)

    def speech(self, speech: Speech) -> Speech:
        """The same for what the streamer says: a street that slipped out is not published."""
        if not speech.text:
            return speech
        return speech.model_copy(update={"text": self.text(speech.text, source="speech")})

    def scene(self, scene: Scene) -> Scene:
        """The same for what was seen."""
        return scene.model_copy(update={"text": self.text(scene.text, source="vision")})

    def text(self, text: str, *, source: str) -> str:
        """Any text from outside."""
        text = text[:LONGEST_TEXT]
        checked = self._texts.check(text, rules=self.rules())
        if checked.kind == "passed":
            return text
        self._tell(checked, source)
        return checked.text if checked.text is not None else NOTHING

    def name(self, name: str) -> str:
        """A name is fit to be said, or it is nobody's."""
        name = name[:LONGEST_TEXT]
        checked = self._names.check(name, rules=self.rules())
        if checked.kind == "passed":
            return name
        self._tell(checked, "name")
        return SOMEBODY

    def forget(self) -> None:
        """Know no text and no name any more: something was taken back."""
        self._texts.verdicts.clear()
        self._names.verdicts.clear()

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


@dataclass
class Hold:
    """Keeps chat back for a while, so that moderators act before anything is done with it."""

    seconds: float
    clock: Clock
    release: Callable[[ChatMessage], None]
    _held: deque[tuple[float, ChatMessage]] = field(default_factory=deque)
    _timer: asyncio.TimerHandle | None = None

    def add(self, message: ChatMessage) -> bool:
        """Let it wait, or (without a hold) pass; False if too many wait."""
        if self.seconds <= 0:
            self.release(message)
            return True
        if len(self._held) >= MOST_HELD:
            return False
        self._held.append((self.clock.now() + self.seconds, message))
        self._arm()
        return True

    def remove(self, *, message_id: str | None = None, user_id: str | None = None) -> int:
        """A moderator acted in time; both None: chat was cleared."""
        before = len(self._held)
        everything = message_id is None and user_id is None
        self._held = deque(
            (due, each)
            for due, each in self._held
            if not (everything or each.id == message_id or each.user_id == user_id)
        )
        return before - len(self._held)

    def close(self) -> None:
        """Nothing is released any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._timer is None and self._held:
            wait = max(0.0, self._held[0][0] - self.clock.now())
            self._timer = asyncio.get_running_loop().call_later(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        now = self.clock.now()
        while self._held and self._held[0][0] <= now + 1e-6:
            self.release(self._held.popleft()[1])
        self._arm()
