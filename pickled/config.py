"""Configuration: `pickled.yaml`, then `.env`, then the environment; the last one wins."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, Field, ValidationError, field_validator

from pickled.config_layers import (
    Layer,
    dotted,
    from_credentials,
    from_environment,
    from_prototype,
    from_yaml,
    is_secret_name,
    merge,
    read_dotenv,
)
from pickled.config_sections import (
    ChatCommandsConfig as ChatCommandsConfig,
)
from pickled.config_sections import (
    DelaysConfig as DelaysConfig,
)
from pickled.config_sections import (
    HomeAssistantConfig as HomeAssistantConfig,
)
from pickled.config_sections import (
    MemoryConfig as MemoryConfig,
)
from pickled.config_sections import (
    MqttConfig as MqttConfig,
)
from pickled.config_sections import (
    PartConfig as PartConfig,
)
from pickled.config_sections import (
    SafetyConfig as SafetyConfig,
)
from pickled.config_sections import (
    ScheduledPersona as ScheduledPersona,
)
from pickled.config_sections import (
    Section as Section,
)
from pickled.errors import ConfigError
from pickled.yaml_lines import Where

ContextKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Instance = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]

FILE_NAME = "pickled.yaml"

LATER_KINDS: dict[str, frozenset[str]] = {
    "inputs": frozenset({"twitch", "speech", "vision"}),
    "llm": frozenset(),
    "tts": frozenset({"deepgram"}),
    "outputs": frozenset({"twitch_chat", "vtube_studio", "obs"}),
}
"""Kinds that may be named already, and are left out with a note until they are built."""

_LATER_SECTIONS = ("stt",)
LAST_RESORT = {"llm": "readout", "tts": "local"}
"""What words and speaks when nothing else does: these need no service."""


class Config(Section):
    """All of `pickled.yaml`."""

    instance: Instance = "home"
    persona: str = "default"
    personas_dir: Path = Path("personas")
    data_dir: Path | None = None
    """`load` fills it in: `$STATE_DIRECTORY`, else the platform's data folder."""
    channel: str | None = Field(default=None, pattern=r"^[a-z0-9_]{1,25}$")
    """Shorthand: with no inputs, the Twitch channel that `twitch_anonymous` reads."""
    mqtt: MqttConfig = MqttConfig()
    inputs: tuple[PartConfig, ...] = ()
    llm: PartConfig = PartConfig(kind="ollama", fallback=(PartConfig(kind="readout"),))
    tts: PartConfig = PartConfig(kind="local")
    memory: MemoryConfig = MemoryConfig()
    safety: SafetyConfig = SafetyConfig()
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
    outputs: tuple[PartConfig, ...] = ()
    home_assistant: HomeAssistantConfig = HomeAssistantConfig()
    base_dir: Path = Path()
    """Relative paths count from here: the configuration file's folder. `load` sets it, no file."""

    @field_validator("channel", mode="before")
    @classmethod
    def _plain_channel(cls, value: object) -> object:
        return value.strip().removeprefix("#").lower() if isinstance(value, str) else value


@dataclass(frozen=True)
class Loaded:
    """A configuration, where it came from, and what its owner should know about it."""

    config: Config
    path: Path | None
    """The file; None if there is none."""
    notes: tuple[str, ...]
    """One line each: what is ignored or replaced, and the remedy."""


def load(path: Path | None, *, environ: Mapping[str, str], cwd: Path) -> Loaded:
    """Find, read, merge and check the configuration; raises ConfigError that names the way out."""
    found = _find(path, environ, cwd)
    base_dir = found.absolute().parent if found else cwd.absolute()
    layers = _layers(found, base_dir, environ)
    values = merge(layers)
    notes = [note for layer in layers for note in layer.notes]
    notes += _leave_out_later(values)
    notes += _name_an_input(values)
    if "base_dir" in values:
        raise ConfigError(f"{_origin(('base_dir',), layers)}: base_dir is not a known key.")
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error, layers)) from error
    _refuse_clear_text(config.mqtt)
    return Loaded(_with_folders(config, base_dir, environ), found, tuple(notes))


def _layers(found: Path | None, base_dir: Path, environ: Mapping[str, str]) -> list[Layer]:
    known = (*Config.model_fields, *_LATER_SECTIONS)
    below = [
        Layer("the defaults", {"llm": {"kind": "ollama"}, "tts": {"kind": "local"}}),
        from_yaml(found) if found else Layer(FILE_NAME, {}),
        from_credentials(environ),
    ]
    named = {".env": read_dotenv(base_dir / ".env"), "the environment": environ}
    ours = {
        origin: from_environment(variables, known, origin=origin, base_dir=base_dir)
        for origin, variables in named.items()
    }
    llm = merge([*below, *ours.values()])["llm"]
    kind = llm.get("kind") if isinstance(llm, dict) else None
    for origin, variables in named.items():
        below += [from_prototype(variables, origin=origin, llm_kind=kind), ours[origin]]
    return below


def secrets(config: Config) -> frozenset[str]:
    """Every secret value that the configuration holds, for the log's redaction."""
    embedder = [config.memory.embedder] if config.memory.embedder else []
    parts = (*config.inputs, config.llm, config.tts, *config.outputs, *embedder)
    parts += tuple(each for each in (config.safety.guard, config.compressor) if each)
    found = {secret for part in parts for secret in _secrets_of(part)}
    if config.mqtt.password is not None:
        found.add(config.mqtt.password.get_secret_value())
    return frozenset(found - {""})


def _secrets_of(part: PartConfig) -> Iterator[str]:
    for name, value in part.options.items():
        if not isinstance(value, str):
            continue
        if is_secret_name(name):
            yield value
        elif "://" in value and (password := urlsplit(value).password):
            yield password
    for each in part.fallback:
        yield from _secrets_of(each)


