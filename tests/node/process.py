"""A node as a process of its own, and somebody at the broker who plays the daemon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import wave
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from pickled.audio import SPEECH_RATE, Frame
from pickled.messages.node import U16, NodeState, StreamEnd, TtsBegin
from pickled.topics import Root, topic
from tests.node.soup import TURN
from tests.stand_ins.broker import Broker

ROOT = Root()
NAME = "laptop"
PATIENCE_S = 20.0
_MAIN = "from pickled.cli.node import main; main()"


@contextmanager
def node_process(
    broker: Broker,
    folder: Path,
    *options: str,
    name: str = NAME,
    environ: Mapping[str, str] | None = None,
    before: str = "",
) -> Iterator[subprocess.Popen[str]]:
    """`pickled-node` with a state folder of its own; killed at the end if it still runs.

    `before` is code that runs ahead of it in its process.
    """
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PICKLED_")}
    ours = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-c", before + _MAIN, "--name", name, "--broker", broker.url, *options],
        env=clean | ours | dict(environ or {}),
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


class Daemon:
    """Somebody at the broker who tells a node what the daemon would, and hears what it answers."""

    def __init__(self, broker: Broker, *, node: str = NAME, session: int = 7) -> None:
        self.session = session
        self.stream = int(time.time())
        self.process_id = 0
        """Of the node."""
        self.heard: list[tuple[str, Any]] = []
        """Path in the table, decoded value; in order."""
        self.frames: list[tuple[float, Frame]] = []
        """Of the microphone, and when each came (monotonic, s)."""
        self._node = node
        self._changed = threading.Condition()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.on_message = self._on_message
        self._client.on_connect = self._on_connect
        self._client.connect(broker.host, broker.port)

    def __enter__(self) -> Self:
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._client.reinitialise()  # closes the sockets by which paho wakes its thread

    def tell(self, path: str, value: Any, *, qos: int | None = None, retain: bool = False) -> None:
        """Publish by the row of the table."""
        row = topic(path)
        kept = retain or row.retain
        payload, where = row.encode(value), ROOT(path, node=self._node)
        sent = self._client.publish(
            where, payload, qos=row.qos if qos is None else qos, retain=kept
        )
        sent.wait_for_publish(PATIENCE_S)

    def speak(self, pcm: bytes, *, first: int = 0, last: bool = True) -> None:
        """Send a stream, whole, as the daemon does: ahead of real time."""
        if first == 0:
            self.stream += 1
        begin = TtsBegin(
            session=self.session,
            stream=self.stream,
            utterance=f"{TURN}.{first}",
            turn=TURN,
            sent_ms=time.time() * 1000,
        )
        self.tell("node/{node}/tts/begin", begin)
        size = SPEECH_RATE // 25 * 2
        for seq, at in enumerate(range(0, len(pcm), size)):
            data, over = pcm[at : at + size], at + size >= len(pcm)
            frame = Frame(self.session & U16, self.stream, seq, at // 2, data, over)
            self.tell("node/{node}/tts/audio", frame.encode())
        if last:
            self.tell("node/{node}/tts/end", self.whole_stream())

    def whole_stream(self) -> StreamEnd:
        """The last stream's end, or its clear."""
        return StreamEnd(session=self.session, stream=self.stream)

    def wait(self, path: str, wanted: Callable[[Any], bool], *, since: int = 0) -> Any:
        """The first value of a topic that is wanted; waits for it."""

        def found() -> list[Any]:
            return [value for where, value in self.heard[since:] if where == path and wanted(value)]

        self._wait_for(lambda: bool(found()), f"{path} did not come")
        return found()[0]

    def wait_until_shown(self, wanted: Callable[[NodeState], bool]) -> None:
        """Until the node's newest state is as wanted."""
        path = "node/{node}/state"
        self._wait_for(lambda: any(map(wanted, self._newest(path))), f"{path} is not as wanted")

    def shown_state(self) -> NodeState:
        """The node's newest state."""
        state: NodeState = self._newest("node/{node}/state")[0]
        return state

    def wait_until_last(self, path: str, wanted: Any) -> None:
        """Until the newest value of a topic is that one."""
        self._wait_for(lambda: self._newest(path) == [wanted], f"{path} is not {wanted}")

    def wait_online(self, *, since: int = 0) -> None:
        """Until the node is there, with everything that it shows."""
        self.wait("node/{node}/availability", lambda value: value == "online", since=since)

    def wait_played(self, state: str, *, since: int = 0) -> Any:
        """The acknowledgement of that state for the last stream."""
        return self.wait(
            "node/{node}/played",
            lambda value: value.state == state and value.stream == self.stream,
            since=since,
        )

    def _newest(self, path: str) -> list[Any]:
        return [value for where, value in self.heard if where == path][-1:]

    def _wait_for(self, true: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + PATIENCE_S
        with self._changed:
            while not true():
                if not self._changed.wait(until - time.monotonic()):
                    raise TimeoutError(f"{otherwise}; heard {self.heard[-20:]}")

    def _on_connect(self, client: paho.Client, *_: Any) -> None:
        client.subscribe([(f"{ROOT.base}/{ROOT.instance}/#", 1)])

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        found = ROOT.find(message.topic)
        if found and found[0].path == "node/{node}/mic/audio":
            with self._changed:
                self.frames.append((time.monotonic(), Frame.decode(bytes(message.payload))))
                self._changed.notify_all()
        if found is None or found[0].form == "binary" or found[0].kind == "command":
            return
        with self._changed:
            self.heard.append((found[0].path, found[0].decode(bytes(message.payload))))
            self._changed.notify_all()


def constant(length_s: float, *, value: int = 5000) -> bytes:
    """Sound of one value: easy to find again."""
    return (array("h", [value]) * int(length_s * SPEECH_RATE)).tobytes()


def read(path: Path) -> array[int]:
    """All samples of a WAV file that may still grow."""
    with wave.open(str(path)) as file:
        return array("h", file.readframes(file.getnframes()))


def end(process: subprocess.Popen[str]) -> int:
    """End it as a supervisor does; its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE_S)
