"""`pickled memory search`: finds memories, and says why it found them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import apsw
import typer

from pickled.cli.memory_file import AsJson, DataDir, MemoryFile, WordsOnly
from pickled.cli.memory_lines import Query, queries_in
from pickled.cli.progress import bar
from pickled.cli.talk import Config, plain
from pickled.errors import UsageError
from pickled.memory.database import open_database
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Hit, Scope

_QUERY_S = 30.0


def search(
    text: Annotated[str | None, typer.Argument(help="What is looked for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many.")] = 3,
    viewer: Annotated[
        str | None, typer.Option(help="By or about this viewer only: a name, or id:<user id>.")
    ] = None,
    persona: Annotated[str | None, typer.Option(help="What this persona remembers only.")] = None,
    channel: Annotated[str | None, typer.Option(help="What is from this channel only.")] = None,
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
    where = MemoryFile(data_dir, config)
    work = _search(where, wanted, viewer, persona, channel, words_only)
    for query, hits in asyncio.run(work):
        if queries is not None:
            found = [{"id": hit.id, "score": hit.score, "text": hit.text} for hit in hits]
            print(json.dumps({"id": query.id, "hits": found}, ensure_ascii=False))
        elif as_json:
            print(json.dumps([hit.model_dump(mode="json") for hit in hits], ensure_ascii=False))
        else:
            _show(hits)


async def _search(
    where: MemoryFile,
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
            with bar("searching", len(queries)) as step:
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


def _show(hits: Sequence[Hit]) -> None:
    if not hits:
        print("nothing fits")
    for hit in hits:
        why = ", ".join(f"{name} {share:.2f}" for name, share in hit.parts.items())
        print(f"{hit.score:.2f}  {plain(hit.text)}\n      {plain(hit.id)}: {why}")


def _now() -> datetime:
    return datetime.now(UTC)
