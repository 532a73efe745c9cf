"""`pickled install mosquitto`: users, passwords, rights and certificates for the broker."""

from __future__ import annotations

import pwd
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from pickled.cli.broker_choices import Choices, kept
from pickled.cli.broker_files import BlockStep, CertificateStep, PasswordsStep, Secret
from pickled.cli.installing import DryRun, Remove, Wish, Yes, carry_out
from pickled.cli.mosquitto import find_mosquitto
from pickled.cli.steps import CallStep, CommandStep, FileStep, FolderStep, Step
from pickled.errors import BrokerError
from pickled.mqtt import acl, mosquitto
from pickled.mqtt.mosquitto import Listeners, Settled

_OWNER = "mosquitto"
_HEAD = "# written by `pickled install mosquitto`: run it again to change it, or with --remove.\n"
_THIS_MACHINE = ("localhost", "127.0.0.1")
"""What the certificate is good for besides."""


@dataclass(frozen=True)
class BrokerPlaces:
    """Where everything lies on this machine."""

    broker: Path = Path(mosquitto.FOLDER)
    ours: Path = Path("/etc/pickled")
    owner: str = f"{_OWNER}:{_OWNER}"
    restart: Sequence[str] = ("systemctl", "restart", "mosquitto")
    installed: bool = True

    @property
    def configuration(self) -> Path:
        return self.broker / "conf.d" / "pickled.conf"

    @property
    def authority(self) -> Path:
        """What nodes are given as `--ca-file`."""
        return self.ours / "ca.crt"

    def secret(self, user: str) -> Secret:
        """The daemon's is where its service looks for it."""
        instance, _, role = user.rpartition(".")
        if role == "pickled":
            folder = f"credentials.{instance}" if instance else "credentials"
            return Secret(user, self.ours / folder / "mqtt_password")
        return Secret(user, self.ours / "passwords" / user)


def install_mosquitto(
    dry_run: DryRun = False,
    yes: Yes = False,
    remove: Remove = False,
    instance: Annotated[
        list[str] | None, typer.Option(help="A co-host that it serves; default home.")
    ] = None,
    node: Annotated[
        list[str] | None, typer.Option(help="A node's name, or INSTANCE.NAME; default laptop.")
    ] = None,
    chat: Annotated[
        list[str] | None, typer.Option(help="Who brings chat from elsewhere: user chat-NAME.")
    ] = None,
    shared: Annotated[
        list[str] | None, typer.Option(help="A user that serves all instances, as hass.")
    ] = None,
    tls: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="The broker's name or address, for a certificate."),
    ] = None,
    websocket: Annotated[
        bool, typer.Option("--websocket", help="Also WebSocket, for browsers and Stream Decks.")
    ] = False,
    open_port: Annotated[
        bool, typer.Option("--open", help="Port 1883 for the network, in clear text.")
    ] = False,
    renew: Annotated[bool, typer.Option("--renew", help="A new certificate, now.")] = False,
    show: Annotated[bool, typer.Option("--show-passwords", help="Print them at the end.")] = False,
) -> None:
    """Give Mosquitto users, passwords, rights and, if wanted, a certificate of your own.

    Run it again to add an instance or a node: what there is stays, passwords too.
    """
    places = places_here()
    chosen = Choices(
        instances=tuple(instance or ()),
        nodes=tuple(node or ()),
        chats=tuple(chat or ()),
        shared=tuple(shared or ()),
        names=tuple(tls or ()),
        websocket=websocket,
        open_port=open_port,
    ).beside(kept(_read(places.configuration)))
    chosen.check(renew=renew)
    users = acl.users(chosen.accesses, shared=chosen.shared)
    carry_out(
        "users and rights for Mosquitto",
        steps(chosen, places, settled(places), renew=renew),
        Wish(dry_run, yes, remove),
        afterwards=_afterwards(chosen, places),
    )
    if show and not (dry_run or remove):
        for each in map(places.secret, users):
            print(f"{each.user} {each.file.read_text(encoding='utf-8').strip()}")


