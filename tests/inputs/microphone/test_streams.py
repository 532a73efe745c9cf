"""Frames of a microphone: what counts is heard once and in order, all else is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.audio import Frame
from pickled.errors import ContractError
from pickled.inputs.microphone.streams import EARLY_S, SILENT_S, MicStreams
from pickled.messages.node import MicBegin, StreamEnd
from pickled.messages.recognized import PAUSE

SESSION = 0xABCD_1234
SAMPLES = 320


def frame(
    seq: int, stream: int = 1, *, session: int = SESSION, pts: int | None = None, **how: bool
) -> bytes:
    """20 ms whose samples tell which they are."""
    at = seq * SAMPLES if pts is None else pts
    data = bytes([seq + 1, 0]) * SAMPLES
    return Frame(session & 0xFFFF, stream, seq, at, data, **how).encode()


def heard(pieces: list[bytes]) -> list[int]:
    """Which frames; 0 for silence, -1 for a pause."""
    return [piece[0] if piece else -1 for piece in pieces]


@pytest.fixture
def streams() -> MicStreams:
    """With one that has begun."""
    made = MicStreams()
    assert made.begin(MicBegin(session=SESSION, stream=1), now=0) == []
    return made


def test_stream_is_heard_from_begin_to_end(streams: MicStreams) -> None:
    """Its end is a pause, told once."""
    pieces = [piece for seq in range(3) for piece in streams.frame(frame(seq), now=0)]
    assert heard(pieces) == [1, 2, 3]
    assert streams.open
    assert streams.end(StreamEnd(session=SESSION, stream=1)) == [PAUSE]
    assert streams.end(StreamEnd(session=SESSION, stream=1)) == []
    assert streams.frame(frame(3), now=0) == []
    assert streams.dropped == {"late": 1}


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "garbage"),
        (b"\x02" + frame(0)[1:], "garbage"),
        (frame(0) + b"\0", "garbage"),
        (Frame(SESSION & 0xFFFF, 1, 0, 0, b"").encode(), "garbage"),
        (Frame(SESSION & 0xFFFF, 1, 0, 0, bytes(20_000)).encode(), "garbage"),
        (frame(0, opus=True), "garbage"),
        (frame(0, 0), "late"),
    ],
)
def test_what_is_no_frame_of_it_is_dropped(streams: MicStreams, payload: bytes, why: str) -> None:
    """And counted by its reason."""
    assert streams.frame(payload, now=0) == []
    assert streams.dropped == {why: 1}


def test_frame_that_comes_twice_is_heard_once(streams: MicStreams) -> None:
    """Nor does one that was overtaken come late."""
    order = [0, 1, 1, 3, 2, 4]
    pieces = [piece for seq in order for piece in streams.frame(frame(seq), now=0)]
    assert heard(pieces) == [1, 2, 0, 4, 5]
    assert streams.dropped == {"doubled": 2, "missing": 1}


def test_gap_is_as_long_as_what_is_missing(streams: MicStreams) -> None:
    """Words keep their places; a gap that nobody can mean is none."""
    streams.frame(frame(0), now=0)
    silence, sound = streams.frame(frame(5), now=0)
    assert len(silence) == 4 * SAMPLES * 2
    assert not any(silence)
    assert heard([sound]) == [6]
    assert heard(streams.frame(frame(6, pts=2**40), now=0)) == [7]


def test_frames_wait_for_their_begin() -> None:
    """They came over another way; those that waited too long are old."""
    streams = MicStreams()
    streams.frame(frame(0, 7), now=0)
    streams.frame(frame(1, 7), now=EARLY_S)
    assert heard(streams.begin(MicBegin(session=SESSION, stream=7), now=EARLY_S + 0.1)) == [2]
    assert heard(streams.frame(frame(2, 7), now=1)) == [3]


def test_next_stream_ends_the_one_before(streams: MicStreams) -> None:
    """Its end was lost; what comes late of it is not heard."""
    streams.frame(frame(0), now=0)
    assert streams.begin(MicBegin(session=SESSION, stream=2), now=0) == [PAUSE]
    assert streams.frame(frame(1, 1), now=0) == []
    assert heard(streams.frame(frame(0, 2), now=0)) == [1]
    assert streams.begin(MicBegin(session=SESSION, stream=1), now=0) == []
    assert streams.open


def test_new_session_begins_anew(streams: MicStreams) -> None:
    """The node was started again, and counts from the beginning."""
    streams.frame(frame(0), now=0)
    assert streams.begin(MicBegin(session=9, stream=0), now=0) == [PAUSE]
    assert heard(streams.frame(frame(0, 0, session=9), now=0)) == [1]
    assert streams.frame(frame(1), now=0) == []


def test_stream_whose_node_is_gone_ends(streams: MicStreams) -> None:
    """Nobody has to send its end."""
    streams.frame(frame(0), now=1)
    assert streams.look(now=1 + SILENT_S) == []
    assert streams.look(now=1.1 + SILENT_S) == [PAUSE]
    assert not streams.open


@pytest.mark.parametrize("how", [{"rate": 48_000}, {"format": "opus"}])
def test_sound_in_another_form_is_refused(how: dict[str, object]) -> None:
    """With what would be taken."""
    begin = MicBegin.model_validate({"session": 1, "stream": 1, **how})
    with pytest.raises(ContractError, match="only s16le at 16000 Hz"):
        MicStreams().begin(begin, now=0)


@given(st.lists(st.one_of(
    st.binary(max_size=60),
    st.builds(lambda seq, stream, pts: frame(seq % 200, stream, pts=pts), st.integers(0, 2**31),
              st.integers(0, 3), st.integers(0, 2**63)),
    st.integers(0, 3),
), max_size=40))  # fmt: skip
def test_whatever_comes_is_survived(events: list[bytes | int]) -> None:
    """Pieces are whole samples, none is longer than a second, and a pause follows speech alone."""
    streams = MicStreams()
    for now, event in enumerate(events):
        if isinstance(event, int):
            pieces = streams.begin(MicBegin(session=SESSION, stream=event), now=now)
        else:
            pieces = streams.frame(event, now=now)
        assert all(len(piece) % 2 == 0 and len(piece) <= 32_000 for piece in pieces)
        assert pieces.count(PAUSE) <= 1
