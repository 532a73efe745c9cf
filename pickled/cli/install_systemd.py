"""`pickled install systemd`: the daemon as a service of the system, a node as one of the user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pickled.bundled import bundled
from pickled.cli.install_vision import vision_steps
from pickled.cli.installing import DryRun, Remove, Wish, Yes, carry_out
from pickled.cli.steps import CallStep, CommandStep, FileStep, FolderStep, Step
from pickled.errors import UsageError
from pickled.patterns import pattern

PROGRAM = "/opt/pickled/bin/pickled"
"""As the units have it; the installer puts in what is really there."""

STEPS_SINCE = 254
"""The version of systemd that can wait longer after each failure."""

_INSTANCE = pattern(r"[a-z0-9][a-z0-9_-]{0,31}")
_HIDDEN = tuple(map(Path, ("/home", "/root", "/run/user", "/tmp", "/var/tmp")))  # noqa: S108
"""What the service does not see."""

_STARTER = """\
# pickled: what is written here is read at the start. `pickled doctor` says what is wrong.
# channel: streamername           # read-only chat of any channel, no account needed
mqtt: {{host: 127.0.0.1}}
# Passwords and keys: one file each in {credentials}, as mqtt_password.
"""
_NODE_STARTER = """\
# What `pickled node` is told; `pickled node --help` lists it, `pickled node devices` the outputs.
OPTIONS=--broker mqtt://127.0.0.1
"""
_BACK_OFF = """\
# written by `pickled install systemd`: this version of systemd can wait longer after each failure.
[Service]
RestartSteps=6
RestartMaxDelaySec=60s
"""


@dataclass(frozen=True)
class Places:
    """Where units and configuration lie on this machine."""

    units: Path = Path("/etc/systemd/system")
    configuration: Path = Path("/etc/pickled")
    user_units: Path = Path("~/.config/systemd/user")
    user_configuration: Path = Path("~/.config/pickled")


def systemd(
    dry_run: DryRun = False,
    yes: Yes = False,
    remove: Remove = False,
    instance: Annotated[
        str | None,
        typer.Option(help="One more channel; configured in /etc/pickled/NAME.yaml."),
    ] = None,
    node: Annotated[
        bool, typer.Option("--node", help="The audio-node instead, as a service of yours.")
    ] = False,
    web: Annotated[
        bool, typer.Option("--web", help="The pages instead: dashboard, overlay, REST.")
    ] = False,
    vision: Annotated[
        Path | None,
        typer.Option(help="The vision-server instead: its folder, as /opt/pickled/vision-server."),
    ] = None,
    program: Annotated[
        Path | None, typer.Option(help="The `pickled` that the service runs; default: this one.")
    ] = None,
) -> None:
    """Run it as a service of systemd: from the start of the machine on, and again if it fails.

    The audio-node is a service of the user who is logged in: --node, without sudo.
    """
    _refuse(instance, node=node, alone={"--web": web, "--vision": vision is not None})
    version = systemd_version()
    if vision is not None:
        places = Places()
        steps, afterwards = vision_steps(
            vision, units=places.units, configuration=places.configuration
        )
        wish = Wish(dry_run, yes, remove)
        carry_out("pickled's vision-server as a service", steps, wish, afterwards=afterwards)
        return
    found = program or Path(sys.executable).parent / "pickled"
    if node:
        steps, afterwards = node_steps(found, Places())
        what = "pickled's audio-node as a service of yours"
    elif web:
        steps, afterwards = web_steps(found, Places())
        what = "pickled's pages as a service"
    else:
        steps, afterwards = daemon_steps(found, instance, Places(), version=version)
        what = "pickled as a service" + (f", instance {instance}" if instance else "")
    seen = CallStep(
        lambda _: "",
        lambda: None,
        hindered=lambda removing: "" if removing else hidden(found, sees_home=node),
    )
    steps = [seen, *steps]
    carry_out(what, steps, Wish(dry_run, yes, remove), afterwards=afterwards)
    if remove and not dry_run and not (node or web):
        print("Its memory is in /var/lib/pickled, its configuration in /etc/pickled: they stay.")


def _refuse(instance: str | None, *, node: bool, alone: Mapping[str, bool]) -> None:
    """Raises UsageError for what does not go together; `alone`: what goes with nothing else."""
    named = [name for name, wanted in alone.items() if wanted]
    if named and (node or instance is not None or len(named) > 1):
        raise UsageError(f"{named[0]} goes alone: it is one service of the system.")
    if node and instance is not None:
        raise UsageError("--node and --instance don't go together: node.env says whose node it is.")
    if instance is not None and not _INSTANCE.fullmatch(instance):
        raise UsageError(f"--instance {instance}: up to 32 of a-z, 0-9, _ and -, no capitals.")
    if node and os.geteuid() == 0:
        raise UsageError("--node is for the user who is logged in: run it without sudo.")


def daemon_steps(
    program: Path, instance: str | None, places: Places, *, version: int
) -> tuple[Sequence[Step], str]:
    """What makes it a service, in order; and what to do next."""
    template, name = ("@", f"@{instance}") if instance else ("", "")
    units = [f"pickled{template}.service"]
    units += [f"pickled-backup{template}.{kind}" for kind in ("service", "timer")]
    started = (f"pickled{name}.service", f"pickled-backup{name}.timer")
    config = places.configuration / f"{instance or 'pickled'}.yaml"
    credentials = places.configuration / f"credentials{f'.{instance}' if instance else ''}"
    starter = _STARTER.format(credentials=credentials).encode()
    files: list[Step] = [
        FileStep(places.units / unit, text_of(unit, program), _WHY[unit.replace("@", "")])
        for unit in units
    ]
    if version >= STEPS_SINCE:
        back_off = places.units / f"pickled{template}.service.d" / "back-off.conf"
        files += [FolderStep(back_off.parent, "what this systemd can do besides")]
        files += [FileStep(back_off, _BACK_OFF.encode(), "it waits longer after each failure")]
    if instance and _others(places.units, instance):
        files = [_Shared(each) for each in files]
    return [
        FolderStep(places.configuration, "configuration, personas, word lists"),
        FileStep(config, starter, "the configuration; yours from then on", keep=True),
        FolderStep(credentials, "a file for each password and key", mode=0o700),
        CommandStep(undoing=("systemctl", "daemon-reload")),
        *files,
        CommandStep(("systemctl", "daemon-reload"), why="systemd reads them"),
        CommandStep(
            ("systemctl", "enable", "--now", *started),
            ("systemctl", "disable", "--now", *started),
            "now, and at each start of the machine",
            may_fail=False,
        ),
    ], (
        f"How it is: `systemctl status pickled{name}`; its log: `journalctl -u pickled{name}`; "
        f"after a change of {config}: `systemctl restart pickled{name}`."
    )


def node_steps(program: Path, places: Places) -> tuple[Sequence[Step], str]:
    """What makes the node a service of the user's; and what to do next."""
    units, config = places.user_units.expanduser(), places.user_configuration.expanduser()
    unit = "pickled-node.service"
    systemctl = ("systemctl", "--user")
    return [
        FolderStep(config, "the node's options"),
        FileStep(config / "node.env", _NODE_STARTER.encode(), "yours from then on", keep=True),
        CommandStep(undoing=(*systemctl, "daemon-reload")),
        FolderStep(units, "services of yours"),
        FileStep(units / unit, text_of(unit, program), _WHY[unit]),
        CommandStep((*systemctl, "daemon-reload"), why="systemd reads it"),
        CommandStep(
            (*systemctl, "enable", "--now", unit),
            (*systemctl, "disable", "--now", unit),
            "now, and whenever you log in",
        ),
    ], (
        f"Broker and output are in {config / 'node.env'}; after a change: "
        "`systemctl --user restart pickled-node`."
    )


