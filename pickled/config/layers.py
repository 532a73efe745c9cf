"""What each place of configuration says: `pickled.yaml`, credentials, `.env`, the environment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

from pickled.errors import ConfigError
from pickled.patterns import pattern
from pickled.yaml_lines import Where, read

_PREFIX = "PICKLED_"
_SECRET_NAME = pattern(r"(^|_)(password|token|secret|api_key)$")
_SECTIONS_OF_CREDENTIALS = ("mqtt", "llm", "stt", "tts", "compressor")
_LARGEST_FILE = 1_000_000

_NO_SIGN_IN = "is ignored: signing in to Twitch is not built yet, chat is read without an account"
_PROTOTYPE: dict[str, tuple[str, ...] | str] = {
    "OLLAMA_MODEL": ("llm", "model"),
    "TWITCH_CHANNEL": ("channel",),
    "DEEPGRAM_API_KEY": "is ignored: Deepgram is not built yet, this machine's own voice speaks",
    "TWITCH_BOT_TOKEN": _NO_SIGN_IN,
    "TWITCH_CLIENT_ID": _NO_SIGN_IN,
    "TWITCH_CLIENT_SECRET": _NO_SIGN_IN,
    "VISION_ENABLED": "is ignored: seeing the stream is not built yet",
    "OVERSHOOT_API_KEY": "is ignored here: it is the vision-server's",
    "STT_ENABLED": "is ignored: hearing the streamer is not built yet",
    "AUDIO_OUTPUT_DEVICE": "is ignored here: it is the node's, `pickled node --output NAME`",
    "AUDIO_INPUT_DEVICE": "is ignored here: it is the node's, `pickled node --input NAME`",
}
"""The prototype's variables: what they set, or why they set nothing.

Its HOST and PORT are those of the web pages; they mean too much else to be spoken about.
"""


@dataclass(frozen=True)
class Layer:
    """One place of configuration."""

    origin: str
    """As named in messages."""
    values: dict[str, Any]
    lines: dict[Where, int] = field(default_factory=dict)
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
    values, lines = read(_read(path, "the configuration"), str(path))
    given = {key: value for key, value in values.items() if value is not None}
    return Layer(str(path), _with_secrets(given, path.parent), lines)


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of a `.env` file; none if it isn't there."""
    if not path.is_file():
        return {}
    text = StringIO(_read(path, "the variables"))
    return {
        key: value or "" for key, value in dotenv_values(stream=text, interpolate=False).items()
    }


def from_prototype(environ: Mapping[str, str], *, origin: str, llm_kind: object) -> Layer:
    """The layer of the prototype's variables."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, meaning in _PROTOTYPE.items():
        given = environ.get(name, "").strip()
        if isinstance(meaning, tuple):
            if given and (meaning[0] != "llm" or llm_kind == "ollama"):
                _put(values, meaning, given)
        elif given.lower() not in ("", "false", "0", "no", "off"):
            notes.append(f"{name} {meaning}.")
    return Layer(origin, values, notes=tuple(notes))


def from_environment(
    environ: Mapping[str, str], known: Collection[str], *, origin: str, base_dir: Path
) -> Layer:
    """The layer of `PICKLED_…` variables; `__` goes one level down."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name in sorted(environ):
        if not name.startswith(_PREFIX) or not environ[name]:
            continue
        place = tuple(name.removeprefix(_PREFIX).lower().split("__"))
        if place[0] in known:
            _put(values, place, _value(place[-1], environ[name], name))
        elif nearest := get_close_matches(place[0], known, 1, cutoff=0.75):
            meant = _PREFIX + "__".join((nearest[0], *place[1:])).upper()
            raise ConfigError(f"{origin}: {name} is not known; did you mean {meant}?")
        else:
            notes.append(f"{name} is not one of pickled's variables, so it is ignored.")
    return Layer(origin, _with_secrets(values, base_dir), notes=tuple(notes))


def from_credentials(environ: Mapping[str, str]) -> Layer:
    """The layer of systemd's credentials: files named like `mqtt_password`."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    values: dict[str, Any] = {}
    for path in sorted(Path(folder).iterdir()) if folder and Path(folder).is_dir() else ():
        section, _, key = path.name.lower().replace("__", "_").partition("_")
        if section in _SECTIONS_OF_CREDENTIALS and is_secret_name(key):
            _put(values, (section, key), _secret(path, path.name))
    return Layer("systemd's credentials", values)


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


def _with_secrets(values: dict[str, Any], base_dir: Path) -> dict[str, Any]:
    """`…_file` of a secret replaced by what the file holds."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        stem = key.removesuffix("_file") if isinstance(key, str) else ""
        if stem != key and is_secret_name(stem):
            if value is not None and stem in values:
                raise ConfigError(f"{stem} and {key} are both given; keep one of them")
            if value is not None:
                result[stem] = _secret(base_dir / str(value), key)
        elif isinstance(value, dict):
            result[key] = _with_secrets(value, base_dir)
        elif isinstance(value, list):
            inner = (_with_secrets(x, base_dir) if isinstance(x, dict) else x for x in value)
            result[key] = list(inner)
        else:
            result[key] = value
    return result


def _secret(path: Path, what: str) -> str:
    text = _read(path, what).rstrip("\r\n")
    if not text:
        raise ConfigError(f"{what}: {path} is empty; write the secret into it")
    return text


def _read(path: Path, what: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE).decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{what}: can't read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{what}: {path} is not text in UTF-8") from error
