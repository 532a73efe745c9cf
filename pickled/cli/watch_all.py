"""`pickled watch --all`: how every instance is; and `--online`: whether one is there."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pickled.cli.connect import BrokerOptions
from pickled.cli.talk import plain
from pickled.errors import BrokerError
from pickled.mqtt.conversation import Conversation
from pickled.view.overview import Condition, Overview

_POLL_S = 0.5
_ONLINE_S = 5.0
_LONGEST = 120
_STYLES = {"full": "green", "reduced": "yellow", "captions": "yellow", "silent": "red"}


def watch_all(options: BrokerOptions, *, as_json: bool, seconds: float | None) -> None:
    """Until Ctrl-C, or for so long: a table on a terminal, else a line for each change."""
    overview, console = Overview(options.mqtt.base_topic), Console(highlight=False)
    until = time.monotonic() + (seconds if seconds is not None else float("inf"))
    told: dict[str, Condition | None] = {}
    with Conversation(options.mqtt, options.root) as talk:
        talk.subscribe(*overview.filters, qos=0)
        with Live(console=console, auto_refresh=False, transient=False) as live:
            while (left := until - time.monotonic()) > 0:
                message = talk.next(min(_POLL_S, left))
                if message is not None:
                    instance = overview.take(message.topic, message.payload)
                    if instance is not None:
                        _tell(overview.condition(instance), instance, told, as_json=as_json,
                              lines=not console.is_terminal)  # fmt: skip
                if console.is_terminal and not as_json:
                    live.update(table(overview.conditions, talk.trouble), refresh=True)


def wait_until_online(options: BrokerOptions, *, seconds: float | None) -> None:
    """For a health check; raises BrokerError if it isn't online within that time, else 5 s."""
    limit = seconds if seconds is not None else _ONLINE_S
    until, availability = time.monotonic() + limit, options.root("availability")
    with Conversation(options.mqtt, options.root) as talk:
        talk.subscribe(availability)
        while (left := until - time.monotonic()) > 0:
            message = talk.next(left)
            if message is not None and message.payload == b"online":
                print(f"{options.instance} is online")
                return
    raise BrokerError(f"{options.instance} is not online after {limit:g} s")


def _tell(
    condition: Condition | None,
    instance: str,
    told: dict[str, Condition | None],
    *,
    as_json: bool,
    lines: bool,
) -> None:
    """A line, if it changed."""
    if told.get(instance) == condition and instance in told:
        return
    told[instance] = condition
    if as_json:
        gone = {"instance": instance, "online": False}
        print(json.dumps(asdict(condition) if condition else gone, ensure_ascii=False), flush=True)
    elif lines:
        print(plain(line(condition, instance)), flush=True)


def line(condition: Condition | None, instance: str) -> str:
    """`second: online, full; node down: …`"""
    if condition is None:
        return f"{instance}: gone"
    how = [condition.service_level or "online"] if condition.online else ["offline"]
    return f"{instance}: {'; '.join([*how, *condition.trouble])}"


def table(conditions: tuple[Condition, ...], trouble: str) -> Table:
    """All of them, one a row."""
    made = Table("instance", "is", "version", "trouble", title=plain(trouble) or None)
    for each in conditions:
        is_ = (each.service_level or "online") if each.online else "offline"
        why = "\n".join(plain(one)[:_LONGEST] for one in each.trouble)
        made.add_row(
            plain(each.instance)[:_LONGEST],
            Text(is_, _STYLES.get(is_, "red" if not each.online else "")),
            plain(each.version),
            Text(why),
        )
    return made
