"""`pickled record`: writes a stream down from MQTT, so that it can be played again."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self

import typer

from pickled.cli.talk import Broker, CaFile, Config, Instance, PasswordFile, broker_options
from pickled.errors import PickledError, RecordingError, UsageError
from pickled.messages.recording import RecordingLine, written
from pickled.mqtt.conversation import Conversation
from pickled.rehearsal.recorder import Recorder

_POLL_S = 0.2
_PATIENT_S = 3.0
"""After so long without anybody it is told that nobody is there."""

_MB = 1_000_000
_STOPS = (signal.SIGINT, signal.SIGTERM)


def record(
    file: Annotated[Path, typer.Argument(help="Where to: JSON lines, as `pickled replay` reads.")],
    seconds: Annotated[float | None, typer.Option(min=0, help="End after so long.")] = None,
    max_mb: Annotated[
        float, typer.Option("--max-mb", min=0.001, help="End when the file has this size.")
    ] = 1000.0,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE if it exists.")] = False,
    config: Config = None,
    broker: Broker = None,
    instance: Instance = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
) -> None:
    """Record chat, stream, speech, commands, and what the co-host made of them, until Ctrl-C.

    Chat's texts and names stand in FILE as they were. If the disk is full it stops, keeps what is
    there, and ends with exit code 1.
    """
    options = broker_options(config, broker, instance, password_file, ca_file)
    with (
        _asked_to_stop() as stop,
        Conversation(options.mqtt, options.root) as talk,
        _File(file, force) as sink,
    ):
        began = time.monotonic()
        recorder = Recorder(options.root, began=began, moment=datetime.now(UTC))
        sink.write(recorder.begin())
        talk.subscribe(*Recorder.filters(options.root))
        _tell(f"recording {options.root.base}/{options.root.instance} into {file}; Ctrl-C ends it")
        until = began + (seconds if seconds is not None else float("inf"))
        try:
            _follow(talk, recorder, sink, stop, until=until, largest=int(max_mb * _MB))
        finally:
            _tell(_summary(recorder, talk, time.monotonic() - began, sink, file))


class _File:
    """The recording: whole lines only, each flushed."""

    def __init__(self, path: Path, force: bool) -> None:
        self._path = path
        self.size = 0
        try:
            self._file = path.open("wb" if force else "xb", buffering=0)
        except FileExistsError as error:
            raise UsageError(f"{path} exists: take another name, or --force.") from error
        except OSError as error:
            raise RecordingError(f"{path} can't be written: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: Any, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, lines: list[RecordingLine]) -> None:
        """Raises RecordingError when the disk is full; what is there stays readable."""
        for line in lines:
            data = written(line)
            try:
                if self._file.write(data) != len(data):
                    raise OSError(28, "No space left on device")
            except OSError as error:
                with contextlib.suppress(OSError):
                    self._file.truncate(self.size)
                raise RecordingError(
                    f"{self._path} can't be written any further: {error.strerror}. "
                    "What was recorded until now is kept."
                ) from error
            self.size += len(data)


def _follow(
    talk: Conversation,
    recorder: Recorder,
    sink: _File,
    stop: threading.Event,
    *,
    until: float,
    largest: int,
) -> None:
    connected, patient_until = True, time.monotonic() + _PATIENT_S
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        if message := talk.next(min(_POLL_S, left)):
            at, retain = message.at, message.retain
            lines = recorder.feed(message.topic, message.payload, retain=retain, at=at)
            if recorder.refusal:
                raise PickledError(recorder.refusal)
            sink.write(lines)
        if sink.size >= largest:
            _tell(f"{largest / _MB:g} MB are reached: that is all")
            return
        if not recorder.online and time.monotonic() > patient_until:
            _tell("no co-host is online there: it is recorded as soon as it comes")
            patient_until = float("inf")
        if talk.connected != connected:
            connected = talk.connected
            _tell("the broker is back" if connected else "the broker is gone; waiting for it")


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """Set by Ctrl-C or SIGTERM; the second one means now."""
    stop = threading.Event()

    def end(number: int, _frame: Any) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, end) for number in _STOPS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summary(
    recorder: Recorder, talk: Conversation, seconds: float, sink: _File, file: Path
) -> str:
    counts = recorder.counts
    kinds = ("chat", "stream", "speech", "vision", "command", "decision", "response")
    told = ", ".join(f"{counts[kind]} {kind}" for kind in kinds if counts[kind]) or "nothing yet"
    lines = [f"{file}: {seconds:.0f} s, {sink.size / _MB:.1f} MB: {told}"]
    if left_out := recorder.left_out:
        lines.append(f"{left_out} events were left out by the daemon under a flood")
    if lost := talk.dropped + recorder.unreadable:
        lines.append(f"{lost} messages are missing: they came too fast, or could not be read")
    return "\n".join(lines)


def _tell(text: str) -> None:
    """On stderr: stdout stays free."""
    print(text, file=sys.stderr, flush=True)
