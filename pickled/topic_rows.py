"""What a row of the MQTT contract is made of: its fields, its payload's form, who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from pickled.entity_rows import Device, Entity
from pickled.messages import command, state
from pickled.messages.emotion import Emotion

Kind = Literal["state", "command", "event", "stream"]
Form = Literal["scalar", "json", "binary"]
Role = Literal["pickled", "node", "chat", "vision", "web", "hass", "deck"]

OnOff = Literal["ON", "OFF"]
Online = Literal["online", "offline"]
Percent = Annotated[float, Field(ge=0, le=100)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
Number = Annotated[float, Field(ge=0)]
_NUMBERS = (Percent, Seconds, Number)
_SCALARS = (*_NUMBERS, OnOff, Online, Emotion, state.ServiceLevel, state.MoodLabel, str)


@dataclass(frozen=True)
class Topic:
    """One row of the contract."""

    path: str
    """Below the instance; `{node}` stands for a node's name."""
    kind: Kind
    payload: Any
    """The type of the payload: a scalar type, a pydantic model, or bytes."""
    doc: str
    by: frozenset[Role]
    """Who publishes it."""
    to: frozenset[Role]
    """Who may read it."""
    qos: Literal[0, 1] = 1
    retain: bool = False
    max_rate: float | None = None
    """Messages a second at most, where there is a limit."""
    expiry_s: int | None = None
    """MQTT 5 message expiry."""
    built: bool = True
    """False: its feature comes later, and until then it is not published and not obeyed."""
    entities: tuple[Entity, ...] = ()
    """How it shows in Home Assistant."""

    @property
    def device(self) -> Device:
        """Whose it is in Home Assistant: the daemon's, a node's, or the vision-server's."""
        if self.path.startswith("node/"):
            return "node"
        return "vision" if frozenset({"vision"}) in (self.by, self.to) else "daemon"

    @property
    def form(self) -> Form:
        """`binary`, `json` (one object or list), or `scalar`."""
        if self.payload is bytes:
            return "binary"
        if self.kind == "command" or self.payload in _SCALARS:
            return "scalar"
        return "json"

    def encode(self, value: Any) -> bytes:
        """The payload for a value: scalars as bare strings, whole numbers without a point."""
        if isinstance(value, bytes):
            return value
        if isinstance(value, BaseModel):
            unset = self.kind != "state"
            return value.model_dump_json(by_alias=True, exclude_none=unset).encode()
        if isinstance(value, bool):
            return b"ON" if value else b"OFF"
        if isinstance(value, float):
            return f"{value:g}".encode() if value != int(value) else str(int(value)).encode()
        return str(value).encode()

    def decode(self, payload: bytes) -> Any:
        """The value of a state's, event's or stream's payload; raises pydantic.ValidationError.

        Commands have their own rules: `messages.command.parse`.
        """
        if self.form == "binary":
            return payload
        if self.form == "json":
            return self._adapter.validate_json(payload)
        return self._adapter.validate_strings(payload.decode("utf-8", errors="replace"))

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.payload)


_ALL: frozenset[Role] = frozenset({"pickled", "web", "hass", "deck"})
_CONTROL: frozenset[Role] = frozenset({"web", "hass", "deck"})
HOUSE: frozenset[Role] = frozenset({"web", "hass"})
DAEMON: frozenset[Role] = frozenset({"pickled"})
NODE: frozenset[Role] = frozenset({"node"})
VISION: frozenset[Role] = frozenset({"vision"})
CHAT: frozenset[Role] = frozenset({"chat"})
"""Whoever brings chat from elsewhere: each is a user `chat-<name>` of its own."""


def state_row(
    path: str,
    payload: Any,
    doc: str,
    *entities: Entity,
    built: bool = True,
    by: frozenset[Role] = DAEMON,
    node: bool = False,
    vision: bool = False,
    limited: bool | None = None,
) -> Topic:
    """A state: numbers and JSON go out at most once a second, the rest at once."""
    numeric = payload in _NUMBERS or hasattr(payload, "model_fields")
    rate = 1.0 if (numeric if limited is None else limited) else None
    to = _ALL | (NODE if node else frozenset()) | (VISION if vision else frozenset())
    return Topic(path, "state", payload, doc, by, to, 1, True, rate, None, built, entities)


def command_row(
    path: str,
    payload: type[command.Command],
    doc: str,
    *entities: Entity,
    built: bool = True,
    by: frozenset[Role] = _CONTROL,
    to: frozenset[Role] = DAEMON,
) -> Topic:
    """A command: the daemon may send it, too."""
    return Topic(
        path, "command", payload, doc, by | DAEMON, to, 1, False, None, 30, built, entities
    )


def event_row(
    path: str,
    payload: Any,
    doc: str,
    *entities: Entity,
    built: bool = True,
    by: frozenset[Role] = DAEMON,
    rate: float | None = 50.0,
    deck: bool = False,
    house: bool = True,
) -> Topic:
    """An event; `rate` is how many a second there may be, None any number.

    Without `house` the daemon alone may read it.
    """
    to: frozenset[Role] = DAEMON | (frozenset({"deck"}) if deck else frozenset())
    to |= HOUSE if house else frozenset()
    return Topic(path, "event", payload, doc, by, to, 1, False, rate, None, built, entities)


def tts_row(path: str, payload: Any, doc: str, *, qos: Literal[0, 1], expiry_s: int) -> Topic:
    """What a node is given to speak."""
    to: frozenset[Role] = frozenset({"node", "web"})
    return Topic(
        f"node/{{node}}/tts/{path}", "stream", payload, doc, DAEMON, to, qos, False, None, expiry_s
    )


def node_row(
    path: str,
    payload: Any,
    doc: str,
    *entities: Entity,
    qos: Literal[0, 1] = 1,
    retain: bool = False,
    built: bool = True,
    to: frozenset[Role] = _ALL,
) -> Topic:
    """What a node tells: a state if it is retained, else a stream."""
    kind: Kind = "state" if retain else "stream"
    own = f"node/{{node}}/{path}"
    return Topic(own, kind, payload, doc, NODE, to, qos, retain, None, None, built, entities)
