"""Finds the file (or entry point) that a `kind` names, and validates its Options.

A plug is a module with a pydantic `Options` and `start(options, surroundings)`, an async context
manager that yields what the folder's Protocol asks for. Ours lie in `pickled/<folder>/<kind>.py`,
a third party's behind an entry point of the group `pickled.<folder>`; a dot leads one folder down.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

from pydantic import BaseModel, ValidationError

from pickled import __version__
from pickled.config import LAST_RESORT, Config, PartConfig, sentence
from pickled.errors import ConfigError
from pickled.extras import PACKAGES, remedy
from pickled.messages.state import Status
from pickled.offers import HouseBus, Offers, PartBus, Share, Tap
from pickled.plug_form import check_part, check_start


@dataclass(frozen=True)
class Surroundings:
    """What every plug may know and use."""

    base_dir: Path
    """Relative paths count from here."""
    data_dir: Path
    report: Callable[[Status, str], None]
    """Tell how the part is, and why."""
    offers: Offers = field(default_factory=Offers)
    """What of the house it may use."""

    @property
    def tap(self) -> Tap | None:
        """What this daemon publishes."""
        return self.offers.tap

    @property
    def bus(self) -> PartBus | None:
        """MQTT below this instance."""
        return self.offers.bus

    @property
    def house(self) -> HouseBus | None:
        """MQTT outside of this instance."""
        return self.offers.house

    @property
    def share(self) -> Share | None:
        """Opens a connection that several parts use once."""
        return self.offers.share


@dataclass(frozen=True)
class Plug:
    """A part that was found and whose options are valid."""

    folder: str
    kind: str
    options: BaseModel
    module: ModuleType

    @asynccontextmanager
    async def start(self, surroundings: Surroundings) -> AsyncIterator[Any]:
        """Enter to have the part running; raises PartError if what comes is no such part."""
        with surroundings.offers.lent() as offers:
            entered = self.module.start(self.options, replace(surroundings, offers=offers))
            async with check_start(self.folder, self.kind, entered) as part:
                check_part(self.folder, self.kind, part)
                yield part


def kinds(folder: str) -> tuple[str, ...]:
    """All kinds that can be named for that folder, ours and third parties'."""
    theirs = {each.name for each in entry_points(group=f"pickled.{folder}")}
    return tuple(sorted(_ours(folder) | theirs))


def origin(folder: str, kind: str) -> str:
    """Whose a kind is: the package that brings it, and its version."""
    theirs = next(iter(entry_points(group=f"pickled.{folder}", name=kind)), None)
    if kind in _ours(folder) or theirs is None:
        return f"pickled {__version__}"
    return f"{theirs.dist.name} {theirs.dist.version}" if theirs.dist else "another package"


def find(folder: str, part: PartConfig) -> Plug:
    """Import the plug of that kind and validate its options; raises ConfigError."""
    module = _module(folder, part.kind)
    try:
        options = module.Options.model_validate(part.options)
    except ValidationError as error:
        raise ConfigError(_explain(folder, part.kind, error, module.Options)) from error
    return Plug(folder, part.kind, options, module)


def ladder(folder: str, part: PartConfig) -> tuple[Plug, ...]:
    """The part, then its fallbacks with theirs; first choice first."""
    below = (each for fallback in part.fallback for each in ladder(folder, fallback))
    return (find(folder, part), *below)


def with_last_resort(folder: str, part: PartConfig) -> PartConfig:
    """A model that isn't there is `readout`, a voice `local`: their ladders' last fallback."""
    last = LAST_RESORT.get(folder)
    if last is None or last in (part.kind, *(each.kind for each in part.fallback)):
        return part
    return part.model_copy(update={"fallback": (*part.fallback, PartConfig(kind=last))})


@dataclass(frozen=True)
class Plugs:
    """All parts of a configuration, with valid options; ladders first choice first."""

    inputs: tuple[Plug, ...]
    llm: tuple[Plug, ...]
    tts: tuple[Plug, ...]
    outputs: tuple[Plug, ...] = ()
    stt: tuple[Plug, ...] = ()
    """Without any, what the streamer says is not recognized."""
    embedder: Plug | None = None
    """None: memory goes by words alone."""
    guard: Plug | None = None
    """Judges clauses by their meaning; None: lists and rules alone serve."""
    compressor: Plug | None = None

    def __iter__(self) -> Iterator[Plug]:
        """All of them."""
        several = (*self.inputs, *self.llm, *self.stt, *self.tts, *self.outputs)
        yield from several
        yield from (each for each in (self.embedder, self.guard, self.compressor) if each)


