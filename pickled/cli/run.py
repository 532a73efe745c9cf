"""`pickled run`: the daemon."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pickled.cli.serve import serve


def run(
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every step.")] = False,
) -> None:
    """Run the daemon until SIGTERM or Ctrl-C."""
    raise typer.Exit(serve(config, verbose=verbose))
