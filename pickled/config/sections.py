"""The sections of `pickled.yaml`: what each may hold, and what holds without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from pickled.config.forms import PORT
from pickled.config.layers import is_secret_name


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_TOPIC = r"^[^$+#/\x00\s][^+#%s\x00\s]{0,63}$"


class MqttConfig(Section):
    """Where the broker is, and who we are there."""

    host: str = "127.0.0.1"
    port: int = Field(default=PORT, ge=1, le=65535)
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    """A file that holds the password; `load` reads it into `password`."""
    tls: bool = False
    ca_file: Path | None = None
    insecure: bool = False
    """Allow clear text to another machine with a password."""
    base_topic: str = Field(default="pickled", pattern=_TOPIC % "/")
    discovery_prefix: str = Field(default="homeassistant", pattern=_TOPIC % "")
    publish_text: bool = True


class PartConfig(BaseModel):
    """A part chosen by its `kind`; the other keys are the options of the file of that name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    fallback: tuple[PartConfig, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """What the part's own `Options` model is given."""
        return dict(self.__pydantic_extra__ or {})

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Secrets don't show when a configuration is printed."""
        for name, value in super().__repr_args__():
            yield name, "***" if name and is_secret_name(name) else value


class SafetyConfig(Section):
    """What must never be said, and who looks first."""

    max_chars: int = Field(default=400, ge=20, le=2000)
    """Longest clause that is spoken."""
    words_file: Path | None = None
    """Word lists in tiers: YAML with `block`, `mask` and `allow`."""
    private_words_file: Path | None = None
    """Words that are never spoken or published, one a line: a street, a family's names."""
    guard: PartConfig | None = None
    """A model that judges every clause before it is spoken; `guard_model` is short for it."""
    guard_model: str | None = None
    """The name of a model of Ollama, on the same host as `llm`."""
    chat_hold_s: float = Field(default=0.0, ge=0, le=30)
    """So long chat is held back, for moderators to act first, s."""
    approval: bool = False
    """Every answer waits for a person, until `approval/set` says otherwise."""
    discreet: bool = False
    """No places, no scene, until `discreet/set` says otherwise."""


Delay = Annotated[float, Field(ge=0, le=60_000, allow_inf_nan=False)] | Literal["auto"]


class DelaysConfig(Section):
    """How late things are, in ms; `auto` takes what `link/set` says."""

    uplink_ms: Delay = "auto"
    """From the streamer to this house: what is heard and seen is so old."""
    broadcast_ms: Delay = "auto"
    """From this house to the viewers: chat answers what was so long ago."""


PlatformName = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9_-]*$"),
    BeforeValidator(lambda name: name.lower() if isinstance(name, str) else name),
]
"""As `cmd/chat` has it."""


class ChatCommandsConfig(Section):
    """Commands in chat, as `!pickle skip`."""

    enabled: bool = True
    prefix: str = Field(default="pickle", pattern=r"^[a-z0-9_]{1,24}$")
    """The word after the exclamation mark."""
    aliases: bool = True
    """Also `!skip`, `!mute` and `!persona`, which song bots may use, too."""
    notice: bool = True
    """Where it writes in chat, it says there that it is an AI: as a stream begins, and at most
    once an hour."""
    moderators_from: tuple[PlatformName, ...] = ()
    """Platforms of `cmd/chat` whose badges `moderator` and `broadcaster` are believed: whoever
    may send there says who has them."""


class ScheduledPersona(Section):
    """A persona that takes over at a time of day."""

    at: time
    """The house's time of day, as `"22:00"`."""
    persona: str = Field(min_length=1, max_length=64)
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    """Without any, every day."""

    @field_validator("at", mode="before")
    @classmethod
    def _quoted(cls, value: object) -> object:
        """YAML takes 22:00 without quotes for a number in base 60."""
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
            return f"{value // 60:02d}:{value % 60:02d}"
        return value


