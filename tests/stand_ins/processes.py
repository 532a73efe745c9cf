"""Our own programs, as a user starts them: ended, killed, frozen, and none left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from pickled.cli.children import Child, running

ROOT = Path(__file__).parent.parent.parent
_END_S = 10.0


@dataclass(frozen=True)
class Process:
    """A running program with its log."""

    child: Child

    @property
    def log(self) -> str:
        """What it has written so far."""
        return self.child.log.read_text(errors="replace")

    @property
    def ended(self) -> bool:
        """Is it over?"""
        return self.child.process.poll() is not None

    @property
    def resident_mb(self) -> float:
        """How much memory it uses."""
        return float(psutil.Process(self.child.process.pid).memory_info().rss / 1e6)

    def freeze(self) -> None:
        """It hangs: its connections stay open, and nothing is answered."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._send(signal.SIGCONT)

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, and what it has started too."""
        if not self.ended:
            os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.process.wait(_END_S)

    def wait(self, timeout_s: float = _END_S) -> int:
        """Its exit code, once it has ended; raises TimeoutExpired."""
        return self.child.process.wait(timeout_s)

    def until_log(self, text: str, *, timeout_s: float = _END_S) -> str:
        """Wait until its log has this; all of the log."""
        until = time.monotonic() + timeout_s
        while text not in (written := self.log):
            if time.monotonic() > until:
                raise TimeoutError(f"{text!r} is not in the log:\n{written}")
            time.sleep(0.01)
        return written

    def _send(self, number: signal.Signals) -> None:
        self.child.process.send_signal(number)


@contextmanager
def started(
    name: str, command: Sequence[str], *, folder: Path, environ: Mapping[str, str]
) -> Iterator[Process]:
    """A program that lives at most as long as the block; its log is in that folder."""
    number = len(list(folder.glob(f"{name}-*.log"))) + 1
    with running(f"{name}-{number}", command, folder=folder, environ=environ) as child:
        process = Process(child)
        try:
            yield process
        finally:
            process.kill()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this repository."""
    return [sys.executable, "-m", module, *arguments]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Ours, with nothing in it that belongs to somebody's real co-host."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PICKLED_", "XDG_", "TWITCH_", "DEEPGRAM_", "OLLAMA_"))
    }
    ours = {f"XDG_{each}_HOME": str(folder / each.lower()) for each in ("STATE", "DATA", "CONFIG")}
    return kept | ours | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more
