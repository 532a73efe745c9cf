"""Configuration: `pickled.yaml`, then `.env`, then the environment; the last one wins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Instance = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class MqttConfig(_Section):
    """Where the broker is, and who we are there."""

    host: str = "127.0.0.1"
    port: int = Field(default=1883, ge=1, le=65535)
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    tls: bool = False
    ca_file: Path | None = None
    insecure: bool = False
    """Allow clear text to another machine with a password."""
    base_topic: str = Field(default="pickled", pattern=r"^[^+#/\0\s]{1,64}$")
    discovery_prefix: str = Field(default="homeassistant", pattern=r"^[^+#\0\s]{1,64}$")
    publish_text: bool = True


class PartConfig(BaseModel):
    """A part chosen by its `kind`; the other keys are the options of the file of that name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    fallback: tuple[PartConfig, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """What the part's own `Options` model is given."""
        return dict(self.__pydantic_extra__ or {})


class SafetyConfig(_Section):
    """The output gate."""

    max_chars: int = Field(default=400, ge=20, le=2000)
    """Longest clause that is spoken."""


class HomeAssistantConfig(_Section):
    """Home Assistant's discovery."""

    enabled: bool = True


class Config(_Section):
    """All of `pickled.yaml`."""

    instance: Instance = "home"
    persona: str = "default"
    personas_dir: Path = Path("personas")
    data_dir: Path | None = None
    channel: str | None = None
    """Shorthand: with no inputs, the Twitch channel that `twitch_anonymous` reads."""
    mqtt: MqttConfig = MqttConfig()
    inputs: tuple[PartConfig, ...] = ()
    llm: PartConfig = PartConfig(kind="ollama", fallback=(PartConfig(kind="readout"),))
    tts: PartConfig = PartConfig(kind="local")
    safety: SafetyConfig = SafetyConfig()
    outputs: tuple[PartConfig, ...] = ()
    home_assistant: HomeAssistantConfig = HomeAssistantConfig()
