"""`pickled say`, `ask` and `set`: the commands of the contract, waiting for their result."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from pickled.cli.connect import BrokerOptions, resolve
from pickled.errors import PickledError, UsageError
from pickled.messages.command import CommandEvent, Switch
from pickled.mqtt.conversation import Conversation, Heard, reply_topic
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, Root, topic
from pickled.view.mirror import Mirror
from pickled.view.turns import FollowedTurns

ANSWER_S = 5.0
"""How long an answer may take."""

TURN_S = 90.0
"""How long a turn may take, with `--wait`."""

Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.")]
Broker = Annotated[
    str | None,
    typer.Option("--broker", help="mqtt[s]://[user@]host[:port]; default from pickled.yaml."),
]
Instance = Annotated[
    str | None, typer.Option("--instance", help="Which co-host; default from pickled.yaml.")
]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="A file that holds the broker's password.")
]
CaFile = Annotated[
    Path | None, typer.Option("--ca-file", help="The authority of the broker's certificate.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it was said, and print it.")]


def say(
    text: Annotated[str, typer.Argument(help="What it shall say, as given.")],
    wait: Wait = False,
    target: Annotated[
        str | None, typer.Option(help="A node's name, or `public` or `private`.")
    ] = None,
    priority: Annotated[
        Literal["low", "normal", "high", "critical"], typer.Option(help="Before what else waits.")
    ] = "normal",
    config: Config = None,
    broker: Broker = None,
    instance: Instance = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
) -> None:
    """Let it say a text; it passes the output gate like everything else."""
    fields = {"text": text, "priority": priority} | ({"target": target} if target else {})
    options = broker_options(config, broker, instance, password_file, ca_file)
    command(options, topic("cmd/say"), fields, wait=wait)
    _accepted(wait)


def ask(
    text: Annotated[str, typer.Argument(help="What the streamer would say.")],
    wait: Wait = False,
    user: Annotated[str | None, typer.Option(help="Who asks; default the streamer.")] = None,
    config: Config = None,
    broker: Broker = None,
    instance: Instance = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
) -> None:
    """Ask it something, as if the streamer had said it."""
    fields = {"text": text} | ({"user": user} if user else {})
    options = broker_options(config, broker, instance, password_file, ca_file)
    command(options, topic("cmd/ask"), fields, wait=wait)
    _accepted(wait)


def set_value(
    name: Annotated[str, typer.Argument(help="muted, volume, persona, cooldown …")],
    value: Annotated[str, typer.Argument(help="The value; '' goes back to the persona's own.")],
    config: Config = None,
    broker: Broker = None,
    instance: Instance = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
) -> None:
    """Set a value; switches take on, off and toggle."""
    row = _settable(name)
    given = value.upper() if row.payload is Switch else value
    options = broker_options(config, broker, instance, password_file, ca_file)
    command(options, row, {"value": given})
    _accepted()


def _accepted(waited: bool = False) -> None:
    if not waited:
        print("accepted")


def broker_options(
    config: Path | None,
    broker: str | None,
    instance: str | None,
    password_file: Path | None,
    ca_file: Path | None = None,
) -> BrokerOptions:
    return resolve(
        broker=broker,
        instance=instance,
        password_file=password_file,
        config=config,
        environ=os.environ,
        ca_file=ca_file,
    )


def _settable(name: str) -> Topic:
    rows = {
        row.path.removesuffix("/set"): row
        for row in TOPICS
        if row.kind == "command" and row.path.endswith("/set") and "{node}" not in row.path
    }
    found = rows.get(name.removesuffix("/set"))
    if found is not None and found.built:
        return found
    if found is not None:
        raise UsageError(f"{name} can't be set yet: its feature is not built.")
    built = [each for each, row in rows.items() if row.built]
    nearest = get_close_matches(name, built, 1)
    hint = f"Did you mean {nearest[0]}?" if nearest else f"There are {', '.join(built)}."
    raise UsageError(f"There is no value named {name}. {hint}")


def command(
    options: BrokerOptions,
    row: Topic,
    fields: Mapping[str, object],
    *,
    wait: bool = False,
    answer_s: float | None = None,
) -> CommandEvent:
    """Publish it and wait for its answer, by default ANSWER_S; PickledError if it is refused.

    With `wait`, what is said is printed as it is spoken.
    """
    answer_s = ANSWER_S if answer_s is None else answer_s
    root, mark = options.root, secrets.token_hex(8)
    reply = reply_topic(options.mqtt, root, mark=mark)
    payload = json.dumps({**fields, "id": mark}, ensure_ascii=False).encode()
    with Conversation(options.mqtt, options.root) as talk:
        talk.subscribe(root("event/command"), root("event/response"), reply)
        talk.publish(
            root(row.path),
            payload,
            expiry_s=int(answer_s),
            response_topic=reply,
            correlation=mark.encode(),
        )
        earlier: list[Heard] = []
        answer = _answer(talk, mark, reply, earlier, answer_s)
        if answer.event_type == "rejected":
            where = f" ({answer.field})" if answer.field else ""
            raise PickledError(f"{row.path} was rejected, {answer.code}: {answer.message}{where}")
        if wait:
            _follow(talk, root, earlier, answer.turn)
    return answer


def _answer(
    talk: Conversation, mark: str, reply: str, earlier: list[Heard], answer_s: float
) -> CommandEvent:
    until = time.monotonic() + answer_s
    while (left := until - time.monotonic()) > 0:
        message = talk.next(left)
        if message is None:
            break
        if message.topic.endswith("event/response"):
            earlier.append(message)
            continue
        try:
            event = CommandEvent.model_validate_json(message.payload)
        except ValidationError:
            continue
        if event.id == mark or (message.topic == reply and message.correlation == mark.encode()):
            return event
    raise PickledError("No answer: is `pickled run` running, at this broker and instance?")


def _follow(talk: Conversation, root: Root, earlier: list[Heard], turn: str | None) -> None:
    """Print a turn as it is spoken; without its id, the next one that starts."""
    mirror, turns = Mirror(root, only={"event/response"}), FollowedTurns()
    for message in _until_the_end(talk, earlier):
        said = mirror.take(message.topic, message.payload)
        followed = turns.take(said.value) if said else None
        if said is None or followed is None:
            continue
        if turn is None and said.value.event_type == "started":
            turn = followed.turn
        if followed.turn != turn:
            continue
        if said.value.event_type == "clause":
            print(plain(said.value.text))
        elif followed.outcome:
            if followed.outcome != "finished":
                raise PickledError(f"It ended otherwise than planned: {followed.outcome}.")
            return
    raise PickledError(f"It was not said within {TURN_S:g} s.")


def _until_the_end(talk: Conversation, earlier: list[Heard]) -> Iterator[Heard]:
    yield from earlier
    until = time.monotonic() + TURN_S
    while (left := until - time.monotonic()) > 0:
        if message := talk.next(left):
            yield message


def plain(text: str) -> str:
    """Without what could steer a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
