"""`pickled mqtt purge`: clears what an instance, or a node, that is gone for good left behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pickled.cli.connect import BrokerOptions, resolve
from pickled.errors import PickledError, UsageError
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.left_over import Purge, device_filters, plan, retained
from pickled.topics import Root

TIMEOUT_S = 5.0

app = typer.Typer(no_args_is_help=True, help="What is kept at the broker: clear it.")


@app.callback()
def _mqtt() -> None:
    """What is kept at the broker."""


@app.command(
    epilog="Example: `pickled mqtt purge --instance studio --dry-run`, "
    "`pickled mqtt purge --node old-laptop`"
)
def purge(
    instance: Annotated[
        str | None, typer.Option(help="The instance that is gone; all of it goes.")
    ] = None,
    node: Annotated[str | None, typer.Option(help="Only this audio-node, gone for good.")] = None,
    base_topic: Annotated[
        str | None, typer.Option(help="The `mqtt.base_topic` that it had.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    broker: Annotated[
        str | None, typer.Option(help="`mqtt[s]://[user@]host[:port]`, who may clear it.")
    ] = None,
    password_file: Annotated[Path | None, typer.Option(help="Holds the password.")] = None,
    config: Annotated[Path | None, typer.Option(help="pickled.yaml.")] = None,
) -> None:
    """Take it out of Home Assistant, and clear what is retained, topic by topic.

    Run it while Home Assistant runs: it forgets only what it sees go.
    """
    if instance is None and node is None:
        raise UsageError("Name what is gone: --instance NAME, or --node NAME.")
    environ = dict(os.environ)
    if base_topic is not None:
        environ["PICKLED_MQTT__BASE_TOPIC"] = base_topic
    options = resolve(
        broker=broker,
        instance=instance,
        password_file=password_file,
        config=config,
        environ=environ,
    )
    _refuse_odd(node)
    with Conversation(options.mqtt, options.root, timeout_s=TIMEOUT_S) as talk:
        wanted = _look(talk, options, node or "")
        for each in wanted.everything:
            print(each)
        if wanted.alive:
            there = ", ".join(wanted.alive)
            raise PickledError(f"{there}: online, and would say all of it again. Stop it first.")
        if dry_run:
            return
        if not yes:
            _ask(wanted)
        done = sum(1 for _ in wanted.run(talk))
    print(f"{done} topics are cleared. A device that Home Assistant still shows: run this again.")


def _look(talk: Conversation, options: BrokerOptions, node: str) -> Purge:
    root: Root = options.root
    own = {root("node/{node}/#", node=node), root("availability")} if node else {root("#")}
    filters = device_filters(options.mqtt) | own
    found = retained(talk, options.mqtt, root, filters, timeout_s=TIMEOUT_S)
    return plan(root, options.mqtt.discovery_prefix, found, node=node)


def _ask(wanted: Purge) -> None:
    if not sys.stdin.isatty():
        raise UsageError("Nobody is there to be asked: add --yes, or --dry-run.")
    if not typer.confirm(f"Clear these {len(wanted.everything)} topics?"):
        raise typer.Exit(1)


def _refuse_odd(node: str | None) -> None:
    if node is not None and (not node or set(node) & set("+#/")):
        raise UsageError("--node is a node's name, without + # and /.")
