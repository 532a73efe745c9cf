"""Loads the daemon and runs it: its start is short, as people wait for it."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pickled.errors import PickledError
from pickled.patterns import without

if TYPE_CHECKING:
    from pickled.config import Config


def serve(file: str | Path | None, *, verbose: bool = False) -> int:
    """Run the daemon as that file says, until SIGTERM or Ctrl-C; returns the exit code."""
    try:
        return _served(file, verbose=verbose)
    except PickledError as error:
        from pickled.cli.holding_back import hold_back
        from pickled.notify import service_manager

        if wait := hold_back(os.environ, time.time()):
            told = f"{error} (tried again in {wait:g} s)"
            service_manager(dict(os.environ)).status(told)
            time.sleep(wait)
        raise


def _served(file: str | Path | None, *, verbose: bool) -> int:
    # Modules live to the end: to look through them for garbage, again and again while they are
    # loaded and once more before the loop starts, would take nearly a tenth of the start.
    gc.disable()
    try:
        run, config = _loaded(None if file is None else Path(file), verbose=verbose)
    finally:
        gc.freeze()
        gc.enable()
    return _logged(run, config)


def _logged(run: Callable[[Config], int], config: Config) -> int:
    """What it dies of without knowing stands in the log as all else does, on one line."""
    try:
        return run(config)
    except (PickledError, ModuleNotFoundError):  # told to whoever started it, in a sentence
        raise
    except Exception:  # noqa: BLE001  # the last place: what is not told here is told nowhere
        import structlog

        structlog.get_logger("pickled").exception("died")
        return 1


def _loaded(file: Path | None, *, verbose: bool) -> tuple[Callable[[Config], int], Config]:
    """What runs it, imported now: the other commands need nothing of it."""
    # Nobody's plug-in of pydantic is wanted, and to look for one reads what each package brings.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with without("rich"):  # structlog would load it for tracebacks in colour, which ours are not
        import structlog
    from pickled import log
    from pickled.config import load, secrets

    loaded = load(file, environ=os.environ, cwd=Path.cwd())
    supervised = "INVOCATION_ID" in os.environ or not sys.stderr.isatty()
    log.configure(secrets=secrets(loaded.config), as_json=supervised, debug=verbose)
    logger = structlog.get_logger("pickled")
    logger.info("configuration", file=str(loaded.path or "none, all defaults"))
    for note in loaded.notes:
        logger.warning(note)
    from pickled.daemon.main import run

    return run, loaded.config
