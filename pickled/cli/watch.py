"""`pickled watch`: a live view of everything that an instance publishes."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from pickled.cli.talk import Broker, CaFile, Config, Instance, PasswordFile, broker_options, plain
from pickled.cli.watch_all import wait_until_online, watch_all
from pickled.messages.chat import ChatBatch, ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.command import CommandEvent
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent, ResponseState, StageTimes
from pickled.messages.state import Health, HealthEvent
from pickled.mqtt.check import ContractCheck
from pickled.mqtt.conversation import Conversation, Heard
from pickled.topic_rows import Topic
from pickled.topics import Root
from pickled.view.mirror import Mirror

LONGEST_LINE = 300
_POLL_S = 0.5
_STYLES = {"state": "cyan", "command": "bold magenta", "event": "green"}


def watch(
    as_json: Annotated[
        bool, typer.Option("--json", help="Each message as it is, one JSON object a line.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="How every instance is that there is, one a row.")
    ] = False,
    online: Annotated[
        bool, typer.Option("--online", help="End as soon as it is online; 1 if it is not in time.")
    ] = False,
    seconds: Annotated[float | None, typer.Option(min=0, help="End after so long.")] = None,
    config: Config = None,
    broker: Broker = None,
    instance: Instance = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
) -> None:
    """Show decisions, answers, states and health as they happen, until Ctrl-C.

    What does not follow the MQTT contract is marked.
    """
    options = broker_options(config, broker, instance, password_file, ca_file)
    if every:
        watch_all(options, as_json=as_json, seconds=seconds)
        return
    if online:
        wait_until_online(options, seconds=seconds)
        return
    view = View(options.root, options.mqtt.discovery_prefix, as_json=as_json)
    until = time.monotonic() + (seconds if seconds is not None else float("inf"))
    with Conversation(options.mqtt, options.root) as talk:
        talk.subscribe(f"{options.root('#')}", qos=0)
        trouble = ""
        while (left := until - time.monotonic()) > 0:
            if message := talk.next(min(_POLL_S, left)):
                view.show(message)
            elif talk.trouble != trouble:
                trouble = talk.trouble
                view.note(trouble or "the broker is back")


class View:
    """Prints messages as they come."""

    def __init__(self, root: Root, discovery_prefix: str, *, as_json: bool) -> None:
        self._root = root
        self._mirror = Mirror(root)
        self._check = ContractCheck(root, discovery_prefix)
        self._as_json = as_json
        self._console = Console(highlight=False, soft_wrap=True)

    def show(self, message: Heard) -> None:
        """One message, and what is wrong with it."""
        wrong = self._check.feed(message.topic, message.payload, message.retain, message.at)
        if self._as_json:
            told = json.dumps(_raw(message, wrong), ensure_ascii=False)
            print(told.encode("utf-8", "replace").decode(), flush=True)  # a lone surrogate
            return
        found = self._root.find(message.topic)
        if found and (text := self._line(found[0], message)) is not None:
            row, node = found
            name = row.path.replace("{node}", node or "").removesuffix("/state")
            line = Text(time.strftime("%H:%M:%S "), "dim")
            line.append(f"{name.removeprefix('event/'):<16} ", _STYLES.get(row.kind, "dim"))
            line.append(plain(text)[:LONGEST_LINE])
            self._console.print(line)
        for each in wrong:
            self.note(f"not as in the contract: {plain(each)[:LONGEST_LINE]}")

    def note(self, text: str) -> None:
        """Something about the connection or the contract."""
        if not self._as_json:
            self._console.print(Text(f"         {text}", "red"))

    def _line(self, row: Topic, message: Heard) -> str | None:
        """What a person wants to read of it; None if nothing."""
        if row.kind == "stream":
            return None
        if row.form == "scalar":
            return message.payload.decode(errors="replace")
        said = self._mirror.take(message.topic, message.payload)
        return None if said is None else _readable(said.value)


def _raw(message: Heard, wrong: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"topic": message.topic, "retain": message.retain}
    try:
        text = message.payload.decode()
    except UnicodeDecodeError:
        return found | {"bytes": len(message.payload), "wrong": wrong}
    try:
        found["payload"] = json.loads(text) if text.startswith(("{", "[")) else text
    except (ValueError, RecursionError):
        found["payload"] = text
    return found | {"wrong": wrong}


def _readable(value: Any) -> str:
    match value:
        case ChatMessage():
            return f"{value.user}: {value.text}"
        case ChatBatch():
            return f"{len(value.messages)} messages"
        case ChatDeleted() | ChatCleared():
            return f"{value.event_type} {value.user}".strip()
        case Decision(event_type="summary"):
            return "summary " + ", ".join(f"{key} {n}" for key, n in value.counts.items())
        case Decision():
            return f"{value.event_type}: {value.reason} ({len(value.messages)} messages)"
        case ResponseEvent(event_type="clause"):
            return f"“{value.text}”"
        case ResponseEvent(stages=StageTimes(total=float() as total)):
            return f"{value.outcome or value.event_type}, {total:.0f} ms to the first sound"
        case ResponseEvent():
            return value.outcome or value.event_type
        case ResponseState():
            return f"{value.outcome}: {value.heard or value.text}"
        case HealthEvent():
            return f"{value.component}: {value.from_} → {value.to} {value.detail}".strip()
        case Health():
            return ", ".join(f"{name} {each.status}" for name, each in value.root.items())
        case CommandEvent():
            why = "" if value.code == "ok" else f": {value.code} {value.message}"
            return f"{value.command} {value.event_type}{why}"
        case BaseModel():
            return value.model_dump_json(exclude_none=True, exclude_defaults=True)
    return str(value)
