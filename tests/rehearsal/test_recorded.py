"""What a recording knows beside its inputs, also one that was written by hand."""

from __future__ import annotations

import base64
import json
import math
import struct
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.errors import RecordingError
from pickled.messages.recording import LINE_TYPES
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


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [*("turn", "text", "messages", "to", "took_ms", "outcome", "deltas", "value", "topic"),
     *("payload", "node", "message", "data", "event_type", "clause", "duration_ms")]
)  # fmt: skip


@given(
    lines=st.lists(
        st.tuples(st.sampled_from(LINE_TYPES), st.dictionaries(KEYS, VALUES)), max_size=5
    )
)
def test_any_line_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, dict[str, Any]]]
) -> None:
    """A recording of anybody's, edited by anybody: it is refused as one, or does no harm."""
    folder = tmp_path_factory.getbasetemp()
    written = [{"t": n, "type": kind, **fields} for n, (kind, fields) in enumerate(lines)]
    with suppress(RecordingError):
        found = recorded(folder, CHAT, *written)
        assert found.kinds["chat"] >= 1
        assert all(isinstance(each.text, str) for each in found.answers)
