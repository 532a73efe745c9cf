"""When the mouth moves: at the pace at which a node plays."""

from __future__ import annotations

from pickled.audio import Frame
from pickled.messages.node import Played, StreamEnd, TtsBegin
from pickled.web.lip_sync import LipSync
from tests.web.telling import TURN
from tests.web.test_lips import tone

SESSION, STREAM = 0x1234_5678, 1_700_000_001
BEGIN = TtsBegin(session=SESSION, stream=STREAM, utterance=f"{TURN}.0", turn=TURN)
SOUND = Frame(SESSION & 0xFFFF, STREAM, 0, 0, tone(80, (370.0, 4000.0)))


def played(state: str, ms: float, at_ms: float | None = None) -> Played:
    """What the node says of the stream."""
    told = {"session": SESSION, "stream": STREAM, "state": state, "played_ms": ms, "at_ms": at_ms}
    return Played.model_validate(told)


def begun() -> LipSync:
    """A stream that was begun at the laptop, with some sound."""
    sync = LipSync()
    sync.begin("laptop", BEGIN)
    sync.frame("laptop", SOUND)
    return sync


def test_stream_is_told_as_the_prototype_did() -> None:
    """Its begin and its end have the names and fields that are known from there."""
    sync = LipSync()
    (start,) = sync.begin("laptop", BEGIN)
    (end,) = sync.end("laptop", StreamEnd(session=SESSION, stream=STREAM))
    assert (start["type"], start["stream"], start["sample_rate"]) == (
        "stream_start",
        STREAM,
        24_000,
    )
    assert end == {"type": "stream_end", "stream": STREAM}


def test_shapes_come_before_they_sound() -> None:
    """Frames are read as they are sent; when they sound, only the node says."""
    sync = LipSync()
    sync.begin("laptop", BEGIN)
    assert sync.frame("laptop", SOUND) == [{"type": "lips", "stream": STREAM, "k": [(0, "u")]}]
    assert sync.turn is None
    sync.played("laptop", played("started", 0), now_ms=0, offset_ms=None)
    assert sync.turn == TURN


def test_second_node_moves_no_second_mouth() -> None:
    """Where several nodes sound, the one that was given the stream first leads."""
    sync = begun()
    assert sync.begin("phone", BEGIN) == []
    assert sync.frame("phone", SOUND) == []
    assert sync.played("phone", played("started", 0), now_ms=0, offset_ms=None) == []


def test_foreign_frames_move_no_lips() -> None:
    """A frame of another session, or of a stream that was never begun, is nobody's."""
    sync = begun()
    assert not sync.is_of("laptop", Frame(1, STREAM, 0, 0, b""))
    assert not sync.is_of("laptop", Frame(SESSION & 0xFFFF, STREAM + 1, 0, 0, b""))


def test_report_counts_from_when_it_was_made() -> None:
    """What was under way for 30 ms is 30 ms further by now; clocks that differ tell nothing."""
    sync = begun()
    (told,) = sync.played("laptop", played("progress", 100, 5_000), now_ms=5_130, offset_ms=100)
    assert told["ms"] == 130
    (told,) = sync.played("laptop", played("progress", 200, 5_000), now_ms=99_000, offset_ms=0)
    assert told["ms"] == 700
    (told,) = sync.played("laptop", played("progress", 300, 5_000), now_ms=99_000, offset_ms=None)
    assert told["ms"] == 300


def test_page_that_comes_late_sees_the_mouth_move() -> None:
    """The shapes so far and the position are told to whoever loads the page in the middle."""
    sync = begun()
    sync.played("laptop", played("progress", 40), now_ms=0, offset_ms=None)
    lips, where = sync.rebuilt()
    assert lips["k"] == [(0, "u")]
    assert (where["type"], where["ms"], where["state"]) == ("played", 40, "progress")


def test_mouth_closes_when_the_node_is_gone_or_muted() -> None:
    """What no longer sounds is over, whether it was cleared, swallowed, or the node is away."""
    for state in ("finished", "cleared", "muted"):
        sync = begun()
        (told,) = sync.played("laptop", played(state, 40), now_ms=0, offset_ms=None)
        assert told["state"] == state
        assert sync.rebuilt() == []
    sync = begun()
    (told,) = sync.gone("laptop")
    assert told["state"] == "cleared"
    assert sync.rebuilt() == []
