"""Who asked to be forgotten: a salted hash of the user id and the moment, never the id itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import apsw


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is kept of somebody who was forgotten."""

    at_ms: int
    """Nothing that is older comes back, from a copy or an import."""
    opted_out: bool
    """Nothing is ever kept of them."""


def forgotten(connection: apsw.Connection, user_id: str) -> Forgotten | None:
    """When that viewer was forgotten, if they were."""
    query = "SELECT at, opted_out FROM forgotten WHERE hash = ?"
    row = connection.execute(query, (_hash(_salt(connection), user_id),)).fetchone()
    return Forgotten(row[0], bool(row[1])) if row else None


def refused(connection: apsw.Connection, user_ids: Collection[str]) -> frozenset[str]:
    """Those of the viewers who opted out: nothing of theirs may be stored."""
    if not user_ids:
        return frozenset()
    rows = connection.execute("SELECT hash FROM forgotten WHERE opted_out = 1").fetchall()
    hashes = {row[0] for row in rows}
    if not hashes:
        return frozenset()
    salt = _salt(connection)
    return frozenset(each for each in user_ids if each and _hash(salt, each) in hashes)


def gate(connection: apsw.Connection) -> Callable[[str, int], bool]:
    """Tells for a viewer's id and a moment (ms since 1970) whether something may be kept.

    Not of who opted out, and nothing from before somebody was forgotten.
    """
    rows: list[Any] = connection.execute("SELECT hash, at, opted_out FROM forgotten").fetchall()
    if not rows:
        return lambda _user_id, _at_ms: True
    salt = _salt(connection)
    known = {hash_: Forgotten(at, bool(opted_out)) for hash_, at, opted_out in rows}

    def may_be_kept(user_id: str, at_ms: int) -> bool:
        found = known.get(_hash(salt, user_id)) if user_id else None
        return found is None or (not found.opted_out and at_ms > found.at_ms)

    return may_be_kept


def note(connection: apsw.Connection, user_id: str, *, at_ms: int, opted_out: bool) -> None:
    """Keep that they were forgotten; who opted out stays so."""
    connection.execute(
        "INSERT INTO forgotten (hash, at, opted_out) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE"
        " SET at = max(at, excluded.at), opted_out = max(opted_out, excluded.opted_out)",
        (_hash(_salt(connection), user_id), at_ms, int(opted_out)),
    )


def _salt(connection: apsw.Connection) -> bytes:
    row = connection.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()
    assert row, "step 2 of the migrations makes it"
    return bytes.fromhex(str(row[0]))


def _hash(salt: bytes, user_id: str) -> bytes:
    return hashlib.blake2b(user_id.encode(), key=salt, digest_size=16).digest()
