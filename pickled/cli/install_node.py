"""`pickled install node`: the audio-node among what starts when its user logs in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, cast

import typer

from pickled.cli.install_systemd import Places, hidden, node_steps
from pickled.cli.installing import DryRun, Remove, Wish, Yes, carry_out
from pickled.cli.login_items import (
    LABEL,
    NAME,
    autostart_entry,
    launch_agent,
    service_options,
    startup_script,
)
from pickled.cli.node import app as node_app
from pickled.cli.steps import CallStep, CommandStep, FileStep, FolderStep, Step
from pickled.errors import UsageError

_SERVICE_S = 10.0
_REFUSED = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
"""What a wrong option raises: click's own class, wherever typer has it from."""


@dataclass(frozen=True)
class Login:
    """Whose login it is, and on what system."""

    platform: str
    """As `sys.platform` has it."""
    home: Path
    environ: Mapping[str, str]
    systemd: bool = False
    """Does a systemd of the user's run?"""
    user: int = 0


def install_node(
    context: typer.Context,
    dry_run: DryRun = False,
    yes: Yes = False,
    remove: Remove = False,
    program: Annotated[
        Path | None, typer.Option(help="The `pickled` that is started; default: this one.")
    ] = None,
) -> None:
    """Start the audio-node whenever you log in: Windows, macOS and Linux, without sudo.

    All other options are those of `pickled node`, which it is started with.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        raise UsageError("This is for the user who is logged in: run it without sudo.")
    arguments = _checked(context.args)
    windows = sys.platform == "win32"
    found = program or Path(sys.executable).parent / ("pickled.exe" if windows else "pickled")
    steps, afterwards = login_steps(found, arguments, here(), removing=remove)
    carry_out(
        "pickled's audio-node for your login",
        steps,
        Wish(dry_run, yes, remove),
        afterwards=afterwards,
    )


def here() -> Login:
    """The login of whoever runs this."""
    runs = sys.platform == "linux" and _systemd_runs()
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Login(sys.platform, Path.home(), os.environ, systemd=runs, user=user)


def login_steps(
    program: Path, arguments: Sequence[str], login: Login, *, removing: bool = False
) -> tuple[Sequence[Step], str]:
    """What puts it there, in order; and what to do next. Raises UsageError."""
    command = [str(program), "node", *arguments]
    if login.platform == "win32":
        steps, afterwards = _windows(command, login)
    elif login.platform == "darwin":
        steps, afterwards = _macos(command, login)
    elif login.systemd:
        steps, afterwards = _systemd(program, arguments, login, removing=removing)
    else:
        steps, afterwards = _desktop(command, login)
    there = CallStep(lambda _: "", lambda: None, hindered=lambda out: _missing(program, out))
    return [there, *steps], afterwards


def _windows(command: Sequence[str], login: Login) -> tuple[Sequence[Step], str]:
    roaming = login.environ.get("APPDATA") or str(login.home / "AppData" / "Roaming")
    menu = Path(roaming) / "Microsoft" / "Windows" / "Start Menu"
    script = menu / "Programs" / "Startup" / f"{NAME}.cmd"
    return [
        FolderStep(script.parent, "what starts when you log in"),
        FileStep(script, startup_script(command), "starts the node, in a small window"),
    ], f"It starts when you log in; now, too: open {script}."


def _macos(command: Sequence[str], login: Login) -> tuple[Sequence[Step], str]:
    agents, log = login.home / "Library" / "LaunchAgents", login.home / "Library" / "Logs"
    agent, log = agents / f"{LABEL}.plist", log / f"{NAME}.log"
    session = f"gui/{login.user}"
    return [
        FolderStep(agents, "what starts when you log in"),
        FileStep(agent, launch_agent(command, log), "starts the node"),
        CommandStep(("launchctl", "bootout", f"{session}/{LABEL}"), may_fail=True),
        CommandStep(
            ("launchctl", "bootstrap", session, str(agent)),
            ("launchctl", "bootout", f"{session}/{LABEL}"),
            "now, and whenever you log in",
        ),
    ], f"Its log: {log}. macOS asks once whether it may use the microphone."


def _systemd(
    program: Path, arguments: Sequence[str], login: Login, *, removing: bool
) -> tuple[Sequence[Step], str]:
    configuration = Path(login.environ.get("XDG_CONFIG_HOME") or login.home / ".config")
    places = replace(
        Places(),
        user_units=configuration / "systemd" / "user",
        user_configuration=configuration / "pickled",
    )
    steps, afterwards = node_steps(program, places)
    unit = CallStep(lambda _: "", lambda: None, hindered=lambda out: _unfit(program, out))
    if arguments or removing:
        ours = FileStep(
            places.user_configuration / "node.env",
            service_options(arguments),
            "what the node is told",
            mode=0o600,
        )
        again = CommandStep(("systemctl", "--user", "restart", f"{NAME}.service"))
        steps = [
            *(ours if isinstance(each, FileStep) and each.keep else each for each in steps),
            again,
        ]
    return [unit, *steps], f"{afterwards} How it is: `systemctl --user status {NAME}`."


def _desktop(command: Sequence[str], login: Login) -> tuple[Sequence[Step], str]:
    configuration = Path(login.environ.get("XDG_CONFIG_HOME") or login.home / ".config")
    entry = configuration / "autostart" / f"{NAME}.desktop"
    return [
        FolderStep(entry.parent, "what starts when you log in"),
        FileStep(entry, autostart_entry(command), "starts the node"),
    ], "It starts when you log in to your desktop."


def _missing(program: Path, removing: bool) -> str:
    if removing or program.is_file():
        return ""
    return f"there is no {program}: name the one to start, --program PATH"


def _unfit(program: Path, removing: bool) -> str:
    return "" if removing else hidden(program, sees_home=True)


def _checked(arguments: Sequence[str]) -> list[str]:
    """What the node would refuse is refused now, not at each login."""
    given = [each for each in arguments if each != "--"]
    command = typer.main.get_command(node_app)
    try:
        with command.make_context("pickled node", list(given)) as read:
            _, words, _ = command.make_parser(read).parse_args(list(given))
    except typer.Exit as end:
        raise UsageError("`pickled node --help` shows the options of a node.") from end
    except _REFUSED as error:
        raise UsageError(f"pickled node: {error.format_message()}") from error
    if words:
        raise UsageError(f"{' '.join(words)}: only options of `pickled node` can stand here.")
    return given


def _systemd_runs() -> bool:
    """Is there one of the user's that can be told something?"""
    if shutil.which("systemctl") is None:
        return False
    try:
        done = subprocess.run(
            ["systemctl", "--user", "show", "--property=Version"],  # noqa: S607
            capture_output=True,
            timeout=_SERVICE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
