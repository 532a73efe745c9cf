"""`pickled install node`: what each system starts when its user logs in."""

from __future__ import annotations

import configparser
import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pickled.cli.install_node import Login, login_steps
from pickled.cli.installing import Wish, carry_out
from pickled.cli.login_items import (
    LABEL,
    autostart_entry,
    launch_agent,
    service_options,
    startup_script,
)
from pickled.cli.steps import MARK, CommandStep, Step
from pickled.errors import InstallError, UsageError

ARGUMENTS = ["--broker", "mqtt://home-server", "--output", "CABLE Input (VB-Audio)", "--echo", "no"]
ODD = ['50 % of "it"', "back\\slash", "$HOME", "`date`", "it's", "größer", "semi;colon", "a&b"]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A `pickled` that is there."""
    path = tmp_path / "bin" / "pickled"
    path.parent.mkdir()
    path.touch()
    return path


def login(home: Path, platform: str, *, systemd: bool = False) -> Login:
    """Somebody's who has told their system nothing special."""
    return Login(platform, home, {}, systemd=systemd, user=501)


def carried_out(steps: list[Step], *, remove: bool = False) -> None:
    """Without the commands, which need those systems."""
    steps = [each for each in steps if not isinstance(each, CommandStep)]
    carry_out("it", steps, Wish(yes=True, remove=remove))


def written(home: Path) -> list[str]:
    """All files there, from the home on."""
    files = (each for each in home.rglob("*") if each.is_file() and each.parent.name != "bin")
    return sorted(str(each.relative_to(home)) for each in files)


@pytest.mark.parametrize(
    ("platform", "systemd", "files"),
    [
        (
            "win32",
            False,
            [
                "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/pickled-node.cmd",
            ],
        ),
        ("darwin", False, [f"Library/LaunchAgents/{LABEL}.plist"]),
        ("linux", False, [".config/autostart/pickled-node.desktop"]),
        (
            "linux",
            True,
            [".config/pickled/node.env", ".config/systemd/user/pickled-node.service"],
        ),
    ],
)
def test_node_is_put_into_the_login_and_taken_out_again(
    tmp_path: Path, program: Path, platform: str, systemd: bool, files: list[str]
) -> None:
    """In the place of each system; again it changes nothing, and what is removed leaves nothing."""
    steps, afterwards = login_steps(program, ARGUMENTS, login(tmp_path, platform, systemd=systemd))
    carried_out(list(steps))
    assert written(tmp_path) == files
    assert all(MARK in (tmp_path / each).read_text() for each in files)
    assert afterwards
    carried_out(list(steps))
    bare, _ = login_steps(program, [], login(tmp_path, platform, systemd=systemd), removing=True)
    carried_out(list(bare), remove=True)
    assert written(tmp_path) == []


def test_file_of_somebody_else_is_neither_replaced_nor_removed(
    tmp_path: Path, program: Path
) -> None:
    """Who has a node.env already keeps it, and is told."""
    mine = tmp_path / ".config" / "pickled" / "node.env"
    mine.parent.mkdir(parents=True)
    mine.write_text("OPTIONS=--broker mqtt://mine\n")
    steps, _ = login_steps(program, ARGUMENTS, login(tmp_path, "linux", systemd=True))
    with pytest.raises(InstallError, match=r"node\.env is there, and not written by pickled"):
        carried_out(list(steps))
    steps, _ = login_steps(program, [], login(tmp_path, "linux", systemd=True))
    carried_out(list(steps))
    carried_out(list(steps), remove=True)
    assert mine.read_text() == "OPTIONS=--broker mqtt://mine\n"


def test_program_that_is_missing_is_told(tmp_path: Path) -> None:
    """Nothing is written then."""
    steps, _ = login_steps(tmp_path / "none", [], login(tmp_path, "darwin"))
    with pytest.raises(InstallError, match="--program"):
        carried_out(list(steps))
    assert written(tmp_path) == []