def _find(path: Path | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    if path is not None:
        return cwd / path.expanduser()
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    places = (cwd / FILE_NAME, folder / "pickled" / FILE_NAME, Path("/etc/pickled") / FILE_NAME)
    try:
        return next((each for each in places if each.is_file()), None)
    except OSError as error:
        raise ConfigError(f"can't look for {error.filename}: {error.strerror}") from error


def _leave_out_later(values: dict[str, Any]) -> list[str]:
    """Take out what is not built yet, so that a complete configuration works today already."""
    later = [key for key in _LATER_SECTIONS if values.pop(key, None)]
    for folder in ("inputs", "outputs"):
        if isinstance(values.get(folder), list):
            parts = [_anonymous(part) for part in values[folder]]
            values[folder] = [part for part in parts if not _is_later(folder, part)]
            later += [f"{folder}: {part['kind']}" for part in parts if _is_later(folder, part)]
    for folder in ("llm", "tts"):
        later += _promote(values, folder)
    return [f"Not built yet, so ignored: {', '.join(later)}."] if later else []


def _is_later(folder: str, part: Any) -> bool:
    return isinstance(part, dict) and part.get("kind") in LATER_KINDS[folder]


def _anonymous(part: Any) -> Any:
    """Signing in to Twitch is not built yet: its chat can be read without."""
    if isinstance(part, dict) and part.get("kind") == "twitch" and part.get("channel"):
        return {"kind": "twitch_anonymous", "channel": part["channel"]}
    return part


def _promote(values: dict[str, Any], folder: str) -> list[str]:
    """Put the first rung that is built in place of those that are not."""
    part = values.get(folder)
    if not isinstance(part, dict):
        return []
    rungs = [part, *(part.get("fallback") or [])]
    kept = [each for each in rungs if not _is_later(folder, each)]
    if len(kept) == len(rungs):
        return []
    if kept and isinstance(kept[0], dict):
        first = {key: value for key, value in kept[0].items() if key != "fallback"}
        values[folder] = {**first, "fallback": kept[1:]}
    else:
        values[folder] = {"kind": LAST_RESORT[folder]}
    return [f"{folder}: {each['kind']}" for each in rungs if _is_later(folder, each)]


def _name_an_input(values: dict[str, Any]) -> list[str]:
    if values.get("inputs"):
        return []
    channel = values.get("channel")
    if channel:
        plain = str(channel).strip().removeprefix("#").lower()
        values["inputs"] = [{"kind": "twitch_anonymous", "channel": plain}]
        return []
    note = (
        "No input and no channel is named: it hears nothing but `pickled ask` and `pickled say`. "
        "Write `channel: yourname` into pickled.yaml to read that chat, without an account."
    )
    return [note]


def _with_folders(config: Config, base_dir: Path, environ: Mapping[str, str]) -> Config:
    """All paths absolute."""
    own = environ.get("STATE_DIRECTORY", "").split(":")[0]
    fallback = Path(own) if own else platformdirs.user_data_path("pickled")
    data_dir = base_dir / config.data_dir.expanduser() if config.data_dir else fallback
    mqtt = config.mqtt
    if mqtt.ca_file is not None:
        mqtt = mqtt.model_copy(update={"ca_file": base_dir / mqtt.ca_file.expanduser()})
    words = {
        name: base_dir / file.expanduser()
        for name in ("words_file", "private_words_file")
        if (file := getattr(config.safety, name)) is not None
    }
    folders: dict[str, Any] = {
        "data_dir": data_dir,
        "personas_dir": base_dir / config.personas_dir.expanduser(),
        "base_dir": base_dir,
        "mqtt": mqtt,
        "safety": config.safety.model_copy(update=words),
    }
    if config.emotes_file is not None:
        folders["emotes_file"] = base_dir / config.emotes_file.expanduser()
    return config.model_copy(update=folders)


def is_this_machine(host: str) -> bool:
    """Does that name mean the machine that we run on?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _refuse_clear_text(mqtt: MqttConfig) -> None:
    if mqtt.password is None or mqtt.tls or mqtt.insecure or is_this_machine(mqtt.host):
        return
    raise ConfigError(
        f"mqtt: the password would go to {mqtt.host} in clear text. Set `mqtt.tls: true`, or "
        "`mqtt.insecure: true` if you trust everybody in that network."
    )


def _explain(error: ValidationError, layers: Sequence[Layer]) -> str:
    problems = []
    for each in error.errors(include_url=False, include_input=False):
        place, hint = each["loc"], f": {each['msg'][0].lower()}{each['msg'][1:]}"
        if each["type"] == "extra_forbidden":
            hint = f" is not a known key{_nearest(place)}"
        problems.append(f"{_origin(place, layers)}: {dotted(place)}{hint}")
    rest = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return "; ".join(problems[:3]) + rest + "."


def _origin(place: Where, layers: Sequence[Layer]) -> str:
    """Where a value comes from, or what it belongs to if it is missing."""
    for inner in (place, place[:-1]):
        for layer in reversed(layers):
            if inner and (where := layer.where(inner)):
                return where
    return FILE_NAME


def _nearest(place: Where) -> str:
    model: type[BaseModel] = Config
    for key in place[:-1]:
        inner = model.model_fields[str(key)].annotation
        assert isinstance(inner, type)
        assert issubclass(inner, BaseModel)
        model = inner
    known = [*model.model_fields]
    if model is Config:
        known += _LATER_SECTIONS
    near = get_close_matches(str(place[-1]), known, 1)
    return f"; did you mean {near[0]}?" if near else f" (there are {', '.join(known)})"
