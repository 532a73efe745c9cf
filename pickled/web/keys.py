"""Who may come in: the token that signs in, what it makes, and how often somebody may guess."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pickled.errors import ConfigError
from pickled.recent import Recent

SIGNED_IN_S = 30 * 24 * 3600
"""So long a browser stays signed in."""
TOKEN_FILE = "web-token"  # noqa: S105  # a file's name

_FREE_TRIES, _FIRST_WAIT_S, _LONGEST_WAIT_S = 5, 10.0, 900.0


@dataclass(frozen=True)
class Keys:
    """All that is made from one token; nothing of it is kept here."""

    token: str

    @property
    def overlay(self) -> str:
        """For the address of the overlay: it shows the pages of the overlay, and nothing else."""
        return self._sign("overlay")[:32]

    def is_owner(self, given: str) -> bool:
        """Is that the token?"""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def is_overlay(self, given: str) -> bool:
        """Is that the overlay's?"""
        return hmac.compare_digest(given.encode(), self.overlay.encode())

    def pass_until(self, moment: int) -> str:
        """What a signed-in browser shows, until that Unix time."""
        return f"{moment}.{self._sign(f'owner {moment}')}"

    def is_pass(self, given: str, now: float) -> bool:
        """Is it one that still holds?"""
        moment, _, sign = given.partition(".")
        if not moment.isascii() or not moment.isdecimal() or len(moment) > 12:
            return False
        good = hmac.compare_digest(sign.encode(), self._sign(f"owner {moment}").encode())
        return good and now < int(moment)

    def _sign(self, what: str) -> str:
        return hmac.new(self.token.encode(), what.encode(), hashlib.sha256).hexdigest()


@dataclass
class Guesses:
    """Wrong tokens by where they came from: five are free, then each costs a longer wait."""

    _wrong: Recent[str, tuple[int, float]] = field(default_factory=lambda: Recent(1_000))
    """Where from → how many, and until when nothing more is looked at."""

    def wait_s(self, whence: str, now: float) -> float:
        """How long whoever comes from there has to wait; 0: not at all."""
        _, until = self._wrong.get(whence, (0, 0.0))
        return max(0.0, until - now)

    def wrong(self, whence: str, now: float) -> None:
        """Another one was wrong."""
        count = self._wrong.get(whence, (0, 0.0))[0] + 1
        over = count - _FREE_TRIES
        wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(over, 10)) if over >= 0 else 0.0
        self._wrong[whence] = (count, now + wait)

    def right(self, whence: str) -> None:
        """That one was right."""
        self._wrong.pop(whence, None)


def kept_token(folder: Path) -> str:
    """The token that is kept in that folder, made if there is none; raises ConfigError."""
    path = folder / TOKEN_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "w") as file:
                file.write(secrets.token_urlsafe(24) + "\n")
        except FileExistsError:
            pass
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be used: {error}; or name a web.token_file") from error
    if len(token) < 16:
        raise ConfigError(f"{path} holds no token of 16 letters or more: delete it, or write one")
    return token
