"""Finds the file (or entry point) that a `kind` names, and validates its Options.

A plug is a module with a pydantic `Options` and `start(options, surroundings)`, an async context
manager that yields what the folder's Protocol asks for. Ours lie in `pickled/<folder>/<kind>.py`,
a third party's behind an entry point of the group `pickled.<folder>`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from pickled.config import PartConfig
from pickled.errors import ConfigError
from pickled.messages.state import Status


@dataclass(frozen=True)
class Surroundings:
    """What every plug may know and use."""

    base_dir: Path
    """Relative paths count from here."""
    data_dir: Path
    report: Callable[[Status, str], None]
    """Tell how the part is, and why."""


@dataclass(frozen=True)
class Plug:
    """A part that was found and whose options are valid."""

    folder: str
    kind: str
    options: BaseModel
    module: ModuleType

    def start(self, surroundings: Surroundings) -> AbstractAsyncContextManager[Any]:
        """Enter to have the part running."""
        manager: AbstractAsyncContextManager[Any] = self.module.start(self.options, surroundings)
        return manager


def kinds(folder: str) -> tuple[str, ...]:
    """All kinds that can be named for that folder, ours and third parties'."""
    package = importlib.import_module(f"pickled.{folder}")
    ours = {each.name for each in pkgutil.iter_modules(package.__path__) if not each.ispkg}
    theirs = {each.name for each in entry_points(group=f"pickled.{folder}")}
    return tuple(sorted(ours | theirs))


def find(folder: str, part: PartConfig) -> Plug:
    """Import the plug of that kind and validate its options; raises ConfigError."""
    try:
        module = _module(folder, part.kind)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"{folder}: {part.kind} needs the package {error.name}; "
            f"install it with `pip install 'pickled[server]'`"
        ) from error
    try:
        options = module.Options.model_validate(part.options)
    except ValidationError as error:
        raise ConfigError(_explain(folder, part.kind, error, module.Options)) from error
    return Plug(folder, part.kind, options, module)


def ladder(folder: str, part: PartConfig) -> tuple[Plug, ...]:
    """The part and its fallbacks, first choice first."""
    return (find(folder, part), *(find(folder, each) for each in part.fallback))


def _module(folder: str, kind: str) -> ModuleType:
    name = f"pickled.{folder}.{kind}"
    if importlib.util.find_spec(name) is not None:
        return importlib.import_module(name)
    for each in entry_points(group=f"pickled.{folder}", name=kind):
        module: ModuleType = each.load()
        return module
    known = kinds(folder)
    nearest = get_close_matches(kind, known, 1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    raise ConfigError(f"{folder}: there is no kind {kind!r} (there are {', '.join(known)}){hint}")


def _explain(folder: str, kind: str, error: ValidationError, options: type[BaseModel]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] != "extra_forbidden":
        return f"{folder}: {kind}: {where}: {first['msg']}"
    nearest = get_close_matches(where, options.model_fields, 1)
    hint = (
        f"; did you mean {nearest[0]}?"
        if nearest
        else f" (it takes {', '.join(options.model_fields)})"
    )
    return f"{folder}: {kind} has no option {where!r}{hint}"
