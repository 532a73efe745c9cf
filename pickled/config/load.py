"""Finds and reads the configuration: `pickled.yaml`, then `.env`, then the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pickled.config.config import FILE_NAME, Config
from pickled.config.eye import name_the_eye
from pickled.config.hearing import complete_hearing, is_enabled
from pickled.config.later import LATER_SECTIONS, leave_out_later
from pickled.config.layers import (
    Layer,
    from_credentials,
    from_environment,
    from_prototype,
    from_yaml,
    merge,
    read_dotenv,
    with_secrets,
)
from pickled.config.mistakes import explain, origin
from pickled.config.plain import SECTIONS, plainly
from pickled.config.sections import MqttConfig
from pickled.config.twitch import sign_in_twitch, with_sign_in
from pickled.errors import ConfigError

_OPTIONS = ("kind", "model", "host", "url", "base_url", "api_key", "api_key_file", "voice")
"""What a part is given by a variable, most of the time."""


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
    named = {".env": read_dotenv(base_dir / ".env"), "the environment": environ}
    layers = _layers(found, base_dir, named)
    values = merge(layers)
    notes = [note for layer in layers for note in layer.notes]
    notes += leave_out_later(values)
    notes += sign_in_twitch(values)
    named_inputs = bool(values.get("inputs"))
    variables = {name: text for each in named.values() for name, text in each.items() if text}
    notes += _name_an_input(values, hears=is_enabled(variables))
    notes += complete_hearing(values, variables)
    name_the_eye(values)
    if "base_dir" in values:
        raise ConfigError(f"{origin(('base_dir',), layers)}: base_dir is not a known key.")
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(explain(error, values, layers)) from error
    _refuse_clear_text(config.mqtt, origin(("mqtt", "password"), layers))
    placed = _with_folders(config, base_dir, environ)
    if "words_dir" in values and not placed.words_dir.exists():
        notes.append(f"words_dir: there is no folder {placed.words_dir}, so nothing is added.")
    return Loaded(placed if named_inputs else with_sign_in(placed), found, tuple(notes))


def _layers(
    found: Path | None, base_dir: Path, named: Mapping[str, Mapping[str, str]]
) -> list[Layer]:
    environ = named["the environment"]

    def taken(layer: Layer) -> Layer:
        return with_secrets(plainly(layer, environ), base_dir)

    key = any(each.get("DEEPGRAM_API_KEY") for each in named.values())
    spoken = "deepgram" if key else "local"  # as the prototype did
    below = [
        Layer("the defaults", {"llm": {"kind": "ollama"}, "tts": {"kind": spoken}}),
        taken(from_yaml(found)) if found else Layer(FILE_NAME, {}),
        from_credentials(environ),
    ]
    known = _variables()
    ours = {
        origin: taken(from_environment(variables, known, origin=origin))
        for origin, variables in named.items()
    }
    merged = merge([*below, *ours.values()])
    kinds = {
        name: part.get("kind")
        for name in ("llm", "tts")
        if isinstance(part := merged.get(name), dict)
    }
    for place, variables in named.items():
        prototype = taken(from_prototype(variables, origin=place, kinds=kinds))
        below += [prototype, ours[place]]
    return below


def _variables() -> dict[str, tuple[str, ...]]:
    """What a variable may begin with, and what may follow it."""
    known: dict[str, tuple[str, ...]] = dict.fromkeys((*Config.model_fields, *LATER_SECTIONS), ())
    known |= {name: tuple(model.model_fields) for name, model in SECTIONS.items()}
    return known | dict.fromkeys(("llm", "stt", "tts", "compressor"), _OPTIONS)


def _find(path: Path | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    if path is not None:
        return cwd / path.expanduser()
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    places = (cwd / FILE_NAME, folder / "pickled" / FILE_NAME, Path("/etc/pickled") / FILE_NAME)
    try:
        return next((each for each in places if each.exists()), None)
    except OSError as error:
        raise ConfigError(f"can't look for {error.filename}: {error.strerror}") from error


def _name_an_input(values: dict[str, Any], *, hears: bool) -> list[str]:
    if values.get("inputs"):
        return []
    channel = values.get("channel")
    if channel:
        values["inputs"] = [{"kind": "twitch_anonymous", "channel": channel}]
        return []
    nothing = (
        "it reads no chat" if hears else "it hears nothing but `pickled ask` and `pickled say`"
    )
    note = (
        f"No input and no channel is named: {nothing}. "
        "Write `channel: yourname` into pickled.yaml to read that chat, without an account."
    )
    return [note]


def shared_data_dir() -> Path:
    """Where each instance has a folder of its own, unless `data_dir` names one."""
    import platformdirs  # where no folder is named

    return platformdirs.user_data_path("pickled")


def _with_folders(config: Config, base_dir: Path, environ: Mapping[str, str]) -> Config:
    """All paths absolute."""
    own = environ.get("STATE_DIRECTORY", "").split(":")[0]
    if config.data_dir:
        data_dir = base_dir / config.data_dir
    else:
        data_dir = Path(own) if own else shared_data_dir() / config.instance
    mqtt = config.mqtt
    if mqtt.ca_file is not None:
        mqtt = mqtt.model_copy(update={"ca_file": base_dir / mqtt.ca_file})
    words = {
        name: base_dir / file
        for name in ("words_file", "private_words_file")
        if (file := getattr(config.safety, name)) is not None
    }
    folders: dict[str, Any] = {
        "data_dir": data_dir,
        "personas_dir": base_dir / config.personas_dir,
        "words_dir": base_dir / config.words_dir,
        "base_dir": base_dir,
        "mqtt": mqtt,
        "safety": config.safety.model_copy(update=words),
        "web": config.web.model_copy(update=_of_web(config, base_dir)),
    }
    if config.emotes_file is not None:
        folders["emotes_file"] = base_dir / config.emotes_file
    return config.model_copy(update=folders)


def _of_web(config: Config, base_dir: Path) -> dict[str, Path]:
    named = ("certificate", "certificate_key", "faces_dir")
    return {each: base_dir / file for each in named if (file := getattr(config.web, each))}


def is_this_machine(host: str) -> bool:
    """Does that name mean the machine that we run on?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _refuse_clear_text(mqtt: MqttConfig, whence: str) -> None:
    if mqtt.password is None or mqtt.tls or mqtt.insecure or is_this_machine(mqtt.host):
        return
    raise ConfigError(
        f"{whence}: mqtt: the password would go to {mqtt.host} in clear text. Set "
        "`mqtt.tls: true`, or `mqtt.insecure: true` if you trust everybody in that network."
    )
