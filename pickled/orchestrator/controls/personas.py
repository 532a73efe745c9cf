"""Reads persona files, again when they change, and puts the scheduled one in force."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import structlog

from pickled.brain.persona import Persona, parse_persona
from pickled.bundled import bundled
from pickled.config import ScheduledPersona
from pickled.errors import ConfigError
from pickled.language.injection.names import call, names_of
from pickled.language.injection.trick_rules import prepare
from pickled.language.normalization import aloud
from pickled.messages.state import ErrorEvent
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.text_files import read_text

log = structlog.get_logger()

LOOK_S = 2.0
"""How often the files and the schedule are looked at."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of the last change in ns, and bytes of each file."""


def bundled_dir() -> Path:
    """The personas in the wheel, or beside the package in a checkout."""
    return bundled("personas")


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


def names_in(personas: Mapping[str, Persona]) -> frozenset[str]:
    """What they are called, and what they answer to."""
    return frozenset(name for each in personas.values() for name in (each.name, *each.triggers))


def _prepare(personas: Mapping[str, Persona]) -> None:
    """Compile what their names and languages need, before they are in force. For a thread."""
    prepare(names_of(names_in(personas)))
    aloud.prepare({each.language for each in personas.values()})


def scheduled(
    schedule: Sequence[ScheduledPersona], *, after: datetime, until: datetime
) -> str | None:
    """The persona whose time came last in that span of local time; None if none's did."""
    due: list[tuple[datetime, str]] = []
    for entry in schedule:
        for day in {after.date(), until.date(), until.date() - timedelta(days=1)}:
            at = datetime.combine(day, entry.at, tzinfo=until.tzinfo)
            wanted = not entry.days or _DAYS[day.weekday()] in entry.days
            if wanted and after < at <= until:
                due.append((at, entry.persona))
    return max(due)[1] if due else None


@dataclass
class Personas:
    """Keeps the personas as their files are; a broken file leaves the old one in force."""

    controls: Controls
    dirs: Sequence[Path]
    schedule: Sequence[ScheduledPersona]
    events: Events
    clock: Clock
    _stamp: _Stamp = ()
    _looked: datetime | None = field(default=None)

    async def run(self) -> None:
        """Look at files and schedule until cancelled."""
        self._stamp = await asyncio.to_thread(self._stamped)
        self._looked = self.clock.wall().astimezone()
        while True:
            await asyncio.sleep(LOOK_S)
            stamp = await asyncio.to_thread(self._stamped)
            if stamp != self._stamp:
                self._stamp = stamp
                await self.reload()
            self._keep_to_schedule()

    async def reload(self) -> None:
        """Read the files again."""
        broken: list[str] = []
        known = self.controls.personas
        read = partial(_reread, self.dirs, known, broken=broken)
        personas = await asyncio.to_thread(read)
        for name in self.controls.needed_personas - personas.keys():
            broken.append(f"persona: the file of {name!r} is gone")
            personas[name] = known[name]
        for why in broken:
            self._complain(why)
        if personas != self.controls.personas:
            log.info("personas were read again", personas=sorted(personas))
            names = names_in(personas)
            await asyncio.to_thread(_prepare, personas)
            call(names)
            self.controls.replace_personas(personas)

    def _keep_to_schedule(self) -> None:
        now, looked = self.clock.wall().astimezone(), self._looked
        self._looked = now
        name = scheduled(self.schedule, after=looked, until=now) if looked else None
        if name is None or name == self.controls.persona_name:
            return
        if name not in self.controls.personas:
            self._complain(f"schedule: there is no persona {name!r}")
            return
        log.info("persona by schedule", persona=name)
        self.controls.set_persona(name)

    def _complain(self, why: str) -> None:
        log.error("a persona stays as it was", why=why)
        event = ErrorEvent(
            ts=self.clock.wall(), component="personas", code="bad_persona", message=why[:500]
        )
        self.events.emit("event/error", event)

    def _stamped(self) -> _Stamp:
        stamps = []
        for folder in self.dirs:
            for path in sorted(folder.glob("*.yaml")):
                try:
                    found = path.stat()
                except OSError:
                    continue  # it went between the two
                stamps.append((str(path), found.st_mtime_ns, found.st_size))
        return tuple(stamps)


def _reread(
    dirs: Sequence[Path], known: dict[str, Persona], *, broken: list[str]
) -> dict[str, Persona]:
    """All personas as they are now; what is broken stays as it was, and is named."""
    personas: dict[str, Persona] = {}
    for folder in [*dirs, bundled_dir()]:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in personas:
                continue
            try:
                personas[path.stem] = _parsed(path)
            except ConfigError as error:
                broken.append(str(error))
                if path.stem in known:
                    personas[path.stem] = known[path.stem]
    return personas


def _load(path: Path, personas: dict[str, Persona], *, wanted: str) -> None:
    try:
        personas[path.stem] = _parsed(path)
    except ConfigError as error:
        if path.stem == wanted:
            raise ConfigError(str(error)) from error
        log.error("persona is left out", file=str(path), why=str(error))


def _parsed(path: Path) -> Persona:
    return parse_persona(read_text(path), source=str(path))
