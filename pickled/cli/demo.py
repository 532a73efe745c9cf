"""`pickled demo`: everything in one go, with a recorded chat, no account and no key."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console

from pickled.cli.children import Child, running
from pickled.cli.listener import Listener, listening
from pickled.cli.machine import USUAL_MODEL, find_model, has_sound_card
from pickled.cli.mosquitto import private_broker
from pickled.cli.turns import Turns
from pickled.config import Config, load
from pickled.errors import BrokerError, PickledError, UsageError
from pickled.topics import Root

NODE = "demo"
READY_S = 30.0
DEFAULT_WAV = Path("pickled-demo.wav")
RECORDING = "irl_walk"

_ABOUT_A_BROKER = ("USERNAME", "PASSWORD", "PASSWORD_FILE", "CA_FILE", "INSECURE")


@dataclass(frozen=True)
class Show:
    """Everything that the demo has started."""

    config: Config
    listener: Listener
    children: tuple[Child, ...]

    def check(self) -> None:
        """Raises PickledError if a part of it has ended."""
        for child in self.children:
            child.check()
        if self.listener.refused:
            raise BrokerError(f"The broker doesn't let us in: {self.listener.refused}.")


def demo(
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End after so many seconds; else Ctrl-C ends it.")
    ] = None,
    no_web: Annotated[
        bool, typer.Option("--no-web", help="No web pages; there are none yet anyway.")
    ] = False,
    wav: Annotated[
        Path | None, typer.Option(help="Write the sound to this file instead of playing it.")
    ] = None,
    broker: Annotated[
        str | None, typer.Option(help="A broker that is there: mqtt[s]://[user@]host[:port].")
    ] = None,
) -> None:
    """Start a broker, the daemon and an audio-node, and show how it reacts to a recorded chat."""
    console = Console(highlight=False, soft_wrap=True)
    ended = _set_by_signals()
    place = _broker_at(broker) if broker else None
    sink = wav or (None if has_sound_card() else DEFAULT_WAV)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pickled-demo-")))
        model = find_model(os.environ)
        show = _start(stack, folder, place=place, model=model, sink=sink)
        if not _wait_until_ready(show, console, ended):
            return
        _introduce(show, console, model=model, sink=sink, why_wav=wav is None)
        turns = Turns(console)
        _watch(show, turns, ended, seconds)
        turns.summary()
    if sink:
        console.print(f"sound     {sink.resolve()}")


def _set_by_signals() -> threading.Event:
    """Set by the first Ctrl-C or SIGTERM; the second one means now."""
    ended = threading.Event()

    def end(number: int, _frame: Any) -> None:
        ended.set()
        signal.signal(number, signal.default_int_handler)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    return ended


def _broker_at(url: str) -> dict[str, Any]:
    """The `mqtt` section for a URL; raises UsageError."""
    wrong = UsageError(f"--broker {url.split('@')[-1]}: write mqtt://[user@]host[:port], or mqtts.")
    try:
        parts = urlsplit(url if "://" in url else f"mqtt://{url}")
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if parts.password is not None:
        raise UsageError(
            "A password in a URL ends up in process lists: set PICKLED_MQTT__PASSWORD, "
            "or PICKLED_MQTT__PASSWORD_FILE, instead."
        )
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise wrong
    tls = parts.scheme == "mqtts"
    place = {"host": parts.hostname, "port": port or (8883 if tls else 1883), "tls": tls}
    return place | ({"username": parts.username} if parts.username else {})


def _start(
    stack: ExitStack,
    folder: Path,
    *,
    place: dict[str, Any] | None,
    model: str | None,
    sink: Path | None,
) -> Show:
    """Broker, node and daemon, each owned by the stack: the daemon ends first, the broker last."""
    children = []
    mqtt = place
    if mqtt is None:
        private = stack.enter_context(private_broker(folder))
        mqtt = {"host": "127.0.0.1", "port": private.port}
        children.append(private.child)
    path = folder / "pickled.yaml"
    path.write_text(json.dumps(_configuration(folder, mqtt, model, ours=place is None)))
    environ = _environment(folder, ours=place is None)
    config = load(path, environ=environ, cwd=folder).config
    root = Root(config.mqtt.base_topic, config.instance)
    listener = stack.enter_context(listening(config.mqtt, root))
    if place is not None:
        _refuse_company(listener, config)
        stack.callback(listener.forget, node=NODE)
    pickled = [sys.executable, "-m", "pickled"]
    node = [*pickled, "node", "--name", NODE, "--broker", _url(config), *_sink_options(sink)]
    daemon = [*pickled, "run", "--config", str(path)]
    for name, command in (("node", node), ("daemon", daemon)):
        child = running(name, command, folder=folder, environ=environ)
        children.append(stack.enter_context(child))
    return Show(config, listener, tuple(children))


def _configuration(
    folder: Path, mqtt: dict[str, Any], model: str | None, *, ours: bool
) -> dict[str, Any]:
    """What `pickled.yaml` says; on a broker that isn't ours, Home Assistant is left alone."""
    return {
        "data_dir": str(folder / "data"),
        "mqtt": mqtt,
        "inputs": [{"kind": "replay", "file": RECORDING, "loop": True}],
        "llm": {
            "kind": "ollama",
            "model": model or USUAL_MODEL,
            "fallback": [{"kind": "readout"}],
        },
        "tts": {"kind": "local"},
        "home_assistant": {"enabled": ours},
    }


