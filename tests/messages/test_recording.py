"""The recording format: what is read, what is refused, and what becomes an event."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.errors import RecordingError
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.recording import (
    LARGEST_LINE,
    LINE_TYPES,
    RecordingLine,
    parse,
    read,
    to_event,
)
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent
from pickled.messages.vision import Scene

TS = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)
CHAT = {"t": 1, "type": "chat", "id": "1", "user": "Ann", "user_id": "7", "text": "hi"}
ONE_OF_EACH: list[dict[str, object]] = [
    {**CHAT, "badges": ["vip"], "reply_to": "0"},
    {"t": 2, "type": "delete", "message_id": "1"},
    {"t": 3, "type": "stream", "event": "raid", "user": "Bob", "viewers": 12},
    {"t": 4, "type": "speech", "text": "hello", "final": True, "confidence": 0.9},
    {"t": 5, "type": "speech", "audio": "hello.wav"},
    {"t": 6, "type": "vision", "text": "a bridge"},
    {"t": 7, "type": "command", "topic": "muted/set", "payload": "ON"},
    {"t": 8, "type": "decision", "event_type": "answer", "reason": "mention"},
    {"t": 9, "type": "response", "turn": "a", "text": "hey"},
    {"t": 10, "type": "played", "ms": 4},
    {"t": 11, "type": "state", "topic": "muted/state", "payload": "ON"},
    {"t": 12, "type": "dice", "value": 0.5},
    {"t": 13, "type": "vector", "of": "1", "values": [0.1, 0.2]},
    {"t": 14, "type": "llm", "turn": "a", "deltas": [[200, "he"], [220, "y"]]},
    {"t": 15, "type": "tts", "clause": "a.0", "first_byte_ms": 150, "duration_ms": 900},
]


def written(path: Path, *lines: object) -> Path:
    """A recording with these lines."""
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def line(**fields: object) -> RecordingLine:
    """One line, parsed."""
    return parse(json.dumps({"t": 0, **fields}), where="here")


def test_read_every_type(tmp_path: Path) -> None:
    """Every type of line that the format has is read, in order."""
    path = written(tmp_path / "all.jsonl", *ONE_OF_EACH)
    read_types = [each.type for each in read(path)]
    assert read_types == [each["type"] for each in ONE_OF_EACH]
    assert set(read_types) == set(LINE_TYPES)


def test_read_keeps_what_pickled_did() -> None:
    """The keys of lines that pickled recorded about itself are kept as they are."""
    kept = line(type="dice", value=0.5, purpose="chance")
    assert kept.model_dump() == {"t": 0, "type": "dice", "value": 0.5, "purpose": "chance"}


def test_read_forgives(tmp_path: Path) -> None:
    """Unknown keys, blank lines, Windows line ends and a byte order mark do no harm."""
    path = tmp_path / "forgiving.jsonl"
    text = json.dumps({**CHAT, "colour": "red"})
    path.write_bytes(b"\xef\xbb\xbf" + f"{text}\r\n\r\n{text}".encode())
    assert [each.t for each in read(path)] == [1, 1]


def test_read_streams(tmp_path: Path) -> None:
    """A wrong line does no harm to those before it: they are given out first."""
    path = written(tmp_path / "late.jsonl", CHAT, CHAT, "nonsense")
    lines = read(path)
    assert [next(lines).t, next(lines).t] == [1, 1]
    with pytest.raises(RecordingError, match=r"late\.jsonl, line 3: not JSON"):
        next(lines)


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: "),
        ({"t": 1}, "line 2: `type` is missing"),
        ({"t": 1, "type": "chatt"}, "no type 'chatt'; did you mean chat"),
        ({"t": 1, "type": "zzzzzz"}, "no type 'zzzzzz'; there are chat, delete"),
        ({"t": 0.5, "type": "vision", "text": ""}, "t is 0.5, but the line before has 1"),
        ({"t": -1, "type": "vision", "text": ""}, "line 2: t: "),
        ('{"t": NaN, "type": "vision", "text": ""}', "line 2: t: "),
        ({"t": 1, "type": "chat", "id": "1", "user": "a", "text": ""}, "user_id: Field required"),
        ({"t": 1, "type": "delete"}, "needs exactly one of message_id, user_id, all"),
        ({"t": 1, "type": "delete", "message_id": "1", "user_id": "2"}, "needs exactly one of"),
        ({"t": 1, "type": "speech"}, "needs either text or audio"),
        ({"t": 1, "type": "stream", "event": "parade"}, "line 2: event: "),
        ({"t": 1, "type": "llm", "turn": "a", "deltas": [["x"]]}, "line 2: deltas.0"),
        ("x" * (LARGEST_LINE + 1), "line 2: longer than"),
    ],
)
def test_read_wrong_line(tmp_path: Path, second: object, problem: str) -> None:
    """A wrong line is refused with the file, its number, and what is wrong."""
    path = written(tmp_path / "wrong.jsonl", CHAT, second)
    with pytest.raises(RecordingError) as caught:
        list(read(path))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "torn",
    [
        b"{",
        b'{"t": 1, "type": "ch',
        b'{"t": 1, "typ' + bytes(4000),
        bytes(4096),
        b'{"t": 1, "u": "\xc3',
        b'{"t": 1, "typ' + bytes(40) + b"\n",
        bytes(40) + b"\n",
    ],
)
def test_read_torn_end(tmp_path: Path, torn: bytes) -> None:
    """What a kill or a power cut left of the last line is passed over, and said once."""
    path = written(tmp_path / "torn.jsonl", CHAT, CHAT)
    path.write_bytes(path.read_bytes() + torn)
    told: list[str] = []
    assert [each.t for each in read(path, on_torn=told.append)] == [1, 1]
    assert len(told) == 1
    assert told[0].startswith(f"{path}, line 3 is torn")


@pytest.mark.parametrize("last", [b"nonsense", b"{}", b'{"t": 1, "type": "chatt"}', b"{\n"])
def test_read_wrong_end(tmp_path: Path, last: bytes) -> None:
    """A mistake in the last line is a mistake, also where no line end follows."""
    path = written(tmp_path / "wrong.jsonl", CHAT)
    path.write_bytes(path.read_bytes() + last)
    with pytest.raises(RecordingError, match="line 2"):
        list(read(path))


def test_read_nothing_but_a_torn_line(tmp_path: Path) -> None:
    """Of that nothing can be played."""
    path = tmp_path / "torn.jsonl"
    path.write_bytes(b'{"t": 1, "type": "ch')
    with pytest.raises(RecordingError, match="line 1: not JSON"):
        list(read(path))


def test_read_absent_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(RecordingError, match=r"absent\.jsonl can't be read: No such file"):
        list(read(tmp_path / "absent.jsonl"))


def test_event_chat() -> None:
    """A chat line becomes the message that the input gave, with the moment of the replay."""
    said = line(type="chat", id="1", user="Ann", user_id="7", badges=["vip"], text="hi")
    expected = ChatMessage(
        ts=TS, id="1", user="Ann", user_id="7", badges=("vip",), text="hi", source="replay"
    )
    assert to_event(said, ts=TS, source="replay") == expected


def test_event_suffix() -> None:
    """A repetition has fresh message ids, also where they are pointed at."""
    said = line(type="chat", id="2", user="Ann", user_id="7", text="hi", reply_to="1")
    event = to_event(said, ts=TS, source="replay", suffix="~1")
    gone = to_event(line(type="delete", message_id="2"), ts=TS, source="replay", suffix="~1")
    assert isinstance(event, ChatMessage)
    assert (event.id, event.reply_to) == ("2~1", "1~1")
    assert gone == ChatDeleted(ts=TS, id="2~1", source="replay")


def test_event_kinds() -> None:
    """Deletions, stream events, speech and sight become the events of their inputs."""
    raid = line(type="stream", event="raid", user="Bob", viewers=12)
    events = [
        to_event(each, ts=TS, source="replay")
        for each in (
            line(type="delete", user_id="7"),
            line(type="delete", all=True),
            raid,
            line(type="speech", text="so", final=False),
            line(type="speech", text="so it is", confidence=0.9),
            line(type="vision", text="a bridge"),
        )
    ]
    assert events == [
        ChatCleared(ts=TS, user_id="7", source="replay"),
        ChatCleared(ts=TS, user_id=None, source="replay"),
        StreamEvent(ts=TS, event_type="raid", user="Bob", viewers=12, source="replay"),
        Speech(ts=TS, event_type="interim", text="so"),
        Speech(ts=TS, event_type="final", text="so it is", confidence=0.9),
        Scene(ts=TS, text="a bridge", captured_at=TS),
    ]


def test_event_none() -> None:
    """What no input gives is no event: commands, sound files, and what pickled itself did."""
    others = [
        line(type="command", topic="muted/set", payload="ON"),
        line(type="speech", audio="a.wav"),
        line(type="dice", value=0.5),
        line(type="llm", turn="a", deltas=[[1, "x"]]),
    ]
    assert [to_event(each, ts=TS, source="replay") for each in others] == [None] * 4


@given(st.one_of(st.binary(), st.text(), st.dictionaries(st.text(), st.integers()).map(json.dumps)))
def test_parse_anything(content: bytes | str) -> None:
    """Whatever a line holds, it is read or refused with a RecordingError."""
    with suppress(RecordingError):
        assert parse(content, where="here").t >= 0
