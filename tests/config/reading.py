"""Loads a configuration from a folder of a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.config import Loaded, load
from pickled.errors import ConfigError


def read(folder: Path, text: str | None = None, *, dotenv: str = "", **environ: str) -> Loaded:
    """Load a configuration from that folder, with nothing but those variables."""
    if text is not None:
        (folder / "pickled.yaml").write_text(text)
    if dotenv:
        (folder / ".env").write_text(dotenv)
    return load(None, environ={"HOME": str(folder / "home")} | environ, cwd=folder)


def refused(folder: Path, text: str | None = None, *, dotenv: str = "", **environ: str) -> str:
    """Why it is not loaded."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text, dotenv=dotenv, **environ)
    return str(caught.value)
