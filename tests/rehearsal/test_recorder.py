"""What is published becomes lines of a recording, in order, and nothing else does."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.messages.recording import RecordingLine, parse, written
from pickled.mqtt.examples import examples
from pickled.rehearsal.recorder import NO_TEXT, SET_STATES, Recorder
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, Root
from tests.stand_ins.virtual_time import BEGIN
from tests.view.evening import hostile

ROOT = Root()
TURN = "k5q2mz7abcde"
CHAT = {"event_type": "message", "id": "m1", "user": "ana", "user_id": "7", "text": "hi John?"}


def stamp(ms: float = 0) -> str:
    """A moment after the begin."""
    return (BEGIN + timedelta(milliseconds=ms)).isoformat()


class Tape:
    """A recorder, and what it has written."""

    def __init__(self) -> None:
        self.recorder = Recorder(ROOT, began=100.0, moment=BEGIN)
        self.lines: list[RecordingLine] = []

    def hear(self, path: str, payload: Any = b"", *, t: float = 1.0, retain: bool = False) -> None:
        """Something is published `t` seconds after the begin."""
        if not isinstance(payload, bytes):
            payload = json.dumps({"ts": stamp(t * 1000)} | payload).encode()
        topic = ROOT(path, node="laptop")
        self.lines += self.recorder.feed(topic, payload, retain=retain, at=100.0 + t)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The lines of a type, as they are read again."""
        again = [json.loads(written(each)) for each in self.lines]
        return [each for each in again if each["type"] == kind]


@pytest.fixture
def tape() -> Tape:
    """A fresh one."""
    return Tape()


def test_chat_is_recorded_with_all_that_a_decision_needs(tape: Tape) -> None:
    """Badges, replies, emotes and bits are kept, at the moment of the arrival."""
    more = {"badges": ["vip"], "reply_to": "m0", "reply_to_user": "John", "bits": 5}
    tape.hear("event/chat", CHAT | more, t=2.5)
    assert tape.of("chat") == [
        {"t": 2.5, "type": "chat", "id": "m1", "user": "ana", "user_id": "7", "text": "hi John?"}
        | more
    ]


def test_batch_is_recorded_line_by_line_in_order(tape: Tape) -> None:
    """Each message of a batch gets its own moment, but none lies before what is written."""
    tape.hear("event/chat", CHAT, t=1.95)
    messages = [CHAT | {"id": f"b{n}", "ts": stamp(1900 + 40 * n)} for n in range(3)]
    tape.hear("event/chat", {"event_type": "batch", "messages": messages, "suppressed": 4}, t=2.0)
    assert [(each["id"], each["t"]) for each in tape.of("chat")] == [
        ("m1", 1.95),
        ("b0", 1.95),
        ("b1", 1.95),
        ("b2", 1.98),
    ]
    assert tape.recorder.left_out == 4


def test_taken_back_is_recorded(tape: Tape) -> None:
    """A message, a viewer, everything."""
    tape.hear("event/chat", {"event_type": "deleted", "id": "m1", "user": "ana"})
    tape.hear("event/chat", {"event_type": "cleared", "user_id": "7"})
    tape.hear("event/chat", {"event_type": "cleared"})
    assert [
        {key for key in ("message_id", "user_id", "all") if key in each}
        for each in tape.of("delete")
    ] == [{"message_id"}, {"user_id"}, {"all"}]


def test_command_is_recorded_as_it_was_given(tape: Tape) -> None:
    """Topic and payload of every command, also of one node's; bad bytes do no harm."""
    tape.hear("muted/set", b"TOGGLE")
    tape.hear("cmd/say", b'{"text": "hello"}')
    tape.hear("node/{node}/muted/set", b"ON")
    tape.hear("cmd/ask", b"\xff\xfe")
    assert [(each["topic"], each.get("payload")) for each in tape.of("command")] == [
        ("muted/set", "TOGGLE"),
        ("cmd/say", '{"text": "hello"}'),
        ("node/laptop/muted/set", "ON"),
        ("cmd/ask", "��"),
    ]


def test_retained_command_is_not_recorded(tape: Tape) -> None:
    """The daemon refuses it, so a replay must not do it."""
    tape.hear("muted/set", b"ON", retain=True)
    assert tape.lines == []


