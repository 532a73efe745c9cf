"""The command line, from the words behind `pickled` to the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import NoReturn

from pickled.errors import PickledError, UsageError
from pickled.extras import needs


def main() -> NoReturn:
    """Run a command; exits with 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    call(_program(sys.argv[1:]), "pickled")


def _program(words: Sequence[str]) -> Callable[[], object]:
    """What they ask for. The daemon's start waits for no library that reads command lines."""
    match words:
        case ["run"]:
            return partial(_serve, None)
        case ["run", "--config", file] if not file.startswith("-"):
            return partial(_serve, file)
        case _:
            from pickled.cli.program import app

            return app


def _serve(file: str | None) -> NoReturn:
    from pickled.cli.serve import serve

    sys.exit(serve(file))


def call(program: Callable[[], object], name: str) -> NoReturn:
    """Run a program to its exit code; what a person can mend is told in its name on stderr."""
    try:
        program()
    except PickledError as error:
        print(f"{name}: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except ModuleNotFoundError as error:
        if not (lacking := needs(error.name)):
            raise
        print(f"{name}: {lacking}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
