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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pickled.cli.children import Child, running
from pickled.cli.connect import parse_broker_url
from pickled.cli.demo_pages import addresses, start_pages
from pickled.cli.listener import Listener
from pickled.cli.machine import USUAL_MODEL, find_model, has_sound_card
from pickled.cli.mosquitto import private_broker
from pickled.cli.turns import TurnPrinter
from pickled.config import Config, load
from pickled.config.forms import channel_name
from pickled.errors import BrokerError, ConfigError, PickledError, UsageError
from pickled.extras import missing, needs
from pickled.mqtt.conversation import Conversation
from pickled.orchestrator.controls.personas import load_personas
from pickled.topics import Root

NODE = "demo"
CONFIG = "pickled.yaml"
READY_S = 30.0
DEFAULT_WAV = Path("pickled-demo.wav")
RECORDING = "irl_walk"

_ABOUT_A_BROKER = ("USERNAME", "PASSWORD", "PASSWORD_FILE", "CA_FILE", "INSECURE")


@dataclass
class RunningDemo:
    """What the demo has started so far, and what was heard of it."""

    stack: ExitStack
    folder: Path
    environ: dict[str, str]
    config: Config
    listener: Listener
    ended: threading.Event
    """Set when the user has seen enough."""
    children: list[Child]
    early: list[tuple[str, Any]] = field(default_factory=list)
    """What came before everything was ready."""

    def start(self, name: str, command: list[str], *, sign: str) -> bool:
        """Start a part, and wait until `sign` is online; False if the user ended it before."""
        child = running(name, command, folder=self.folder, environ=self.environ)
        self.children.append(self.stack.enter_context(child))
        deadline = time.monotonic() + READY_S
        while self.listener.mirror.values.get(sign) != "online":
            if self.ended.is_set():
                return False
            if time.monotonic() > deadline:
                raise PickledError(f"The {name} did not come within {READY_S:g} s.")
            self.check()
            if heard := self.listener.next(0.1):
                self.early.append(heard)
        return True

    def check(self) -> None:
        """Raises PickledError if a part of it has ended."""
        for child in self.children:
            child.check()


def demo(
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End after so many seconds; else Ctrl-C ends it.")
    ] = None,
    no_web: Annotated[
        bool, typer.Option("--no-web", help="Without the dashboard and the overlay.")
    ] = False,
    wav: Annotated[
        Path | None, typer.Option(help="Write the sound to this file instead of playing it.")
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option(help="A broker that is there: mqtt://host:1883, mqtts://user@host."),
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option(help="The authority of that broker's certificate (PEM).")
    ] = None,
    persona: Annotated[
        str | None, typer.Option(help="Whose character: default, maple, blitz, or yours.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Read this Twitch channel's chat, not the recorded one.")
    ] = None,
) -> None:
    """Start a broker, the daemon and an audio-node, and show how it reacts to a recorded chat."""
    if absent := missing("server"):
        raise PickledError(needs(absent[0]))
    chosen = _chosen(persona, channel)
    console = Console(highlight=False, soft_wrap=True)
    ended = _set_by_signals()
    told = parse_broker_url(broker) if broker else None
    if told and ca_file:
        told["PICKLED_MQTT__CA_FILE"] = str(ca_file.absolute())
    sink = wav or (None if has_sound_card() else DEFAULT_WAV)
    with ExitStack() as stack:
        model = find_model(os.environ)
        show = _open(stack, ended, told=told, model=model, chosen=chosen)
        console.print("Starting the audio-node and the daemon …", style="dim")
        pages = None if no_web else start_pages(stack, show.folder / CONFIG, show.environ)
        if not _start(show, sink):
            return
        show.children += [pages[0]] if pages else []
        rows = addresses(pages, show.ended.is_set)
        _introduce(show, console, rows, model=model, sink=sink, chosen=wav is not None)
        turns = TurnPrinter(console)
        _watch(show, turns, seconds)
        turns.summary()
    if sink:
        console.print(f"sound  {sink.resolve()}", markup=False)
    _what_next(console, model=model)


def _set_by_signals() -> threading.Event:
    """Set by the first Ctrl-C or SIGTERM; the second one means now."""
    ended = threading.Event()

    def end(number: int, _frame: Any) -> None:
        ended.set()
        signal.signal(number, signal.default_int_handler)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    return ended


