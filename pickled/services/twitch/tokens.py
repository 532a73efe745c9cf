"""A sign-in as it is kept: one file for each account, its owner's alone, whole or as before."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError

from pickled.errors import ConfigError, TwitchError
from pickled.messages.base import Message
from pickled.text_files import read_bytes

Role = Literal["streamer", "bot"]
"""Whose sign-in: the channel's owner, or the account that the co-host writes with."""

ROOM = 16_384
"""Bytes that are laid aside before a refresh token is spent: what comes back then has a place."""

_FOLDER = "tokens"
_PATIENCE_S = 20.0
"""So long another process may take to renew the same sign-in."""


class Tokens(Message):
    """What Twitch gave for a sign-in, and whose it is."""

    version: int = 1
    client_id: str
    access_token: SecretStr
    refresh_token: SecretStr | None = None
    """None: it can't be renewed, and ends by itself."""
    user_id: str = ""
    login: str = ""
    scopes: tuple[str, ...] = Field(default=())
    signed_at: str = ""
    """When its owner signed in, ISO 8601: it stays when tokens are renewed."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be seen."""
        both = (self.access_token, self.refresh_token)
        return tuple(each.get_secret_value() for each in both if each)

    def written(self) -> bytes:
        """As it stands in its file."""
        values = self.model_dump(mode="json", exclude={"access_token", "refresh_token"})
        values["access_token"] = self.access_token.get_secret_value()
        if self.refresh_token is not None:
            values["refresh_token"] = self.refresh_token.get_secret_value()
        return json.dumps(values, indent=1).encode() + b"\n"


class TokenFile:
    """Where a sign-in is kept."""

    def __init__(self, data_dir: Path, role: Role) -> None:
        self.path = data_dir / _FOLDER / f"twitch-{role}.json"

    @property
    def stamp(self) -> tuple[int, int]:
        """It differs when somebody else has written the file."""
        try:
            status = self.path.stat()
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)

    def read(self) -> Tokens | None:
        """The sign-in; None if there is none. Raises ConfigError for a file that is none."""
        if not self.path.exists():
            return None
        try:
            return Tokens.model_validate_json(read_bytes(self.path))
        except ValidationError as error:
            raise ConfigError(
                f"{self.path} is no sign-in of Twitch's: sign in again with `pickled twitch login`"
            ) from error.__cause__  # its text would show what stands in the file

    def write(self, tokens: Tokens) -> None:
        """Keep it; raises TwitchError if that can't be done."""
        with self.reserved() as place:
            place(tokens)

    @contextmanager
    def reserved(self) -> Iterator[Place]:
        """Room for a sign-in, before the old one is spent; raises TwitchError if there is none."""
        made = self.path.with_name(f".{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = os.open(made, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        try:
            try:
                os.fchmod(number, 0o600)
                _give(number, self.path.parent)
                _write(number, bytes(ROOM))
                os.fsync(number)
            except OSError as error:
                raise _unwritable(self.path, error) from error
            yield Place(number, made, self.path)
        finally:
            os.close(number)
            with suppress(OSError):
                made.unlink(missing_ok=True)

    def remove(self) -> bool:
        """Forget it; was there one?"""
        there = self.path.exists()
        self.path.unlink(missing_ok=True)
        return there

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among all processes; blocks, so call it in a thread. Raises TwitchError."""
        path = self.path.with_name(f".{self.path.name}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        try:
            _give(number, self.path.parent)
            _lock(number)
            yield
        finally:
            os.close(number)


class Place:
    """Room that was laid aside for one sign-in."""

    def __init__(self, number: int, made: Path, target: Path) -> None:
        self._number, self._made, self._target = number, made, target

    def __call__(self, tokens: Tokens) -> None:
        """Put it there; raises TwitchError."""
        try:
            content = tokens.written()
            os.lseek(self._number, 0, os.SEEK_SET)
            _write(self._number, content)
            os.ftruncate(self._number, len(content))
            os.fsync(self._number)
            self._made.replace(self._target)
            folder = os.open(self._target.parent, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise _unwritable(self._target, error) from error


def _lock(number: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise TwitchError("another process is renewing that sign-in") from error
            time.sleep(0.05)
        else:
            return


def _write(number: int, content: bytes) -> None:
    """All of it; a disk that is nearly full takes a part, and says so only when asked again."""
    while content:
        content = content[os.write(number, content) :]


def _give(number: int, folder: Path) -> None:
    """Root signs in for the user that the daemon runs as: whose data folder it is."""
    if os.geteuid() == 0:
        owner = folder.parent.stat()
        os.fchown(number, owner.st_uid, owner.st_gid)
        os.chown(folder, owner.st_uid, owner.st_gid)


def _unwritable(path: Path, error: OSError) -> TwitchError:
    return TwitchError(
        f"the sign-in can't be kept in {path}: {error.strerror}; free some room there, or give "
        "this user the right to write"
    )
