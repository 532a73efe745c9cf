"""`pickled viewer`: what is kept about somebody, to look at, to hand over, and to forget."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pickled import log
from pickled.cli.memory_file import note
from pickled.cli.talk import (
    Broker,
    CaFile,
    Config,
    Instance,
    PasswordFile,
    broker_options,
    command,
    plain,
)
from pickled.config import load
from pickled.errors import PickledError
from pickled.memory import rows
from pickled.memory.database import FILE_NAME, open_database
from pickled.memory.describe import describe
from pickled.memory.forget import forget_viewer, is_somebody, whose
from pickled.memory.lock import is_held
from pickled.memory.long_term import LongTerm
from pickled.memory.viewers import Viewers
from pickled.messages.memory import ViewerProfile
from pickled.topics import topic

FORGET_S = 60.0
"""How long the daemon may take: it rewrites the memory's file."""

app = typer.Typer(no_args_is_help=True, help="What is kept about a viewer, and their rights.")

Name = Annotated[str, typer.Argument(help="A login, a shown or former name, or id:<user id>.")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where the memory is; default from pickled.yaml.")
]
Persona = Annotated[str | None, typer.Option(help="What this persona knows only.")]
Channel = Annotated[str | None, typer.Option(help="What is known in this channel only.")]
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read.")]


@app.callback()
def viewer() -> None:
    """What is kept about a viewer, and their rights."""
    log.only_errors()


@app.command()
def show(
    name: Name,
    data_dir: DataDir = None,
    persona: Persona = None,
    channel: Channel = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Say what is known about a viewer, in each persona's memory.

    Example: pickled viewer show sunny_side
    """
    kept = asyncio.run(_kept(_file(data_dir, config), name, persona, channel))
    if as_json:
        kept["entries"] = len(kept["entries"])
        print(json.dumps(kept, indent=2, ensure_ascii=False))
        return
    for each in kept["profiles"]:
        _show(each)
    print(f"{len(kept['entries'])} memories are by or about them")


@app.command()
def export(
    name: Name,
    data_dir: DataDir = None,
    persona: Persona = None,
    channel: Channel = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Into this file; default to the terminal.")
    ] = None,
    config: Config = None,
) -> None:
    """Hand over everything that is kept about a viewer, as JSON.

    Example: pickled viewer export id:70001234 --out viewer-70001234.json
    """
    kept = asyncio.run(_kept(_file(data_dir, config), name, persona, channel))
    text = json.dumps(kept, indent=2, ensure_ascii=False)
    if out is None:
        print(text)
        return
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise PickledError(f"{out} can't be written: {error.strerror}") from error
    print(f"{len(kept['profiles'])} profiles and {len(kept['entries'])} memories are in {out}")


@app.command()
def forget(
    name: Name,
    data_dir: DataDir = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    opt_out: Annotated[
        bool, typer.Option("--opt-out", help="Keep nothing of them from now on either.")
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
    broker: Broker = None,
    instance: Instance = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
) -> None:
    """Forget a viewer in every persona and channel, for good, down to the bytes.

    While the daemon runs, it is asked to do it.

    Example: pickled viewer forget sunny_side --yes
    """
    path = _file(data_dir, config)
    if not yes:
        typer.confirm(f"Forget everything about {plain(name)}? It can't be undone", abort=True)
    if is_held(path):
        options = broker_options(config, broker, instance, password_file, ca_file)
        fields = {"viewer": name, "confirm": True} | ({"opt_out": True} if opt_out else {})
        counts = command(options, topic("cmd/forget"), fields, answer_s=FORGET_S).removed
    elif path.is_file():
        counts = asyncio.run(_forget(path, name, opt_out))
        if not is_somebody(counts) and not (opt_out and name.startswith("id:")):
            raise PickledError(f"Nothing is kept of {plain(name)}: nobody was forgotten.")
    else:
        raise PickledError(f"There is no memory yet: {path} does not exist.")
    if as_json:
        print(json.dumps(counts))
    else:
        print(_told(counts) or "forgotten")
        note("A backup that was made before still holds them: make a new one, delete the old ones.")


async def _kept(path: Path, name: str, persona: str | None, channel: str | None) -> dict[str, Any]:
    """All that is kept; raises PickledError if nobody of that name is known."""
    async with open_database(path, read_only=True) as database:
        person = await database.read(lambda of: whose(of, name))
        viewers = Viewers(database, _now)
        exported = [row for each in sorted(person.ids) for row in await viewers.export(each)]
        entries = await database.read(
            lambda of: [
                each.model_dump(mode="json")
                for each in rows.entries(of)
                if person.ids & {each.author_id, *each.about}
                or (not each.author_id and person.is_named(each.author))
            ]
        )

    def wanted(row: dict[str, Any]) -> bool:
        return persona in (None, row["persona"]) and channel in (None, row["channel"])

    profiles = [each for each in exported if wanted(each)]
    entries = [each for each in entries if wanted(each)]
    if not profiles and not entries:
        raise PickledError(f"Nothing is kept of {plain(name)}.")
    return {"ids": sorted(person.ids), "profiles": profiles, "entries": entries}


async def _forget(path: Path, name: str, opt_out: bool) -> dict[str, int]:
    async with open_database(path) as database:
        for notice in database.notices:
            typer.echo(notice, err=True)
        long_term = LongTerm(database, None, _now)
        return await forget_viewer(database, long_term, name, now=_now(), opted_out=opt_out)


def _show(row: dict[str, Any]) -> None:
    profile = ViewerProfile.model_validate(row)
    where = f" in {row['channel']}" if row["channel"] else ""
    who = f"{plain(profile.name)} (id {plain(profile.user_id)})"
    print(f"{who}, as {row['persona']} knows them{where}:")
    print(f"  {plain(describe(profile, now=_now()))}")
    if len(profile.names) > 1:
        print(f"  names: {', '.join(map(plain, profile.names))}")
    gave = [f"{profile.messages} messages"]
    gave += [f"{profile.bits} bits"] if profile.bits else []
    gave += [f"{profile.subs} months subscribed"] if profile.subs else []
    print(f"  {', '.join(gave + list(profile.roles))}")
    for fact in profile.facts:
        source = f", from message {plain(fact.source_message)}" if fact.source_message else ""
        print(f"  - {plain(fact.text)} ({fact.at:%d %B %Y}, {fact.confidence:.0%} sure{source})")


def _told(counts: dict[str, int]) -> str:
    """`forgotten: 12 entries, 3 facts`"""
    some = [f"{count} {place}" for place, count in counts.items() if count]
    return f"forgotten: {', '.join(some)}" if some else ""


def _file(data_dir: Path | None, config: Path | None) -> Path:
    """Which memory is meant; `--data-dir` needs no configuration."""
    if data_dir is not None:
        return data_dir / FILE_NAME
    known = load(config, environ=os.environ, cwd=Path.cwd()).config
    assert known.data_dir is not None
    return known.data_dir / FILE_NAME


def _now() -> datetime:
    return datetime.now(UTC)
