"""All of `pickled.yaml`, as one model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from pickled.config.forms import channel_name
from pickled.config.sections import (
    ChatCommandsConfig,
    DelaysConfig,
    HomeAssistantConfig,
    MemoryConfig,
    MqttConfig,
    PartConfig,
    RedemptionConfig,
    SafetyConfig,
    ScheduledPersona,
    Section,
    VisionConfig,
    WebConfig,
)

ContextKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Account = Annotated[str, Field(min_length=1, max_length=64)]
Instance = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]

FILE_NAME = "pickled.yaml"

LAST_RESORT = {"llm": "readout", "tts": "local"}
"""What words and speaks when nothing else does: these need no service."""


class Config(Section):
    """All of `pickled.yaml`."""

    instance: Instance = "home"
    persona: str = "default"
    personas_dir: Path = Path("personas")
    words_dir: Path = Path("words")
    """Files of the owner's that extend the tables in `pickled/language`, by the same names."""
    data_dir: Path | None = None
    """`load` fills it in: `$STATE_DIRECTORY`, else the instance's in the platform's data folder."""
    channel: str | None = None
    """Shorthand: with no inputs, the Twitch channel that `twitch_anonymous` reads."""
    mqtt: MqttConfig = MqttConfig()
    inputs: tuple[PartConfig, ...] = ()
    llm: PartConfig = PartConfig(kind="ollama", fallback=(PartConfig(kind="readout"),))
    stt: PartConfig | None = None
    """Who recognizes what the streamer says; nobody without it."""
    tts: PartConfig = PartConfig(kind="local")
    memory: MemoryConfig = MemoryConfig()
    safety: SafetyConfig = SafetyConfig()
    ignore: Annotated[tuple[Account, ...], Field(max_length=500)] = ()
    """Accounts (login or display name) that are never answered, counted or remembered."""
    delays: DelaysConfig = DelaysConfig()
    context: Annotated[tuple[ContextKey, ...], Field(max_length=50)] = ()
    """The keys that `cmd/context` may set."""
    compressor: PartConfig | None = None
    """What shortens a prompt before a model reads it; off without one."""
    emotes_file: Path | None = None
    """What the channel's own emotes mean."""
    chat_commands: ChatCommandsConfig = ChatCommandsConfig()
    schedule: tuple[ScheduledPersona, ...] = ()
    """Which persona takes over when."""
    redemptions: Annotated[tuple[RedemptionConfig, ...], Field(max_length=50)] = ()
    """What rewards for channel points do; others are talked about."""
    vision: VisionConfig | None = None
    """Seeing the stream; without it there is nothing to be seen."""
    outputs: tuple[PartConfig, ...] = ()
    home_assistant: HomeAssistantConfig = HomeAssistantConfig()
    web: WebConfig = WebConfig()
    base_dir: Path = Path()
    """Relative paths count from here: the configuration file's folder. `load` sets it, no file."""

    @field_validator("channel", mode="before")
    @classmethod
    def _plain_channel(cls, value: object) -> object:
        return channel_name(value) if isinstance(value, str) else value
