"""Processes that a command starts and owns: none of them outlives it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pickled.errors import PickledError

STOP_S = 7.0
"""How long a child may take to end; the daemon promises 5 s."""


@dataclass(frozen=True)
class Child:
    """A running process that writes its output to a log."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        """Raises PickledError with the last lines of its log if it has ended."""
        code = self.process.poll()
        if code is None:
            return
        end = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        raise PickledError("\n".join([f"The {self.name} {end}. The end of its log:", *lines]))

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(
    name: str, command: Sequence[str], *, folder: Path, environ: Mapping[str, str] | None = None
) -> Iterator[Child]:
    """A child with its log in that folder, in a process group of its own: Ctrl-C is ours alone."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [*_dies_with_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environ,
            start_new_session=True,
        )
    child = Child(name, log, process)
    try:
        yield child
    finally:
        child.stop()


def _dies_with_us() -> list[str]:
    """What makes the kernel end a child if we are killed; only Linux can."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []
