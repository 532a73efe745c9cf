"""`pickled memory`: look into what is remembered, move it, and check it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, TextIO

import apsw
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pickled import log
from pickled.cli.consolidate import consolidate
from pickled.cli.memory_lines import Query, entries_in, opened, queries_in
from pickled.cli.talk import Config, plain
from pickled.config import Config as Configuration
from pickled.config import load
from pickled.errors import ConfigError, EmbedderError, StoreError, UsageError
from pickled.memory import Embedder, rows
from pickled.memory.check import findings, repair
from pickled.memory.database import FILE_NAME, Database, open_database
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Hit, Scope
from pickled.plugins import Surroundings, find

LOADING_S = 120.0
"""How long the embedder's model may take to load."""

_ALWAYS = ("id", "at", "author", "text", "source", "channel", "persona", "importance")
_AT_ONCE = 500
_QUERY_S = 30.0

app = typer.Typer(no_args_is_help=True, help="Look into memory, move it, check it.")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where the memory is; default from pickled.yaml.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read.")]
Persona = Annotated[str | None, typer.Option(help="What this persona remembers only.")]
Channel = Annotated[str | None, typer.Option(help="What is from this channel only.")]
WordsOnly = Annotated[bool, typer.Option("--words-only", help="Don't load the embedder.")]


@app.callback()
def memory() -> None:
    """Look into memory, move it, check it."""
    log.only_errors()


app.command(epilog="Example: `pickled memory consolidate --no-model`")(consolidate)


