"""What this machine already has that the demo can use: a model, a sound card."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping

OLLAMA = "http://127.0.0.1:11434"
USUAL_MODEL = "phi3.5:latest"
_TIMEOUT_S = 2.0
_PROBE = "import sounddevice; sounddevice.check_output_settings()"


def find_model(environ: Mapping[str, str], *, host: str = OLLAMA) -> str | None:
    """The model that shall word the answers; None if no Ollama with a model answers.

    `OLLAMA_MODEL` wins, then the usual one, then the first that can write.
    """
    try:
        with urllib.request.urlopen(f"{host}/api/tags", timeout=_TIMEOUT_S) as answer:  # noqa: S310
            names = [str(each["name"]) for each in json.load(answer)["models"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    wanted = environ.get("OLLAMA_MODEL") or USUAL_MODEL
    for name in (wanted, f"{wanted}:latest"):
        if name in names:
            return name
    return next((name for name in names if "embed" not in name), None)


def has_sound_card() -> bool:
    """Can sound be played here? Asked in a process of its own: audio libraries print, and hang."""
    try:
        probe = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", _PROBE], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0
