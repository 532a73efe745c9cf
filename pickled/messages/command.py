"""What pickled can be told, how it is parsed, and how it is answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError

from pickled.config.sentences import sentence
from pickled.errors import CommandRefused
from pickled.messages.base import Published, Strict, TurnId
from pickled.messages.decision import Priority
from pickled.messages.memory import Hit, ViewerProfile
from pickled.messages.stream import StreamEventType
from pickled.messages.strict_json import parse_object

LARGEST_PAYLOAD = 4096
"""Bytes; a larger command is refused unread."""

LONGEST_ID = 64
"""Characters."""

Code = Literal[
    "ok",
    "bad_payload",
    "out_of_range",
    "unknown_persona",
    "unknown_voice",
    "unknown_turn",
    "unknown_viewer",
    "unknown_command",
    "unknown_key",
    "retained",
    "too_large",
    "busy",
    "not_allowed",
    "stale",
    "unavailable",
]

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=64)]


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _plain_number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is wanted, not true or false")
    plain = value.strip() if isinstance(value, str) else ""
    if plain.startswith("+") or "_" in plain or (plain.startswith("-") and not plain.strip("-0.")):
        raise ValueError("a number is wanted, not a step up or down: leave out the +, - or _")
    return value


def _value(*names: str) -> Any:
    """A field that the bare payload fills; in JSON it is called `value` or by its own name."""
    return Field(validation_alias=AliasChoices("value", *names))


class Command(Strict):
    """What every command may carry."""

    id: str | None = Field(default=None, max_length=LONGEST_ID)
    """Given by the sender; the same id is done once."""

    @property
    def once(self) -> str | None:
        """By which a repeat of it is known, and answered as before; None: by nothing."""
        return self.id

    @property
    def may_come_twice(self) -> bool:
        """Is it harmless when the broker delivers it again?"""
        return False


class Switch(Command):
    """`ON`, `OFF` or `TOGGLE`."""

    value: Literal["ON", "OFF", "TOGGLE"]


class Choose(Command):
    """A name; empty goes back to the configured one."""

    value: Annotated[Name | None, BeforeValidator(_none_if_empty)]


class Percent(Command):
    """0–100; empty goes back to the persona's own."""

    value: Annotated[
        Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None,
        BeforeValidator(_none_if_empty),
        BeforeValidator(_plain_number),
    ]


class Seconds(Command):
    """0–3600 s; empty goes back to the persona's own."""

    value: Annotated[
        Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None,
        BeforeValidator(_none_if_empty),
        BeforeValidator(_plain_number),
    ]


class SetText(Command):
    """A text."""

    value: Text


class SetLink(Command):
    """The streamer's uplink."""

    value: Literal["good", "low", "lost"] = Field(validation_alias=AliasChoices("value", "quality"))
    bitrate_kbps: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    rtt_ms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    delay_ms: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Say(Command):
    """Spoken as given."""

    text: Text = _value("text")
    target: Name | None = None
    """A node's name, or `public` or `private`."""
    priority: Priority = "normal"


class Ask(Command):
    """A turn as if the streamer had said it."""

    text: Text = _value("text")
    user: Name | None = None


class AboutTurn(Command):
    """Empty, or one turn."""

    turn: Annotated[TurnId | None, BeforeValidator(_none_if_empty)] = Field(
        default=None, validation_alias=AliasChoices("value", "turn")
    )


class Anything(Command):
    """Any payload does."""

    value: Any = None


class Inhibit(Command):
    """A do-not-speak lease that runs out by itself; 0 s releases it."""

    seconds: Annotated[
        float, Field(ge=0, le=3600, allow_inf_nan=False), BeforeValidator(_plain_number)
    ] = _value("seconds")
    holder: Name = "default"


class Rate(Command):
    """A label for learning."""

    rating: Literal["up", "down"] = _value("rating")
    turn: TurnId | None = None
    better: Text | None = None


