"""Ten co-hosts of ten channels on one machine and one broker.

Beside another checkout: `python -m tests.bench.many FOLDER`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import paho.mqtt.client as mqtt
import psutil

from tests.bench.figures import Figure, percentile
from tests.stand_ins.broker import Broker

ABOUT = (
    "ten daemons of ten channels on one broker, started at once with the configuration as it "
    "comes: from the first start to the last `availability` online; memory: all processes of the "
    "ten, shared pages counted once (PSS), when their models are loaded; a command to each of them "
    "four times a second, until a subscriber sees the answer"
)
HERE = Path(__file__).parents[2]
COUNT = 10
LONGEST_S = 120.0
EVERY_S = 0.25
_END_S = 20.0


async def measure(how: str) -> list[Figure]:
    """Started several times, then asked."""
    starts = {"quick": 1, "bench": 3, "prove": 7}[how]
    seconds = {"quick": 5.0, "bench": 30.0, "prove": 120.0}[how]
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        ready = []
        for number in range(starts):
            with running(HERE, broker.port, Path(folder) / str(number)) as house:
                ready.append(house.ready_s)
                if number == starts - 1:
                    house.settle()
                    memory, alone = house.memory_mb, house.workers
                    latencies = house.asked(seconds)
    slowest, fastest = max(latencies.values()), min(latencies.values())
    return [
        Figure(what="ten daemons ready", value=median(ready), unit="s", note=f"{starts} times"),
        Figure(
            what="memory of all ten", value=memory, unit="MB", note=f"{alone} processes that embed"
        ),
        Figure(what="a command to the slowest, p95", value=slowest, unit="ms"),
        Figure(
            what="the slowest beside the fastest, p95",
            value=slowest / fastest,
            unit="×",
            at_most=1.3,
        ),
    ]


class House:
    """Ten daemons that run."""

    def __init__(self, port: int, processes: dict[str, subprocess.Popen[bytes]]) -> None:
        self.ready_s = 0.0
        self._processes = processes
        self._online: dict[str, float] = {}
        self._loaded: set[str] = set()
        self._sent: dict[str, tuple[str, float]] = {}
        self._answers: dict[str, list[float]] = {}
        self._changed = threading.Condition()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = self._heard
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(
            [("pickled/+/availability", 0), ("pickled/+/health/state", 0),
             ("pickled/+/event/command", 1)]
        )  # fmt: skip
        self._client.loop_start()

    def until_ready(self, began: float) -> None:
        """All of them are online."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._online) == COUNT, LONGEST_S):
                raise TimeoutError(f"online are only {sorted(self._online)}")
        self.ready_s = max(self._online.values()) - began

    def settle(self) -> None:
        """Until each of them can embed, or says that it can't; and a moment more."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._loaded) == COUNT, LONGEST_S)
        time.sleep(3)

    @property
    def _all(self) -> list[psutil.Process]:
        ours = [psutil.Process(each.pid) for each in self._processes.values()]
        return ours + [child for each in ours for child in each.children(recursive=True)]

    @property
    def memory_mb(self) -> float:
        """Of all processes, what they share counted once."""
        return float(sum(each.memory_full_info().pss for each in self._all)) / 1e6

    @property
    def workers(self) -> int:
        """How many processes embed."""
        return len(self._all) - len(self._processes)

    def asked(self, seconds: float) -> dict[str, float]:
        """The 95th percentile of each, ms."""
        until, number = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            for name in self._processes:
                number += 1
                mark = f"many-{number}"
                self._sent[mark] = (name, time.monotonic())
                self._client.publish(f"pickled/{name}/cmd/ping", json.dumps({"id": mark}), 1)
                time.sleep(EVERY_S / COUNT)
        time.sleep(1)
        return {name: percentile(times, 95) for name, times in self._answers.items()}

    def end(self) -> None:
        """All of them, in order."""
        for each in self._processes.values():
            each.terminate()
        for each in self._processes.values():
            each.wait(_END_S)
        self._client.disconnect()
        self._client.loop_stop()

    def _heard(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        now, (_, name, path) = time.monotonic(), message.topic.split("/", 2)
        with self._changed:
            if path == "availability" and message.payload == b"online":
                self._online.setdefault(name, now)
            elif path == "health/state":
                memory = json.loads(message.payload).get("memory", {})
                if memory.get("status") == "up" or "install" in memory.get("detail", ""):
                    self._loaded.add(name)
            elif path == "event/command":
                mark = json.loads(message.payload).get("id")
                if mark in self._sent:
                    sent = self._sent.pop(mark)[1]
                    self._answers.setdefault(name, []).append((now - sent) * 1000)
            self._changed.notify_all()


@contextmanager
def running(checkout: Path, port: int, folder: Path) -> Iterator[House]:
    """Ten daemons of a checkout, all online; they are ended again."""
    folder.mkdir(parents=True)
    environ = os.environ | {"PYTHONPATH": str(checkout), "XDG_RUNTIME_DIR": str(folder)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    names = [f"channel{folder.name.replace('.', '')}{number}" for number in range(COUNT)]
    with ExitStack() as stack:
        processes: dict[str, subprocess.Popen[bytes]] = {}
        house = House(port, processes)
        stack.callback(house.end)
        began = time.monotonic()
        for name in names:
            config = folder / f"{name}.yaml"
            config.write_text(
                f"instance: {name}\nmqtt: {{port: {port}}}\ndata_dir: {folder / name}\n"
            )
            command = [sys.executable, "-m", "pickled", "run", "--config", str(config)]
            processes[name] = subprocess.Popen(
                command, cwd=folder, env=environ,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        house.until_ready(began)
        yield house


def main() -> None:
    """Both in turn, so that the machine's moods pass over both."""
    other, times = Path(sys.argv[1]).resolve(), int((sys.argv[2:] or ["3"])[0])
    found: dict[Path, list[float]] = {HERE: [], other: []}
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        for number in range(times + 1):
            for index, checkout in enumerate(found):
                with running(checkout, broker.port, Path(folder) / f"{number}{index}") as house:
                    if number:  # the first one writes what is compiled
                        found[checkout].append(house.ready_s)
                    if number == times:
                        house.settle()
                        sys.stdout.write(
                            f"{checkout}: {house.memory_mb:.0f} MB, {house.workers} that embed\n"
                        )
    ours, theirs = found[HERE], found[other]
    sys.stdout.write(
        f"ten ready: ours {min(ours):.2f} s (median {median(ours):.2f}), other {min(theirs):.2f} s"
        f" (median {median(theirs):.2f}); ratio {min(ours) / min(theirs):.2f}\n"
    )


if __name__ == "__main__":
    main()
