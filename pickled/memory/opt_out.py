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
    row = connection.execute(query, (hash_of(salt(connection), user_id),)).fetchone()
    return Forgotten(row[0], bool(row[1])) if row else None


def refused(connection: apsw.Connection, user_ids: Collection[str]) -> frozenset[str]:
    """Those of the viewers who opted out: nothing of theirs may be stored."""
    if not user_ids:
        return frozenset()
    rows = connection.execute("SELECT hash FROM forgotten WHERE opted_out = 1").fetchall()
    hashes = {row[0] for row in rows}
    if not hashes:
        return frozenset()
    secret = salt(connection)
    return frozenset(each for each in user_ids if each and hash_of(secret, each) in hashes)


def gate(connection: apsw.Connection) -> Callable[[str, int], bool]:
    """Tells for a viewer's id and a moment (ms since 1970) whether something may be kept.

    Not of who opted out, and nothing from before somebody was forgotten.
    """
    rows: list[Any] = connection.execute("SELECT hash, at, opted_out FROM forgotten").fetchall()
    if not rows:
        return lambda _user_id, _at_ms: True
    secret = salt(connection)
    known = {hash_: Forgotten(at, bool(opted_out)) for hash_, at, opted_out in rows}

    def may_be_kept(user_id: str, at_ms: int) -> bool:
        found = known.get(hash_of(secret, user_id)) if user_id else None
        return found is None or (not found.opted_out and at_ms > found.at_ms)

    return may_be_kept


def note(connection: apsw.Connection, user_id: str, *, at_ms: int, opted_out: bool) -> None:
    """Keep that they were forgotten; who opted out stays so."""
    hash_ = hash_of(salt(connection), user_id)
    note_hash(connection, hash_, at_ms=at_ms, opted_out=opted_out)


def note_hash(connection: apsw.Connection, hash_: bytes, *, at_ms: int, opted_out: bool) -> None:
    """The same of who is known by the hash alone."""
    connection.execute(
        "INSERT INTO forgotten (hash, at, opted_out) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE"
        " SET at = max(at, excluded.at), opted_out = max(opted_out, excluded.opted_out)",
        (hash_, at_ms, int(opted_out)),
    )


def salt(connection: apsw.Connection) -> bytes:
    """What the hashes are made with; each memory has its own, and backups of it the same."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()
    assert row, "step 2 of the migrations makes it"
    return bytes.fromhex(str(row[0]))


def hash_of(secret: bytes, user_id: str) -> bytes:
    """What is kept of a user id."""
    return hashlib.blake2b(user_id.encode(), key=secret, digest_size=16).digest()