class Forget(Command):
    """Delete everywhere what is kept about a viewer, or one memory or message."""

    viewer: Name | None = None
    """Any of their names (login, shown, former), or `id:<user id>`."""
    memory: Name | None = None
    message: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """The id in `event/chat`; that of another platform's line begins with its name, `youtube:…`."""
    opt_out: bool = False
    """Nothing of that viewer is kept from now on either."""
    confirm: Literal[True]


class MemorySearch(Command):
    """Search in memory."""

    text: Text
    k: int = Field(default=3, ge=1, le=50)


class AboutViewer(Command):
    """What is kept about a viewer."""

    viewer: Name
    """Any of their names (login, shown, former), or `id:<user id>`."""


class SetContext(Command):
    """A fact from the house."""

    key: Name
    value: str | float
    unit: str = ""
    seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class TellEvent(Command):
    """A stream event from elsewhere."""

    event: StreamEventType
    user: str = Field(default="", max_length=64)
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    currency: str | None = Field(default=None, max_length=8)
    months: int | None = Field(default=None, ge=0)
    tier: str | None = Field(default=None, max_length=16)
    viewers: int | None = Field(default=None, ge=0)
    text: str = Field(default="", max_length=500)
    title: str = Field(default="", max_length=200)
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    in_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class CommandEvent(Published):
    """The answer to every command."""

    event_type: Literal["accepted", "rejected"]
    command: str
    """The topic below the instance, as `muted/set` or `cmd/say`."""
    id: str | None = None
    code: Code
    message: str = ""
    field: str | None = None
    by: str | None = None
    """The moderator who commanded it in chat."""
    removed: dict[str, int] = Field(default_factory=dict)
    """By `cmd/forget`: where from, and how much; `copies` and `lines` are those of files."""


class Found(CommandEvent):
    """What `cmd/memory_search` and `cmd/viewer` found: only for who asked."""

    hits: tuple[Hit, ...] = ()
    viewer: ViewerProfile | None = None


C = TypeVar("C", bound=Command)
_BARE_KEY = "value"
_LONGEST_FIELD = 64
_RANGE_ERRORS = (
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "finite_number",
    "too_long",
    "string_too_long",
)


def parse(kind: type[C], payload: bytes) -> C:
    """Parse a command's payload by the rules of the contract; raises CommandRefused.

    The refusal carries the payload's `id`, where it has one that can be read.
    """
    if len(payload) > LARGEST_PAYLOAD:
        raise CommandRefused("too_large", f"{len(payload)} bytes; at most {LARGEST_PAYLOAD}")
    try:
        text = payload.decode("utf-8", errors="strict").strip(" \t\r\n\v\f")
    except UnicodeDecodeError as error:
        raise CommandRefused("bad_payload", "not valid UTF-8") from error
    if "\0" in text:
        raise CommandRefused("bad_payload", "contains a NUL character")
    fields = parse_object(text) if text.startswith("{") else {_BARE_KEY: text}
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        refusal = _refusal(error, bare=not text.startswith("{"))
        refusal.command_id = _readable_id(fields)
        raise refusal from error


def _readable_id(fields: dict[str, Any]) -> str | None:
    found = fields.get("id")
    return found if isinstance(found, str) and len(found) <= LONGEST_ID else None


def _refusal(error: ValidationError, *, bare: bool) -> CommandRefused:
    errors = error.errors(include_url=False, include_input=False)
    if bare and any(each["type"] == "extra_forbidden" for each in errors):
        return CommandRefused("bad_payload", "this command takes a JSON object")
    first = errors[0]
    kind, where = first["type"], str(first["loc"][0])[:_LONGEST_FIELD] if first["loc"] else None
    if kind == "extra_forbidden":
        return CommandRefused("bad_payload", "this key is unknown", field=where)
    code = "out_of_range" if kind in _RANGE_ERRORS else "bad_payload"
    subject = "the value" if where in (None, _BARE_KEY) else where
    return CommandRefused(code, f"{subject}{sentence(first)}", field=where)
