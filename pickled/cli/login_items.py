"""What makes each system start a node when its user logs in: texts, nothing is written here."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

from pickled.cli.steps import MARK
from pickled.errors import UsageError

LABEL = "io.github.pickled.node"
NAME = "pickled-node"
_WRITTEN = f"{MARK} node`, which takes it away again, too"
_AGAIN_S = 10
"""From a failure to the next try; a node that was ended by hand stays so."""


def launch_agent(program: Sequence[str], log: Path) -> bytes:
    """For macOS's launchd."""
    agent = plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(program),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": _AGAIN_S,
            "ProcessType": "Interactive",  # else its sound stutters while others work
            "StandardErrorPath": str(log),
        }
    ).decode()
    head, rest = agent.split("<plist ", 1)
    return f"{head}<!-- {_WRITTEN} -->\n<plist {rest}".encode()


def startup_script(program: Sequence[str]) -> bytes:
    """For the Startup folder of Windows: a small window that shows what the node says.

    Raises UsageError for what the command line of Windows can't hold.
    """
    command = " ".join(_for_cmd(each) for each in program)
    lines = [
        "@echo off",
        f"rem {_WRITTEN}",
        f'if not "%1"=="small" start "{NAME}" /min "%~f0" small & exit /b',
        "chcp 65001 >nul",
        "set PYTHONUTF8=1",
        ":again",
        command,
        "if not errorlevel 1 exit /b",
        f"timeout /t {_AGAIN_S} /nobreak >nul",
        "goto again",
    ]
    return "\r\n".join([*lines, ""]).encode()


def autostart_entry(program: Sequence[str]) -> bytes:
    """For Linux without systemd: what desktops start by the XDG rules."""
    command = " ".join(_for_desktop(each) for each in program)
    return (
        f"# {_WRITTEN}\n"
        "[Desktop Entry]\nType=Application\nName=pickled's audio-node\n"
        f"Comment=The co-host's mouth and ear on this machine\nExec={command}\n"
        "Terminal=false\nX-GNOME-Autostart-enabled=true\n"
    ).encode()


def service_options(arguments: Sequence[str]) -> bytes:
    """`node.env` of systemd's service; raises UsageError for what it can't hold."""
    return (
        f"# {_WRITTEN}\n# What `pickled node` is told; after a change: "
        f"systemctl --user restart {NAME}\n"
        f"OPTIONS={' '.join(_for_systemd(each) for each in arguments)}\n"
    ).encode()


def _for_cmd(word: str) -> str:
    if '"' in word or not word.isprintable():
        raise UsageError(f"{word!r} can't stand in a script of Windows: no quotes, one line.")
    return '"' + word.replace("%", "%%") + '"'


def _for_desktop(word: str) -> str:
    if not word.isprintable():
        raise UsageError(f"{word!r} can't stand in an autostart entry: one line.")
    quoted = "".join("\\" + each if each in '"`$\\' else each for each in word)
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%") + '"'


def _for_systemd(word: str) -> str:
    """The file's backslashes are read once as it is read, and once as it is cut into words."""
    if not word.isprintable():
        raise UsageError(f"{word!r} can't stand in node.env: one line.")
    if word and all(each.isalnum() or each in "-_./:@=,+" for each in word):
        return word
    inner = "".join("\\" + each if each in '"\\' else each for each in word)
    return ('"' + inner + '"').replace("\\", "\\\\")