def steps(
    chosen: Choices, places: BrokerPlaces, others: Settled, *, renew: bool = False
) -> Sequence[Step]:
    """What is to be done, in order."""
    served = chosen.accesses
    secrets = [places.secret(each) for each in acl.users(served, shared=chosen.shared)]
    folders = dict.fromkeys(each.file.parent for each in secrets)
    passwords = Path(others.passwords) if others.passwords else places.broker / "pickled.passwd"
    listeners = Listeners(chosen.open_port, bool(chosen.names), chosen.websocket)
    head = f"{_HEAD}{chosen.line}"
    text = mosquitto.configuration(listeners, others, head=head)
    found: list[Step] = [
        CallStep(
            lambda _: "",
            lambda: None,
            hindered=lambda removing: "" if removing else _hindered(places, others),
        ),
        *_notes(others),
        FolderStep(places.ours, "what is pickled's on this machine"),
        *(FolderStep(each, "a file for each password", mode=0o700) for each in folders),
        PasswordsStep(passwords, secrets, places.owner, shared=bool(others.passwords)),
        _rights(chosen, places, others, passwords),
    ]
    if chosen.names:
        certs = places.broker / "certs"
        found += [
            FolderStep(certs, "the broker's certificate"),
            CertificateStep(
                (*chosen.names, *_THIS_MACHINE), places.authority, places.ours / "ca.key",
                certs / "pickled.crt", certs / "pickled.key", places.owner, renew,
            ),
        ]  # fmt: skip
    found.append(
        FileStep(places.configuration, text.encode(), "listeners, limits, whom it lets in")
    )
    if not places.restart:
        return found
    # Its way back goes from the last step to the first: then, too, the restart comes last.
    first, last = (
        CommandStep(undoing=places.restart),
        CommandStep(places.restart, why="it reads them"),
    )
    return [first, *found, last]


def _rights(chosen: Choices, places: BrokerPlaces, others: Settled, passwords: Path) -> Step:
    """A file of ours, or a part of the one that there is."""
    text = acl.access_lists(chosen.accesses, shared=chosen.shared)
    if others.access_list:
        return BlockStep(Path(others.access_list), text)
    ours = set(acl.users(chosen.accesses, shared=chosen.shared))
    held = mosquitto.named_in(_read(passwords)) if others.passwords else []
    if theirs := [user for user in held if user not in ours]:
        text += "\n# Who was there before may do what he could: narrow it as you like.\n"
        text += "".join(f"user {user}\ntopic readwrite #\n" for user in theirs)
    path = places.broker / "pickled.acl"
    return FileStep(path, f"{_HEAD}{text}".encode(), "who may do what", 0o600, places.owner)


def _notes(others: Settled) -> Iterator[Step]:
    if others.anonymous:
        note = "note    whoever gives no name is let in no more: give those programs a user first"
        yield CallStep(lambda removing: "" if removing else note, lambda: None)


def _hindered(places: BrokerPlaces, others: Settled) -> str:
    """Why it can't be done on this machine; empty if it can."""
    if places.installed:
        try:
            find_mosquitto()
        except BrokerError:
            return "Mosquitto is not installed: `sudo apt-get install mosquitto`"
    if others.per_listener:
        return (
            "mosquitto.conf has per_listener_settings, so each listener has users of its own: "
            "take that line out, or copy what `pickled topics acl` prints by hand"
        )
    if "include_dir" not in _read(places.broker / "mosquitto.conf"):
        return (
            f"{places.broker / 'mosquitto.conf'} does not read {places.configuration.parent}: add "
            f"`include_dir {places.configuration.parent}` at its end"
        )
    return ""


def settled(places: BrokerPlaces) -> Settled:
    """What all other files of Mosquitto's say."""
    files = [places.broker / "mosquitto.conf", *sorted((places.broker / "conf.d").glob("*.conf"))]
    return mosquitto.settled_in(_read(each) for each in files if each != places.configuration)


def places_here() -> BrokerPlaces:
    """As they are here."""
    places = BrokerPlaces()
    try:
        pwd.getpwnam(_OWNER)
    except KeyError:
        places = replace(places, owner="")
    if shutil.which(places.restart[0]) is None:
        places = replace(places, restart=())
    return places


def _afterwards(chosen: Choices, places: BrokerPlaces) -> str:
    daemons = places.secret("pickled").file.parent
    told = (
        f"Each user's password is in {places.ours / 'passwords'}, the daemon's in {daemons}: give "
        "each program its own, and pickled.yaml `mqtt: {username: pickled}`."
    )
    if chosen.names:
        told += (
            f" Nodes need {places.authority}: `pickled node --broker mqtts://node-NAME@"
            f"{chosen.names[0]} --ca-file ca.crt --password-file FILE`."
        )
    return told if places.restart else f"{told} Now start Mosquitto again."


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