class RedemptionConfig(Section):
    """What a reward for channel points does, instead of being talked about."""

    title: str = Field(min_length=1, max_length=100)
    """The reward's, as viewers see it."""
    do: Literal["ask", "say", "persona", "mute", "action"]
    """Answer what was written with it; say a text; another persona; be silent; an action."""
    text: str | None = Field(default=None, min_length=1, max_length=300)
    """To be said; `{user}` and `{text}` are filled in."""
    persona: str | None = Field(default=None, min_length=1, max_length=64)
    action: str | None = Field(default=None, min_length=1, max_length=32)
    seconds: float | None = Field(default=None, ge=1, le=3600, allow_inf_nan=False)
    """How long it is silent (60), or the other persona stays (until somebody chooses again)."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> RedemptionConfig:
        for do, name in (("say", "text"), ("persona", "persona"), ("action", "action")):
            if (self.do == do) != (getattr(self, name) is not None):
                wanted = "needs" if self.do == do else "has no use for"
                raise ValueError(f"`do: {self.do}` {wanted} `{name}`")
        if self.seconds is not None and self.do not in ("mute", "persona"):
            raise ValueError(f"`do: {self.do}` has no use for `seconds`")
        return self


class MemoryConfig(Section):
    """What is remembered over the streams."""

    embedder: PartConfig | None = PartConfig(kind="sentence_transformers")
    """What finds memories by their meaning; `null`: by words alone."""
    retention_days: int = Field(default=30, ge=1, le=3650)
    """How long chat is kept as it was written."""
    top: int = Field(default=3, ge=0, le=20)
    """The most memories that a prompt is given."""
    minimum_relevance: float = Field(default=0.25, ge=0, le=1)
    """A memory below this similarity is recalled only if it shares a word with what was said."""


class VisionConfig(Section):
    """Seeing the stream: `vision-server/` reads this section, too, and looks into all of it."""

    enabled: bool = True
    """Does the vision-server look from its start on?"""
    source: PartConfig = PartConfig(kind="obs")
    """Where pictures come from; its `kind` and options are the vision-server's."""
    backend: PartConfig = PartConfig(kind="ollama")
    """The model that describes them; the same."""
    interval_s: float = Field(default=5.0, ge=0.2, le=3600)
    """The shortest time between two calls of the model."""
    max_interval_s: float = Field(default=300.0, ge=1, le=86_400)
    """After so long it is called for a still picture, too."""
    still_s: float = Field(default=30.0, ge=1, le=3600)
    """So often a still picture is said to be still there, without a call."""
    threshold: float = Field(default=4.0, ge=0, le=255)
    """From this mean difference of a pixel on it is another picture."""
    prompt: str | None = Field(default=None, max_length=2000)
    """What it looks for."""
    snapshot: bool = False
    """Pictures are published on MQTT."""
    only_live: bool = False
    """It looks only while the stream is live."""
    remarks: bool = True
    """The co-host may speak up about what is new, at most once in five minutes."""
    host: str = "127.0.0.1"
    port: int = Field(default=3001, ge=0, le=65535)
    token: SecretStr | None = None
    """What the vision-server's pages ask for; needed where others than this machine reach them."""


class HomeAssistantConfig(Section):
    """Home Assistant's discovery."""

    enabled: bool = True


_OF_NOBODY_ELSE = ("localhost", "::1", "0.0.0.0", "::")  # noqa: S104  # told apart


class WebConfig(Section):
    """`pickled web`: the pages."""

    host: str = Field(default="127.0.0.1", min_length=1, max_length=255)
    """Where it listens; elsewhere than on this machine everybody has to sign in."""
    port: int = Field(default=8000, ge=1, le=65535)
    token: SecretStr | None = Field(default=None, min_length=16)
    """What signs in; without one it is made at the start, where one is wanted."""
    token_file: Path | None = None
    """A file that holds the token; `load` reads it into `token`."""
    certificate: Path | None = None
    """PEM file; with `certificate_key` the pages are https."""
    certificate_key: Path | None = None
    origins: tuple[str, ...] = Field(default=(), max_length=20)
    """Under which addresses it is reached through a proxy, as `https://pickled.example`."""
    username: str | None = None
    """Who it is at the broker, `web`; without one, whoever `mqtt` says."""
    password: SecretStr | None = None
    password_file: Path | None = None
    mouth_username: str | None = None
    """Who the overlay is there when it is the mouth, `node-overlay`; else as `username`."""
    mouth_password: SecretStr | None = None
    mouth_password_file: Path | None = None
    faces_dir: Path = Path("faces")
    """Folders of pictures of the owner's, each a face for the overlay."""

    @property
    def address(self) -> str | None:
        """Where others find the pages, as far as the file says; None where only this machine does.

        A host that stands for all of a machine's addresses is none of them.
        """
        if self.origins:
            return f"{self.origins[0].rstrip('/')}/"
        host = self.host.strip("[]")
        if host in _OF_NOBODY_ELSE or host.startswith("127."):
            return None
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"
