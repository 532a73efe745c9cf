"""Which devices somebody chose for a node on this machine, once and for all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pickled.errors import ConfigError

_NAME = "node-devices.json"


@dataclass(frozen=True)
class ChosenDevices:
    """Names, as `--output` and `--input` take them."""

    output: str | None = None
    """None for the default one."""
    input: str | None = None
    """None for no microphone."""


def devices_file() -> Path:
    """Where the choice is kept."""
    return platformdirs.user_state_path("pickled") / _NAME


def chosen_before(path: Path) -> ChosenDevices | None:
    """The choice; None if there was none, or it can't be read."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict):
        return None
    output, microphone = kept.get("output"), kept.get("input")
    if any(each is not None and not isinstance(each, str) for each in (output, microphone)):
        return None
    return ChosenDevices(output, microphone)


def keep_choice(path: Path, chosen: ChosenDevices) -> None:
    """Keep it; raises ConfigError if the folder can't be written."""
    text = json.dumps({"output": chosen.output, "input": chosen.input}, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror}") from error