def test_states_are_recorded_when_they_change(tape: Tape) -> None:
    """A state that is published again is not a second event."""
    for value in (b"OFF", b"OFF", b"ON"):
        tape.hear("muted/state", value, retain=True)
    assert [each["payload"] for each in tape.of("state")] == ["OFF", "ON"]
    assert {"muted/state", "persona/state", "cooldown/state"} <= set(SET_STATES)


def test_turn_is_recorded_with_its_pace(tape: Tape) -> None:
    """The answer's pieces at their moments, the voice's durations, and what came of it."""
    decision = {"event_type": "answer", "turn": TURN, "messages": ["m1"], "reason": "chance"}
    tape.hear("event/decision", decision | {"parts": {"dice": 0.125}})
    said = {"turn": TURN, "persona": "John", "emotion": "happy"}
    tape.hear("event/response", {"event_type": "started", **said}, t=1.0)
    clause = {"event_type": "clause", **said}
    tape.hear("event/response", clause | {"index": 0, "text": "Hello ana, dear."}, t=1.5)
    tape.hear("event/response", clause | {"index": 1, "text": "All is well."}, t=1.75)
    played = {"session": 1, "stream": 9, "utterance": f"{TURN}.1", "played_ms": 2800}
    tape.hear("node/{node}/played", played | {"state": "finished"}, t=4.7)
    tape.hear("latency/state", {"tts_first_byte": 120, "first_sound": 70})
    end = {"event_type": "finished", "text": "Hello ana, dear. All is well.", "outcome": "finished"}
    tape.hear("event/response", said | end, t=4.8)

    assert tape.of("dice")[0]["value"] == 0.125
    assert tape.of("decision")[0]["messages"] == ["m1"]
    (llm,) = tape.of("llm")
    assert llm["messages"] == ["m1"]
    assert [ms for ms, _ in llm["deltas"]] == [500, 750]
    whole = json.loads("".join(text for _, text in llm["deltas"]))
    assert whole == {"emotion": "happy", "text": "Hello ana, dear. All is well."}
    first, second = tape.of("tts")
    assert (first["clause"], first["first_byte_ms"], first["first_sound_ms"]) == (
        f"{TURN}.0",
        120,
        70,
    )
    assert first["duration_ms"] + second["duration_ms"] == pytest.approx(2800)
    (response,) = tape.of("response")
    assert (response["outcome"], response["took_ms"]) == ("finished", 3800)
    assert [each["state"] for each in tape.of("played")] == ["finished"]


def test_messages_are_known_from_the_end_where_the_decision_was_left_out(tape: Tape) -> None:
    """Under a flood events are left out; the last one of a turn names what it answered."""
    said = {"turn": TURN, "persona": "John"}
    tape.hear("event/response", {"event_type": "started", **said}, t=1.0)
    tape.hear("event/response", {"event_type": "clause", "text": "Hello.", "index": 0, **said})
    end = {"outcome": "finished", "messages": ["m0", "m1"], "reason": "mention"}
    tape.hear("event/response", {"event_type": "finished", **said, **end}, t=2.0)
    assert tape.of("llm")[0]["messages"] == ["m0", "m1"]


def test_end_that_comes_twice_is_recorded_once(tape: Tape) -> None:
    """A broker may deliver it again after a reconnect."""
    end = {"event_type": "finished", "turn": TURN, "outcome": "finished"}
    tape.hear("event/response", end, t=1.0)
    tape.hear("event/response", end, t=9.0)
    assert [each["t"] for each in tape.of("response")] == [1.0]


def test_turn_whose_begin_was_missed_has_its_outcome_alone(tape: Tape) -> None:
    """When its words came cannot be told without the begin: nothing is made up."""
    said = {"turn": TURN, "persona": "John"}
    tape.hear("event/response", {"event_type": "clause", "text": "Hello.", "index": 3, **said})
    tape.hear("event/response", {"event_type": "finished", "outcome": "finished", **said}, t=2.0)
    assert tape.of("llm") == tape.of("tts") == []
    assert "took_ms" not in tape.of("response")[0]


