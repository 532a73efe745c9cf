"""`pickled memory consolidate`: sums up the streams that were not summed up yet."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from pickled import log
from pickled.cli.talk import Config
from pickled.config import Config as Configuration
from pickled.config import load
from pickled.daemon.tables import extend_tables
from pickled.daemon.wording import models
from pickled.errors import PickledError
from pickled.memory import consolidate as work
from pickled.memory.database import FILE_NAME, Database
from pickled.memory.lock import is_held
from pickled.messages.memory import Scope
from pickled.orchestrator.parts.summing_up import word
from pickled.orchestrator.recollection.opened import open_memory
from pickled.plugins import ladder


def consolidate(
    stream: Annotated[str | None, typer.Option(help="This stream only, again if need be.")] = None,
    persona: Annotated[str | None, typer.Option(help="This persona's memory only.")] = None,
    channel: Annotated[str | None, typer.Option(help="This channel only.")] = None,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Count, without asking a model.")
    ] = False,
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", help="Where the memory is; default from pickled.yaml."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    config: Config = None,
) -> None:
    """Sum up streams and their regulars; the daemon does it by itself when a stream ends."""
    log.only_errors()
    known = Configuration()
    if data_dir is None or config is not None:
        known = load(config, environ=os.environ, cwd=Path.cwd()).config
        extend_tables(known)
    folder = data_dir or known.data_dir
    assert folder is not None
    path = folder / FILE_NAME
    if not path.is_file():
        raise PickledError(f"There is no memory yet: {path} does not exist.")
    if is_held(path):
        raise PickledError("The daemon runs, and does this by itself when the stream ends.")
    known = known.model_copy(update={"data_dir": folder})
    done = asyncio.run(_consolidate(path, known, _Wanted(stream, persona, channel), no_model))
    if as_json:
        print(json.dumps(done))
    else:
        print(", ".join(f"{count} {what.replace('_', ' ')}" for what, count in done.items()))


class _Wanted:
    def __init__(self, stream: str | None, persona: str | None, channel: str | None) -> None:
        self._stream, self._persona, self._channel = stream, persona, channel

    async def of(self, database: Database) -> list[tuple[Scope, str]]:
        """The streams that are meant."""
        found = await work.pending(database, again=self._stream is not None)
        return [
            (scope, stream)
            for scope, stream in found
            if self._stream in (None, stream)
            and self._persona in (None, scope.persona)
            and self._channel in (None, scope.channel)
        ]


async def _consolidate(
    path: Path, config: Configuration, wanted: _Wanted, no_model: bool
) -> dict[str, int]:
    total = dict.fromkeys(("streams", *asdict(work.Consolidated())), 0)
    async with open_memory(path, wall=_now) as memory, _words(config, not no_model) as words:
        for notice in memory.database.notices:
            typer.echo(notice, err=True)
        streams = await wanted.of(memory.database)
        with _bar() as bar:
            for scope, stream in streams:
                task = bar.add_task(f"{scope.persona} {stream}")
                done = await work.consolidate(
                    memory.database,
                    memory.long_term,
                    memory.viewers,
                    words=words,
                    scope=scope,
                    stream=stream,
                    now=_now(),
                    progress=lambda done, of, task=task: bar.update(  # type: ignore[misc]
                        task, completed=done, total=of
                    ),
                )
                total["streams"] += 1
                for what, count in asdict(done).items():
                    total[what] += count
    return total


@asynccontextmanager
async def _words(config: Configuration, wanted: bool) -> AsyncIterator[work.Words | None]:
    """The configured model, if it answers; None, said why, if it doesn't."""
    async with AsyncExitStack() as stack:
        words: work.Words | None = None
        if wanted:
            starting = models(
                config, ladder("llm", config.llm), report=lambda *_: None, dice=random.random
            )
            rungs = await stack.enter_async_context(starting)
            await rungs.probe()
            if any(not rung.part.bounded for rung in rungs.working()):
                words = partial(word, rungs)
            else:
                why = "; ".join(f"{rung.name}: {rung.why}" for rung in rungs.rungs if rung.why)
                typer.echo(f"no model, so it is counted ({why})", err=True)
        yield words


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _now() -> datetime:
    return datetime.now(UTC)
