"""`pickled memory`: look into what is remembered, move it, and check it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, TextIO

import apsw
import typer

from pickled import log
from pickled.backup.making import counted
from pickled.cli.consolidate import consolidate
from pickled.cli.memory_file import AsJson, DataDir, MemoryFile, WordsOnly, note
from pickled.cli.memory_lines import entries_in, opened
from pickled.cli.memory_search import search
from pickled.cli.progress import bar
from pickled.cli.talk import Config
from pickled.errors import StoreError
from pickled.memory import rows
from pickled.memory.check import findings, repair
from pickled.memory.database import Database, open_database
from pickled.memory.long_term import LongTerm

_ALWAYS = ("id", "at", "author", "text", "source", "channel", "persona", "importance")
_AT_ONCE = 500

app = typer.Typer(no_args_is_help=True, help="Look into memory, move it, check it.")


@app.callback()
def memory() -> None:
    """Look into memory, move it, check it."""
    log.only_errors()


app.command(epilog="Example: `pickled memory consolidate --no-model`")(consolidate)
app.command(epilog="Example: `pickled memory search 'whose dog was ill' -k 5`")(search)


@app.command(epilog="Example: `pickled memory stats --json`")
def stats(data_dir: DataDir = None, as_json: AsJson = False, config: Config = None) -> None:
    """How much is remembered, and how well it can be found."""
    counted = asyncio.run(_stats(MemoryFile(data_dir, config)))
    if as_json:
        print(json.dumps(counted))
        return
    for name, value in counted.items():
        print(f"{name.replace('_', ' '):<12} {value}")


@app.command(epilog="Example: `pickled memory export memory.jsonl`")
def export(
    file: Annotated[Path | None, typer.Argument(help="Default, and `-`: the terminal.")] = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Write all memories as JSON lines; also beside a running daemon.

    Viewers, facts, visits and opt-outs are not in it: `pickled backup` takes everything.
    """
    file = None if file == Path("-") else file
    count, left_out = asyncio.run(_export(MemoryFile(data_dir, config), file))
    if file is not None:
        print(f"{count} memories are in {file}")
    if some := [f"{number} {what}" for what, number in left_out.items() if number]:
        note(f"not in it: {', '.join(some)}; `pickled backup FILE` takes everything along")


@app.command("import", epilog="Example: `pickled memory import memory.jsonl`")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON lines, as `export` writes them.")],
    words_only: WordsOnly = False,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Take memories in, ids kept; what is there already by its id is left as it is.

    Nothing is taken in of who opted out, nor what is older than somebody's wish to be forgotten.
    """
    new, told, refused = asyncio.run(_import(MemoryFile(data_dir, config), file, words_only))
    print(f"{new} of {told} memories are new")
    if refused:
        note(f"{refused} are left out: they are of, or about, viewers who asked to be forgotten")


@app.command(epilog="Example: `pickled memory check --repair`")
def check(
    repair_it: Annotated[
        bool, typer.Option("--repair", help="Make the indexes anew from the rows.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Check the file, and that rows, full text and vectors agree; exits with 1 if they don't."""
    wrong = asyncio.run(_check(MemoryFile(data_dir, config), repair_it))
    if as_json:
        print(json.dumps({"whole": not wrong, "findings": wrong}, ensure_ascii=False))
    elif not wrong:
        print("the memory is whole")
    else:
        for each in wrong:
            print(f"{each['what']}\n  {each['remedy']}")
    raise typer.Exit(int(bool(wrong)))


async def _stats(where: MemoryFile) -> dict[str, object]:
    async with open_database(where.path, read_only=True) as database:
        state = await LongTerm(database, None, _now).stats()
        counted = state.model_dump(exclude={"last_hit_count", "embedder"})
        return counted | await database.read(_embedding)


async def _export(where: MemoryFile, file: Path | None) -> tuple[int, dict[str, int]]:
    async with open_database(where.path, read_only=True) as database:
        with opened(file) as out:
            count = await database.read(partial(_write_lines, out=out))
        left_out = await database.read(counted)
    return count, {what: left_out[what] for what in left_out if what != "entries"}


async def _import(where: MemoryFile, file: Path, words_only: bool) -> tuple[int, int, int]:
    entries = list(entries_in(file))
    new = 0
    async with open_database(where.path) as database:
        _tell(database)
        long_term = LongTerm(database, None, _now)
        refused = await database.read(partial(rows.refused, entries=entries))
        with bar("reading", len(entries)) as step:
            for start in range(0, len(entries), _AT_ONCE):
                batch = entries[start : start + _AT_ONCE]
                new += await long_term.remember(batch, merge=False)
                step(len(batch))
        async with where.embedder(not words_only and new > 0) as embedder:
            if embedder is not None:
                long_term = LongTerm(database, embedder, _now)
                with bar("embedding", new) as step:
                    await long_term.vectors.fill(step)
    return new, len(entries), refused


async def _check(where: MemoryFile, repair_it: bool) -> list[dict[str, str]]:
    if not where.path.is_file():
        raise StoreError(f"there is no memory yet: {where.path} does not exist")
    async with open_database(where.path, read_only=not repair_it) as database:
        _tell(database)
        if repair_it:
            await database.write(repair)
        look = partial(findings, progress=lambda what: note(f"checking {what} …"))
        return [{"what": each.what, "remedy": each.remedy} for each in await database.read(look)]


def _embedding(connection: apsw.Connection) -> dict[str, object]:
    row = connection.execute("SELECT value FROM meta WHERE key = 'embedder'").fetchone()
    counted = connection.execute("SELECT count(*) FROM vector").fetchone()
    return {"vectors": counted[0] if counted else 0, "embedder": row[0] if row else ""}


def _write_lines(connection: apsw.Connection, *, out: TextIO) -> int:
    row = connection.execute("SELECT count(*) FROM entry").fetchone()
    count = 0
    with bar("writing", int(row[0]) if row else 0) as step:
        for entry in rows.entries(connection):
            line = entry.model_dump(mode="json")
            kept = {name: line[name] for name in line if line[name] or name in _ALWAYS}
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")
            count += 1
            step(1)
    return count


def _tell(database: Database) -> None:
    for each in database.notices:
        note(each)


def _now() -> datetime:
    return datetime.now(UTC)
