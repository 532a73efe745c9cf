"""What the daemon and its audio-nodes tell each other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Message, TurnId

U16 = 0xFFFF
U32 = 0xFFFF_FFFF
Session = Field(ge=0, le=U32)
Stream = Field(ge=0, le=U32)


class NodeInfo(Message):
    """`node/<node>/info`, retained: what a node is and can."""

    version: str = ""
    contract: int = 1
    session: int = Session
    """One run of the node."""
    role: Literal["public", "private"] = "public"
    formats: tuple[str, ...] = ("s16le",)
    devices: dict[str, str] = Field(default_factory=dict)
    """`output`, and `input` where it has a microphone."""


class NodeState(Message):
    """`node/<node>/state`, retained."""

    playing: bool = False
    fill_ms: float = 0.0
    underruns: int = 0
    muted: bool = False
    """Its own mute, kept on its disk."""
    muted_alone: bool = False
    """That mute is of this node only; without this it is a general one."""
    mic_muted: bool = False
    mic_muted_alone: bool = False
    volume: float = 100.0
    """Its own, in percent."""
    clock_offset_ms: float | None = None
    """What to add to the node's clock to get the daemon's."""
    has_sound: bool = True
    """Can it be heard? If not, `last_error` says why, and it plays nothing."""
    hears: bool = False
    """Does its microphone give sound? If one was named and does not, `last_error` says why."""
    echo: Literal["unknown", "yes", "no"] = "unknown"
    """Does the microphone hear what the node plays? If so it is deaf while something sounds."""
    ducked: bool = False
    """It plays more softly just now, because somebody speaks."""
    mic_lost_ms: float = 0.0
    """What of the microphone was lost, on a busy machine or a slow network."""
    last_error: str = ""


class Ping(Message):
    """The daemon asks; every second."""

    id: int
    sent_ms: float
    """Unix time in ms on the asker's clock."""
    offset_ms: float | None = None
    """What the daemon measured last: add it to the node's clock to get the daemon's."""


class Pong(Message):
    """The node answers at once."""

    id: int
    sent_ms: float
    """As in the ping."""
    node_ms: float
    """Unix time in ms on the node's clock."""


class TtsBegin(Message):
    """An utterance starts on a stream; the same stream goes on with the next utterance."""

    session: int = Session
    stream: int = Stream
    utterance: str
    turn: TurnId
    rate: int = Field(default=24_000, ge=8_000, le=48_000)
    channels: Literal[1] = 1
    format: Literal["s16le", "opus"] = "s16le"
    priority: Literal["low", "normal", "high", "critical"] = "normal"
    sent_ms: float | None = None
    """Unix time in ms on the daemon's clock; older than 5 s is never played."""


class StreamEnd(Message):
    """`tts/end`: no further frames come. `tts/clear`: drop everything up to this stream."""

    session: int = Session
    stream: int = Stream


class Played(Message):
    """What of a stream has become sound."""

    session: int = Session
    stream: int = Stream
    utterance: str = ""
    state: Literal["started", "progress", "finished", "cleared", "muted"]
    played_ms: float = Field(ge=0, allow_inf_nan=False)
    """Sound of this stream that has reached the device, ms."""
    fill_ms: float = Field(default=0, ge=0)
    at_ms: float | None = None
    """Unix time in ms on the node's clock."""


class MicBegin(Message):
    """A microphone stream starts."""

    session: int = Session
    stream: int = Stream
    rate: int = 16_000
    channels: Literal[1] = 1
    format: Literal["s16le", "opus"] = "s16le"


class Vad(Message):
    """The node's microphone hears a voice, or no longer."""

    speaking: bool
    onset_ms: float | None = None
