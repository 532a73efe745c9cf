"""Which memory a command is about, where it lies, and what embeds for it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from pickled.config import Config as Configuration
from pickled.config import load
from pickled.errors import ConfigError, EmbedderError
from pickled.memory import Embedder
from pickled.memory.database import FILE_NAME
from pickled.plugins import Surroundings, find

LOADING_S = 120.0
"""How long the embedder's model may take to load."""

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where the memory is; default from pickled.yaml.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read.")]
WordsOnly = Annotated[bool, typer.Option("--words-only", help="Don't load the embedder.")]


class MemoryFile:
    """The file, and the configured embedder; `--data-dir` needs no configuration."""

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
                    note(f"words alone serve: {error}")
            yield embedder


def note(text: str) -> None:
    """Tell on the terminal, beside what is printed for a program."""
    print(text, file=sys.stderr)


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
