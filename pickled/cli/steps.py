"""What an installer does, step by step: each says what it will do, does it, and takes it back."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pickled.errors import InstallError

MARK = "written by `pickled install"
"""What a file of ours says of itself in its first lines: one without it is somebody else's."""

COMMAND_S = 120.0
"""Longer than that no command may take."""
_LAST_WORDS = 2_000
_LARGEST = 1_000_000


class Step(Protocol):
    """One thing that is done to the machine."""

    def told(self, *, removing: bool) -> str:
        """What will be done, in a line; "" for nothing."""

    def obstacle(self, *, removing: bool) -> str:
        """Why it can't be done, asked before the first step is; "" if nothing is in its way."""

    def do(self) -> None:
        """Do it, also if it is done already; raises InstallError."""

    def undo(self) -> None:
        """Take it back, also if it was never done; raises InstallError."""


@dataclass(frozen=True)
class FileStep:
    """A file that is there afterwards."""

    path: Path
    content: bytes
    why: str
    mode: int = 0o644
    owner: str = ""
    """`user` or `user:group`; else whoever runs this."""
    keep: bool = False
    """Its owner's once it is there: neither replaced nor removed."""

    def told(self, *, removing: bool) -> str:
        there = _read(self.path)
        if removing:
            if there is None:
                return ""
            if self.keep or not self._is_ours(there):
                return f"leave   {self.path}  (yours: delete it yourself if you want to)"
            return f"remove  {self.path}"
        if there is None:
            return f"write   {self.path}  ({self.why})"
        if there == self.content:
            return f"leave   {self.path}  (it is there already)"
        if self.keep:
            return f"leave   {self.path}  (yours)"
        return f"replace {self.path}  ({self.why})"

    def obstacle(self, *, removing: bool) -> str:
        there = _read(self.path)
        foreign = there is not None and not self.keep and not self._is_ours(there)
        if foreign and not removing:
            return (
                f"{self.path} is there, and not written by pickled: move it away, or keep it and "
                "do without this command"
            )
        unchanged = there is None if removing else there is not None and self.keep
        return "" if unchanged or (foreign and removing) else no_right(self.path)

    def do(self) -> None:
        if self.keep and self.path.exists():
            return
        try:
            write_whole(self.path, self.content, self.mode, self.owner)
        except (OSError, LookupError) as error:
            raise InstallError(f"{self.path} can't be written: {error}") from error

    def undo(self) -> None:
        there = _read(self.path)
        if there is None or self.keep or not self._is_ours(there):
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise InstallError(f"{self.path} can't be removed: {error.strerror}") from error

    def _is_ours(self, there: bytes) -> bool:
        return there == self.content or MARK.encode() in there


@dataclass(frozen=True)
class FolderStep:
    """A folder that is there afterwards; taken back only if it is empty."""

    path: Path
    why: str
    mode: int = 0o755
    owner: str = ""

    def told(self, *, removing: bool) -> str:
        if removing:
            return f"remove  {self.path}/  (if it is empty)" if self.path.is_dir() else ""
        return "" if self.path.is_dir() else f"make    {self.path}/  ({self.why})"

    def obstacle(self, *, removing: bool) -> str:
        if self.path.exists() and not self.path.is_dir():
            return f"{self.path} is there, and no folder: move it away"
        return "" if removing or self.path.is_dir() else no_right(self.path)

    def do(self) -> None:
        if self.path.is_dir():
            return
        try:
            self.path.mkdir(parents=True)
            self.path.chmod(self.mode)
            give(self.path, self.owner)
        except (OSError, LookupError) as error:
            raise InstallError(f"{self.path} can't be made: {error}") from error

    def undo(self) -> None:
        with contextlib.suppress(OSError):  # not empty, or not there: then it stays as it is
            self.path.rmdir()


@dataclass(frozen=True)
class CommandStep:
    """A program that is run; and one, if wanted, that takes it back."""

    command: Sequence[str] = ()
    undoing: Sequence[str] = ()
    why: str = ""
    given: bytes = b""
    """What it reads; never shown."""
    may_fail: bool = False
    """What it was for is not lost without it: taking back what is gone already."""

    def told(self, *, removing: bool) -> str:
        command = self.undoing if removing else self.command
        why = f"  ({self.why})" if self.why and not removing else ""
        return f"run     {shlex.join(command)}{why}" if command else ""

    def obstacle(self, *, removing: bool) -> str:
        command = self.undoing if removing else self.command
        if not command or self.may_fail or shutil.which(command[0]):
            return ""
        return f"{command[0]} is not on this machine"

    def do(self) -> None:
        self._run(self.command)

    def undo(self) -> None:
        self._run(self.undoing)

    def _run(self, command: Sequence[str]) -> None:
        if not command:
            return
        try:
            done = subprocess.run(  # noqa: S603  # it is the installer's own, and was shown
                command, input=self.given, capture_output=True, timeout=COMMAND_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            if self.may_fail:
                return
            raise InstallError(f"{shlex.join(command)}: {error}") from error
        if done.returncode and not self.may_fail:
            words = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[-_LAST_WORDS:]
            raise InstallError(f"{shlex.join(command)} ended with {done.returncode}: {words}")


@dataclass(frozen=True)
class CallStep:
    """Something else that is done; `doing` and `undoing` raise InstallError."""

    telling: Callable[[bool], str]
    """Given whether it is taken back: what will be done, in a line; "" for nothing."""
    doing: Callable[[], None]
    undoing: Callable[[], None] = lambda: None
    hindered: Callable[[bool], str] = lambda _removing: ""
    """Given whether it is taken back: why it can't be done, else ""."""

    def told(self, *, removing: bool) -> str:
        return self.telling(removing)

    def obstacle(self, *, removing: bool) -> str:
        return self.hindered(removing)

    def do(self) -> None:
        self.doing()

    def undo(self) -> None:
        self.undoing()


def _read(path: Path) -> bytes | None:
    """What is in a file; None if there is none. Something else than a file is never ours."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(_LARGEST)
        return b"" if path.exists() or path.is_symlink() else None
    except OSError:
        return b""


def write_whole(path: Path, content: bytes, mode: int, owner: str = "") -> None:
    """As a whole or not at all; never readable by more than it shall be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    made = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        give(made, owner)
        made.chmod(mode)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def give(path: Path, owner: str) -> None:
    if owner:
        user, _, group = owner.partition(":")
        shutil.chown(path, user, group or None)


def no_right(path: Path) -> str:
    """Why a file can't be made there, or removed; "" if it can."""
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return ""
    return f"{path}: you may not write into {folder}; run the same command with sudo"
