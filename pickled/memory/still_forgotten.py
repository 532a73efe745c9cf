"""Keeps forgotten who was: a backup that is older than their wish brings nobody back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import apsw

from pickled.memory import opt_out
from pickled.memory.database import Database
from pickled.memory.forget import forget_viewer
from pickled.memory.long_term import LongTerm
from pickled.memory.opt_out import Forgotten
from pickled.memory.stored_time import moment


@dataclass(frozen=True)
class Asked:
    """Who was forgotten or opted out in a memory, as far as it is kept."""

    salt: bytes = b""
    hashes: Mapping[bytes, Forgotten] = field(default_factory=dict)

    def of(self, user_id: str) -> Forgotten | None:
        """When that viewer was forgotten, if they were."""
        return self.hashes.get(opt_out.hash_of(self.salt, user_id)) if self.hashes else None


def asked_in(connection: apsw.Connection) -> Asked:
    """All who asked to be forgotten there."""
    rows: list[Any] = connection.execute("SELECT hash, at, opted_out FROM forgotten").fetchall()
    hashes = {bytes(hash_): Forgotten(at, bool(out)) for hash_, at, out in rows}
    return Asked(opt_out.salt(connection), hashes)


async def keep_forgotten(database: Database, asked: Asked) -> tuple[int, int]:
    """Forget in a restored memory whom another one had forgotten.

    Tells how many viewers that were, and how many wishes can't be carried over: where the memories
    are not of one origin, only those of viewers whom the restored one knows can.
    """
    if not asked.hashes:
        return 0, 0
    still, found = 0, 0
    for user_id in await database.read(_user_ids):
        wish = asked.of(user_id)
        if wish is None:
            continue
        found += 1
        known = await database.read(lambda of, who=user_id: opt_out.forgotten(of, who))  # type: ignore[misc]
        if known is not None and known.at_ms >= wish.at_ms and known.opted_out >= wish.opted_out:
            continue
        at = moment(wish.at_ms)
        memory = LongTerm(database, None, lambda: datetime.now(UTC))
        who, out = f"id:{user_id}", wish.opted_out
        await forget_viewer(database, memory, who, now=at, opted_out=out)
        still += 1
    if await database.read(opt_out.salt) != asked.salt:
        return still, len(asked.hashes) - found
    await database.write(lambda to: _note_all(to, asked))
    return still, 0


def _note_all(connection: apsw.Connection, asked: Asked) -> None:
    for hash_, wish in asked.hashes.items():
        opt_out.note_hash(connection, hash_, at_ms=wish.at_ms, opted_out=wish.opted_out)


def _user_ids(connection: apsw.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT user_id FROM viewer UNION SELECT author_id FROM entry"
        " UNION SELECT viewer FROM about"
    )
    return [str(each) for (each,) in rows.fetchall() if each]
