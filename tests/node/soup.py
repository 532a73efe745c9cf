"""What the playback tests share: streams whose every sample says where it belongs."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from pickled.audio import Frame
from pickled.messages.node import U16, Played, StreamEnd, TtsBegin
from pickled.node.shape import Piece
from pickled.node.streams import Playback

TURN = "aaaaaaaaaaaa"
MS = 24
"""Samples in a millisecond."""
BLOCK = 10 * MS


def begin(stream: int = 10, *, session: int = 1, utterance: int = 0) -> TtsBegin:
    """An utterance's begin."""
    name = f"{TURN}.{utterance}"
    return TtsBegin(session=session, stream=stream, utterance=name, turn=TURN)


def end(stream: int = 10, *, session: int = 1) -> StreamEnd:
    """A stream's end, or its clear."""
    return StreamEnd(session=session, stream=stream)


def frame(
    stream: int = 10,
    *,
    at_ms: int = 0,
    length_ms: int = 20,
    session: int = 1,
    last: bool = False,
    value: int | None = None,
) -> Frame:
    """A frame of samples that count up from 1 with their position, or all have one value."""
    pts = at_ms * MS
    positions = range(pts, pts + length_ms * MS)
    data = array("h", (value if value is not None else p % 32_000 + 1 for p in positions))
    return Frame(session & U16, stream, at_ms // 20, pts, data.tobytes(), last)


def begun(stream: int = 10, now: float = 0.0) -> Playback:
    """A playback with one stream begun."""
    playback = Playback()
    playback.begin(begin(stream), now)
    return playback


def feed(playback: Playback, frames: Iterable[Frame], now: float = 0.0) -> None:
    """Give it all of them at one moment."""
    for each in frames:
        playback.frame(each, now)


def utterance(stream: int = 10, *, from_ms: int = 0, length_ms: int = 200) -> list[Frame]:
    """A whole utterance in frames of 20 ms, the last one marked."""
    stop = from_ms + length_ms
    return [frame(stream, at_ms=at, last=at + 20 >= stop) for at in range(from_ms, stop, 20)]


def sounds(pieces: list[Piece]) -> list[int]:
    """The samples, silence as zeros."""
    out = array("h")
    for piece in pieces:
        out.frombytes(bytes(2 * piece) if isinstance(piece, int) else piece)
    return list(out)


def play(playback: Playback, start: float, length_s: float) -> list[int]:
    """Take blocks of 10 ms in real time; returns all samples."""
    out: list[int] = []
    for block in range(round(length_s * 100)):
        out += sounds(playback.pull(BLOCK, start + block / 100))
    return out


def states(playback: Playback) -> list[str]:
    """What is acknowledged, by its state, without progress."""
    return [each.state for each in reports(playback) if each.state != "progress"]


def reports(playback: Playback) -> list[Played]:
    """All acknowledgements."""
    return [each.played for each in playback.reports.take()]
