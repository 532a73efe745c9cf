"""Reads persona files: from the user's folder first, then those that come with pickled."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import structlog

import pickled
from pickled.brain.persona import Persona, parse_persona
from pickled.errors import ConfigError

log = structlog.get_logger()


def bundled_dir() -> Path:
    """The personas in the wheel, or beside the package in a checkout."""
    package = Path(pickled.__file__).parent
    inside = package / "personas"
    return inside if inside.is_dir() else package.parent / "personas"


def load_personas(dirs: Sequence[Path], *, wanted: str) -> dict[str, Persona]:
    """File name → persona; a broken one is left out and named, but the wanted one must be good."""
    personas: dict[str, Persona] = {}
    for folder in [*dirs, bundled_dir()]:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem not in personas:
                _load(path, personas, wanted=wanted)
    if wanted not in personas:
        nearest = get_close_matches(wanted, personas, 1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise ConfigError(
            f"persona: there is no {wanted!r} (there are {', '.join(sorted(personas))}){hint}"
        )
    return personas


def _load(path: Path, personas: dict[str, Persona], *, wanted: str) -> None:
    try:
        personas[path.stem] = parse_persona(path.read_text(encoding="utf-8"), source=str(path))
    except (ConfigError, OSError, UnicodeDecodeError) as error:
        if path.stem == wanted:
            raise ConfigError(str(error)) from error
        log.error("persona is left out", file=str(path), why=str(error))
