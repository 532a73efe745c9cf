"""From frames to sound: what is late, doubled, foreign or garbage is dropped, and counted."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from pickled.audio import LONGEST_FRAME_MS, MIC_RATE, SAMPLE_BYTES, Frame, bytes_for
from pickled.errors import ContractError
from pickled.messages.node import MicBegin, StreamEnd
from pickled.messages.recognized import PAUSE

EARLY_S = 0.5
"""So long frames are kept whose stream has not begun yet."""

SILENT_S = 3.0
"""A stream without a frame for so long is over: its node is gone."""

LONGEST_GAP_MS = 1000
"""What is missing within a stream is silence, up to this; beyond, it is left out."""

_MOST_EARLY = 25
_U16 = 0xFFFF


@dataclass
class MicStreams:
    """The streams of one node, of which the last one that began counts."""

    dropped: Counter[str] = field(default_factory=Counter)
    """Frames, by reason."""
    _session: int | None = None
    _stream: int = -1
    """The last one that began, in that session."""
    _open: bool = False
    _seq: int = 0
    _pts: int = 0
    """Those that come next."""
    _at: float = 0.0
    """When the last frame came, s."""
    _early: deque[tuple[float, Frame]] = field(default_factory=lambda: deque(maxlen=_MOST_EARLY))

    @property
    def open(self) -> bool:
        """Is somebody speaking?"""
        return self._open

    def begin(self, begin: MicBegin, *, now: float) -> list[bytes]:
        """A stream starts: its early frames, behind the pause of the one before.

        Raises ContractError for sound in another form.
        """
        if begin.format != "s16le" or begin.rate != MIC_RATE:
            raise ContractError(
                f"its microphone sends {begin.format} at {begin.rate} Hz, and only s16le at "
                f"{MIC_RATE} Hz is taken; give it the version that runs here"
            )
        if begin.session == self._session and begin.stream <= self._stream:
            self.dropped["begun before"] += 1
            return []
        pieces = self.close()
        self._session, self._stream, self._open, self._at = begin.session, begin.stream, True, now
        self._seq = self._pts = 0
        early, self._early = self._early, deque(maxlen=_MOST_EARLY)
        for came, frame in early:
            if now - came <= EARLY_S and self._is_ours(frame):
                pieces += self._taken(frame, now)
        return pieces

    def frame(self, payload: bytes, *, now: float) -> list[bytes]:
        """The sound of a frame; nothing for one that is not wanted."""
        try:
            frame = Frame.decode(payload)
        except ContractError:
            self.dropped["garbage"] += 1
            return []
        if frame.opus or not 0 < len(frame.data) <= bytes_for(LONGEST_FRAME_MS, MIC_RATE):
            self.dropped["garbage"] += 1
            return []
        if self._is_ours(frame):
            return self._taken(frame, now)
        is_early = self._session is None or frame.session != self._session & _U16
        if is_early or frame.stream > self._stream:
            self._early.append((now, frame))
        else:
            self.dropped["late"] += 1
        return []

    def end(self, end: StreamEnd) -> list[bytes]:
        """No further frames come."""
        if (end.session, end.stream) != (self._session, self._stream):
            return []
        return self.close()

    def close(self) -> list[bytes]:
        """Whoever was speaking is not heard any more."""
        was, self._open = self._open, False
        return [PAUSE] if was else []

    def look(self, *, now: float) -> list[bytes]:
        """Now and then: a stream whose node is gone ends."""
        return self.close() if self._open and now - self._at > SILENT_S else []

    def _is_ours(self, frame: Frame) -> bool:
        session = None if self._session is None else self._session & _U16
        return self._open and (frame.session, frame.stream) == (session, self._stream)

    def _taken(self, frame: Frame, now: float) -> list[bytes]:
        if frame.seq < self._seq or frame.pts < self._pts:
            self.dropped["doubled"] += 1
            return []
        gap, first = frame.pts - self._pts, self._pts == 0
        self._seq, self._pts = frame.seq + 1, frame.pts + len(frame.data) // SAMPLE_BYTES
        self._at = now
        if first or not 0 < gap <= MIC_RATE * LONGEST_GAP_MS // 1000:
            return [frame.data]
        self.dropped["missing"] += 1
        return [bytes(gap * SAMPLE_BYTES), frame.data]
