"""How soon the daemon is ready, beside another checkout: `python -m tests.bench.startup FOLDER`.

Both are started in turn in one run, with nothing but a broker and the default configuration;
ready is `availability` online at a subscriber. Processor time is that of the process until then.
The machine's moods pass over both alike, so ratios of the fastest starts are told first.
Then each runs for a while, to see what it has used by then, and what memory it holds: without an
embedder, as its model is a process of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import paho.mqtt.client as mqtt
import psutil

from tests.stand_ins.broker import Broker

STARTS = 12
RESTS = 3
REST_S = 12.0
"""By then all is made that is made beforehand."""

LONGEST_S = 30.0
MB = 1_000_000
HERE = Path(__file__).parents[2]


class Start(NamedTuple):
    """One start of a daemon."""

    ready_s: float
    processor_s: float
    memory_mb: float


def main() -> None:
    """Measure, and print both with their ratios."""
    other, starts = Path(sys.argv[1]).resolve(), int((sys.argv[2:] or [STARTS])[0])
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        found = _in_turn((HERE, other), starts, broker.port, Path(folder), rest_s=0.0)
        _tell("ready", "s", found, 0)
        _tell("processor until then", "s", found, 1)
        found = _in_turn((HERE, other), RESTS, broker.port, Path(folder), rest_s=REST_S)
        _tell(f"processor of the first {REST_S:g} s", "s", found, 1)
        _tell("memory then", "MB", found, 2)


def _in_turn(
    checkouts: tuple[Path, ...], starts: int, port: int, folder: Path, *, rest_s: float
) -> list[list[Start]]:
    """What was measured of each checkout; the first start of each only writes what is compiled."""
    found: list[list[Start]] = [[] for _ in checkouts]
    for number in range(starts + 1):
        for checkout, measured in zip(checkouts, found, strict=True):
            start = _start(checkout, port, folder, rest_s)
            if number:
                measured.append(start)
    return found


def _tell(what: str, unit: str, found: list[list[Start]], place: int) -> None:
    ours, theirs = ([each[place] for each in measured] for measured in found)
    sys.stdout.write(
        f"{what}: ours {min(ours):.3f} {unit} (median {median(ours):.3f}), other {min(theirs):.3f}"
        f" {unit} (median {median(theirs):.3f}); ratio {min(ours) / min(theirs):.2f}"
        f" (median {median(ours) / median(theirs):.2f})\n"
    )


def _start(checkout: Path, port: int, folder: Path, rest_s: float) -> Start:
    """Until it is online, and some seconds more; it is ended again."""
    config = folder / "pickled.yaml"
    config.write_text(
        f"mqtt: {{port: {port}}}\ndata_dir: {folder / checkout.name}\nmemory: {{embedder: null}}\n"
    )
    online: list[float] = []
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.on_message = lambda _c, _u, message: (
        online.append(time.monotonic()) if message.payload == b"online" else None
    )
    client.connect("127.0.0.1", port)
    client.subscribe("pickled/home/availability")
    client.loop_start()
    environ = os.environ | {"PYTHONPATH": str(checkout)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "pickled", "run", "--config", str(config)]
    time.sleep(0.3)
    online.clear()
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while not online and time.monotonic() < began + LONGEST_S:
            time.sleep(0.002)
        time.sleep(max(0.0, began + rest_s - time.monotonic()))
        daemon = psutil.Process(process.pid)
        used, resident = daemon.cpu_times(), daemon.memory_info().rss
        process.send_signal(signal.SIGTERM)
        process.wait(LONGEST_S)
    client.loop_stop()
    client.disconnect()
    return Start(online[0] - began, used.user + used.system, resident / MB)


if __name__ == "__main__":
    main()
