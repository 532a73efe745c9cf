"""Entries as rows: how they are written, merged, read back and forgotten."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast, get_args

import apsw

from pickled.memory import opt_out
from pickled.memory.stored_time import milliseconds, moment
from pickled.messages.memory import Entry, EntrySource

LATIN_MONTHS = (
    "January February March April May June July August September October November December"
)
_MONTHS = LATIN_MONTHS.split()


def said_as(entry: Entry) -> str:
    """The text as it is indexed, embedded and shown: `Ana (08 May 2023): my dog is ill`."""
    date = day(entry.at)
    return f"{entry.author} ({date}): {entry.text}" if entry.author else f"({date}) {entry.text}"


def day(at: datetime) -> str:
    """As memory writes it: `08 May 2023`."""
    return f"{at.day:02d} {_MONTHS[at.month - 1]} {at.year}"


def put(connection: apsw.Connection, entries: Iterable[Entry], *, merge: bool) -> int:
    """Write entries; how many are new. What is there already by its id is left as it is.

    Nothing is written of who opted out, nor from before somebody was forgotten. With `merge`, the
    same said again by the same author in the same scope is counted, not kept.
    """
    new = 0
    may_be_kept = opt_out.gate(connection)
    scopes: dict[tuple[str, str], int] = {}
    for entry in entries:
        if not _may_be_kept(entry, may_be_kept):
            continue
        scope = scopes.get((entry.persona, entry.channel))
        if scope is None:
            scope = _scope(connection, entry.persona, entry.channel)
            scopes[entry.persona, entry.channel] = scope
        new += _put(connection, entry, scope, merge=merge)
    return new


def refused(connection: apsw.Connection, entries: Iterable[Entry]) -> int:
    """How many of them `put` leaves out, because somebody asked to be forgotten."""
    may_be_kept = opt_out.gate(connection)
    return sum(not _may_be_kept(each, may_be_kept) for each in entries)


def _may_be_kept(entry: Entry, gate: Callable[[str, int], bool]) -> bool:
    at = milliseconds(entry.at)
    return all(gate(each, at) for each in (entry.author_id, *entry.about))


def _put(connection: apsw.Connection, entry: Entry, scope: int, *, merge: bool) -> bool:
    digest = _hash(entry, scope, "" if merge else entry.id)
    expires = milliseconds(entry.expires_at) if entry.expires_at else None
    row = connection.execute(
        _INSERT,
        (
            entry.id,
            scope,
            entry.stream,
            milliseconds(entry.at),
            entry.author,
            entry.author_id,
            entry.source,
            entry.text,
            said_as(entry),
            entry.importance,
            expires,
            digest,
        ),
    ).fetchone()
    if row is None:
        row = connection.execute(_SEEN_AGAIN, (entry.importance, expires, digest, entry.id))
        row = row.fetchone()
        if row is None:  # its id is taken: it was told before
            return False
        number, new = row[0], False
    else:
        number, new = row[0], True
    connection.executemany(
        "INSERT OR IGNORE INTO origin (message, entry) VALUES (?, ?)",
        [(origin, number) for origin in entry.origins],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO about (viewer, entry) VALUES (?, ?)",
        [(viewer, number) for viewer in entry.about],
    )
    return new


_INSERT = """
INSERT INTO entry (id, scope, stream, at, author, author_id, source, text, said_as, importance,
                   expires_at, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING number
"""
_SEEN_AGAIN = """
UPDATE entry SET seen = seen + 1, importance = max(importance, ?),
  expires_at = CASE WHEN expires_at IS NULL THEN NULL ELSE max(expires_at, ?) END
WHERE hash = ? AND id != ? RETURNING number
"""


def _scope(connection: apsw.Connection, persona: str, channel: str) -> int:
    connection.execute(
        "INSERT INTO scope (persona, channel) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (persona, channel),
    )
    row = connection.execute(
        "SELECT number FROM scope WHERE persona = ? AND channel = ?", (persona, channel)
    ).fetchone()
    assert row is not None
    return int(cast("int", row[0]))


def _hash(entry: Entry, scope: int, alone: str) -> bytes:
    plain = unicodedata.normalize("NFKC", entry.text).casefold()
    plain = " ".join(re.findall(r"\w+", plain)) or plain
    parts = [scope, entry.author_id or entry.author, entry.source, plain, alone]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).digest()


def remove(
    connection: apsw.Connection, numbers: Sequence[int], *, derived_too: bool = True
) -> list[int]:
    """Delete entries, and all that was derived from them; the numbers that went.

    Not what was derived, where entries only end: a summary outlives the chat that it sums up.
    """
    gone: list[int] = []
    while numbers:
        listed = json.dumps(list(numbers))
        derived = connection.execute(_DERIVED, (listed, listed)).fetchall() if derived_too else []
        connection.execute(
            "DELETE FROM entry WHERE number IN (SELECT value FROM json_each(?))", (listed,)
        )
        gone.extend(numbers)
        numbers = [int(cast("int", row[0])) for row in derived]
    return gone


_DERIVED = """
SELECT DISTINCT origin.entry FROM entry JOIN origin ON origin.message = entry.id
WHERE entry.number IN (SELECT value FROM json_each(?))
  AND origin.entry NOT IN (SELECT value FROM json_each(?))
"""


def numbers_of(
    connection: apsw.Connection,
    *,
    entry: str | None = None,
    message: str | None = None,
    author_id: str | None = None,
) -> list[int]:
    """The entries with that id, from that message, by or about that viewer."""
    rows = connection.execute(
        """
        SELECT number FROM entry WHERE id = :entry OR id = :message
        UNION SELECT entry FROM origin WHERE message = :message
        UNION SELECT number FROM entry WHERE author_id = :author AND author_id != ''
        UNION SELECT entry FROM about WHERE viewer = :author
        """,
        {"entry": entry, "message": message, "author": author_id},
    )
    return [int(row[0]) for row in rows]


def expire(connection: apsw.Connection, *, now_ms: int, limit: int) -> list[int]:
    """Delete entries whose time is over; what was derived from them has a time of its own."""
    query = "SELECT number FROM entry WHERE expires_at <= ? LIMIT ?"
    old = [int(cast("int", row[0])) for row in connection.execute(query, (now_ms, limit))]
    return remove(connection, old, derived_too=False)


def entries(connection: apsw.Connection) -> Iterator[Entry]:
    """All of them, oldest first."""
    for row in connection.execute(_ALL):
        (number, id_, at, author, author_id, text, source, channel, persona, stream) = row[:10]
        importance, expires = row[10:]
        yield Entry(
            id=id_,
            at=moment(at),
            author=author,
            author_id=author_id,
            text=text,
            source=source if source in get_args(EntrySource) else "import",
            channel=channel,
            persona=persona,
            stream=stream,
            importance=importance,
            origins=_column(connection, "SELECT message FROM origin WHERE entry = ?", number),
            about=_column(connection, "SELECT viewer FROM about WHERE entry = ?", number),
            expires_at=moment(expires) if expires is not None else None,
        )


_ALL = """
SELECT e.number, e.id, e.at, e.author, e.author_id, e.text, e.source, s.channel, s.persona,
  e.stream, e.importance, e.expires_at
FROM entry e JOIN scope s ON s.number = e.scope ORDER BY e.number
"""


def _column(connection: apsw.Connection, sql: str, number: int) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in connection.execute(sql, (number,)))
