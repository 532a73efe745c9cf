"""What a recording knows beside its inputs, also one that was written by hand."""

from __future__ import annotations

import base64
import json
import math
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pickled.errors import RecordingError
from pickled.rehearsal.recorded import Recorded, read_recorded

CHAT = {"t": 1, "type": "chat", "id": "m1", "user": "ana", "user_id": "7", "text": "hi John?"}
DECISION = {"t": 1, "type": "decision", "event_type": "answer", "turn": "a", "messages": ["m1"]}


def recorded(tmp_path: Path, *lines: dict[str, Any]) -> Recorded:
    """What is read of these lines."""
    path = tmp_path / "some.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return read_recorded(path)


def test_plain_deltas_become_an_answer(tmp_path: Path) -> None:
    """A hand-written answer needs no JSON, and its message is found by its decision."""
    llm = {"t": 2, "type": "llm", "turn": "a", "deltas": [[200, "Hello"], [300, "ana."]]}
    (answer,) = recorded(tmp_path, CHAT, DECISION, llm).answers
    assert answer.asked == "m1"
    assert [ms for ms, _ in answer.deltas] == [200, 300]
    assert json.loads("".join(text for _, text in answer.deltas))["text"] == "Hello ana."
    assert answer.closed


def test_response_alone_is_an_answer(tmp_path: Path) -> None:
    """Where the model's pace is not known, its words come after the usual 400 ms."""
    response = {"t": 2, "type": "response", "turn": "a", "text": "Hi ana.", "emotion": "happy"}
    (answer,) = recorded(tmp_path, CHAT, DECISION, response).answers
    assert answer.deltas == ((400.0, '{"emotion": "happy", "text": "Hi ana."}'),)


def test_clause_without_words_is_found_by_its_number(tmp_path: Path) -> None:
    """A `tts` line may name its clause only: it is cut as the co-host cuts."""
    text = "Hello there, ana. That is a very good question indeed."
    response = {"t": 2, "type": "response", "turn": "a", "text": text}
    tts = {"t": 2, "type": "tts", "clause": "a.1", "first_byte_ms": 90, "duration_ms": 1234}
    timings = recorded(tmp_path, response, tts).timings
    assert {words: each[0].duration_ms for words, each in timings.items()} == {
        "ana. That is a very good question indeed.": 1234
    }


def test_what_was_in_force_at_first_is_known(tmp_path: Path) -> None:
    """The first value of a state near the begin, not a later one; and when it was."""
    began = {"began": "2026-05-01T18:30:00Z"}
    states = [
        {"t": 0, "type": "state", "topic": "recording", "payload": began},
        {"t": 0.1, "type": "state", "topic": "persona/state", "payload": "maple"},
        {"t": 0.2, "type": "state", "topic": "muted/state", "payload": "ON"},
        {"t": 9, "type": "state", "topic": "muted/state", "payload": "OFF"},
        {"t": 9, "type": "state", "topic": "paused/state", "payload": "ON"},
    ]
    found = recorded(tmp_path, *states)
    assert (found.persona, found.at_first) == ("maple", {"persona": "maple", "muted": "ON"})
    assert found.began == datetime(2026, 5, 1, 18, 30, tzinfo=UTC)


def test_vector_is_known_by_its_words(tmp_path: Path) -> None:
    """As an embedder gives it: of length 1."""
    data = base64.b64encode(bytes([127, 129, 0])).decode()
    found = recorded(tmp_path, CHAT, {"t": 1, "type": "vector", "message": "m1", "data": data})
    values = struct.unpack("<3f", found.meanings["hi John?"])
    assert values == pytest.approx((math.sqrt(0.5), -math.sqrt(0.5), 0))


@pytest.mark.parametrize(
    "strange",
    [
        {"t": 2, "type": "dice"},
        {"t": 2, "type": "dice", "value": "many"},
        {"t": 2, "type": "decision", "messages": 5},
        {"t": 2, "type": "state", "topic": "recording", "payload": "yesterday"},
        {"t": 2, "type": "vector", "message": "m1", "data": "?"},
        {"t": 2, "type": "response", "turn": "b", "to": "you"},
        {"t": 2, "type": "played", "node": "no such/name"},
    ],
)
def test_lines_of_another_shape_are_passed_over(tmp_path: Path, strange: dict[str, Any]) -> None:
    """What pickled notes about itself has free keys: others' forms do no harm."""
    assert recorded(tmp_path, CHAT, strange).kinds["chat"] == 1


def test_empty_recording_says_so(tmp_path: Path) -> None:
    """A file without a line is named as that."""
    with pytest.raises(RecordingError, match=r"some\.jsonl is empty"):
        recorded(tmp_path)
