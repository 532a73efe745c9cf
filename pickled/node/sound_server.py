"""What PulseAudio, or PipeWire in its place, says of its sinks and of where we are: by `pactl`."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from pickled.node.side import OUTPUT, SoundSide

_PROGRAM = "pactl"
PATIENCE_S = 2.0
"""So long it may take to answer."""
_AGAIN_S = 1.0
"""From the end of a server until it is looked for again."""
_MOST_SINKS = 200
_PROCESS = "\t\tapplication.process.id = "


@dataclass(frozen=True)
class ServerSink:
    """A sink or a source of the sound server, null sinks included."""

    index: int
    name: str
    description: str


def installed() -> bool:
    """Can a sound server be asked at all?"""
    return shutil.which(_PROGRAM) is not None


def sinks(side: SoundSide = OUTPUT) -> list[ServerSink] | None:
    """All of one side in the server's order; None if there is no server. Raises TimeoutError."""
    text = _pactl("list", side.plural)
    if text is None:
        return None
    return [
        ServerSink(index, _field(lines, "\tName: "), _field(lines, "\tDescription: "))
        for index, lines in _entries(text, side.head)
    ][:_MOST_SINKS]


def default_sink(side: SoundSide = OUTPUT) -> str:
    """The name of the one that is used if nobody says otherwise; empty if none is known.

    Raises TimeoutError.
    """
    return (_pactl(f"get-default-{side.plural[:-1]}") or "").strip()


def sink_of(process_id: int, side: SoundSide = OUTPUT) -> int | None:
    """The index of the place that this process is at; None for none. Raises TimeoutError."""
    ours = f'{_PROCESS}"{process_id}"'
    text = _pactl("list", side.streams) or ""
    inputs = [lines for _, lines in _entries(text, side.stream_head)]
    clients: set[str] = set()
    if not all(_field(lines, _PROCESS) for lines in inputs):  # ALSA's plug-in for PipeWire
        found = _entries(_pactl("list", "clients") or "", "Client #")
        clients = {str(index) for index, lines in found if ours in lines}
    for lines in inputs:
        index = _field(lines, side.place)
        if (ours in lines or _field(lines, "\tClient: ") in clients) and index.isdigit():
            return int(index)
    return None


@dataclass
class Changes:
    """Listens to the server, and sets an event whenever a place or a stream there has changed."""

    changed: threading.Event
    side: SoundSide = OUTPUT
    _stopping: threading.Event = field(default_factory=threading.Event)
    _process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Until stopped, over all restarts of the server; the work of a thread."""
        while not self._stopping.is_set():
            with contextlib.suppress(OSError, KeyError):  # KeyError: PULSE_SINK is changing
                self._listen()
            self.changed.set()
            self._stopping.wait(_AGAIN_S)

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        if self._process:
            self._process.kill()

    def _listen(self) -> None:
        # Its pipe breaks with us: at the next event, the end of our own stream, it ends as well.
        with subprocess.Popen(  # noqa: S603 - our own command
            [shutil.which(_PROGRAM) or _PROGRAM, "subscribe"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environ(),
            text=True,
            errors="replace",
        ) as process:
            self._process = process
            if self._stopping.is_set():
                process.kill()
            assert process.stdout is not None
            for line in process.stdout:
                if f" on {self.side.plural[:-1]}" in line or " on server" in line:
                    self.changed.set()


def _pactl(*command: str) -> str | None:
    """What it prints; None without a server. Raises TimeoutError."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - our own commands
            [program, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environ(),
            timeout=PATIENCE_S,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError("the sound server takes its time") from error
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode(errors="replace")


def _environ() -> dict[str, str]:
    """Untranslated; its JSON has no names but ASCII ones (16.1), so it is read as text."""
    return os.environ | {"LC_ALL": "C.UTF-8"}


def _entries(text: str, head: str) -> Iterator[tuple[int, list[str]]]:
    for entry in f"\n{text}".split(f"\n{head}")[1:]:
        first, *lines = entry.split("\n")
        if first.isdigit():
            yield int(first), lines


def _field(lines: list[str], head: str) -> str:
    return next((line.removeprefix(head) for line in lines if line.startswith(head)), "")
