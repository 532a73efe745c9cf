"""One stream's samples by position: in order, each at most once, with its gaps known."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE, Frame

LIMIT = 8 * SPEECH_RATE
"""Samples that are kept ahead of what sounds; more is dropped."""

_MOST_FRAMES = 1000
_MOST_MARKS = 64


@dataclass
class Ring:
    """Takes frames in any order; gives them back as runs of sound and of silence."""

    position: int | None = None
    """The sample that sounds next; None until something has sounded."""
    end: int = 0
    """Just behind the highest sample that came in."""
    _frames: list[tuple[int, bytes]] = field(default_factory=list)
    _lasts: list[int] = field(default_factory=list)
    """Where utterances end."""

    @property
    def fill(self) -> int:
        """Samples that wait, overlaps counted once for each frame."""
        behind = 0 if self.position is None else self.position
        return sum(_end(each) - max(each[0], behind) for each in self._frames)

    @property
    def whole(self) -> bool:
        """Has the last frame of the utterance that sounds next come in?"""
        behind = -1 if self.position is None else self.position
        return any(last > behind for last in self._lasts)

    @property
    def between(self) -> bool:
        """Is the next sample the first one of an utterance?"""
        return self.position is None or self.position in self._lasts

    def utterance_after(self, start: int) -> int:
        """Where the utterance behind the one that begins at `start` begins."""
        return min((last for last in self._lasts if last > start), default=self.end)

    def add(self, frame: Frame) -> bool:
        """Keep a frame; False if it is too late, there already, or too far ahead."""
        end = frame.pts + len(frame.data) // SAMPLE_BYTES
        base = self._base(frame.pts)
        if abs(frame.pts - base) > LIMIT:
            return False
        if frame.last and end not in self._lasts:
            self._lasts = sorted([*self._lasts, end])[-_MOST_MARKS:]
        if not frame.data:
            return True
        if (self.position is not None and end <= self.position) or self._full(frame):
            return False
        at = bisect_left(self._frames, (frame.pts, b""))
        if at < len(self._frames) and self._frames[at][0] == frame.pts:
            return False
        self._frames.insert(at, (frame.pts, frame.data))
        self.end = max(self.end, end)
        return True

    def resume(self) -> None:
        """Go to the first sample that is there: the pause has covered what is missing."""
        self._forget_played()
        if self._frames:
            behind = 0 if self.position is None else self.position
            self.position = max(behind, self._frames[0][0])

    def take(self, samples: int) -> bytes | int | None:
        """The next run, at most so long: sound, the length of a gap, or None when it is dry."""
        self._forget_played()
        if not self._frames:
            return None
        pts, data = self._frames[0]
        if self.position is None:
            self.position = pts
        if pts > self.position:
            gap = min(samples, pts - self.position)
            self.position += gap
            return gap
        start = (self.position - pts) * SAMPLE_BYTES
        sound = data[start : start + samples * SAMPLE_BYTES]
        self.position += len(sound) // SAMPLE_BYTES
        return sound

    def drop(self) -> None:
        """Forget all samples."""
        self._frames.clear()

    def _base(self, pts: int) -> int:
        if self.position is not None:
            return self.position
        return self._frames[0][0] if self._frames else pts

    def _full(self, frame: Frame) -> bool:
        too_many = len(self._frames) >= _MOST_FRAMES
        return too_many or self.fill + len(frame.data) // SAMPLE_BYTES > LIMIT

    def _forget_played(self) -> None:
        if self.position is None:
            return
        while self._frames and _end(self._frames[0]) <= self.position:
            del self._frames[0]


def _end(entry: tuple[int, bytes]) -> int:
    return entry[0] + len(entry[1]) // SAMPLE_BYTES
