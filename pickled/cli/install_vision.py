"""`pickled install systemd --vision FOLDER`: the vision-server as a service of the system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pickled.bundled import bundled
from pickled.cli.steps import CallStep, CommandStep, FileStep, FolderStep, Step

UNIT = "pickled-vision.service"
_SERVER = "/opt/pickled/vision-server"
"""As the unit has it."""
_HIDDEN = tuple(map(Path, ("/home", "/root", "/run/user", "/tmp", "/var/tmp")))  # noqa: S108


def vision_steps(server: Path, *, units: Path, configuration: Path) -> tuple[Sequence[Step], str]:
    """What makes it a service, in order; and what to do next."""
    whole = server.expanduser().absolute()
    unit = (bundled("systemd") / UNIT).read_text(encoding="utf-8").replace(_SERVER, str(whole))
    credentials = configuration / "credentials.vision"
    return [
        CallStep(lambda _: "", lambda: None, hindered=lambda no: "" if no else why_not(whole)),
        FolderStep(configuration, "pickled.yaml, the daemon's, is read by it, too"),
        FolderStep(credentials, "a file for each password and key of its own", mode=0o700),
        CommandStep(undoing=("systemctl", "daemon-reload")),
        FileStep(units / UNIT, unit.encode(), "the vision-server"),
        CommandStep(("systemctl", "daemon-reload"), why="systemd reads it"),
        CommandStep(
            ("systemctl", "enable", "--now", UNIT),
            ("systemctl", "disable", "--now", UNIT),
            "now, and at each start of the machine",
            may_fail=False,
        ),
    ], (
        f"What it looks at is the section `vision` of {configuration / 'pickled.yaml'}, its "
        f"password at the broker {credentials / 'mqtt_password'}; its log: "
        "`journalctl -u pickled-vision`."
    )


def why_not(server: Path) -> str:
    """Why a service could not run what lies there; "" if it can."""
    if not (server / "src" / "main.js").is_file():
        return f"there is no vision-server in {server}: name its folder in a checkout"
    if any(each.isspace() or each in "%$\\\"'" for each in str(server)):
        return f"{server}: a path with spaces or signs can't stand in a unit; put it elsewhere"
    if any(server.resolve().is_relative_to(each) for each in _HIDDEN):
        return (
            f"{server} lies where a service sees nothing (/home, /root, /tmp): copy "
            "vision-server/ and topics/ side by side to /opt/pickled"
        )
    if not (server.parent / "topics" / "asyncapi.yaml").is_file():
        return f"{server.parent} lacks topics/: the contract lies beside vision-server/"
    if not (server / "node_modules").is_dir():
        return f"its packages are missing: `npm ci --omit=dev` in {server}"
    return ""
