"""Audio on the wire: the frame header, and PCM arithmetic (signed 16 bit, little endian, mono)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Self

from pickled.errors import ContractError

SPEECH_RATE = 24_000
"""Sample rate of speech on the wire, Hz."""

MIC_RATE = 16_000
"""Sample rate of the microphone on the wire, Hz."""

SAMPLE_BYTES = 2

FRAME_MS = 40
"""How much sound our own frames hold, ms; the contract allows 20–100."""

LONGEST_FRAME_MS = 100

_HEADER = struct.Struct("<BBHIIQ")
_VERSION = 1
_LAST, _OPUS = 1, 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a stream: the 20-byte header of the contract and its samples."""

    session: int
    """The session's low 16 bits."""
    stream: int
    seq: int
    pts: int
    """Position of the first sample, in samples of the stream's rate."""
    data: bytes
    last: bool = False
    """The last frame of an utterance."""
    opus: bool = False

    def encode(self) -> bytes:
        """The frame as it is sent."""
        flags = self.last * _LAST | self.opus * _OPUS
        header = _HEADER.pack(_VERSION, flags, self.session, self.stream, self.seq, self.pts)
        return header + self.data

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read a frame; raises ContractError if it is not one."""
        if len(payload) < _HEADER.size:
            raise ContractError(f"an audio frame has {len(payload)} bytes, less than its header")
        version, flags, session, stream, seq, pts = _HEADER.unpack_from(payload)
        if version != _VERSION:
            raise ContractError(f"audio frame version {version} is unknown")
        if flags & ~(_LAST | _OPUS):
            raise ContractError(f"audio frame flags {flags:#x} are unknown")
        opus, data = bool(flags & _OPUS), payload[_HEADER.size :]
        if not opus and len(data) % SAMPLE_BYTES:
            raise ContractError("an audio frame ends within a sample")
        return cls(session, stream, seq, pts, data, bool(flags & _LAST), opus)


def duration_ms(pcm_bytes: int, rate: int) -> float:
    """How long that many bytes of PCM last, ms."""
    return pcm_bytes / SAMPLE_BYTES / rate * 1000


def bytes_for(ms: float, rate: int) -> int:
    """How many bytes of PCM last that long; a whole number of samples."""
    return int(ms * rate / 1000) * SAMPLE_BYTES
