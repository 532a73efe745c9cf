"""The steps that put users, rights and certificates into Mosquitto's files, and take them out."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pickled.cli import certificates
from pickled.cli.certificates import Pair
from pickled.cli.steps import give, no_right
from pickled.errors import InstallError
from pickled.mqtt.mosquitto import (
    SALT_BYTES,
    has_password,
    named_in,
    password_line,
    with_block,
    with_users,
    without_block,
    without_users,
)


@dataclass(frozen=True)
class Secret:
    """A user of the broker, and the file that keeps its password for whoever is that user."""

    user: str
    file: Path


@dataclass(frozen=True)
class PasswordsStep:
    """Each user has a password, which the broker knows; one that there is stays."""

    file: Path
    users: Sequence[Secret]
    owner: str = ""
    shared: bool = False
    """The broker's file is somebody else's, and holds users of theirs."""

    def told(self, *, removing: bool) -> str:
        before = _text(self.file)
        if removing:
            held = named_in(before)
            gone = [each.user for each in self.users if each.user in held]
            return f"change  {self.file}  (without {', '.join(gone)})" if gone else ""
        new = [each.user for each in self._lacking(before)]
        if not new:
            return f"leave   {self.file}  (all {len(self.users)} users are there)"
        return f"{'change ' if before else 'write  '} {self.file}  (passwords for {', '.join(new)})"

    def obstacle(self, *, removing: bool) -> str:
        files = [self.file, *(each.file for each in self.users)]
        return next((why for file in files if (why := no_right(file))), "")

    def do(self) -> None:
        before = _text(self.file)
        lines = {}
        for each in self._lacking(before):
            password = _text(each.file).strip()
            if not password:
                password = secrets.token_urlsafe(24)
                _write(each.file, f"{password}\n", mode=0o600)
            salt = secrets.token_bytes(SALT_BYTES)
            lines[each.user] = password_line(each.user, password, salt=salt)
        if lines or not self.file.exists():
            self._replace(with_users(before, lines))
        elif not self.shared:
            _give(self.file, self.owner, 0o600)

    def _lacking(self, passwords: str) -> list[Secret]:
        """Whom the broker does not know by the password that is kept.

        Where none is kept, and it knows him, somebody else gave him one: it stays.
        """
        held = named_in(passwords)
        return [
            each
            for each in self.users
            if (each.user not in held or each.file.exists())
            and not has_password(passwords, each.user, _text(each.file).strip())
        ]

    def undo(self) -> None:
        rest = without_users(_text(self.file), [each.user for each in self.users])
        if rest or self.shared:
            self._replace(rest)
        else:
            _remove(self.file)
        for each in self.users:
            _remove(each.file)

    def _replace(self, text: str) -> None:
        """Of another's file neither owner nor mode change."""
        if self.shared and self.file.exists():
            there = self.file.stat()
            _write(self.file, text, mode=there.st_mode & 0o777, ids=(there.st_uid, there.st_gid))
        else:
            _write(self.file, text, mode=0o600, owner=self.owner)


@dataclass(frozen=True)
class BlockStep:
    """A part of somebody else's file that is ours, between two lines that say so."""

    file: Path
    block: str

    def told(self, *, removing: bool) -> str:
        there = _text(self.file)
        wanted = without_block(there) if removing else with_block(there, self.block)
        if there == wanted:
            return "" if removing else f"leave   {self.file}  (our users' rights are in it)"
        return f"change  {self.file}  ({'without' if removing else 'with'} our users' rights)"

    def obstacle(self, *, removing: bool) -> str:
        return no_right(self.file)

    def do(self) -> None:
        self._replace(with_block(_text(self.file), self.block))

    def undo(self) -> None:
        self._replace(without_block(_text(self.file)))

    def _replace(self, text: str) -> None:
        if text == _text(self.file):
            return
        there = self.file.stat()
        _write(self.file, text, mode=there.st_mode & 0o777, ids=(there.st_uid, there.st_gid))


@dataclass(frozen=True)
class CertificateStep:
    """An authority, made once, and the broker's certificate by it."""

    names: Sequence[str]
    authority: Path
    authority_key: Path
    certificate: Path
    key: Path
    owner: str = ""
    """Who the broker is, when it reads its key."""
    renew: bool = False

    def told(self, *, removing: bool) -> str:
        if removing:
            files = [each for each in self._files() if each.exists()]
            return f"remove  {', '.join(map(str, files))}" if files else ""
        if self._is_good():
            return f"leave   {self.certificate}  (made for {', '.join(self.names)})"
        made = f"write   {self.certificate}  (for {', '.join(self.names)})"
        return made if self.authority.exists() else f"{made}, by an authority {self.authority}"

    def obstacle(self, *, removing: bool) -> str:
        if not removing and (lacking := certificates.why_not()):
            return lacking
        return next((why for file in self._files() if (why := no_right(file))), "")

    def do(self) -> None:
        if self._is_good():
            _give(self.key, self.owner, 0o600)
            return
        by = self._authority()
        made = certificates.new_certificate(self.names, by)
        _write(self.key, made.key.decode(), mode=0o600, owner=self.owner)
        _write(self.certificate, made.certificate.decode(), mode=0o644)

    def undo(self) -> None:
        for each in self._files():
            _remove(each)

    def _authority(self) -> Pair:
        if self.authority.exists() and self.authority_key.exists():
            return Pair(_text(self.authority).encode(), _text(self.authority_key).encode())
        made = certificates.new_authority()
        _write(self.authority_key, made.key.decode(), mode=0o600)
        _write(self.authority, made.certificate.decode(), mode=0o644)
        return made

    def _is_good(self) -> bool:
        if self.renew or certificates.why_not() or not (self.key.exists()):
            return False
        if not (self.authority.exists() and self.authority_key.exists()):
            return False
        there = _text(self.certificate).encode()
        return certificates.still_good(there, self.names, datetime.now(UTC))

    def _files(self) -> tuple[Path, ...]:
        return self.certificate, self.key, self.authority, self.authority_key


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise InstallError(f"{file} can't be read: {error.strerror}; run it with sudo") from error


def _write(
    file: Path, text: str, *, mode: int, owner: str = "", ids: tuple[int, int] | None = None
) -> None:
    """As a whole or not at all, and at no moment readable by more than it shall be."""
    made: Path | None = None
    try:
        number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        made = Path(name)
        with os.fdopen(number, "w", encoding="utf-8", errors="surrogateescape") as opened:
            opened.write(text)
        if ids is not None:
            os.chown(made, *ids)
        _give(made, owner, mode)
        made.replace(file)
    except (OSError, LookupError) as error:
        if made is not None:
            made.unlink(missing_ok=True)
        raise InstallError(f"{file} can't be written: {error}") from error


def _give(file: Path, owner: str, mode: int) -> None:
    try:
        give(file, owner)
        file.chmod(mode)
    except (OSError, LookupError) as error:
        raise InstallError(f"{file} can't be given to {owner}: {error}") from error


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise InstallError(f"{file} can't be removed: {error.strerror}") from error
