"""The models that personas name for themselves: has the service them?"""

from __future__ import annotations

from pathlib import Path

from pickled.brain.persona import Persona, parse_persona
from pickled.config import Config
from pickled.doctor.check import Check
from pickled.doctor.parts import LONGEST_PROBE_S, surroundings
from pickled.errors import ConfigError, NoSuchModelError, PickledError
from pickled.llm import ManyModels
from pickled.orchestrator.controls.personas import bundled_dir
from pickled.orchestrator.parts.fence import contained
from pickled.plugins import find
from pickled.text_files import read_text


async def check_persona_models(config: Config) -> tuple[Check, ...]:
    """Of those that can't be read, and of a service that can't be asked, others tell."""
    wanted = {each.model: each.name for each in _personas(config) if each.model}
    if not wanted:
        return ()
    absent: list[str] = []

    async def ask() -> None:
        async with find("llm", config.llm).start(surroundings(config)) as model:
            for name in wanted if isinstance(model, ManyModels) else ():
                try:
                    await model.probe_model(name)
                except NoSuchModelError as error:
                    absent.append(f"{wanted[name]}: {error}.")

    try:
        await contained(config.llm.kind, ask, limit_s=LONGEST_PROBE_S, error=PickledError)
    except PickledError as error:
        return (Check("persona models", "warn", "can't be asked for", remedy=str(error)),)
    if absent:
        why = "The configured model answers instead."
        return (Check("persona models", "warn", "not all are there", why, " ".join(absent)),)
    return (Check("persona models", "ok", ", ".join(wanted)),)


def _personas(config: Config) -> list[Persona]:
    files: dict[str, Path] = {}
    for folder in (bundled_dir(), config.personas_dir):
        files |= {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    found = []
    for path in files.values():
        try:
            found.append(parse_persona(read_text(path), source=str(path)))
        except ConfigError:
            continue
    return found
