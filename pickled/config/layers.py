"""What each place of configuration says: `pickled.yaml`, credentials, `.env`, the environment."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

from pickled.config.other_names import TAKEN
from pickled.errors import ConfigError
from pickled.patterns import pattern
from pickled.text_files import read_bytes
from pickled.yaml_lines import Where, parse

_PREFIX = "PICKLED_"
_SECRET_NAME = pattern(r"(^|_)(password|passphrase|token|secret|api_key)$")
_SECTIONS_OF_CREDENTIALS = ("mqtt", "llm", "stt", "tts", "compressor", "web")
_CREDENTIALS = "pickled_"
NO_CREDENTIAL = "none"
"""What a unit sets in place of a credential that is not there: it may not be empty."""
_VIRTUAL = "pyvenv.cfg"
"""What is in the folder of a virtual environment, which some people call `.env`."""
SECRETS_NAME = "secrets.yaml"
"""Beside the configuration: what `!secret` looks into."""

PROTOTYPES_TWITCH = "the prototype's Twitch"
"""A key for its variables that no file can have; `config/twitch.py` gives them to the parts."""
_PROTOTYPE: dict[str, tuple[str, ...] | str] = {
    "OLLAMA_MODEL": ("llm", "model"),
    "TWITCH_CHANNEL": ("channel",),
    "DEEPGRAM_API_KEY": ("tts", "api_key"),
    "TWITCH_BOT_TOKEN": (PROTOTYPES_TWITCH, "bot_token"),
    "TWITCH_CLIENT_ID": (PROTOTYPES_TWITCH, "client_id"),
    "TWITCH_CLIENT_SECRET": (PROTOTYPES_TWITCH, "client_secret"),
    "VISION_ENABLED": ("vision", "enabled"),
    "OVERSHOOT_API_KEY": "is ignored here: it is the vision-server's",
    "AUDIO_OUTPUT_DEVICE": "is ignored here: it is the node's, `pickled node --output NAME`",
    "AUDIO_INPUT_DEVICE": "is ignored here: it is the node's, `pickled node --input NAME`",
}
"""The prototype's variables: what they set, or why they set nothing.

STT_ENABLED is read in `hearing.py`. Its HOST and PORT are those of the web pages; they mean too
much else to be spoken about.
"""


@dataclass(frozen=True)
class Layer:
    """One place of configuration."""

    origin: str
    """As named in messages."""
    values: dict[str, Any]
    lines: dict[Where, int] = field(default_factory=dict)
    texts: dict[Where, str] = field(default_factory=dict)
    """As written, where YAML made a number or the like of it."""
    notes: tuple[str, ...] = ()

    def where(self, place: Where) -> str | None:
        """How to find a value in this layer; None if it is not from here."""
        if place in self.lines:
            return f"{self.origin}:{self.lines[place]}"
        inner: Any = self.values
        for key in place:
            try:
                inner = inner[key]
            except (KeyError, IndexError, TypeError):
                return None
        return self.origin


def is_secret_name(name: str) -> bool:
    """Does an option of that name hold a secret?"""
    return _SECRET_NAME.search(name.lower()) is not None


def from_yaml(path: Path) -> Layer:
    """The layer of a configuration file; raises ConfigError."""
    text = _read(path, "the configuration")
    document = parse(text, str(path), secret=partial(_shared_secret, path.parent))
    return Layer(str(path), document.values, document.lines, document.texts)


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of a `.env` file; none if it isn't there, or is a virtual environment's."""
    if not path.exists() or (path / _VIRTUAL).exists():
        return {}
    text = StringIO(_read(path, "the variables"))
    return {
        key: value or "" for key, value in dotenv_values(stream=text, interpolate=False).items()
    }


_KEYS = {("tts", "elevenlabs"): "ELEVENLABS_API_KEY"}
"""Section and kind → the variable that everybody has its key in."""

_OF = {"llm": "ollama", "tts": "deepgram"}
"""Section → the kind that the prototype had, which its variables are about."""


def from_prototype(
    environ: Mapping[str, str], *, origin: str, kinds: Mapping[str, object]
) -> Layer:
    """The layer of the prototype's variables, and vendors'; `kinds`: section → what is chosen."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, meaning in _PROTOTYPE.items():
        given = environ.get(name, "").strip()
        if isinstance(meaning, tuple):
            section = meaning[0]
            if given and (section not in _OF or kinds.get(section) == _OF[section]):
                _put(values, meaning, given)
        elif given.lower() not in ("", "false", "0", "no", "off"):
            notes.append(f"{name} {meaning}.")
    for (section, kind), name in _KEYS.items():
        if kinds.get(section) == kind and (given := environ.get(name, "").strip()):
            _put(values, (section, "api_key"), given)
    return Layer(origin, values, notes=tuple(notes))


def from_environment(
    environ: Mapping[str, str], known: Mapping[str, Collection[str]], *, origin: str
) -> Layer:
    """The layer of `PICKLED_…` variables; `__` goes one level down, `known` says where to."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name in sorted(environ):
        if not name.startswith(_PREFIX) or not environ[name]:
            continue
        place = tuple(name.removeprefix(_PREFIX).lower().split("__"))
        if place[0] in known:
            _put(values, place, _value(place[-1], environ[name], name))
        elif environ[name].startswith("tcp://"):  # a container runtime's, of a service so called
            notes.append(f"{name} is not one of pickled's variables, so it is ignored.")
        elif meant := _meant(place, known):
            named = _PREFIX + "__".join(meant).upper()
            raise ConfigError(f"{origin}: {name} is not known; did you mean {named}?")
        else:
            hint = _deeper(place, known)
            notes.append(f"{name} is not one of pickled's variables, so it is ignored{hint}.")
    return Layer(origin, values, notes=tuple(notes))