def _environment(folder: Path, *, ours: bool) -> dict[str, str]:
    """Ours, without what would make the demo somebody's real co-host."""
    kept = () if ours else tuple(f"PICKLED_MQTT__{name}" for name in _ABOUT_A_BROKER)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PICKLED_") or name in kept
    }
    # A mute that is kept from another evening would make a silent demo.
    return environ | {"XDG_STATE_HOME": str(folder), "XDG_DATA_HOME": str(folder)}


def _url(config: Config) -> str:
    mqtt = config.mqtt
    user = f"{mqtt.username}@" if mqtt.username else ""
    host = f"[{mqtt.host}]" if ":" in mqtt.host else mqtt.host
    return f"{'mqtts' if mqtt.tls else 'mqtt'}://{user}{host}:{mqtt.port}"


def _sink_options(sink: Path | None) -> list[str]:
    return ["--wav", str(sink.resolve())] if sink else []


def _refuse_company(listener: Listener, config: Config) -> None:
    deadline = time.monotonic() + 1.0
    while (left := deadline - time.monotonic()) > 0:
        listener.next(left)
        if listener.values.get("availability") == "online":
            raise BrokerError(
                f"A co-host named {config.instance} is already running at that broker: end it "
                "first, or start the demo without --broker."
            )


def _wait_until_ready(show: Show, console: Console, ended: threading.Event) -> bool:
    """False if the user ended it before; raises PickledError if a part doesn't come."""
    console.print("Starting the audio-node and the daemon …", style="dim")
    began = time.monotonic()
    needed = {f"node/{NODE}/availability": "the audio-node", "availability": "the daemon"}
    while missing := [
        name for path, name in needed.items() if show.listener.values.get(path) != "online"
    ]:
        if ended.is_set():
            return False
        if time.monotonic() - began > READY_S:
            raise PickledError(
                f"{' and '.join(missing).capitalize()} did not come within {READY_S:g} s."
            )
        show.check()
        show.listener.next(0.1)
    console.print(f"Ready after {time.monotonic() - began:.1f} s.", style="dim")
    return True


def _introduce(
    show: Show, console: Console, *, model: str | None, sink: Path | None, why_wav: bool
) -> None:
    mqtt, root = show.config.mqtt, Root(show.config.mqtt.base_topic, show.config.instance)
    at = f"-p {mqtt.port}" if mqtt.host == "127.0.0.1" else f"-h {mqtt.host} -p {mqtt.port}"
    rows = [
        ("broker", f"{mqtt.host}:{mqtt.port}"),
        ("look", f"mosquitto_sub {at} -t '{root.base}/#' -v"),
        ("silence", f"mosquitto_pub {at} -t {root('muted/set')} -m ON"),
    ]
    if model:
        rows.append(("model", f"{model}, by Ollama on this machine"))
    else:
        rows.append(("model", "none: no Ollama answers here, so `readout` picks and reads out"))
        rows.append(("", f"(for a real one: install Ollama, then `ollama pull {USUAL_MODEL}`)"))
    why = " (no sound card here)" if why_wav else ""
    rows.append(("sound", f"goes to {sink}{why}" if sink else "played by this machine"))
    console.print()
    for label, text in rows:
        console.print(f"[bold]{label:<8}[/bold] ", end="")
        console.print(text, markup=False)
    console.print("Ctrl-C ends it.", style="dim")


def _watch(show: Show, turns: Turns, ended: threading.Event, seconds: float | None) -> None:
    """Show turns until the time is over, or somebody ends it."""
    until = time.monotonic() + (seconds if seconds is not None else float("inf"))
    while not ended.is_set() and time.monotonic() < until:
        show.check()
        if heard := show.listener.next(0.1):
            turns.on(*heard)