def find_all(config: Config) -> Plugs:
    """Find every kind and validate its options, before anything starts; raises ConfigError."""
    embedder = config.memory.embedder
    return Plugs(
        inputs=tuple(find("inputs", each) for each in config.inputs),
        llm=ladder("llm", with_last_resort("llm", config.llm)),
        tts=ladder("tts", with_last_resort("tts", config.tts)),
        outputs=tuple(find("outputs", each) for each in config.outputs),
        stt=ladder("stt", config.stt) if config.stt else (),
        embedder=find("memory.embed", embedder) if embedder else None,
        guard=find("llm.guard", guard) if (guard := guard_of(config)) else None,
        compressor=find("llm.compress", config.compressor) if config.compressor else None,
    )


def guard_of(config: Config) -> PartConfig | None:
    """Who judges clauses: `guard_model` names a model of the Ollama that words the answers."""
    safety = config.safety
    if safety.guard is not None or safety.guard_model is None:
        return safety.guard
    host = config.llm.options.get("host") if config.llm.kind == "ollama" else None
    options = {"host": host} if host else {}
    return PartConfig.model_validate({"kind": "ollama", "model": safety.guard_model, **options})


def _ours(folder: str) -> set[str]:
    """Packages among the modules are what several kinds share."""
    package = importlib.import_module(f"pickled.{folder}")
    return {each.name for each in pkgutil.iter_modules(package.__path__) if not each.ispkg}


def overlooked(plugs: Iterable[Plug]) -> Iterator[str]:
    """Of packages with a kind that ours has, too, that theirs is not used; reads all packages."""
    for folder, kind in dict.fromkeys((each.folder, each.kind) for each in plugs):
        if kind in _ours(folder):
            for theirs in entry_points(group=f"pickled.{folder}", name=kind):
                yield f"{_named(folder, theirs)} is not used: ours has that name"


def _module(folder: str, kind: str) -> ModuleType:
    if kind in _ours(folder):
        named, module = f"{folder}: {kind}", _our_module(folder, kind)
    elif theirs := next(iter(entry_points(group=f"pickled.{folder}", name=kind)), None):
        named, module = _named(folder, theirs), _their_module(folder, theirs)
    else:
        raise ConfigError(_unknown(folder, kind))
    if missing := [each for each in ("Options", "start") if not hasattr(module, each)]:
        raise ConfigError(f"{named} has no {missing[0]}, so it is no plug")
    return module


def _our_module(folder: str, kind: str) -> ModuleType:
    try:
        return importlib.import_module(f"pickled.{folder}.{kind}")
    except ModuleNotFoundError as error:
        if not _lacks_package(error):
            raise
        raise ConfigError(
            f"{folder}: {kind} needs the package {error.name}; install it with {_extra(kind)}"
        ) from error
    except ImportError as error:
        raise ConfigError(f"{folder}: {kind} can't be loaded: {error}") from error


def _their_module(folder: str, theirs: EntryPoint) -> ModuleType:
    """Whatever is wrong with somebody else's package, it is named, and is no crash of ours."""
    try:
        module: ModuleType = theirs.load()
    except Exception as error:
        if _lacks_package(error, theirs.module):
            why = f"needs the package {error.name}: install it beside pickled"
        else:
            why = f"can't be loaded: {type(error).__name__}: {' '.join(str(error).split())}"
        raise ConfigError(f"{_named(folder, theirs)} {why}") from error
    return module


def _named(folder: str, theirs: EntryPoint) -> str:
    package = theirs.dist.name if theirs.dist else "another package"
    return f"{folder}: {theirs.name} (from the package {package})"


def _lacks_package(error: Exception, *own: str) -> TypeGuard[ModuleNotFoundError]:
    """Is a package not there that somebody can install, rather than a module of ours or theirs?"""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return False
    return _top(error.name) not in ("pickled", *map(_top, own))


def _top(module: str) -> str:
    return module.partition(".")[0]


def _extra(kind: str) -> str:
    """What brings a kind's packages: the extra of its own name, beside those of the server."""
    return remedy("server", kind) if kind in PACKAGES else remedy("server")


def _unknown(folder: str, kind: str) -> str:
    known = kinds(folder)
    nearest = get_close_matches(kind, known, 1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    listed = ", ".join(known) or "none yet: install the package of one"
    return f"{folder}: there is no kind {kind!r} (there are {listed}){hint}"


def _explain(folder: str, kind: str, error: ValidationError, options: type[BaseModel]) -> str:
    """The first wrong value and the first unknown option: one may be why the other is missing."""
    told = f"{folder}: {kind}"
    found = error.errors(include_url=False, include_input=False)
    unknown = [each for each in found if each["type"] == "extra_forbidden"]
    if wrong := [each for each in found if each not in unknown]:
        told += f": {_dotted(wrong[0]['loc'])}{sentence(wrong[0])}{'; it' if unknown else ''}"
    if not unknown:
        return told
    option = _dotted(unknown[0]["loc"])
    nearest = get_close_matches(option, options.model_fields, 1)
    hint = (
        f"; did you mean {nearest[0]}?"
        if nearest
        else f" (it takes {', '.join(options.model_fields)})"
    )
    return f"{told} has no option {option!r}{hint}"


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