def _meant(place: tuple[str, ...], known: Mapping[str, Collection[str]]) -> tuple[str, ...] | None:
    """The place that a variable is a near miss of: one underscore too few or too many, a typo."""
    first, rest = place[0], place[1:]
    if not first and rest and rest[0] in known:
        return rest
    for section, keys in known.items():
        below = first.removeprefix(f"{section}_")
        if below != first and below in keys:
            return (section, below, *rest)
    if first in TAKEN[""]:
        return (*TAKEN[""][first], *rest)
    nearest = get_close_matches(first, known, 1, cutoff=0.75)
    return (nearest[0], *rest) if nearest else None


def _deeper(place: tuple[str, ...], known: Mapping[str, Collection[str]]) -> str:
    section = next((each for each in known if known[each] and place[0].startswith(f"{each}_")), "")
    return f"; what is in {section} begins with {_PREFIX}{section.upper()}__" if section else ""


def from_credentials(environ: Mapping[str, str]) -> Layer:
    """The layer of systemd's credentials: files named like `mqtt_password`.

    A whole folder of them comes with the unit's name for it in front, `pickled_mqtt_password`; one
    that is empty, or holds the word that stands for a missing one, is not set.
    """
    folder = environ.get("CREDENTIALS_DIRECTORY")
    values: dict[str, Any] = {}
    notes: list[str] = []
    for path in sorted(Path(folder).iterdir()) if folder and Path(folder).is_dir() else ():
        name = path.name.lower().replace("__", "_").removeprefix(_CREDENTIALS)
        section, _, key = name.partition("_")
        if section not in _SECTIONS_OF_CREDENTIALS or not is_secret_name(key):
            continue
        text = _read(path, path.name).strip("\r\n")
        if text and text != NO_CREDENTIAL:
            _put(values, (section, key), text)
        elif not text:
            notes.append(f"systemd's credential {name} is empty, so it is not set.")
    return Layer("systemd's credentials", values, notes=tuple(notes))


def with_secrets(layer: Layer, base_dir: Path) -> Layer:
    """`…_file` of a secret replaced by what the file holds."""
    values = _with_secrets(layer, layer.values, (), base_dir)
    return replace(layer, values={key: each for key, each in values.items() if each is not None})


def merge(layers: Collection[Layer]) -> dict[str, Any]:
    """All layers in one, the later ones win; another `kind` replaces a part as a whole."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _merged(merged, layer.values)
    return merged


def dotted(place: Where) -> str:
    """`inputs[0].kind`, as it is named in messages."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return "".join(parts).removeprefix(".")


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    if "kind" in above and above["kind"] != below.get("kind"):
        return above
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            value = _merged(old, value)
        result[key] = value
    return result


def _put(values: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    for key in place[:-1]:
        inner = values.setdefault(key, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"{dotted(place)} is given both as a whole and in parts; keep one")
        values = inner
    values[place[-1]] = value


def _value(key: str, text: str, name: str) -> Any:
    """A variable's value: lists and mappings are written as in YAML, everything else is text."""
    if is_secret_name(key) or not text.lstrip().startswith(("[", "{")):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{name} is neither a text nor a list or mapping as in YAML") from error


def _with_secrets(layer: Layer, inner: Any, at: Where, base_dir: Path) -> Any:
    if isinstance(inner, list):
        return [
            _with_secrets(layer, each, (*at, index), base_dir) for index, each in enumerate(inner)
        ]
    if not isinstance(inner, dict):
        return inner
    result: dict[str, Any] = {}
    for key, value in inner.items():
        stem = key.removesuffix("_file") if isinstance(key, str) else ""
        if stem == key or not is_secret_name(stem):
            result[key] = _with_secrets(layer, value, (*at, key), base_dir)
        elif value is not None:
            whence = layer.where((*at, key))
            if inner.get(stem) is not None:
                raise ConfigError(f"{whence}: {stem} and {key} are both given; keep one of them")
            try:
                result[stem] = _secret(base_dir / str(value), dotted((*at, key)))
            except ConfigError as error:
                raise ConfigError(f"{whence}: {error}") from error
    return result


def _shared_secret(folder: Path, name: str) -> str:
    """What `!secret name` means, as in Home Assistant; raises LookupError in a sentence."""
    path = folder / SECRETS_NAME
    if not path.exists():
        raise LookupError(f"!secret {name}: there is no {path}; write `{name}: …` into it")
    document = parse(_read(path, "!secret"), str(path))
    value = document.values.get(name)
    if isinstance(value, dict | list):
        raise LookupError(f"!secret {name}: {path} has more than a text there; write a text")
    text = value if isinstance(value, str) else document.texts.get((name,), "")
    if value is None or not text:
        near = get_close_matches(name, document.values, 1)
        hint = f"did you mean {near[0]}?" if near and near[0] != name else f"write `{name}: …`"
        raise LookupError(f"!secret {name}: {path} has nothing of that name; {hint}")
    return text


def _secret(path: Path, what: str) -> str:
    text = _read(path, what).rstrip("\r\n")
    if not text:
        raise ConfigError(f"{what}: {path} is empty; write the secret into it")
    return text


def _read(path: Path, what: str) -> str:
    try:
        content = read_bytes(path)
        of_windows = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return content.decode("utf-16" if of_windows else "utf-8-sig")
    except ConfigError as error:
        raise ConfigError(f"{what}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{what}: {path} is not text in UTF-8: save it as that") from error
