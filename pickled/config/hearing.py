"""Hearing is an input and who recognizes what comes by it: what of both nobody named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENABLED, KEY = "STT_ENABLED", "DEEPGRAM_API_KEY"
"""The prototype's variables."""

_OFF = ("", "false", "0", "no", "off")
_SPEECH = "speech"


def is_enabled(environ: Mapping[str, str]) -> bool:
    """Did the prototype hear?"""
    return environ.get(ENABLED, "").strip().lower() not in _OFF


def complete_hearing(values: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Fill in what is missing; what its owner should know about it."""
    inputs = values.get("inputs")
    if is_enabled(environ) and isinstance(inputs, list | None) and not _hears(inputs):
        values["inputs"] = inputs = [*(inputs or []), {"kind": _SPEECH}]
    hears, part = _hears(inputs), values.get("stt")
    if part is None or (isinstance(part, dict) and "kind" not in part):
        values.pop("stt", None)
        return _choose(values, part or {}, environ) if hears else []
    if hears:
        if isinstance(part, dict) and part["kind"] == "deepgram" and environ.get(KEY, "").strip():
            part.setdefault("api_key", environ[KEY].strip())
        return []
    return [
        "`stt` says who recognizes speech, but none comes in: add `- {kind: speech}` to `inputs`."
    ]


def _choose(values: dict[str, Any], given: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    key = environ.get(KEY, "").strip()
    if "api_key" in given or key:
        values["stt"] = {"kind": "deepgram", "api_key": key, **given}
        return []
    values["stt"] = {"kind": "local", **given}
    note = (
        "`stt` does not say who recognizes speech, so it is `local`. Name `deepgram` (with "
        "`api_key_file`, or DEEPGRAM_API_KEY), `wyoming` or `openai` for another one."
    )
    return [note]


def _hears(inputs: Any) -> bool:
    parts = inputs if isinstance(inputs, list) else []
    return any(isinstance(each, dict) and each.get("kind") == _SPEECH for each in parts)