def test_macos_starts_it_again_and_lets_it_end(tmp_path: Path) -> None:
    """The words of its command come through as they are; an end by hand is one."""
    text = launch_agent(["/bin/pickled", "node", *ODD], tmp_path / "log")
    agent = plistlib.loads(text)
    assert agent["ProgramArguments"] == ["/bin/pickled", "node", *ODD]
    assert agent["RunAtLoad"] is True
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["Label"] == LABEL


def test_macos_is_told_by_launchctl(tmp_path: Path, program: Path) -> None:
    """In the session of who is logged in; it is stopped before its file goes."""
    steps, _ = login_steps(program, [], login(tmp_path, "darwin"))
    told = [each.told(removing=False) for each in steps if isinstance(each, CommandStep)]
    assert any(f"launchctl bootstrap gui/501 {tmp_path}/Library" in each for each in told)
    undone = [
        each.told(removing=True)
        for each in reversed(steps)
        if isinstance(each, CommandStep) and each.undoing
    ]
    assert undone == [f"run     launchctl bootout gui/501/{LABEL}"]


def test_windows_script_holds_the_command_and_tries_again() -> None:
    """Quoted, its percent signs doubled, lines as Windows has them, in UTF-8."""
    words = ["C:\\Program Files\\pickled.exe", "node", "--output", "50 % größer & lauter"]
    text = startup_script(words).decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    command = text.split("\r\n")[6]
    assert command == '"C:\\Program Files\\pickled.exe" "node" "--output" "50 %% größer & lauter"'
    assert "chcp 65001" in text
    assert "goto again" in text
    assert "/min" in text
    for bad in ('say "hi"', "two\nlines"):
        with pytest.raises(UsageError, match="Windows"):
            startup_script([bad])


def test_windows_folder_is_that_of_the_environment(tmp_path: Path, program: Path) -> None:
    """APPDATA may lie elsewhere."""
    told = Login("win32", tmp_path, {"APPDATA": str(tmp_path / "elsewhere")})
    carried_out(list(login_steps(program, [], told)[0]))
    assert written(tmp_path)[0].startswith("elsewhere/Microsoft/Windows/Start Menu")


def test_autostart_entry_is_one_that_desktops_read() -> None:
    """Its command is read back by the rules for such entries."""
    words = ["/bin/pickled", "node", *ODD]
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(autostart_entry(words).decode())
    entry = dict(parser["Desktop Entry"])
    assert entry["Type"] == "Application"
    line = entry["Exec"].replace("\\\\", "\\").replace("%%", "%")
    assert shlex.split(line.replace("\\$", "$").replace("\\`", "`")) == words
    with pytest.raises(UsageError):
        autostart_entry(["two\nlines"])


def test_systemd_gets_every_word_of_the_options() -> None:
    """By its own rules: the file is read once, then its value is cut into words."""
    text = service_options(ODD).decode()
    value = text.split("OPTIONS=", 1)[1].rstrip("\n").replace("\\\\", "\\")
    assert shlex.split(value) == ODD
    assert service_options(["--broker", "mqtt://a:1"]).decode().endswith("--broker mqtt://a:1\n")
    with pytest.raises(UsageError):
        service_options(["two\nlines"])


@pytest.mark.skipif(sys.platform != "linux", reason="as this system's user")
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--dry-run", "--broker", "mqtt://x", "--output", "CABLE Input"), 0, "--dry-run"),
        (("--dry-run", "--brokr", "mqtt://x"), 2, "--brokr"),
        (("--dry-run", "devices"), 2, "devices"),
        (("--dry-run", "--gain", "loud"), 2, "--gain"),
    ],
)
def test_command_tells_what_it_would_do(
    tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    """What the node would refuse is refused now; nothing is written."""
    as_user = "import os; os.geteuid = lambda: 1000\nfrom pickled.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", as_user, "install", "node", *options],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
