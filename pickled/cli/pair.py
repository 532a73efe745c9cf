"""`pickled pair`, on the server: a user for a node, and the line that the node is given."""

from __future__ import annotations

import ipaddress
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from pickled.cli.broker_choices import Choices, kept
from pickled.cli.connect import BrokerOptions, resolve
from pickled.cli.install_mosquitto import BrokerPlaces, places_here, settled, steps
from pickled.cli.steps import CallStep, FolderStep, Step, write_whole
from pickled.config import is_this_machine
from pickled.config.forms import PORT, TLS_PORT
from pickled.errors import BrokerError, InstallError, UsageError
from pickled.mqtt.acl import user_name
from pickled.mqtt.mosquitto import named_in
from pickled.node.pairing import Pairing, der_of, line_of
from pickled.text_files import read_text

_ROUTED = ("192.0.2.1", 9)
"""An address of nobody's: nothing is sent, the system only says by which of ours it would go."""
_BORDER = 2


def pair(
    node: Annotated[str, typer.Option(help="The node's name, or INSTANCE.NAME.")],
    host: Annotated[
        str | None, typer.Option(help="This server, as the node reaches it; default a guess.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="A new password: lines from before hold no more.")
    ] = False,
    qr: Annotated[bool, typer.Option("--qr/--no-qr", help="Also as a picture.")] = True,
    broker: Annotated[
        str | None,
        typer.Option(help="Another broker, `mqtt[s]://[user@]host[:port]`: only the line."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="With --broker: the password of that user.")
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option(help="With --broker: the authority of its certificate (PEM).")
    ] = None,
) -> None:
    """Print a line, and a QR code, that pair a node with this server: for `pickled node pair`.

    The node gets a user of its own at the Mosquitto that `pickled install mosquitto` set up. The
    line holds a password: whoever has it can play as that node, and nothing else.
    """
    import segno

    instance, _, name = node.rpartition(".")
    if broker is None:
        if password_file or ca_file:
            raise UsageError("--password-file and --ca-file go with --broker.")
        pairing = installed_pairing(places_here(), name, instance, host=host, renew=renew)
    else:
        found = resolve(
            broker=broker, instance=instance or None, password_file=password_file, config=None,
            environ=os.environ, ca_file=ca_file,
        )  # fmt: skip
        pairing = foreign_pairing(found, name)
    line = line_of(pairing)
    print(line)
    if qr:
        _picture(segno.make(line, error="l", micro=False))
    way = "TLS" if pairing.tls else "clear text"
    _say(f"User {pairing.user} at {pairing.host}:{pairing.port} ({way}).")
    _say("On the other machine: `pickled node pair`, and paste the line; it holds a password.")


def installed_pairing(
    places: BrokerPlaces, name: str, instance: str = "", *, host: str | None, renew: bool
) -> Pairing:
    """Make the node's user where there is none yet; raises UsageError and InstallError."""
    before = _choices(places)
    instance = instance or before.instances[0]
    if instance not in before.instances:
        raise UsageError(
            f"The broker serves {', '.join(before.instances)}: `sudo pickled install mosquitto "
            f"--instance {instance}` adds another."
        )
    chosen = Choices(nodes=(f"{instance}.{name}",)).beside(before)
    if name in before.nodes:
        chosen = before
    chosen.check(renew=False)
    access = next(each for each in chosen.accesses if each.root.instance == instance)
    where, port, tls = _reached(places, before, host)
    user = user_name(f"node-{name}", access.root)
    _carry_out(_steps(places, chosen, user, renew=renew))
    return Pairing(
        host=where, port=port, tls=tls, user=user, instance=instance, node=name,
        password=SecretStr(read_text(places.secret(user).file).strip()),
        base=access.root.base,
        authority=der_of(read_text(places.authority)) if tls else b"",
    )  # fmt: skip


def foreign_pairing(found: BrokerOptions, name: str) -> Pairing:
    """The line for a broker that others look after; its user has to be there already."""
    mqtt = found.mqtt
    if mqtt.password is None:
        raise UsageError("--broker wants the password of that user, too: --password-file FILE.")
    user = mqtt.username or user_name(f"node-{name}", found.root)
    authority = der_of(read_text(mqtt.ca_file)) if mqtt.ca_file else b""
    return Pairing(
        host=mqtt.host, port=mqtt.port, tls=mqtt.tls, user=user, password=mqtt.password,
        instance=found.instance, node=name, base=mqtt.base_topic, authority=authority,
    )  # fmt: skip


def _choices(places: BrokerPlaces) -> Choices:
    if not places.configuration.exists():
        raise BrokerError(
            f"{places.configuration} is not there: `sudo pickled install mosquitto --tls "
            "HOME-SERVER.LAN` sets the broker up; for one that others look after name it: "
            "--broker mqtts://node-NAME@HOST --password-file FILE [--ca-file FILE]"
        )
    found = kept(read_text(places.configuration))
    if not found.instances:
        raise BrokerError(f"{places.configuration} is not ours: `pickled install mosquitto` again")
    return found


def _reached(places: BrokerPlaces, chosen: Choices, host: str | None) -> tuple[str, int, bool]:
    """Host, port, TLS: as the node reaches the broker; raises UsageError with what to do."""
    if chosen.names:
        if host is not None and host not in chosen.names:
            raise UsageError(
                f"The certificate is made for {', '.join(chosen.names)}, not for {host}: "
                f"`sudo pickled install mosquitto --tls {host}` adds that name."
            )
        return host or chosen.names[0], TLS_PORT, True
    where = host or _own_address()
    if not (chosen.open_port or is_this_machine(where) or PORT in settled(places).ports):
        raise UsageError(
            "The broker listens to this machine alone. `sudo pickled install mosquitto --tls "
            f"{where}` lets others in by TLS, --open in clear text; a node on this machine: "
            "--host 127.0.0.1."
        )
    return where, PORT, False


def _own_address() -> str:
    """Of this machine in its network; raises UsageError."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_ROUTED)
            found = str(probe.getsockname()[0])
    except OSError:
        found = "0.0.0.0"  # noqa: S104  # not to be bound: it means that there is none
    address = ipaddress.ip_address(found)
    if address.is_unspecified or address.is_loopback:
        raise UsageError("This machine's address in the network is not known: --host ADDRESS.")
    return found


def _steps(places: BrokerPlaces, chosen: Choices, user: str, *, renew: bool) -> Sequence[Step]:
    """What `install mosquitto` would do, and a new password before that, if there has to be one.

    Nothing is cut off that plays: Mosquitto reads users and rights anew without a restart.
    """
    reload = ("systemctl", "reload-or-restart", "mosquitto") if places.restart else ()
    others = settled(places)
    passwords = Path(others.passwords) if others.passwords else places.broker / "pickled.passwd"
    secret = places.secret(user).file
    lost = user in named_in(_text(passwords)) and not secret.exists()
    found: list[Step] = []
    if renew or lost:

        def new_password() -> None:
            write_whole(secret, f"{secrets.token_urlsafe(24)}\n".encode(), 0o600)

        found = [
            FolderStep(secret.parent, "a file for each password", mode=0o700),
            CallStep(lambda _: f"write   {secret}  (a new password)", new_password),
        ]
    return [*found, *steps(chosen, replace(places, restart=reload), others)]


def _carry_out(todo: Sequence[Step]) -> None:
    if obstacles := [why for step in todo if (why := step.obstacle(removing=False))]:
        raise InstallError(f"{obstacles[0]}. Nothing was done.")
    for step in todo:
        step.do()


def _picture(code: object) -> None:
    """The QR code, where the window is wide enough for it."""
    width = code.symbol_size(border=_BORDER)[0]  # type: ignore[attr-defined]  # segno has no types
    if sys.stdout.isatty() and width > shutil.get_terminal_size().columns:
        _say(f"For the QR code make this window {width} columns wide, and run it again.")
        return
    try:
        code.terminal(border=_BORDER, compact=True)  # type: ignore[attr-defined]
    except UnicodeEncodeError:
        _say("This terminal can't show the QR code: the line says the same.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _say(text: str) -> None:
    print(text, file=sys.stderr)
