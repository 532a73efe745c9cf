"""How soon the daemon is ready, beside another checkout: `python -m tests.bench.startup FOLDER`.

Both are started in turn in one run, with nothing but a broker and the default configuration;
ready is `availability` online at a subscriber. Processor time is that of the process until then.
The machine's moods pass over both alike, so ratios of the fastest starts are told first.
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

import paho.mqtt.client as mqtt
import psutil

from tests.stand_ins.broker import Broker

STARTS = 12
LONGEST_S = 30.0
HERE = Path(__file__).parents[2]


def main() -> None:
    """Measure, and print both with their ratios."""
    other, starts = Path(sys.argv[1]).resolve(), int((sys.argv[2:] or [STARTS])[0])
    figures: dict[Path, list[tuple[float, float]]] = {HERE: [], other: []}
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        for number in range(starts + 1):
            for checkout, found in figures.items():
                measured = _start(checkout, broker.port, Path(folder))
                if number:  # the first one writes what is compiled
                    found.append(measured)
    for what, place in (("ready", 0), ("processor", 1)):
        ours, theirs = ([each[place] for each in figures[path]] for path in (HERE, other))
        sys.stdout.write(
            f"{what}: ours {min(ours):.3f} s (median {median(ours):.3f}), other {min(theirs):.3f} s"
            f" (median {median(theirs):.3f}); ratio {min(ours) / min(theirs):.2f}"
            f" (median {median(ours) / median(theirs):.2f})\n"
        )


def _start(checkout: Path, port: int, folder: Path) -> tuple[float, float]:
    """Seconds until it is online, and of the processor until then; it is ended again."""
    config = folder / "pickled.yaml"
    config.write_text(f"mqtt: {{port: {port}}}\ndata_dir: {folder / checkout.name}\n")
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
        used = psutil.Process(process.pid).cpu_times()
        process.send_signal(signal.SIGTERM)
        process.wait(LONGEST_S)
    client.loop_stop()
    client.disconnect()
    return online[0] - began, used.user + used.system


if __name__ == "__main__":
    main()
