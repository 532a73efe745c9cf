"""What the mouth on the page does, and when: sound as it was sent, as a node plays it.

Sound comes ahead of real time; a node's `played` says where it is. Only public nodes count: what is
said into the streamer's ear moves no mouth.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from pickled.audio import SPEECH_RATE, Frame
from pickled.messages.node import U16, Played, StreamEnd, TtsBegin
from pickled.recent import Recent
from pickled.web.lips import Key, LipReader

MOST_STREAMS = 8
MOST_KEYS = 20_000
"""Of one stream: some twenty minutes of speech."""
LONGEST_WAY_MS = 500.0
"""A report that seems to be older tells of clocks that differ."""

Notice = dict[str, Any]
"""What a page is told, as JSON has it."""


@dataclass
class _Track:
    """One stream, at the node that began it first."""

    node: str
    begin: TtsBegin
    reader: LipReader = field(default_factory=LipReader)
    keys: deque[Key] = field(default_factory=lambda: deque(maxlen=MOST_KEYS))
    played_ms: float = 0.0
    sounding: bool = False


@dataclass
class LipSync:
    """Fed with what a node is given and what it says; gives what pages have to be told."""

    _tracks: Recent[int, _Track] = field(default_factory=lambda: Recent(MOST_STREAMS))

    @property
    def turn(self) -> str | None:
        """The turn that sounds just now."""
        return next((each.begin.turn for each in self._tracks.values() if each.sounding), None)

    def begin(self, node: str, begin: TtsBegin) -> list[Notice]:
        """An utterance begins at a public node."""
        track = self._tracks.get(begin.stream)
        if track is not None and track.begin.session == begin.session:
            return []
        self._tracks[begin.stream] = _Track(node, begin)
        about = {"stream": begin.stream, "turn": begin.turn}
        sound = {"format": "s16le", "sample_rate": begin.rate, "channels": begin.channels}
        return [{"type": "stream_start", **about, **sound}]

    def is_of(self, node: str, frame: Frame) -> bool:
        """Does it belong to a stream that is followed at that node?"""
        track = self._tracks.get(frame.stream)
        if track is None or track.node != node or frame.opus or track.begin.rate != SPEECH_RATE:
            return False
        return frame.session == track.begin.session & U16

    def frame(self, node: str, frame: Frame) -> list[Notice]:
        """Sound that a node was sent."""
        if not self.is_of(node, frame):
            return []
        track = self._tracks[frame.stream]
        keys = track.reader.read(frame.pts, frame.data)
        track.keys.extend(keys)
        return [{"type": "lips", "stream": frame.stream, "k": keys}] if keys else []

    def end(self, node: str, end: StreamEnd) -> list[Notice]:
        """No further sound comes."""
        track = self._tracks.get(end.stream)
        if track is None or track.node != node or track.begin.session != end.session:
            return []
        return [{"type": "stream_end", "stream": end.stream}]

    def played(
        self, node: str, played: Played, *, now_ms: float, offset_ms: float | None
    ) -> list[Notice]:
        """A node says how far it is. `now_ms`: Unix time; `offset_ms`: from its clock to ours."""
        track = self._tracks.get(played.stream)
        if track is None or track.node != node or track.begin.session != played.session:
            return []
        sounding = played.state in ("started", "progress")
        late_ms = 0.0
        if sounding and played.at_ms is not None and offset_ms is not None:
            late_ms = min(max(now_ms - played.at_ms - offset_ms, 0.0), LONGEST_WAY_MS)
        track.played_ms, track.sounding = played.played_ms + late_ms, sounding
        if not sounding:
            del self._tracks[played.stream]
        where = {"stream": played.stream, "ms": round(track.played_ms, 1)}
        return [{"type": "played", **where, "state": played.state}]

    def gone(self, node: str) -> list[Notice]:
        """A node is no longer there: nothing of it sounds."""
        over = [number for number, track in self._tracks.items() if track.node == node]
        for number in over:
            del self._tracks[number]
        return [
            {"type": "played", "stream": number, "ms": 0, "state": "cleared"} for number in over
        ]

    def rebuilt(self) -> list[Notice]:
        """What a page has to know that comes in the middle."""
        notices: list[Notice] = []
        for number, track in self._tracks.items():
            notices.append({"type": "lips", "stream": number, "k": list(track.keys)})
            if track.sounding:
                at = {"stream": number, "ms": round(track.played_ms, 1)}
                notices.append({"type": "played", **at, "state": "progress"})
        return notices