def web_steps(program: Path, places: Places) -> tuple[Sequence[Step], str]:
    """What makes the pages a service of the system; and what to do next."""
    unit, config = "pickled-web.service", places.configuration / "pickled.yaml"
    return [
        CommandStep(undoing=("systemctl", "daemon-reload")),
        FileStep(places.units / unit, text_of(unit, program), _WHY[unit]),
        CommandStep(("systemctl", "daemon-reload"), why="systemd reads it"),
        CommandStep(
            ("systemctl", "enable", "--now", unit),
            ("systemctl", "disable", "--now", unit),
            "now, and at each start of the machine",
        ),
    ], (
        f"They are at http://127.0.0.1:8000, unless {config} says otherwise: `web: {{host: …}}`. "
        "After a change: `systemctl restart pickled-web`."
    )


_WHY = {
    "pickled-web.service": "the pages",
    "pickled.service": "the daemon",
    "pickled-backup.service": "a backup of its memory",
    "pickled-backup.timer": "each night",
    "pickled-node.service": "the audio-node",
}


def text_of(unit: str, program: Path) -> bytes:
    """A unit as it is installed: with the program that is really there."""
    text = (bundled("systemd") / unit).read_text(encoding="utf-8")
    return text.replace(PROGRAM, str(program)).encode()


def hidden(program: Path, *, sees_home: bool) -> str:
    """Why the service could not run that program; "" if it can."""
    if not program.is_file():
        return f"there is no {program}: name the one to run, --program /opt/pickled/bin/pickled"
    if any(each.isspace() or each in "%$\\\"'" for each in str(program)):
        return f"{program}: a path with spaces or signs can't stand in a unit; install it elsewhere"
    python = program.parent / "python"
    real = {program.absolute(), program.resolve(), python.resolve()}
    seen = sees_home or not any(each.is_relative_to(no) for each in real for no in _HIDDEN)
    if seen:
        return ""
    return (
        f"{program} or its Python lies where a service sees nothing (/home, /root, /tmp). "
        "Install it for the whole machine: `sudo python3 -m venv /opt/pickled`, then in the "
        "checkout `sudo /opt/pickled/bin/pip install '.[server]'`, and run "
        "`sudo /opt/pickled/bin/pickled install systemd`"
    )


def systemd_version() -> int:
    """Of the systemd on this machine; raises UsageError if there is none."""
    if shutil.which("systemctl") is None:
        raise UsageError("systemd is not on this machine: start `pickled run` by what it has.")
    told = subprocess.run(
        ["systemctl", "--version"],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    ).stdout.split()
    return int(told[1]) if len(told) > 1 and told[1].isdigit() else 0


def _others(units: Path, instance: str) -> bool:
    """Are there other instances that need the templates?"""
    wanted = (units / "multi-user.target.wants").glob("pickled@*.service")
    return any(each.name != f"pickled@{instance}.service" for each in wanted)


@dataclass(frozen=True)
class _Shared:
    """Made like any other, and left to other instances when one goes."""

    step: Step

    def told(self, *, removing: bool) -> str:
        return "" if removing else self.step.told(removing=False)

    def obstacle(self, *, removing: bool) -> str:
        return "" if removing else self.step.obstacle(removing=False)

    def do(self) -> None:
        self.step.do()

    def undo(self) -> None:
        """Others need it."""
