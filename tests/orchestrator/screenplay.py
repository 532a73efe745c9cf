"""Writes down, like a screenplay, what went over the broker: who, what was decided, what heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pickled.messages.chat import ChatBatch, ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent, ResponseState, RetractionEvent, SafetyEvent
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent
from pickled.mqtt.in_process import Logged
from pickled.topics import Root

_STATES = {
    "muted/state": "muted",
    "mic_muted/state": "microphone muted",
    "paused/state": "paused",
    "approval/state": "approval",
    "discreet/state": "discreet",
    "persona/state": "persona",
    "service_level/state": "service level",
    "crowd_question/state": "crowd asks",
    "mood_label/state": "mood",
    "live/state": "live",
}
"""States that are told when they change."""

_PARTS = (
    "addressed", "question", "novelty", "support", "role", "fairness", "staleness", "spam",
)  # fmt: skip
MOST_NAMED = 3
"""Of more chat lines or ids than this in a row, only some are shown."""


@dataclass
class Screenplay:
    """Turns messages into lines; knows who wrote what and which turn is which."""

    root: Root
    begin: float
    rows: list[tuple[float, str, str]] = field(default_factory=list)
    """Moment, who, what."""
    _users: dict[str, str] = field(default_factory=dict)
    _wrote_at: dict[str, float] = field(default_factory=dict)
    _turns: dict[str, int] = field(default_factory=dict)
    _asked: dict[int, str] = field(default_factory=dict)
    _states: dict[str, Any] = field(default_factory=dict)
    _speaking: str = ""
    _persona: str = "john"
    _emotion: str = ""
    _now: int = 0
    """The turn that speaks."""
    _ended: set[int] = field(default_factory=set)

    def note(self, at: float, who: str, what: str) -> None:
        """One row."""
        self.rows.append((at - self.begin, who, what))

    def take(self, each: Logged) -> None:
        """A message that the daemon published."""
        found = self.root.find(each.topic)
        if found is None or found[0].kind not in ("event", "state"):
            return
        row = found[0]
        if not each.payload or row.form == "binary":
            return
        tell = _TELLERS.get(row.path)
        if tell is not None:
            tell(self, each.at, row.decode(each.payload))
        elif row.path in _STATES:
            self._state(each.at, row.path, row.decode(each.payload))

    def _state(self, at: float, path: str, value: Any) -> None:
        before, self._states[path] = self._states.get(path), value
        if before != value and at >= self.begin:
            self.note(at, "", f"[{_STATES[path]}: {value or 'nothing'}]")

    def chat(self, at: float, event: Any) -> None:
        match event:
            case ChatMessage():
                self._wrote(at, event)
            case ChatBatch():
                for message in event.messages:
                    self._wrote(at, message)
            case ChatDeleted():
                self.note(at, "", f"(a moderator deletes {self._who([event.id])})")
            case ChatCleared(user_id=None):
                self.note(at, "", "(a moderator clears all of chat)")
            case ChatCleared(source="chat"):
                self.note(at, "", f"(what {event.user_id} wrote is taken back)")
            case ChatCleared():
                self.note(at, "", f"(a moderator removes {event.user_id})")

    def _wrote(self, at: float, message: ChatMessage) -> None:
        self._users[message.id], self._wrote_at[message.id] = message.user, at
        badges = [badge.partition("/")[0] for badge in message.badges]
        who = f"{message.user} [{', '.join(badges)}]" if badges else message.user
        self.note(at, f"chat|{who}", message.text)

    def stream(self, at: float, event: StreamEvent) -> None:
        details = [f"{event.viewers} viewers" if event.viewers else "", event.text, event.title]
        if event.amount:
            details.insert(0, f"{event.amount:g} {event.currency or ''}".rstrip())
        told = ", ".join(filter(None, (event.user, *details)))
        self.note(at, "", f"*** {event.event_type}{': ' + told if told else ''} ***")

    def speech(self, at: float, event: Speech) -> None:
        if event.eager:
            self.note(at, "STREAMER", f"{event.text} (seems to be done)")
            return
        if event.event_type == "final" and not event.text:
            self.note(at, "STREAMER", "(said nothing)")
            return
        how = {"started": " (begins to talk)", "interim": " (goes on)", "final": ""}
        self.note(at, "STREAMER", (event.text + how[event.event_type]).strip())

    def decision(self, at: float, event: Decision) -> None:
        if event.event_type == "summary":
            counts = ", ".join(f"{count} {why}" for why, count in sorted(event.counts.items()))
            self.note(at, "", f"= passed over in this second: {counts}")
            return
        if event.turn and event.event_type == "answer":
            self._asked[self._number(event.turn)] = event.messages[-1]
        who = self._who(event.messages)
        self.note(at, "", f"= {event.event_type} {who}: {event.reason}{_because(event)}")

    def response(self, at: float, event: ResponseEvent) -> None:
        number = self._number(event.turn or "")
        if event.event_type == "started":
            self._persona = event.persona
            self.note(at, "", f"= turn {number} begins")
        if event.event_type == "clause":
            self._now = number

    def caption(self, at: float, words: str) -> None:
        if words:
            how = "in writing" if self._states.get("service_level/state") == "captions" else ""
            manner = ", ".join(filter(None, (self._emotion, how)))
            self.note(at, f"{self._persona.upper()} ({manner})", f'"{words}"')

    def emotion(self, _at: float, value: str) -> None:
        self._emotion = value

    def speaking(self, at: float, value: str) -> None:
        was, self._speaking = self._speaking, value
        if value == "OFF" and was == "ON":
            self.note(at, "", "(silence)")
        if value == "ON":
            asked = self._asked.get(self._now, "")
            if asked in self._wrote_at:
                waited = at - self._wrote_at[asked]
                who = self._users[asked]
                self.note(at, "", f"(sound, {waited:.1f} s after {who} wrote)")

    def outcome(self, at: float, said: ResponseState) -> None:
        number = self._number(said.turn)
        if number in self._ended:
            self.note(at, "", f"[turn {number} is shown without its words]")
            return
        self._ended.add(number)
        heard = "all of it was heard" if said.heard == said.text else f'heard: "{said.heard}"'
        if not said.heard:
            heard = "nothing was heard"
        wrote = f'; written: "{said.text}"' if said.text != said.heard else ""
        hits = f"; memories used: {len(said.memory_hits)}" if said.memory_hits else ""
        self.note(at, "", f"= turn {number} {said.outcome}, {heard}{wrote}{hits}")

    def safety(self, at: float, event: SafetyEvent) -> None:
        where = f" in {event.source}" if event.source else ""
        tier = f", tier {event.tier}" if event.tier else ""
        self.note(at, "", f"! {event.side} {event.event_type}{where}: rule {event.rule}{tier}")

    def retraction(self, at: float, event: RetractionEvent) -> None:
        removed = [f"{count} from {where}" for where, count in event.removed.items() if count]
        self.note(at, "", f"= taken back: {', '.join(removed) or 'nothing was left of it'}")

    def command(self, at: float, event: Any) -> None:
        why = f" ({event.message})" if event.message else ""
        self.note(at, "", f"< {event.command} {event.event_type}: {event.code}{why}")

    def health(self, at: float, event: Any) -> None:
        if at >= self.begin:
            self.note(at, "", f"[{event.component} is {event.to}: {event.detail}]")

    def link(self, at: float, value: Any) -> None:
        before, self._states["link"] = self._states.get("link"), value
        if before is not None and before != value:
            delay = f", {value.delay_ms / 1000:g} s late" if value.delay_ms else ""
            self.note(at, "", f"[link: {value.quality}{delay}]")

    def held(self, at: float, value: Any) -> None:
        before, self._states["held"] = self._states.get("held", ()), value.root
        known = {each.turn for each in before}
        for each in value.root:
            if each.turn not in known:
                number = self._number(each.turn)
                self.note(at, "", f'[held for a person, turn {number}: "{each.text}"]')
        if before and not value.root:
            self.note(at, "", "[nothing is held any more]")

    def inhibit(self, at: float, value: Any) -> None:
        before, self._states["inhibit"] = self._states.get("inhibit", ()), value.root
        holders = sorted({each.holder for each in value.root})
        if {each.holder for each in before} != set(holders):
            self.note(at, "", f"[do-not-speak leases: {', '.join(holders) or 'none'}]")

    def facts(self, at: float, value: Any) -> None:
        before, self._states["facts"] = self._states.get("facts", {}), value.root
        if before != value.root:
            told = ", ".join(f"{k} {v.value} {v.unit}".rstrip() for k, v in value.root.items())
            self.note(at, "", f"[the house knows: {told or 'nothing'}]")

    def _number(self, turn: str) -> int:
        return self._turns.setdefault(turn, len(self._turns) + 1)

    def _who(self, ids: Iterable[str]) -> str:
        named = [f"{self._users[each]}'s {each}" if each in self._users else each for each in ids]
        if len(named) > MOST_NAMED:
            return f"{named[0]} … {named[-1]} ({len(named)} lines)"
        return ", ".join(named)


_TELLERS: dict[str, Callable[[Screenplay, float, Any], None]] = {
    "event/chat": Screenplay.chat,
    "event/stream": Screenplay.stream,
    "event/speech": Screenplay.speech,
    "event/decision": Screenplay.decision,
    "event/response": Screenplay.response,
    "caption/state": Screenplay.caption,
    "emotion/state": Screenplay.emotion,
    "speaking/state": Screenplay.speaking,
    "response/state": Screenplay.outcome,
    "event/safety": Screenplay.safety,
    "event/retraction": Screenplay.retraction,
    "event/command": Screenplay.command,
    "event/health": Screenplay.health,
    "link/state": Screenplay.link,
    "held/state": Screenplay.held,
    "inhibit/state": Screenplay.inhibit,
    "context/state": Screenplay.facts,
}


def _because(event: Decision) -> str:
    if event.score is None:
        return ""
    parts = [f"{name} {event.parts[name]:+g}" for name in _PARTS if event.parts.get(name)]
    rest = [f"{k} {v:g}" for k, v in event.parts.items() if k not in _PARTS and v]
    told = f", {event.score:g} = {' '.join(parts)}" if parts else ""
    return told + (f" ({', '.join(rest)})" if rest else "")


def written(rows: Iterable[tuple[float, str, str]]) -> list[str]:
    """The rows as text; of many chat lines in a second, and of many passed over, some are shown."""
    shown: list[tuple[float, str, str]] = []
    counted: Counter[tuple[int, str]] = Counter()
    for at, who, what in rows:
        key = (int(at), _kind(who, what))
        counted[key] += bool(key[1])
        if not key[1] or counted[key] <= MOST_NAMED:
            shown.append((at, who.removeprefix("chat|"), what))
    left = {key: count - MOST_NAMED for key, count in counted.items() if count > MOST_NAMED}
    more = [
        (second + 0.999, "", f"({count} more {kind})") for (second, kind), count in left.items()
    ]
    return [_line(*each) for each in sorted([*shown, *more], key=lambda row: row[0])]


def _kind(who: str, what: str) -> str:
    """What may be told by its number; empty for what always stands in full."""
    if who.startswith("chat|"):
        return "lines of chat"
    return "passed over" if what.startswith(("= skip", "= merge")) else ""


def _line(at: float, who: str, what: str) -> str:
    return f"{at:7.2f}  {who + ': ' if who else '    '}{what}"
