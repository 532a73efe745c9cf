"""The whole co-host for one answer: its daemon, a node and a private broker, on this machine."""

from __future__ import annotations

import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from pickled.cli.connect import BrokerOptions
from pickled.cli.demo import RunningDemo
from pickled.cli.listener import Listener
from pickled.cli.machine import has_sound_card
from pickled.cli.mosquitto import private_broker
from pickled.cli.setup.draft import Draft
from pickled.cli.setup.interview import Interview
from pickled.cli.setup.written import Settings, with_settings
from pickled.cli.talk import command
from pickled.config import load
from pickled.errors import PickledError
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root, topic

NODE = "setup"
WAV = Path("pickled-setup.wav")
QUESTION = "Say hello, and tell me in one sentence who you are."
GREETING = "Hello everybody, this is your co-host."
_ABOUT_A_BROKER = ("USERNAME", "PASSWORD", "PASSWORD_FILE", "CA_FILE", "INSECURE", "BASE_TOPIC")
_ABOUT_CHAT = ("PICKLED_CHANNEL", "PICKLED_INPUTS", "TWITCH_CHANNEL")


def hear(questions: Interview, draft: Draft, *, answers: bool) -> None:
    """Let it answer a sentence aloud, or say one if no model answers.

    What is set up stays as it is, whatever comes of it.
    """
    questions.heading("Hear it")
    if not questions.yes("Let it speak now?"):
        return
    asked, default = ("What do you say to it", QUESTION) if answers else ("What it says", GREETING)
    text = questions.ask("sentence", asked, default=default)
    try:
        with ExitStack() as stack:
            _speak(questions, draft, text, "cmd/ask" if answers else "cmd/say", stack)
    except PickledError as error:
        questions.bad(str(error))
        questions.say("`pickled doctor` looks at each part by itself.", "dim")


def _speak(questions: Interview, draft: Draft, text: str, verb: str, stack: ExitStack) -> None:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pickled-setup-")))
    broker = stack.enter_context(private_broker(folder))
    alone: Settings = {("channel",): None, ("inputs",): [], ("memory", "embedder"): None}
    file = stack.enter_context(draft.beside(with_settings(draft.text(), alone)))
    environ = _environment(draft, folder, broker.port)
    config = load(file, environ=environ, cwd=draft.path.parent).config
    root = Root(config.mqtt.base_topic, config.instance)
    listener = Listener(stack.enter_context(Conversation(config.mqtt, root)), root)
    listener.listen()
    house = RunningDemo(stack, folder, environ, config, listener, threading.Event(), [broker.child])
    sink = None if has_sound_card() else WAV.absolute()
    pickled = [sys.executable, "-m", "pickled"]
    node = [*pickled, "node", "--name", NODE, "--config", str(file)]
    node += ["--wav", str(sink)] if sink else []
    with questions.console.status("It starts …"):
        house.start("audio-node", node, sign=f"node/{NODE}/availability")
        house.start("daemon", [*pickled, "run", "--config", str(file)], sign="availability")
    there = BrokerOptions(config.mqtt, config.instance)
    command(there, topic(verb), {"text": text}, wait=True)
    if sink:
        questions.say(f"No sound card here: it is in {sink}.")


def _environment(draft: Draft, folder: Path, port: int) -> dict[str, str]:
    """Ours, with that broker and a folder that goes away again."""
    away = {f"PICKLED_MQTT__{name}" for name in _ABOUT_A_BROKER} | set(_ABOUT_CHAT)
    kept = {name: value for name, value in draft.environ.items() if name not in away}
    return kept | {
        "PICKLED_MQTT__HOST": "127.0.0.1",
        "PICKLED_MQTT__PORT": str(port),
        "PICKLED_MQTT__TLS": "false",
        "PICKLED_DATA_DIR": str(folder / "data"),
        "PICKLED_HOME_ASSISTANT__ENABLED": "false",
        "XDG_STATE_HOME": str(folder),  # no mute of another evening
    }
