"""The demo's view of turns."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pickled.cli.turns import TurnPrinter
from pickled.messages.chat import ChatBatch, ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent
from pickled.messages.speech import Speech
from pickled.messages.state import HealthEvent, LatencyState
from pickled.messages.stream import StreamEvent
from pickled.topic_rows import Topic
from pickled.topics import Root
from pickled.view.mirror import Mirror
from tests.view.evening import hostile

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TURN = "abcdefghijkl"


class Screen:
    """A terminal of 60 columns that is no terminal, and the turns shown on it."""

    def __init__(self) -> None:
        self.now = 100.0
        self._output = io.StringIO()
        console = Console(file=self._output, width=60, highlight=False, soft_wrap=True)
        self.turns = TurnPrinter(console, clock=lambda: self.now)

    @property
    def text(self) -> str:
        return self._output.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def chat(id: str, text: str, *, user: str = "nora") -> ChatMessage:  # noqa: A002
    return ChatMessage(ts=NOW, id=id, user=user, user_id=user, text=text)


def answer(*messages: str, reason: str = "mention") -> Decision:
    return Decision(ts=NOW, event_type="answer", turn=TURN, messages=messages, reason=reason)


def response(event_type: str, **fields: object) -> ResponseEvent:
    values = {"ts": NOW, "turn": TURN, "event_type": event_type} | fields
    return ResponseEvent.model_validate(values)


def test_turn_shows_question_reason_words_and_times() -> None:
    """A turn shows who asked what, why it was chosen, what was said and how long it took."""
    screen = Screen()
    screen.turns.on("event/chat", chat("1", "john, where to?"))
    screen.now += 75
    screen.turns.on("event/decision", answer("1"))
    screen.turns.on("event/response", response("started"))
    screen.turns.on("event/response", response("clause", index=0, text="To the sea!"))
    latency = LatencyState(gate=2, llm_first_token=200, tts_first_byte=30, total=240)
    screen.turns.on("latency/state", latency)
    screen.turns.on("event/response", response("finished", outcome="finished", heard="To the sea!"))
    assert screen.lines == [
        "",
        "01:15  nora: john, where to?",
        "why    mention",
        "says   To the sea!",
        "took   240 ms to the first sound: wait 2, model 200, voice",
        "       30",
        "heard  all of it",
    ]


def test_turn_interrupted_shows_what_was_heard() -> None:
    """An answer that was cut shows the words that were played, and why it ended."""
    screen = Screen()
    screen.turns.on("event/response", response("interrupted", outcome="skipped", heard="To the"))
    assert screen.lines == ["heard  up to “To the” (skipped)"]


def test_streamer_is_shown_and_named_as_who_cut_an_answer() -> None:
    """What she said a moment before its end; long before, it was something else."""
    screen = Screen()
    said = Speech(ts=NOW, event_type="final", text="Hold on, what was that?")
    screen.turns.on("event/speech", said)
    screen.now += 2
    cut = {"outcome": "interrupted", "heard": "To the"}
    screen.turns.on("event/response", response("interrupted", **cut))
    screen.now += 60
    screen.turns.on("event/response", response("interrupted", turn="bcdefghijklm", **cut))
    shown = " ".join(screen.text.split())
    assert shown == (
        "on air “Hold on, what was that?” "
        "heard up to “To the” (interrupted: the streamer said “Hold on, what was that?”) "
        "heard up to “To the” (interrupted)"
    )


def test_turn_about_the_stream_names_what_happened() -> None:
    """A turn that no chat line asked for shows the event on the stream, or that it was told to."""
    screen = Screen()
    raid = StreamEvent(ts=NOW, event_type="raid", user="mia", text="with 23 people")
    screen.turns.on("event/stream", raid)
    screen.turns.on("event/response", response("started"))
    screen.turns.on("event/response", response("started", turn="bcdefghijklm"))
    assert screen.lines == [
        "",
        "00:00  raid by mia: with 23 people",
        "why    stream event",
        "",
        "00:00  (told over MQTT)",
        "why    command",
    ]


def test_latency_without_a_new_turn_is_not_shown() -> None:
    """The retained latency of an earlier turn, or a repeated one, is passed over."""
    screen = Screen()
    screen.turns.on("latency/state", LatencyState(total=240))
    assert screen.text == ""


def test_left_out_messages_are_counted_before_the_next_turn() -> None:
    """Skips, merges and summaries appear as one line of counts, once."""
    screen = Screen()
    skip = Decision(ts=NOW, event_type="skip", messages=("1", "2"), reason="cooldown")
    summary = Decision(ts=NOW, event_type="summary", counts={"chance": 12, "cooldown": 1})
    for decision in (skip, summary, answer("3"), answer("4")):
        screen.turns.on("event/decision", decision)
    assert [line for line in screen.lines if "left out" in line] == [
        "       left out: 12 × chance, 3 × cooldown"
    ]


def test_hostile_chat_cannot_steer_the_terminal() -> None:
    """Control characters in a name or text are shown as blanks, markup as it is."""
    screen = Screen()
    screen.turns.on("event/chat", chat("1", "\x1b[2J\x07[red]hi", user="\x1b]0;x"))
    screen.turns.on("event/decision", answer("1"))
    assert not {"\x1b", "\x07"} & set(screen.text)
    assert "[red]hi" in screen.text


def test_health_that_gets_worse_is_shown() -> None:
    """A part that fails shows in the open; one that is well does not."""
    screen = Screen()
    for status in ("up", "degraded"):
        event = HealthEvent(ts=NOW, component="llm", to=status, detail=f"readout is {status}")
        screen.turns.on("event/health", event)
    assert screen.lines == ["health llm degraded: readout is degraded"]


def test_summary_counts_everything_that_was_seen() -> None:
    """The summary has the messages of batches, those that were suppressed, and percentiles."""
    screen = Screen()
    batch = ChatBatch(ts=NOW, messages=(chat("1", "a"), chat("2", "b")), suppressed=7)
    screen.turns.on("event/chat", batch)
    screen.turns.on("event/decision", answer("1"))
    screen.turns.on("event/response", response("started"))
    screen.turns.on("latency/state", LatencyState(gate=140, total=240, p50=230.4))
    screen.turns.on("event/response", response("finished", outcome="finished", heard="a"))
    screen.turns.summary()
    for expected in (
        "9 messages read",
        "1 answered, 1 heard to the end",
        "100 ms from decision to sound",
        "nothing left out",
    ):
        assert expected in screen.text


def test_latency_that_comes_late_is_told_all_the_same() -> None:
    """The last event has the times itself: `latency/state` waits a second after another turn."""
    screen = Screen()
    screen.turns.on("event/decision", answer("1"))
    screen.turns.on("event/response", response("started"))
    times = {"gate": 2, "llm_first_token": 200, "total": 240}
    end = response("finished", outcome="finished", heard="a", stages=times)
    screen.turns.on("event/response", end)
    screen.turns.on("latency/state", LatencyState(turn=TURN, total=240))
    told = [line for line in screen.lines if line.startswith("took")]
    assert told == ["took   240 ms to the first sound: wait 2, model 200"]


def test_repeated_events_are_shown_once() -> None:
    """A broker may deliver each of them twice."""
    screen = Screen()
    events = (response("started"), response("clause", index=0, text="To the sea!"))
    for event in (*events, response("finished", outcome="finished", heard="a")):
        screen.turns.on("event/response", event)
        screen.turns.on("event/response", event.model_copy())
    labels = [line.split()[0] for line in screen.lines if line and not line.startswith("0")]
    assert labels == ["why", "says", "heard"]


@given(heard=st.lists(hostile(), max_size=8))
def test_hostile_messages_are_shown_or_passed_over(heard: list[tuple[Topic, bytes]]) -> None:
    """Whatever is published, the demo goes on, and nothing steers the terminal."""
    root, screen = Root(), Screen()
    mirror = Mirror(root)
    for row, payload in heard:
        if said := mirror.take(root(row.path, node="laptop"), payload):
            screen.turns.on(said.path, said.value)
    screen.turns.summary()
    assert screen.text.replace("\n", "").isprintable()