def test_answer_that_a_person_read_first_came_whole(tape: Tape) -> None:
    """Its pieces are as late as the moment at which it began to wait; unheard ones are kept."""
    tape.hear("event/response", {"event_type": "started", "turn": TURN}, t=1.0)
    held = [{"turn": TURN, "text": "Well, no.", "expires_at": stamp(33_500)}]
    tape.hear("held/state", json.dumps(held).encode(), t=3.5)
    end = {"event_type": "interrupted", "turn": TURN, "outcome": "rejected", "text": "Well, no."}
    tape.hear("event/response", end, t=9.0)
    assert {ms for ms, _ in tape.of("llm")[0]["deltas"]} == {2500}


def test_answer_that_was_cut_off_stays_open(tape: Tape) -> None:
    """What was not said is not made up: the answer's JSON has no end."""
    said = {"turn": TURN, "emotion": "sad"}
    tape.hear("event/response", {"event_type": "started", **said}, t=1.0)
    tape.hear("event/response", {"event_type": "clause", "text": "Well then,", **said}, t=1.2)
    tape.hear("event/response", {"event_type": "interrupted", "outcome": "skipped", **said}, t=2.0)
    assert tape.of("llm")[0]["deltas"][-1][1].endswith("Well then, ")


def test_vector_is_recorded(tape: Tape) -> None:
    """What the crowd was counted by."""
    data = base64.b64encode(bytes([1, 2, 255])).decode()
    tape.hear("event/vector", {"event_type": "vector", "message": "m1", "data": data})
    assert tape.of("vector") == [{"t": 1.0, "type": "vector", "message": "m1", "data": data}]


def test_instance_without_texts_is_refused(tape: Tape) -> None:
    """By what it says of itself, at once."""
    info = json.loads(examples(next(row for row in TOPICS if row.path == "info"))[0])
    tape.hear("info", info | {"capabilities": []}, retain=True)
    assert tape.recorder.refusal == NO_TEXT


def test_message_without_words_is_refused_where_nothing_is_known(tape: Tape) -> None:
    """An instance that says nothing of itself, and publishes empty texts."""
    tape.hear("event/chat", CHAT | {"text": ""})
    assert tape.recorder.refusal == NO_TEXT


def test_instance_with_texts_may_have_an_empty_message(tape: Tape) -> None:
    """It says that it publishes texts, so an empty one is what somebody wrote."""
    info = json.loads(examples(next(row for row in TOPICS if row.path == "info"))[0])
    tape.hear("info", info | {"capabilities": ["text"]}, retain=True)
    tape.hear("event/chat", CHAT | {"text": ""})
    assert tape.recorder.refusal is None
    assert len(tape.of("chat")) == 1


def test_every_example_of_the_contract_can_be_recorded(tape: Tape) -> None:
    """Nothing that is published breaks it, and each line is read again as it was."""
    tape.lines += tape.recorder.begin()
    for number, row in enumerate(TOPICS):
        for payload in examples(row):
            tape.hear(row.path, payload, t=float(number))
    again = [parse(written(each), where="here") for each in tape.lines]
    assert [each.model_dump(mode="json") for each in again] == [
        each.model_dump(mode="json") for each in tape.lines
    ]
    assert [each.t for each in again] == sorted(each.t for each in again)
    kinds = {each.type for each in again}
    assert {"chat", "stream", "speech", "vision", "command", "state"} <= kinds


@given(heard=st.lists(hostile(), max_size=12))
def test_hostile_messages_leave_a_recording_that_can_be_read(
    heard: list[tuple[Topic, bytes]],
) -> None:
    """Values that nobody would publish: lines are in order, and none is torn by them."""
    tape = Tape()
    for row, payload in heard:
        tape.hear(row.path, payload)
    for line in tape.lines:
        assert written(parse(written(line), where="here")) == written(line)


TEXTS = st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(payload=st.binary(max_size=60) | TEXTS, row=st.sampled_from(TOPICS))
def test_garbage_is_passed_over(payload: bytes, row: Any) -> None:
    """Whatever bytes come on whatever topic: it goes on, and what it writes can be read."""
    tape = Tape()
    tape.hear(row.path, payload)
    for line in tape.lines:
        assert parse(written(line), where="here") == line
