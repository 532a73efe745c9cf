"""A WAV file as it streams in, of a server that does not know yet how long it will be."""

from __future__ import annotations

import struct

from pickled.audio import SAMPLE_BYTES
from pickled.errors import VoiceError

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_PCM, _EXTENSIBLE = 1, 0xFFFE
_LONGEST_HEAD = 64 * 1024
_OTHERS = {b"ID3": "MP3", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"}
"""How files begin that are no sound as it is."""


class WavReader:
    """Takes the head off, and says what the sound is; without a head it is plain samples."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        """Hz; without a head, the one that was agreed on."""
        self.channels = 1
        self._head: bytearray | None = bytearray()

    def feed(self, data: bytes) -> bytes:
        """The samples in it; raises VoiceError for what can't be played."""
        if self._head is None:
            return data
        self._head += data
        if len(self._head) < _CHUNK.size:
            return b""
        if not self._head.startswith(b"RIFF"):
            return self._plain()
        return self._behind_head(bytes(self._head))

    def finish(self) -> bytes:
        """What is so short that nobody could tell what it is."""
        rest, self._head = bytes(self._head or b""), None
        return b"" if rest.startswith(b"RIFF") else rest

    def _plain(self) -> bytes:
        assert self._head is not None
        for mark, name in _OTHERS.items():
            if self._head.startswith(mark):
                raise VoiceError(f"the server sends {name}: it has to be asked for `format: wav`")
        if bytes(self._head[:1]) in (b"{", b"<"):
            raise VoiceError("the server sends a text in place of sound")
        rest, self._head = bytes(self._head), None
        return rest

    def _behind_head(self, head: bytes) -> bytes:
        at = 12  # RIFF, its length, WAVE
        while at + _CHUNK.size <= len(head):
            name, length = _CHUNK.unpack_from(head, at)
            at += _CHUNK.size
            if name == b"data":
                self._head = None
                return head[at:]
            if at + length > _LONGEST_HEAD:
                raise VoiceError("the server's WAV has a head that does not end")
            if name == b"fmt " and at + length <= len(head):
                self._understand(head[at : at + length])
            at += length + length % 2
        return b""

    def _understand(self, about: bytes) -> None:
        if len(about) < _FORMAT.size:
            raise VoiceError("the server's WAV does not say what it holds")
        kind, self.channels, self.rate, _, _, bits = _FORMAT.unpack_from(about)
        if kind not in (_PCM, _EXTENSIBLE) or bits != 8 * SAMPLE_BYTES:
            raise VoiceError(f"the server's WAV has {bits} bits a sample in form {kind}, not 16")
