"""The rows that episodes are made of: a stream's entries, read, merged and faded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import apsw

from pickled.memory.episodes import EpisodeEntry
from pickled.memory.stored_time import milliseconds, moment
from pickled.messages.memory import Scope

HALF_LIFE = timedelta(days=60)
"""In which the importance of what was said halves."""

LEAST_IMPORTANCE = 0.05


def pieces(connection: apsw.Connection, scope: Scope, stream: str) -> list[EpisodeEntry]:
    """What was said and happened in a stream, in the order of time."""
    rows = connection.execute(
        "SELECT id, at, author, author_id, source, text, seen FROM entry JOIN scope"
        " ON scope.number = entry.scope WHERE persona = ? AND channel = ? AND stream = ?"
        " AND source <> 'summary' ORDER BY at, id",
        (scope.persona, scope.channel, stream),
    ).fetchall()
    return [
        EpisodeEntry(
            id=str(id_),
            at=moment(cast("int", at)),
            author=str(author),
            author_id=str(author_id),
            source=str(source),
            text=str(text),
            seen=cast("int", seen),
        )
        for id_, at, author, author_id, source, text, seen in rows
    ]


def is_there(connection: apsw.Connection, *, name: str, chosen: list[EpisodeEntry]) -> bool:
    """Is the episode made of all of them? What has expired since doesn't matter."""
    rows = connection.execute(
        "SELECT message FROM origin JOIN entry ON entry.number = origin.entry WHERE id = ?",
        (name,),
    ).fetchall()
    return bool(rows) and {each.id for each in chosen} <= {row[0] for row in rows}


def is_gone(connection: apsw.Connection, ids: tuple[str, ...]) -> bool:
    """Is one of these entries not there any more?"""
    exists = "SELECT 1 FROM entry WHERE id = ?"
    return any(not connection.execute(exists, (each,)).fetchone() for each in ids)


def duplicates(
    connection: apsw.Connection, scope: Scope, stream: str
) -> list[tuple[str, list[str]]]:
    """The first of each author's entries that say the same, and the others."""
    groups: dict[tuple[str, str], list[str]] = {}
    for piece in pieces(connection, scope, stream):
        if piece.source == "chat":
            groups.setdefault((piece.author_id, piece.bare), []).append(piece.id)
    return [(ids[0], ids[1:]) for ids in groups.values() if len(ids) > 1]


def origins(connection: apsw.Connection, *, ids: list[str]) -> tuple[set[str], int]:
    """All messages that these entries stand for, and how often they were said."""
    messages, seen = set(ids), 0
    for each in ids:
        rows = connection.execute(
            "SELECT message FROM origin JOIN entry ON entry.number = origin.entry WHERE id = ?",
            (each,),
        )
        messages |= {row[0] for row in rows}
        found = connection.execute("SELECT seen FROM entry WHERE id = ?", (each,)).fetchone()
        seen += found[0] if found else 0
    return messages, seen


def stand_for(connection: apsw.Connection, *, kept: str, messages: set[str], seen: int) -> None:
    """Let one entry stand for these messages, too."""
    connection.execute("UPDATE entry SET seen = seen + ? WHERE id = ?", (seen, kept))
    connection.executemany(
        "INSERT OR IGNORE INTO origin (message, entry) SELECT ?, number FROM entry WHERE id = ?",
        [(each, kept) for each in messages],
    )


def fade(connection: apsw.Connection, scope: Scope, now: datetime) -> None:
    """Importance halves with time; the day up to which it did is noted, so twice is once."""
    key, today = f"faded {scope.persona} {scope.channel}", milliseconds(now) // 86_400_000
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    days = today - int(row[0]) if row else 0
    if days > 0:
        connection.execute(
            "UPDATE entry SET importance = max(?, importance * ?) WHERE source <> 'summary'"
            " AND scope = (SELECT number FROM scope WHERE persona = ? AND channel = ?)",
            (
                LEAST_IMPORTANCE,
                0.5 ** (timedelta(days=days) / HALF_LIFE),
                scope.persona,
                scope.channel,
            ),
        )
    if days > 0 or row is None:
        connection.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, str(today))
        )