def _open(
    stack: ExitStack,
    ended: threading.Event,
    *,
    told: dict[str, str] | None,
    model: str | None,
    chosen: dict[str, Any],
) -> RunningDemo:
    """A folder, a broker and a connection to it; the stack ends what is started last first."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pickled-demo-")))
    children = []
    mqtt = {}
    if told is None:
        private = stack.enter_context(private_broker(folder))
        mqtt = {"host": "127.0.0.1", "port": private.port}
        children.append(private.child)
    path = folder / CONFIG
    path.write_text(json.dumps(_configuration(folder, mqtt, model, ours=told is None) | chosen))
    environ = _environment(folder, told)
    config = load(path, environ=environ, cwd=folder).config
    root = Root(config.mqtt.base_topic, config.instance)
    listener = Listener(stack.enter_context(Conversation(config.mqtt, root)), root)
    listener.listen()
    if told is not None:
        _refuse_company(listener, config)
        stack.callback(listener.forget, node=NODE)
    return RunningDemo(stack, folder, environ, config, listener, ended, children)


def _start(show: RunningDemo, sink: Path | None) -> bool:
    """The node first, so that the first words are heard; False if the user ended it before."""
    config = ["--config", str(show.folder / CONFIG)]
    pickled = [sys.executable, "-m", "pickled"]
    node = [*pickled, "node", "--name", NODE, *config]
    if sink:
        node += ["--wav", str(sink.resolve())]
    daemon = [*pickled, "run", *config]
    return show.start("audio-node", node, sign=f"node/{NODE}/availability") and show.start(
        "daemon", daemon, sign="availability"
    )


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
        "memory": {"embedder": None},  # ten minutes are found by words; no model has to load
        "home_assistant": {"enabled": ours},
    }


def _chosen(persona: str | None, channel: str | None) -> dict[str, Any]:
    """What the configuration says of that; raises UsageError."""
    folder = Path("personas").absolute()
    chosen: dict[str, Any] = {"personas_dir": str(folder)} if folder.is_dir() else {}
    if persona:
        try:
            load_personas([folder] if folder.is_dir() else [], wanted=persona)
        except ConfigError as error:
            raise UsageError(f"--{error}") from error
        chosen["persona"] = persona
    if channel:
        try:
            chosen["inputs"] = [{"kind": "twitch_anonymous", "channel": channel_name(channel)}]
        except ValueError as error:
            raise UsageError(f"--channel {channel!r} {error}.") from error
    return chosen


def _environment(folder: Path, told: dict[str, str] | None) -> dict[str, str]:
    """Ours, without what would make the demo somebody's real co-host."""
    kept = () if told is None else tuple(f"PICKLED_MQTT__{name}" for name in _ABOUT_A_BROKER)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PICKLED_") or name in kept
    }
    # A mute that is kept from another evening would make a silent demo.
    return environ | {"XDG_STATE_HOME": str(folder)} | (told or {})


def _refuse_company(listener: Listener, config: Config) -> None:
    deadline = time.monotonic() + 1.0
    while (left := deadline - time.monotonic()) > 0:
        listener.next(left)
        if listener.mirror.values.get("availability") == "online":
            raise BrokerError(
                f"A co-host named {config.instance} is already running at that broker: end it "
                "first, or start the demo without --broker."
            )


def _introduce(
    show: RunningDemo, console: Console, pages: list[tuple[str, str]], *,
    model: str | None, sink: Path | None, chosen: bool,
) -> None:  # fmt: skip
    mqtt, root = show.config.mqtt, Root(show.config.mqtt.base_topic, show.config.instance)
    at = f"-p {mqtt.port}" if mqtt.host == "127.0.0.1" else f"-h {mqtt.host} -p {mqtt.port}"
    rows = [
        *pages,
        ("broker", f"{mqtt.host}:{mqtt.port}"),
        ("look", f"mosquitto_sub {at} -t '{root.base}/#' -v"),
        ("ask", f"pickled ask 'What did I miss?' --broker mqtt://{mqtt.host}:{mqtt.port}"),
        ("silence", f"mosquitto_pub {at} -t {root('muted/set')} -m ON"),
    ]
    if model:
        rows.append(("model", f"{model}, by Ollama on this machine"))
    else:
        rows.append(("model", "none: no Ollama answers here, so `readout` picks and reads out"))
        rows.append(("", f"(for a real one: install Ollama, then `ollama pull {USUAL_MODEL}`)"))
    why = "" if chosen else " (no sound card here)"
    rows.append(("sound", f"goes to {sink}{why}" if sink else "played by this machine"))
    console.print()
    for label, text in rows:
        console.print(f"[bold]{label:<8}[/bold] ", end="")
        console.print(text, markup=False)
    console.print("Ctrl-C ends it.", style="dim")


def _what_next(console: Console, *, model: str | None) -> None:
    rows = [
        ("pickled setup", "your own channel, a model and a voice, by questions"),
        ("pickled demo --channel NAME", "the same with somebody's chat, as it is written"),
        (
            "pickled personas new NAME",
            "a character of your own, for `demo --persona NAME`",
        ),
    ]
    if model is None:
        why = f"install Ollama first: then it answers, in place of reading out ({USUAL_MODEL})"
        rows.insert(0, ("ollama.com", why))
    console.print("\nWhat next", style="bold")
    for command, does in rows:
        console.print(f"  {command:<28} {does}", markup=False)


def _watch(show: RunningDemo, turns: TurnPrinter, seconds: float | None) -> None:
    """Show turns until the time is over, or somebody ends it."""
    until = time.monotonic() + (seconds if seconds is not None else float("inf"))
    for early in show.early:
        turns.on(*early)
    while not show.ended.is_set() and time.monotonic() < until:
        show.check()
        if heard := show.listener.next(0.1):
            turns.on(*heard)
