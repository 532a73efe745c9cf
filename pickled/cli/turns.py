"""What the co-host does, turn by turn, as lines for a terminal."""

from __future__ import annotations

import statistics
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.text import Text

from pickled.cli.talk import plain
from pickled.messages.chat import ChatBatch, ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent, StageTimes
from pickled.messages.speech import Speech
from pickled.messages.state import HealthEvent
from pickled.messages.stream import StreamEvent
from pickled.recent import Recent
from pickled.view.turns import FollowedTurn, FollowedTurns

_KEPT = 5000
"""Chat lines that are remembered, to show what an answer is about."""

_REACTS_WITHIN_S = 20.0
_INTERRUPTS_WITHIN_S = 3.0
"""So long before its end what the streamer said has ended a turn."""
_INDENT = 7

_STAGES = {
    "gate": "wait",
    "recall": "recall",
    "llm_first_token": "model",
    "first_clause": "clause",
    "safety": "check",
    "tts_first_byte": "voice",
    "first_sound": "sound",
}


class TurnPrinter:
    """Prints each turn as it happens, and counts; is told every value that MQTT brings."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()
        self._followed = FollowedTurns()
        self._chat: Recent[str, ChatMessage] = Recent(_KEPT)
        self._stream: deque[tuple[float, str]] = deque(maxlen=20)
        self._said: tuple[float, str] = (float("-inf"), "")
        """What the streamer said last, and when."""
        self._read = self._answered = 0
        self._heard = 0
        self._skipped: Counter[str] = Counter()
        self._since_last: Counter[str] = Counter()
        self._decided_to_sound: deque[float] = deque(maxlen=_KEPT)
        """Without the wait for the floor: while it speaks, the next one has to."""

    def on(self, path: str, value: Any) -> None:
        """Take in the value of a topic; those that say nothing about turns are passed over."""
        turn = self._followed.take(value)
        match value:
            case ChatMessage():
                self._note(value)
            case ChatBatch(messages=messages):
                for message in messages:
                    self._note(message)
                self._read += value.suppressed
            case Decision():
                self._on_decision(value)
            case ResponseEvent() if turn is not None:
                self._on_response(value, turn)
            case StreamEvent():
                self._stream.append((self._clock(), _told(value)))
            case Speech(text=str(text)) if text:
                self._on_speech(value)
            case HealthEvent(to="down" | "degraded") if path == "event/health":
                self._row("health", f"{value.component} {value.to}: {value.detail}", style="yellow")
            case _:
                pass

    def summary(self) -> None:
        """How it went, in a few lines."""
        self._tell_skipped()
        self._console.print()
        self._row("time", _clock_time(self._clock() - self._began))
        self._row("chat", f"{self._read} messages read")
        self._row("turns", f"{self._answered} answered, {self._heard} heard to the end")
        self._row("left", _counts(self._skipped) or "nothing left out")
        if times := sorted(self._decided_to_sound):
            middle, most = statistics.median(times), times[-1]
            self._row(
                "took", f"{middle:.0f} ms from decision to sound (median; {most:.0f} at most)"
            )

    def _note(self, message: ChatMessage) -> None:
        self._read += 1 + message.suppressed
        self._chat[message.id] = message

    def _on_speech(self, speech: Speech) -> None:
        self._said = (self._clock(), speech.text)
        if speech.event_type == "final":
            self._row("on air", f"“{plain(speech.text)}”", style="italic dim")

    def _on_decision(self, decision: Decision) -> None:
        match decision.event_type:
            case "answer":
                self._answered += 1
                self._tell_question(decision)
            case "summary":
                self._skip(Counter(decision.counts))
            case "skip" | "merge" | "expire":
                reason = decision.reason or decision.event_type
                self._skip(Counter({reason: max(1, len(decision.messages))}))
            case "hold":
                pass

    def _skip(self, counts: Counter[str]) -> None:
        self._skipped += counts
        self._since_last += counts

    def _tell_skipped(self) -> None:
        if self._since_last:
            text = f"left out: {_counts(self._since_last)}"
            self._row("", text, style="dim")
        self._since_last.clear()

    def _tell_question(self, decision: Decision) -> None:
        asked = [self._chat[each] for each in decision.messages if each in self._chat]
        line = Text()
        if asked:
            line.append(plain(asked[-1].user), style="bold magenta")
            line.append(f": {plain(asked[-1].text)}")
        if len(decision.messages) > 1:
            line.append(f"  (and {len(decision.messages) - 1} more)", style="dim")
        score = f", score {decision.score:.2f}" if decision.score is not None else ""
        self._begin(line, f"{decision.reason}{score}")

    def _tell_other_cause(self) -> None:
        """A turn that chat did not ask for: something on the stream, or a command."""
        self._answered += 1
        while self._stream and self._stream[0][0] < self._clock() - _REACTS_WITHIN_S:
            self._stream.popleft()
        if self._stream:
            self._begin(Text(self._stream.popleft()[1], style="bold magenta"), "stream event")
        else:
            self._begin(Text("(told over MQTT)", style="dim"), "command")

    def _begin(self, question: Text, why: str) -> None:
        self._tell_skipped()
        self._console.print()
        self._row(_clock_time(self._clock() - self._began), question, label_style="bold")
        self._row("why", why, style="dim")

    def _on_response(self, event: ResponseEvent, turn: FollowedTurn) -> None:
        match event.event_type:
            case "started":
                if turn.decision is None:
                    self._tell_other_cause()
            case "clause":
                self._row("says" if not event.index else "", plain(event.text), style="bold green")
            case "finished" | "interrupted":
                self._tell_times(turn)
                self._tell_outcome(turn)

    def _tell_times(self, turn: FollowedTurn) -> None:
        times = turn.stages
        if times is not None and times.total is not None:
            self._decided_to_sound.append(times.total - (times.gate or 0.0))
            self._row("took", _timing(times, times.total), style="cyan")

    def _tell_outcome(self, turn: FollowedTurn) -> None:
        if turn.outcome == "finished":
            self._heard += 1
            self._row("heard", "all of it" if turn.heard else "nothing", style="dim")
        else:
            heard = f"up to “{plain(turn.heard)}”" if turn.heard else "nothing"
            self._row("heard", f"{heard} ({turn.outcome}{self._why_cut(turn)})", style="yellow")

    def _why_cut(self, turn: FollowedTurn) -> str:
        at, text = self._said
        if turn.outcome != "interrupted" or self._clock() - at > _INTERRUPTS_WITHIN_S:
            return ""
        return f": the streamer said “{plain(text)}”"

    def _row(
        self, label: str, text: str | Text, *, style: str = "", label_style: str = "dim"
    ) -> None:
        """A label and, beside it, text that is wrapped under itself."""
        rich_text = Text(text, style=style) if isinstance(text, str) else text
        width = max(20, self._console.width - _INDENT)
        for index, line in enumerate(rich_text.wrap(self._console, width)):
            line.rstrip()
            start = Text(f"{'' if index else label:<{_INDENT}}", style=label_style)
            self._console.print(start + line)


def _told(event: StreamEvent) -> str:
    text = f": {event.text}" if event.text else ""
    return plain(f"{event.event_type.replace('_', ' ')} by {event.user or 'somebody'}{text}")


def _timing(times: StageTimes, total: float) -> str:
    stages = [
        f"{label} {value:.0f}"
        for name, label in _STAGES.items()
        if (value := getattr(times, name)) is not None and (value >= 0.5 or name == "gate")
    ]
    return f"{total:.0f} ms to the first sound: {', '.join(stages)}"


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} × {reason}" for reason, count in counts.most_common())


def _clock_time(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
