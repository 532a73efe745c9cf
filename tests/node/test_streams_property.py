"""Whatever happens to messages on their way, nothing sounds that must not."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.audio import Frame
from pickled.messages.node import U16, StreamEnd, TtsBegin
from pickled.node.admission import Admission
from pickled.node.streams import Playback
from tests.node.soup import BLOCK, MS, TURN, sounds

SESSIONS = (0x1_0001, 0x2_0002, 0x3_0003)
STREAMS_A_SESSION = 3
FRAMES = 6
FRAME = 20 * MS
LENGTH = FRAMES * FRAME
"""Samples of a stream."""

Sent = TtsBegin | Frame | StreamEnd


@dataclass(frozen=True)
class Told:
    """A message on its way to the node."""

    kind: str
    session: int
    stream: int
    message: Sent


def code(session: int, stream: int, position: int) -> int:
    """The sample that stands at that place; never zero, never the same for two places."""
    index = SESSIONS.index(session) * STREAMS_A_SESSION + stream % 10
    return index * LENGTH + position + 1 - 32_768


def place(sample: int) -> tuple[int, int, int]:
    """Session, stream and position of a sample."""
    index, position = divmod(sample + 32_768 - 1, LENGTH)
    session, number = divmod(index, STREAMS_A_SESSION)
    return SESSIONS[session], number_of(session, number), position


def number_of(session: int, index: int) -> int:
    """Streams rise, also over restarts of the daemon."""
    return 1000 + session * 100 + index


def all_messages() -> list[Told]:
    """What three runs of a daemon send, in order: two utterances a stream, some cleared."""
    sent = []
    for run, session in enumerate(SESSIONS):
        for index in range(STREAMS_A_SESSION):
            stream = number_of(run, index)
            for half in range(2):
                name = f"{TURN}.{half}"
                begin = TtsBegin(session=session, stream=stream, utterance=name, turn=TURN)
                sent.append(Told("begin", session, stream, begin))
                seqs = range(half * FRAMES // 2, (half + 1) * FRAMES // 2)
                frames = (a_frame(session, stream, seq) for seq in seqs)
                sent += [Told("audio", session, stream, each) for each in frames]
            over = StreamEnd(session=session, stream=stream)
            sent.append(Told("end", session, stream, over))
            sent.append(Told("clear", session, stream, over))
    return sent


def a_frame(session: int, stream: int, seq: int) -> Frame:
    """One frame, each sample with its code."""
    first = seq * FRAME
    data = array("h", (code(session, stream, first + each) for each in range(FRAME)))
    last = seq in (FRAMES // 2 - 1, FRAMES - 1)
    return Frame(session & U16, stream, seq, first, data.tobytes(), last)


MESSAGES = all_messages()


@dataclass
class Node:
    """A node under test, and what has been told to it, ever: restarts of it included."""

    playback: Playback = field(default_factory=Playback)
    now: float = 0.0
    begun: set[tuple[int, int]] = field(default_factory=set)
    dead: set[tuple[int, int]] = field(default_factory=set)
    """Streams that must never sound (again)."""
    heard: set[tuple[int, int, int]] = field(default_factory=set)
    latest: int = 0

    def tell(self, told: Told) -> None:
        """Deliver a message, and note what it forbids."""
        message, now = told.message, self.now
        known = {(s, number_of(r, i)) for r, s in enumerate(SESSIONS) for i in range(3)}
        match told.kind, message:
            case "begin", TtsBegin():
                self.begun.add((told.session, told.stream))
                self.dead |= {each for each in known if each[0] < told.session}
                self.dead |= {each for each in known if self._behind(each, told)}
                self.playback.begin(message, now)
            case "audio", Frame():
                self.playback.frame(message, now)
            case "end", StreamEnd():
                self.playback.end(message, now)
            case "clear", StreamEnd():
                self.dead |= {each for each in known if each[1] <= told.stream}
                self.playback.clear(message, now)

    def _behind(self, each: tuple[int, int], told: Told) -> bool:
        """A lower stream that had not begun when a higher one did."""
        return each[1] < told.stream and each not in self.begun

    def restart(self) -> None:
        """The node is killed and started: it remembers only what is on its disk."""
        self.dead |= self.begun
        self.playback = Playback(Admission(self.playback.admission.floor))

    def play(self, blocks: int) -> None:
        """Time passes; every sample is looked at."""
        for _ in range(blocks):
            for sample in sounds(self.playback.pull(BLOCK, self.now)):
                if sample:
                    self._judge(place(sample))
            self.now += 0.01

    def _judge(self, at: tuple[int, int, int]) -> None:
        stream = at[:2]
        assert stream in self.begun, f"{at} sounds, but was never begun"
        assert stream not in self.dead, f"{at} sounds, but is cleared, older or foreign"
        assert at not in self.heard, f"{at} sounds twice"
        assert at[1] >= self.latest, f"{at} sounds after a later stream"
        self.heard.add(at)
        self.latest = at[1]


@st.composite
def journeys(draw: st.DrawFn) -> list[Told | str | int]:
    """The messages as a bad network delivers them: delayed, repeated, lost; with restarts."""
    steps: list[Told | str | int] = []
    rate = draw(st.sampled_from([0, 1, 5, 20]))
    """How far messages move, in places."""
    moved = []
    for index, message in enumerate(MESSAGES):
        fate = draw(st.integers(0, 19))
        lost = fate == 0 or (message.kind == "clear" and fate < 14)
        copies = 0 if lost else 2 if fate == 19 else 1
        moved += [(index + draw(st.integers(0, rate * 4)), message) for _ in range(copies)]
    moved.sort(key=lambda each: each[0])
    for _, message in moved:
        steps.append(message)
        if draw(st.integers(0, 5)) == 0:
            steps.append(draw(st.integers(1, 30)))
        if draw(st.integers(0, 80)) == 0:
            steps.append(draw(st.sampled_from(["restart", "mute", "unmute", "foreign"])))
    return [*steps, 100]


@settings(max_examples=150, deadline=None)
@given(journeys())
def test_no_sample_sounds_that_must_not(journey: list[Told | str | int]) -> None:
    """No cleared, older or foreign stream sounds, nothing sounds twice, over restarts of both."""
    node = Node()
    for step in journey:
        match step:
            case int():
                node.play(step)
            case "restart":
                node.restart()
            case "mute" | "unmute":
                node.playback.mute(step == "mute", node.now)
                node.dead |= node.begun if step == "mute" else set()
            case "foreign":
                foreign = a_frame(SESSIONS[0], number_of(0, 0), 0)
                for stream in {each[1] for each in node.begun}:
                    strange = Frame(0xEEEE, stream, 0, foreign.pts, b"\xff\x7f" * FRAME)
                    node.playback.frame(strange, node.now)
            case Told():
                node.tell(step)


def test_undisturbed_journey_sounds_complete() -> None:
    """The counter-check: what is delivered as it was sent sounds to the last sample."""
    node = Node()
    for told in MESSAGES:
        if told.kind != "clear":
            node.tell(told)
        if told.kind == "end":
            node.play(30)
    assert len(node.heard) == len(SESSIONS) * STREAMS_A_SESSION * LENGTH
