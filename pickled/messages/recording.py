"""Recordings of a stream: JSON lines, one thing that happened per line, in order of time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import from_json

from pickled.errors import RecordingError
from pickled.messages.base import Message
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage, Fragment
from pickled.messages.events import Event
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent, StreamEventType
from pickled.messages.vision import Scene

LARGEST_LINE = 1_048_576
"""Bytes; a longer line is refused unread."""


class _Line(Message):
    t: float = Field(ge=0, le=1e7, allow_inf_nan=False)
    """Seconds from the start."""


class ChatLine(_Line):
    """Somebody wrote in chat."""

    type: Literal["chat"]
    id: str = Field(min_length=1)
    user: str
    user_id: str
    badges: tuple[str, ...] = ()
    text: str
    channel: str = ""
    reply_to: str | None = None
    reply_to_user: str | None = None
    fragments: tuple[Fragment, ...] = ()
    bits: int = Field(default=0, ge=0)


class DeleteLine(_Line):
    """A moderator took back one message, a viewer's messages, or (`all`) everything."""

    type: Literal["delete"]
    message_id: str | None = None
    user_id: str | None = None
    all: bool = False
    user: str = ""

    @model_validator(mode="after")
    def _one_of_three(self) -> DeleteLine:
        if (self.message_id is not None) + (self.user_id is not None) + self.all != 1:
            raise ValueError("needs exactly one of message_id, user_id, all")
        return self


class StreamLine(_Line):
    """A follow, a sub, a raid …"""

    type: Literal["stream"]
    event: StreamEventType
    user: str = ""
    user_id: str = ""
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    currency: str | None = None
    months: int | None = Field(default=None, ge=0)
    tier: str | None = None
    viewers: int | None = Field(default=None, ge=0)
    text: str = ""
    title: str = ""
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    in_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class SpeechLine(_Line):
    """The streamer said something: what was recognized, or the sound itself as a WAV file."""

    type: Literal["speech"]
    text: str | None = None
    final: bool = True
    eager: bool = False
    """Not final, but probably over."""
    confidence: float | None = Field(default=None, ge=0, le=1)
    late_s: float = Field(default=0.0, ge=0, le=3600, allow_inf_nan=False)
    """So long before that moment it was said."""
    audio: str | None = Field(default=None, min_length=1)
    """A path, relative to the recording."""

    @model_validator(mode="after")
    def _text_or_audio(self) -> SpeechLine:
        if (self.text is None) == (self.audio is None):
            raise ValueError("needs either text or audio")
        if self.eager and self.final:
            raise ValueError("eager is for what is not final: write `final: false` beside it")
        return self


class VisionLine(_Line):
    """Something was seen."""

    type: Literal["vision"]
    text: str
    model: str = ""


class CommandLine(_Line):
    """Somebody commanded something; the topic counts from the instance (`muted/set`)."""

    type: Literal["command"]
    topic: str = Field(min_length=1)
    payload: str | dict[str, Any] = ""


class LlmLine(_Line):
    """What the model wrote for a turn."""

    type: Literal["llm"]
    turn: str
    deltas: tuple[tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], str], ...]
    """Milliseconds from the request, and the piece of text that came then."""
    messages: tuple[str, ...] = ()
    """Ids of the messages that were answered; the last one is the one that asked."""


class TtsLine(_Line):
    """How long the voice took for a clause."""

    type: Literal["tts"]
    clause: str
    """`<turn>.<n>`"""
    text: str = ""
    """Its words; empty where they weren't noted."""
    first_sound_ms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """From the first byte to the first sample at the device; None if that wasn't noted."""
    first_byte_ms: float = Field(ge=0, allow_inf_nan=False)
    duration_ms: float = Field(ge=0, allow_inf_nan=False)


class OutcomeLine(_Line):
    """What pickled did, and what made it do so; its own keys are kept as they are."""

    type: Literal["decision", "response", "played", "state", "dice", "vector"]

    model_config = ConfigDict(extra="allow")


RecordingLine = (
    ChatLine
    | DeleteLine
    | StreamLine
    | SpeechLine
    | VisionLine
    | CommandLine
    | LlmLine
    | TtsLine
    | OutcomeLine
)
LINE_TYPES: tuple[str, ...] = tuple(
    name
    for each in get_args(RecordingLine)
    for name in get_args(each.model_fields["type"].annotation)
)

_LINE: TypeAdapter[RecordingLine] = TypeAdapter(
    Annotated[RecordingLine, Field(discriminator="type")]
)


