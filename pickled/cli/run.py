"""`pickled run`: the daemon."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import structlog
import typer

from pickled import log
from pickled.cli.holding_back import hold_back
from pickled.config import Config, load, secrets
from pickled.errors import PickledError
from pickled.notify import service_manager


def run(
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every step.")] = False,
) -> None:
    """Run the daemon until SIGTERM or Ctrl-C."""
    try:
        raise typer.Exit(_run(config, verbose=verbose))
    except PickledError as error:
        if wait := hold_back(os.environ, time.time()):
            told = f"{error} (tried again in {wait:g} s)"
            service_manager(dict(os.environ)).status(told)
            time.sleep(wait)
        raise


def _run(config: Path | None, *, verbose: bool) -> int:
    loaded = load(config, environ=os.environ, cwd=Path.cwd())
    supervised = "INVOCATION_ID" in os.environ or not sys.stderr.isatty()
    log.configure(secrets=secrets(loaded.config), as_json=supervised, debug=verbose)
    logger = structlog.get_logger("pickled")
    logger.info("configuration", file=str(loaded.path or "none, all defaults"))
    for note in loaded.notes:
        logger.warning(note)
    return _logged(loaded.config)


def _logged(config: Config) -> int:
    """What it dies of without knowing stands in the log as all else does, on one line."""
    try:
        return _daemon()(config)
    except (PickledError, ModuleNotFoundError):  # told to whoever started it, in a sentence
        raise
    except Exception:  # noqa: BLE001  # the last place: what is not told here is told nowhere
        structlog.get_logger("pickled").exception("died")
        return 1


def _daemon() -> Callable[[Config], int]:
    """What runs it, imported now: the other commands need nothing of it."""
    # Modules live to the end: to look through them for garbage, again and again while they are
    # loaded and once more before the loop starts, would take nearly a tenth of the start.
    gc.disable()
    try:
        from pickled.daemon.main import run as run_daemon
    finally:
        gc.freeze()
        gc.enable()
    return run_daemon
