"""What may be named in `pickled.yaml` already, and is not built yet."""

from __future__ import annotations

from typing import Any

from pickled.config.config import LAST_RESORT

LATER_KINDS: dict[str, frozenset[str]] = {
    "inputs": frozenset(),
    "llm": frozenset(),
    "tts": frozenset(),
    "outputs": frozenset({"vtube_studio", "obs"}),
}
"""Kinds that may be named already, and are left out with a note until they are built."""

LATER_SECTIONS: tuple[str, ...] = ()


def leave_out_later(values: dict[str, Any]) -> list[str]:
    """Take out what is not built yet, so that a complete configuration works today already."""
    later = [key for key in LATER_SECTIONS if values.pop(key, None)]
    for folder in ("inputs", "outputs"):
        if isinstance(values.get(folder), list):
            parts = values[folder]
            values[folder] = [part for part in parts if not _is_later(folder, part)]
            later += [f"{folder}: {part['kind']}" for part in parts if _is_later(folder, part)]
    for folder in ("llm", "tts"):
        later += _promote(values, folder)
    return [f"Not built yet, so ignored: {', '.join(later)}."] if later else []


def _is_later(folder: str, part: Any) -> bool:
    return isinstance(part, dict) and part.get("kind") in LATER_KINDS[folder]


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