def read(
    path: Path, *, on_torn: Callable[[str], None] = lambda _why: None
) -> Generator[RecordingLine, None, None]:
    """The lines of a recording, read as they are asked for.

    A last line that was not written to its end is passed over, and `on_torn` told so in a
    sentence. Raises RecordingError that names the file and the line.
    """
    number, before, found = 0, 0.0, False
    try:
        with path.open("rb") as file:
            while written := file.readline(LARGEST_LINE + 1):
                number += 1
                where = f"{path}, line {number}"
                if number == 1:
                    written = written.removeprefix(b"\xef\xbb\xbf")
                if not written.strip():
                    continue
                last = not written.endswith(b"\n") or not file.peek(1)
                if found and last and _is_torn(written):
                    on_torn(f"{where} is torn (a kill? a full disk?): the recording ends before it")
                    return
                line = parse(written, where=where)
                if line.t < before:
                    raise RecordingError(
                        f"{where}: t is {line.t:g}, but the line before has {before:g}; "
                        "lines are in order of t"
                    )
                before, found = line.t, True
                yield line
    except OSError as error:
        raise RecordingError(f"{path} can't be read: {error.strerror or error}") from error


def _is_torn(written: bytes) -> bool:
    """Was a line begun, and neither it nor its end written? What comes then may be zeros."""
    whole = written.endswith(b"\n") and b"\0" not in written
    if whole or len(written) > LARGEST_LINE:
        return False
    begun = written.rstrip(b"\0 \n")
    try:
        from_json(written)
    except ValueError:
        return begun.startswith(b"{") or not begun
    return False


def parse(written: bytes | str, *, where: str) -> RecordingLine:
    """One line; raises RecordingError that begins with `where`."""
    if len(written) > LARGEST_LINE:
        raise RecordingError(f"{where}: longer than {LARGEST_LINE} bytes")
    try:
        return _LINE.validate_json(written.strip())
    except ValidationError as error:
        raise RecordingError(f"{where}: {_explain(error)}") from error


def written(line: RecordingLine) -> bytes:
    """The line as it stands in a file, with its end; `parse` reads it again."""
    return line.model_dump_json(exclude_defaults=True).encode() + b"\n"


def to_event(line: RecordingLine, *, ts: datetime, source: str, suffix: str = "") -> Event | None:
    """What an input would have emitted for that line at `ts`; None if it is no input's.

    `suffix` is put behind the ids of messages, so that a repetition has fresh ones.
    Speech that is only there as sound is a recognizer's.
    """
    match line:
        case ChatLine():
            fields = line.model_dump(exclude={"t", "type", "id", "reply_to"})
            reply_to = line.reply_to and line.reply_to + suffix
            return ChatMessage(
                ts=ts, source=source, id=line.id + suffix, reply_to=reply_to, **fields
            )
        case DeleteLine(message_id=str() as message_id):
            return ChatDeleted(ts=ts, source=source, id=message_id + suffix, user=line.user)
        case DeleteLine():
            return ChatCleared(ts=ts, source=source, user_id=line.user_id, user=line.user)
        case StreamLine():
            fields = line.model_dump(exclude={"t", "type", "event"})
            return StreamEvent(ts=ts, source=source, event_type=line.event, **fields)
        case SpeechLine(text=str() as text):
            kind: Literal["started", "interim", "final"] = "final" if line.final else "interim"
            if not text and not line.final:
                kind = "started"
            sure, said = line.confidence, ts - timedelta(seconds=line.late_s)
            return Speech(ts=said, event_type=kind, text=text, eager=line.eager, confidence=sure)
        case VisionLine():
            return Scene(ts=ts, text=line.text, captured_at=ts, model=line.model)
        case _:
            return None


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    match first["type"]:
        case "union_tag_invalid":
            given = str(first["ctx"]["tag"])
            nearest = get_close_matches(given, LINE_TYPES, 1)
            hint = f"did you mean {nearest[0]}" if nearest else f"there are {', '.join(LINE_TYPES)}"
            return f"there is no type {given[:40]!r}; {hint}"
        case "union_tag_not_found":
            return "`type` is missing"
        case "json_invalid":
            return "not JSON" + str(first["msg"]).removeprefix("Invalid JSON")
        case _:
            where = ".".join(str(part) for part in first["loc"][1:])
            message = str(first["msg"]).removeprefix("Value error, ")
            return f"{where}: {message}" if where else message
