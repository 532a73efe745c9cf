"""Reads persona files: from the user's folder first, then those that come with pickled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import structlog

import pickled
from pickled.brain.persona import Persona, parse_persona
from pickled.errors import ConfigError
from pickled.messages.state import ErrorEvent
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.controls import Controls
from pickled.orchestrator.events import Events

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


async def reload_personas(
    controls: Controls, dirs: Sequence[Path], *, events: Events, clock: Clock
) -> None:
    """Read the files again; if the one in force is broken, all stay as they were."""
    read = partial(load_personas, dirs, wanted=controls.persona_name)
    try:
        controls.replace_personas(await asyncio.to_thread(read))
    except ConfigError as error:
        log.error("personas stay as they were", why=str(error))
        events.emit(
            "event/error",
            ErrorEvent(
                ts=clock.wall(), component="personas", code="bad_persona", message=str(error)[:500]
            ),
        )


def _load(path: Path, personas: dict[str, Persona], *, wanted: str) -> None:
    try:
        personas[path.stem] = parse_persona(path.read_text(encoding="utf-8"), source=str(path))
    except (ConfigError, OSError, UnicodeDecodeError) as error:
        if path.stem == wanted:
            raise ConfigError(str(error)) from error
        log.error("persona is left out", file=str(path), why=str(error))
