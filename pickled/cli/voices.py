"""`pickled voices`: which voices can be chosen here, and what they speak."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pickled import log
from pickled.cli.talk import plain
from pickled.config import Config, PartConfig, load
from pickled.doctor.parts import surroundings
from pickled.errors import ConfigError, PickledError, VoiceError
from pickled.extras import missing, needs
from pickled.orchestrator.parts.fence import contained
from pickled.plugins import find, with_last_resort
from pickled.tts import languages_of, on_demand_of

_ASKED_S = 5.0
_LONGEST_LANGUAGE = 20


@dataclass(frozen=True)
class VoiceOffer:
    """A voice that `voice/set` and a persona's `voice_id` take."""

    provider: str
    """The `kind` in the configuration."""
    name: str
    language: str
    """As `pt-BR`; empty where nobody says."""
    there: bool
    """False: the service has it in its catalogue, and may have to fetch it first."""


def voices(
    language: Annotated[
        str | None, typer.Option(help="Only those of a language, as de or pt-BR.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
) -> None:
    """List the voices of the configured services, first choice first.

    A persona names one as `voice: {voice_id: NAME}`, `pickled set voice NAME` changes it now.
    """
    if absent := missing("server"):
        raise PickledError(needs(absent[0]))
    log.only_errors()
    loaded = load(config, environ=os.environ, cwd=Path.cwd()).config
    found, silent = asyncio.run(_asked(loaded))
    if language:
        found = [each for each in found if _speaks(each, language)]
    if as_json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
    elif found:
        Console().print(_table(found))
    for each in silent:
        typer.echo(each, err=True)
    if not found:
        which = f" that speaks {language[:_LONGEST_LANGUAGE]}" if language else ""
        raise PickledError(f"there is no voice{which}; `pickled doctor` looks at each service.")


def _speaks(offer: VoiceOffer, language: str) -> bool:
    wanted, own = language.lower().replace("_", "-"), offer.language.lower()
    return own == wanted or own.partition("-")[0] == wanted


async def _asked(config: Config) -> tuple[list[VoiceOffer], list[str]]:
    """What each service offers, and why one does not."""
    first = with_last_resort("tts", config.tts)
    parts = [first.model_copy(update={"fallback": ()}), *first.fallback]
    given = await asyncio.gather(*(_offered(part, config) for part in parts))
    found = [each for each in given if not isinstance(each, str)]
    return [offer for each in found for offer in each], [
        each for each in given if isinstance(each, str)
    ]


async def _offered(part: PartConfig, config: Config) -> list[VoiceOffer] | str:
    async def ask() -> list[VoiceOffer]:
        async with find("tts", part).start(surroundings(config)) as voice:
            await voice.probe()
            speaks = languages_of(voice)
            there = [
                VoiceOffer(part.kind, each, speaks.get(each, ""), True) for each in voice.voices
            ]
            return there + [
                VoiceOffer(part.kind, each, speaks.get(each, ""), False)
                for each in on_demand_of(voice)
            ]

    try:
        return await contained(part.kind, ask, limit_s=_ASKED_S, error=VoiceError)
    except (VoiceError, ConfigError) as error:
        return f"{part.kind}: {error}"


def _table(found: list[VoiceOffer]) -> Table:
    table = Table.grid(padding=(0, 3, 0, 0))
    for each in found:
        note = "" if each.there else "in its catalogue: fetched when it is first asked for"
        table.add_row(
            each.provider, Text(plain(each.name), "bold"), each.language, Text(note, "dim")
        )
    return table
