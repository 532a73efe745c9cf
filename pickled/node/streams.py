"""What sounds next: the streams that a node was given, each sample once, and only while it may.

Time is an argument (monotonic, s), and there are no threads: `sound.py` adds both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.audio import SAMPLE_BYTES, Frame
from pickled.messages.node import U16, StreamEnd, TtsBegin
from pickled.node.admission import Admission
from pickled.node.jitter import Prebuffer
from pickled.node.reports import Reports
from pickled.node.shape import FADE, Piece
from pickled.node.stream import MS, PlayingStream, State, UtteranceStart

HOLD_S = 0.5
"""How long frames wait for their begin."""
STARVED_S = 3.0
"""A stream that gets nothing, or a device that takes nothing, for so long is given up."""
SKIP_GRACE_S = 0.3
"""A bare skip so soon after a stream began was meant for the one before it."""

_MOST_HELD = 100


@dataclass
class Playback:
    """The streams that were begun, and where each of them is."""

    admission: Admission = field(default_factory=Admission)
    reports: Reports = field(default_factory=Reports)
    underruns: int = 0
    dropped: int = 0
    """Frames that were not played: too late, too many, or of no valid stream."""
    muted: bool = False
    unheard: bool = False
    """Nothing can be heard here just now: nothing begins."""
    _streams: dict[int, PlayingStream] = field(default_factory=dict)
    _draining: list[PlayingStream] = field(default_factory=list)
    _over: deque[int] = field(default_factory=lambda: deque(maxlen=32))
    _held: deque[tuple[float, Frame]] = field(default_factory=lambda: deque(maxlen=_MOST_HELD))
    _prebuffer: Prebuffer = field(default_factory=Prebuffer)
    _rest: int = 0
    """Samples of silence before anything else sounds, so that a fade can end."""
    _pulled_at: float = 0.0

    @property
    def playing(self) -> bool:
        """Does something sound, or has not yet left the device?"""
        current = self._current()
        return bool(self._draining) or (current is not None and not current.buffering)

    @property
    def busy(self) -> bool:
        """Is there any stream that is not over?"""
        return bool(self._streams or self._draining)

    @property
    def fill_ms(self) -> float:
        """How much of the current stream waits."""
        current = self._current()
        return current.fill_ms if current else 0.0

    def begin(self, begin: TtsBegin, now: float, *, age_ms: float = 0.0) -> None:
        """A stream begins, or goes on with its next utterance."""
        stream = self._streams.get(begin.stream)
        known = stream is not None and stream.session == begin.session
        heard = sum(not each.muted for each in self._streams.values())
        if self.unheard:
            self._refuse(begin, now, "")
        elif why := self.admission.objection(begin, age_ms=age_ms, known=known, waiting=heard):
            self._refuse(begin, now, why)
        elif self.admission.is_new(begin):
            self._open(begin, now)
        elif stream is not None:
            self._go_on(stream, begin, now)
        elif begin.stream not in self._over:
            self.reports.refused(begin, now)

    def frame(self, frame: Frame, now: float) -> None:
        """Sound has come in."""
        stream = self._streams.get(frame.stream)
        if stream and frame.session == stream.session & U16:
            self._feed(stream, frame, now)
        elif frame.stream > self.admission.floor:
            self._held.append((now, frame))
        else:
            self.dropped += 1

    def end(self, end: StreamEnd, now: float) -> None:
        """No further frames come for this stream."""
        stream = self._streams.get(end.stream)
        if not stream or stream.session != end.session:
            return
        stream.ended = True
        if stream.muted:
            self._finish(stream, "muted", now)

    def clear(self, clear: StreamEnd, now: float) -> None:
        """Everything up to this stream is over, and never sounds again."""
        if self.admission.clear(clear):
            self._stop(lambda stream: stream.number <= clear.stream, now)

    def clear_all(self, now: float) -> None:
        """Everything that was begun is over."""
        self._stop(lambda _: True, now)

    def skip(self, turn: str | None, now: float) -> None:
        """Stop what sounds now, if it is of this turn; None means any that is not brand-new."""
        current = self._current()
        if current is None:
            return
        named = any(each.turn == turn for each in current.utterances)
        sounds = current.ring.end > 0 and now - current.begun_at >= SKIP_GRACE_S
        if named or (turn is None and sounds):
            self._stop(lambda stream: stream.number <= current.number, now)

    def mute(self, muted: bool, now: float) -> None:
        """Be silent, or no longer; a stream that was once muted stays silent to its end."""
        self.muted = muted
        if muted:
            for stream in [each for each in self._streams.values() if not each.muted]:
                self._swallow(stream, now)

    def lose_sound(self, lost: bool, now: float) -> None:
        """The device can't be heard, or can be again; what sounded was heard up to here."""
        if lost and not self.unheard:
            self._stop(lambda _: True, now)
            self._draining.clear()
        self.unheard = lost

    def pull(self, samples: int, now: float) -> list[Piece]:
        """What sounds in the next so many samples."""
        self.tick(now)
        self._pulled_at = now
        pieces: list[Piece] = []
        while samples:
            piece = self._next(samples, now)
            samples -= piece if isinstance(piece, int) else len(piece) // SAMPLE_BYTES
            if piece:
                pieces.append(piece)
        return pieces

    def tick(self, now: float) -> None:
        """Time passes: give up what gets nothing, report what has left the device."""
        while self._held and now - self._held[0][0] > HOLD_S:
            self._held.popleft()
            self.dropped += 1
        self._stop(lambda stream: self._starved(stream, now) or self._stalled(stream, now), now)
        while self._draining and now >= self._draining[0].due_at:
            self.reports.add(self._draining.pop(0), "finished", now)

    def _current(self) -> PlayingStream | None:
        heard = (number for number, stream in self._streams.items() if not stream.muted)
        return self._streams[first] if (first := min(heard, default=None)) is not None else None

    def _refuse(self, begin: TtsBegin, now: float, why: str) -> None:
        self.admission.refuse(begin, why)
        stream = self._streams.get(begin.stream)
        if stream and stream.session == begin.session:
            self._finish(stream, "cleared", now)
        else:
            self.reports.refused(begin, now)

    def _open(self, begin: TtsBegin, now: float) -> None:
        if self.admission.open(begin):
            self.clear_all(now)
        self._stop(lambda stream: stream.muted, now)
        stream = PlayingStream(begin.session, begin.stream, begun_at=now, alive_at=now)
        self._streams[begin.stream] = stream
        self._go_on(stream, begin, now)
        held, self._held = self._held, deque(maxlen=_MOST_HELD)
        for at, frame in held:
            if now - at <= HOLD_S:
                self.frame(frame, at)

    def _go_on(self, stream: PlayingStream, begin: TtsBegin, now: float) -> None:
        if any(each.id == begin.utterance for each in stream.utterances):
            return
        before = stream.utterances[-1].start if stream.utterances else None
        start = 0 if before is None else stream.ring.utterance_after(before)
        stream.utterances.append(UtteranceStart(begin.utterance, begin.turn, start))
        stream.alive_at = now
        if self.muted or stream.muted:
            self._swallow(stream, now)

    def _feed(self, stream: PlayingStream, frame: Frame, now: float) -> None:
        stream.alive_at = max(now, stream.alive_at)
        if stream.muted:
            return
        if not stream.ring.end:
            stream.begun_at = stream.alive_at  # it was begun while the voice still thought
        fill_ms = stream.fill_ms
        if frame.opus or not stream.ring.add(frame):
            self.dropped += 1
            return
        if stream.arrival and frame.pts == stream.arrival[1]:
            length_ms = len(frame.data) / SAMPLE_BYTES * MS
            late_ms = (now - stream.arrival[0]) * 1000 - length_ms
            self._prebuffer.arrived(late_ms, fill_ms=fill_ms)
        behind = frame.pts + len(frame.data) // SAMPLE_BYTES
        stream.arrival = None if frame.last else (now, behind)

    def _next(self, samples: int, now: float) -> Piece:
        if self._rest:
            pause = min(self._rest, samples)
            self._rest -= pause
            return pause
        stream = self._current()
        if stream is None or not self._ready(stream):
            return samples
        piece = stream.ring.take(samples)
        if piece is None:
            self._ran_dry(stream, now)
            return 0
        stream.alive_at = now
        self.reports.sounded(stream, piece, now)
        return piece

    def _ready(self, stream: PlayingStream) -> bool:
        if not stream.buffering:
            return True
        if not self._startable(stream):
            return False
        stream.buffering = False
        stream.ring.resume()
        return True

    def _startable(self, stream: PlayingStream) -> bool:
        enough = stream.fill_ms >= self._prebuffer.ms
        return stream.ended or enough or (stream.ring.whole and stream.ring.fill > 0)

    def _starved(self, stream: PlayingStream, now: float) -> bool:
        if now - stream.alive_at <= STARVED_S:
            return False
        return not self._startable(stream) if stream.buffering else stream.ring.fill == 0

    def _stalled(self, stream: PlayingStream, now: float) -> bool:
        return now - max(self._pulled_at, stream.begun_at) > STARVED_S

    def _ran_dry(self, stream: PlayingStream, now: float) -> None:
        if stream.ended:
            self._drain(stream, now)
            return
        stream.buffering = True
        if stream.ring.between:
            self._prebuffer.utterance_done()
        else:
            self.underruns += 1
            self._prebuffer.underrun()

    def _drain(self, stream: PlayingStream, now: float) -> None:
        del self._streams[stream.number]
        self._over.append(stream.number)
        self._prebuffer.utterance_done()
        self._rest = FADE
        stream.due_at = now + self.reports.latency_s
        self._draining.append(stream)

    def _swallow(self, stream: PlayingStream, now: float) -> None:
        stream.ring.drop()
        stream.muted = True
        self._rest = FADE
        if stream.ended:
            self._finish(stream, "muted", now)
        else:
            self.reports.add(stream, "muted", now)

    def _stop(self, which: Callable[[PlayingStream], bool], now: float) -> None:
        for stream in [each for each in self._streams.values() if which(each)]:
            self._finish(stream, "muted" if stream.muted else "cleared", now)

    def _finish(self, stream: PlayingStream, state: State, now: float) -> None:
        del self._streams[stream.number]
        self._over.append(stream.number)
        self._rest = FADE
        self.reports.add(stream, state, now)