@app.command(epilog="Example: `pickled memory search 'whose dog was ill' -k 5`")
def search(
    text: Annotated[str | None, typer.Argument(help="What is looked for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many.")] = 3,
    viewer: Annotated[
        str | None, typer.Option(help="By or about this viewer only: a name, or id:<user id>.")
    ] = None,
    persona: Persona = None,
    channel: Channel = None,
    queries: Annotated[
        Path | None,
        typer.Option(help='A file of JSON lines {"id", "text", "k"}; answers are JSON lines, too.'),
    ] = None,
    words_only: WordsOnly = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Find memories, with their scores and why; also beside a running daemon."""
    if (text is None) == (queries is None):
        raise UsageError("Give either a text or --queries with a file.")
    wanted = list(queries_in(queries)) if queries else [Query(id="", text=text or "", k=k)]
    where = _Where(data_dir, config)
    work = _search(where, wanted, viewer, persona, channel, words_only)
    for query, hits in asyncio.run(work):
        if queries is not None:
            found = [{"id": hit.id, "score": hit.score, "text": hit.text} for hit in hits]
            print(json.dumps({"id": query.id, "hits": found}, ensure_ascii=False))
        elif as_json:
            print(json.dumps([hit.model_dump(mode="json") for hit in hits], ensure_ascii=False))
        else:
            _show(hits)


@app.command(epilog="Example: `pickled memory stats --json`")
def stats(data_dir: DataDir = None, as_json: AsJson = False, config: Config = None) -> None:
    """How much is remembered, and how well it can be found."""
    counted = asyncio.run(_stats(_Where(data_dir, config)))
    if as_json:
        print(json.dumps(counted))
        return
    for name, value in counted.items():
        print(f"{name.replace('_', ' '):<12} {value}")


@app.command(epilog="Example: `pickled memory export memory.jsonl`")
def export(
    file: Annotated[Path | None, typer.Argument(help="Default: the terminal.")] = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Write all memories as JSON lines; also beside a running daemon."""
    count = asyncio.run(_export(_Where(data_dir, config), file))
    if file is not None:
        print(f"{count} memories are in {file}")


@app.command("import", epilog="Example: `pickled memory import memory.jsonl`")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON lines, as `export` writes them.")],
    words_only: WordsOnly = False,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Take memories in, ids kept; what is there already by its id is left as it is."""
    new, told = asyncio.run(_import(_Where(data_dir, config), file, words_only))
    print(f"{new} of {told} memories are new")


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
    wrong = asyncio.run(_check(_Where(data_dir, config), repair_it))
    if as_json:
        print(json.dumps({"whole": not wrong, "findings": wrong}, ensure_ascii=False))
    elif not wrong:
        print("the memory is whole")
    else:
        for each in wrong:
            print(f"{each['what']}\n  {each['remedy']}")
    raise typer.Exit(int(bool(wrong)))


class _Where:
    """Which memory is meant, and by what it embeds; `--data-dir` needs no configuration."""

    def __init__(self, data_dir: Path | None, config: Path | None) -> None:
        known = Configuration()
        if data_dir is None or config is not None:
            known = load(config, environ=os.environ, cwd=Path.cwd()).config
        folder = data_dir or known.data_dir
        assert folder is not None
        self.part = known.memory.embedder
        self.base_dir = known.base_dir
        self.path = folder / FILE_NAME

    @asynccontextmanager
    async def embedder(self, wanted: bool) -> AsyncIterator[Embedder | None]:
        """The configured one, ready; None, said why, if it can't be had."""
        async with AsyncExitStack() as stack:
            embedder: Embedder | None = None
            if wanted and self.part is not None:
                try:
                    plug = find("memory.embed", self.part)
                    around = Surroundings(self.base_dir, self.path.parent, lambda *_: None)
                    started: Embedder = await stack.enter_async_context(plug.start(around))
                    await _ready(started)
                    embedder = started
                except (ConfigError, EmbedderError) as error:
                    _note(f"words alone serve: {error}")
            yield embedder


async def _ready(embedder: Embedder) -> None:
    """Wait while it loads; raises EmbedderError if it can't embed."""
    for _ in range(int(LOADING_S / 0.1)):
        try:
            await embedder.probe()
        except EmbedderError as error:
            if not str(error).startswith("loading"):
                raise
            await asyncio.sleep(0.1)
        else:
            return
    raise EmbedderError(f"{embedder.name} is not ready after {LOADING_S:g} s")


async def _search(
    where: _Where,
    queries: Sequence[Query],
    viewer: str | None,
    persona: str | None,
    channel: str | None,
    words_only: bool,
) -> list[tuple[Query, tuple[Hit, ...]]]:
    async with open_database(where.path, read_only=True) as database:
        scopes = await database.read(partial(_scopes, persona=persona, channel=channel))
        author = await database.read(partial(_viewer_id, who=viewer)) if viewer else None
        embedded = await database.read(_has_vectors) and not words_only
        async with where.embedder(embedded) as embedder:
            long_term = LongTerm(database, embedder, _now)
            await long_term.vectors.load()
            answers = []
            with _bar("searching", len(queries)) as step:
                for query in queries:
                    hits = await long_term.recall(
                        query.text,
                        scope=scopes,
                        k=query.k,
                        viewer=author,
                        only_viewer=author is not None,
                        deadline_s=_QUERY_S,
                    )
                    answers.append((query, hits))
                    step(1)
    return answers


async def _stats(where: _Where) -> dict[str, object]:
    async with open_database(where.path, read_only=True) as database:
        state = await LongTerm(database, None, _now).stats()
        counted = state.model_dump(exclude={"last_hit_count", "embedder"})
        return counted | await database.read(_embedding)


async def _export(where: _Where, file: Path | None) -> int:
    async with open_database(where.path, read_only=True) as database:
        with opened(file) as out:
            return await database.read(partial(_write_lines, out=out))


async def _import(where: _Where, file: Path, words_only: bool) -> tuple[int, int]:
    entries = list(entries_in(file))
    new = 0
    async with open_database(where.path) as database:
        _tell(database)
        long_term = LongTerm(database, None, _now)
        with _bar("reading", len(entries)) as step:
            for start in range(0, len(entries), _AT_ONCE):
                batch = entries[start : start + _AT_ONCE]
                new += await long_term.remember(batch, merge=False)
                step(len(batch))
        async with where.embedder(not words_only and new > 0) as embedder:
            if embedder is not None:
                long_term = LongTerm(database, embedder, _now)
                with _bar("embedding", new) as step:
                    await long_term.vectors.fill(step)
    return new, len(entries)


async def _check(where: _Where, repair_it: bool) -> list[dict[str, str]]:
    if not where.path.is_file():
        raise StoreError(f"there is no memory yet: {where.path} does not exist")
    async with open_database(where.path, read_only=not repair_it) as database:
        _tell(database)
        if repair_it:
            await database.write(repair)
        look = partial(findings, progress=lambda what: _note(f"checking {what} …"))
        return [{"what": each.what, "remedy": each.remedy} for each in await database.read(look)]


def _scopes(
    connection: apsw.Connection, *, persona: str | None, channel: str | None
) -> tuple[Scope, ...]:
    found = connection.execute("SELECT persona, channel FROM scope")
    return tuple(
        Scope(persona=its_persona, channel=its_channel)
        for its_persona, its_channel in found
        if persona in (None, its_persona) and channel in (None, its_channel)
    )


def _viewer_id(connection: apsw.Connection, *, who: str) -> str:
    if who.startswith("id:"):
        return who.removeprefix("id:")
    row = connection.execute(
        "SELECT author_id FROM entry WHERE author = ? COLLATE NOCASE AND author_id != ''"
        " ORDER BY at DESC LIMIT 1",
        (who.removeprefix("@"),),
    ).fetchone()
    if row is None:
        raise UsageError(f"Nothing is remembered of {plain(who)}.")
    return str(row[0])


def _has_vectors(connection: apsw.Connection) -> bool:
    return connection.execute("SELECT 1 FROM vector LIMIT 1").fetchone() is not None


def _embedding(connection: apsw.Connection) -> dict[str, object]:
    row = connection.execute("SELECT value FROM meta WHERE key = 'embedder'").fetchone()
    counted = connection.execute("SELECT count(*) FROM vector").fetchone()
    return {"vectors": counted[0] if counted else 0, "embedder": row[0] if row else ""}


def _write_lines(connection: apsw.Connection, *, out: TextIO) -> int:
    row = connection.execute("SELECT count(*) FROM entry").fetchone()
    count = 0
    with _bar("writing", int(row[0]) if row else 0) as step:
        for entry in rows.entries(connection):
            line = entry.model_dump(mode="json")
            kept = {name: line[name] for name in line if line[name] or name in _ALWAYS}
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")
            count += 1
            step(1)
    return count


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, for what is long."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=total < _AT_ONCE) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


def _show(hits: Sequence[Hit]) -> None:
    if not hits:
        print("nothing fits")
    for hit in hits:
        why = ", ".join(f"{name} {share:.2f}" for name, share in hit.parts.items())
        print(f"{hit.score:.2f}  {plain(hit.text)}\n      {plain(hit.id)}: {why}")


def _tell(database: Database) -> None:
    for each in database.notices:
        _note(each)


def _note(text: str) -> None:
    print(text, file=sys.stderr)


def _now() -> datetime:
    return datetime.now(UTC)
