"""`pickled node pair`: takes the line of `pickled pair`, so that the node needs no option."""

from __future__ import annotations

import getpass
import ssl
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pickled.cli.connect import BrokerOptions, resolve
from pickled.config import load
from pickled.errors import BrokerError, UsageError
from pickled.mqtt.conversation import Conversation
from pickled.node.paired import PairedFiles
from pickled.node.pairing import LONGEST_LINE, Pairing, is_whole, read_line
from pickled.topics import Root

if TYPE_CHECKING:
    from pickled.node.options import NodeOptions

ASKED_S = 5.0
_MOST_LINES = 200
_MOST_TEXT = 8 * LONGEST_LINE
_BEGINS = "pickled-node-"
_ANEW = "Print a new one on the server: `sudo pickled pair --node NAME`."


@dataclass(frozen=True)
class NodeBroker:
    """Which broker a node talks to, and as whom."""

    options: BrokerOptions
    name: str = ""
    """The one that it was paired with."""


def pair_node(*, forget: bool, name: str | None) -> None:
    """Read the line and keep it, or forget what is kept; raises UsageError and BrokerError."""
    files = PairedFiles.of_user()
    if forget:
        gone = files.forget(name)
        print(f"Forgotten: {', '.join(gone)}." if gone else "Nothing was paired here.")
        return
    if name is not None:
        raise UsageError("The node's name is in the line; --name goes with --forget alone.")
    pairing = read_line(_asked(sys.stdin))
    trouble = _tried(pairing)
    path = files.save(pairing)
    where = f"{pairing.host}:{pairing.port}"
    way = "TLS" if pairing.tls else "in clear text: for a network that you trust"
    print(f"Paired: node {pairing.node} of co-host {pairing.instance}, broker {where} ({way}).")
    if pairing.authority:
        print(f"It trusts the authority with SHA-256 {pairing.fingerprint}… alone.")
    print(f"Kept in {path}, for you to read alone; `pickled node pair --forget` removes it.")
    print(trouble or "The broker takes it. Start the node: `pickled node`")


def found_for(
    name: str | None,
    *,
    broker: str | None,
    instance: str | None,
    password_file: Path | None,
    config: Path | None,
    environ: Mapping[str, str],
    ca_file: Path | None = None,
) -> NodeBroker:
    """What is kept for that node, or for the one that was paired last.

    An option or a variable that says where the broker is wins, and so does a file that is named.
    Raises ConfigError and UsageError.
    """
    told = (broker, instance, password_file, config, ca_file, environ.get("PICKLED_MQTT__HOST"))
    files = PairedFiles.of_user()
    kept = None if any(told) else files.find(name)
    if kept is not None:
        return NodeBroker(BrokerOptions(files.mqtt(kept), kept.instance), kept.node)
    return NodeBroker(
        resolve(
            broker=broker,
            instance=instance,
            password_file=password_file,
            config=config,
            environ=environ,
            ca_file=ca_file,
        )
    )


def run_found(options: NodeOptions, found: NodeBroker) -> int:
    """Run that node to its end; raises PickledError, to who was paired with what that means."""
    from pickled.node.main import run_node

    try:
        return run_node(options)
    except BrokerError as error:
        if not found.name or f"user {found.options.mqtt.username}" not in str(error):
            raise
        raise BrokerError(
            f"{error}. This node was paired, and its line is an old one. {_ANEW}"
        ) from error


def with_pairing(environ: Mapping[str, str], config: Path | None, cwd: Path) -> dict[str, str]:
    """The environment, with what this machine was paired with where nothing else is configured."""
    given = dict(environ)
    if config is not None or given.get("PICKLED_MQTT__HOST"):
        return given
    files = PairedFiles.of_user()
    kept = files.find()
    if kept is None or load(None, environ=environ, cwd=cwd).path is not None:
        return given
    mqtt = files.mqtt(kept)
    told = {
        "HOST": mqtt.host, "PORT": mqtt.port, "USERNAME": kept.user, "TLS": str(mqtt.tls).lower(),
        "PASSWORD": kept.password.get_secret_value(), "BASE_TOPIC": mqtt.base_topic,
        "INSECURE": str(mqtt.insecure).lower(), "CA_FILE": mqtt.ca_file or "",
    }  # fmt: skip
    named = {f"PICKLED_MQTT__{name}": str(value) for name, value in told.items()}
    return given | named | {"PICKLED_INSTANCE": kept.instance}


def _asked(source: TextIO) -> str:
    """What somebody pastes, or a program gives: as much of it as makes a whole line."""
    text = ""
    if source.isatty():
        print("Paste the line that `sudo pickled pair --node NAME` printed, and press Enter.")
        print("It does not show: it holds a password.")
        for _ in range(_MOST_LINES):
            more = getpass.getpass("")
            text += f"{more}\n"
            if not more or is_whole(text) or len(text) > _MOST_TEXT:
                break
        return text
    while len(text) < _MOST_TEXT and (more := source.readline(LONGEST_LINE)):
        if not text and _BEGINS not in more:
            continue
        text += more
        if is_whole(text):
            break
    return text


def _tried(pairing: Pairing) -> str:
    """Does the broker take it? "" or why that is not known; raises BrokerError where it refuses."""
    where = f"The broker at {pairing.host}:{pairing.port}"
    with tempfile.TemporaryDirectory() as folder:
        trial = PairedFiles(Path(folder))
        trial.save(pairing)
        root = Root(pairing.base, pairing.instance)
        talk = Conversation(trial.mqtt(pairing), root, timeout_s=ASKED_S)
        try:
            with talk:
                return ""
        except BrokerError as error:
            if talk.refused:
                raise BrokerError(
                    f"{where} refuses user {pairing.user}: that line is an old one. {_ANEW}"
                ) from error
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise BrokerError(f"{error}. Or that line is an old one: {_ANEW}") from error
            return (
                f"{where} can't be reached just now ({error}). Are both machines in one network? "
                "`pickled node` goes on trying."
            )
