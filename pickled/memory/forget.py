"""Forgets a viewer, a message or a memory: every place where it is kept, down to the bytes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

import apsw

from pickled.errors import StoreError, UsageError
from pickled.language.facts.mentions import Person
from pickled.memory import file_copies, opt_out
from pickled.memory.database import Database
from pickled.memory.fact_rows import unsee_message
from pickled.memory.long_term import LongTerm
from pickled.memory.stored_time import milliseconds
from pickled.messages.chat import SOMEBODY

EXPORTS = "*.jsonl"
"""Files below the data folder that hold one thing a line: lines about who is forgotten go."""

VIEWER_EXPORTS = "viewer-*.json"
"""What `pickled viewer export` writes: a file about one person goes as a whole."""


Rewrite = Callable[[Database], Awaitable[int]]
"""Takes the bytes out, or sees to it that they go; how many copies went."""


async def forget_viewer(
    database: Database,
    long_term: LongTerm,
    who: str,
    *,
    now: datetime,
    data_dir: Path | None = None,
    opted_out: bool = False,
    rewrite: Rewrite | None = None,
) -> dict[str, int]:
    """Forget a viewer (any name, or `id:<user id>`) in every scope; tells how much went where.

    What they wrote, what was made of it, what others said of them by name, facts, profile, copies
    and exports. A salted hash stays, so that nothing older comes back, and, with `opted_out`, so
    that nothing is kept of them again. Of a name that is nobody's, nothing is touched. `rewrite` is
    `rewrite_bytes` where nothing else is given.

    Raises UsageError if several viewers had that name, StoreError if bytes can't be rewritten.
    """
    folder = data_dir if data_dir is not None else database.path.parent
    person = await database.read(lambda of: whose(of, who))
    if not person.ids and not await database.read(lambda of: _is_told_of(of, person)):
        lines = await asyncio.to_thread(_forget_lines, folder, person)
        return {"viewers": 0, "facts": 0, "entries": 0, "lines": lines, "copies": 0}
    copies = await asyncio.to_thread(_drop_copies, database)
    counts = await database.write(
        lambda to: _forget_rows(to, person, at_ms=milliseconds(now), opted_out=opted_out)
    )
    entries = 0
    for user_id in person.ids:
        entries += await long_term.forget(author_id=user_id)
    for entry in await database.read(lambda of: _left_about(of, person)):
        entries += await long_term.forget(entry=entry)
    counts |= {"entries": entries, "lines": await asyncio.to_thread(_forget_lines, folder, person)}
    return counts | {"copies": copies + await (rewrite or rewrite_bytes)(database)}


def is_somebody(counts: Mapping[str, int]) -> bool:
    """Did anything of theirs go? Copies of the file are nobody's."""
    return any(count for place, count in counts.items() if place != "copies")


async def forget_message(
    database: Database, long_term: LongTerm, message: str, *, rewrite: Rewrite | None = None
) -> dict[str, int]:
    """Forget one message, and what was made of it."""
    entries = await long_term.forget(message=message)
    facts = await database.write(lambda to: unsee_message(to, message))
    copies = await (rewrite or rewrite_bytes)(database)
    return {"entries": entries, "facts": facts, "copies": copies}


async def forget_entry(
    database: Database, long_term: LongTerm, entry: str, *, rewrite: Rewrite | None = None
) -> dict[str, int]:
    """Forget one memory, and what was made of it."""
    entries = await long_term.forget(entry=entry)
    return {"entries": entries, "copies": await (rewrite or rewrite_bytes)(database)}


async def rewrite_bytes(database: Database) -> int:
    """Take what was deleted out of the file, its journal and its copies; how many copies went.

    Raises StoreError if somebody reads all the time: then the bytes are still there.
    """
    await database.compact()
    return await asyncio.to_thread(_drop_copies, database)


def whose(connection: apsw.Connection, who: str) -> Person:
    """Everything that stands for somebody; raises UsageError if the name is of several."""
    wanted = who.strip().removeprefix("@")
    ids = _ids(connection, wanted)
    names = {wanted} if not wanted.startswith("id:") else set()
    messages: set[str] = set()
    for user_id in ids:
        names |= _column(
            connection,
            "SELECT name FROM viewer WHERE user_id = ?1 UNION SELECT viewer_alias.name"
            " FROM viewer_alias JOIN viewer ON viewer.number = viewer WHERE user_id = ?1"
            " UNION SELECT author FROM entry WHERE author_id = ?1",
            user_id,
        )
        messages |= _column(connection, "SELECT id FROM entry WHERE author_id = ?", user_id)
        messages |= _column(
            connection,
            "SELECT message FROM fact JOIN viewer ON viewer.number = viewer WHERE user_id = ?",
            user_id,
        )
    own = {each for each in names - {"", SOMEBODY} if not _has_other_owner(connection, each, ids)}
    return Person(ids, frozenset(own), frozenset(messages - {""}))


def _has_other_owner(connection: apsw.Connection, name: str, ids: frozenset[str]) -> bool:
    """Names are handed on: what is said of it may be about somebody else then."""
    owners = _column(connection, _NOW_CALLED, name) | _column(connection, _WROTE_AS, name)
    return bool(ids) and not owners <= ids


_NOW_CALLED = "SELECT user_id FROM viewer WHERE name = ? COLLATE NOCASE"
_ONCE_CALLED = (
    "SELECT user_id FROM viewer_alias JOIN viewer ON viewer.number = viewer"
    " WHERE viewer_alias.name = ? COLLATE NOCASE"
)
_WROTE_AS = "SELECT author_id FROM entry WHERE author = ? COLLATE NOCASE AND author_id <> ''"
_BY_NAME = (_NOW_CALLED, _ONCE_CALLED, _WROTE_AS)


def _ids(connection: apsw.Connection, wanted: str) -> frozenset[str]:
    if wanted.startswith("id:"):
        return frozenset({wanted.removeprefix("id:")} - {""})
    for query in _BY_NAME:
        found = _column(connection, query, wanted)
        if len(found) > 1:
            known = ", ".join(f"id:{each}" for each in sorted(found))
            raise UsageError(f"{wanted} is or was the name of several: say which of {known}.")
        if found:
            return frozenset(found)
    return frozenset()


def _drop_copies(database: Database) -> int:
    """Those that are being made, too: their maker finds that out, and makes another one."""
    for ending in (".unfinished", ".unfinished-journal"):
        database.path.with_name(database.path.name + ending).unlink(missing_ok=True)
    file_copies.drop_work(database.path)
    return database.drop_copies()


def _forget_rows(
    connection: apsw.Connection, person: Person, *, at_ms: int, opted_out: bool
) -> dict[str, int]:
    profiles = facts = 0
    for user_id in person.ids:
        facts += len(
            _column(
                connection,
                "SELECT fact.number FROM fact JOIN viewer ON viewer.number = viewer"
                " WHERE user_id = ?",
                user_id,
            )
        )
        connection.execute("DELETE FROM viewer WHERE user_id = ?", (user_id,))
        profiles += connection.changes()
        opt_out.note(connection, user_id, at_ms=at_ms, opted_out=opted_out)
    told = connection.execute("SELECT number, predicate FROM fact").fetchall()
    of_others = [(number,) for number, predicate in told if person.is_mentioned(str(predicate))]
    connection.executemany("DELETE FROM fact WHERE number = ?", of_others)
    return {"viewers": profiles, "facts": facts + len(of_others)}


def _is_told_of(connection: apsw.Connection, person: Person) -> bool:
    told = connection.execute("SELECT predicate FROM fact").fetchall()
    mentioned = any(person.is_mentioned(str(each)) for (each,) in told)
    return mentioned or bool(_left_about(connection, person))


def _left_about(connection: apsw.Connection, person: Person) -> list[str]:
    """Entries without an author's id that are theirs, and those whose text names them."""
    rows = connection.execute("SELECT id, author, author_id, source, text FROM entry")
    return [
        str(entry)
        for entry, author, author_id, source, text in rows
        if (not author_id and source not in _OURS and person.is_named(str(author)))
        or person.is_mentioned(str(text))
    ]


_OURS = ("cohost", "stream", "summary", "vision", "speech")
"""Their authors are no viewers."""


def _forget_lines(folder: Path, person: Person) -> int:
    gone = 0
    for path in sorted(folder.rglob(EXPORTS)):
        if path.is_file() and not path.is_symlink():
            gone += _without(path, person.is_of)
    for path in sorted(folder.rglob(VIEWER_EXPORTS)):
        if path.is_file() and person.is_of(path.read_text(encoding="utf-8", errors="replace")):
            path.unlink()
            gone += 1
    return gone


def _without(path: Path, is_theirs: Callable[[str], bool]) -> int:
    """Rewrite a file without some of its lines, at once or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    gone = 0
    try:
        with path.open(encoding="utf-8", errors="surrogateescape") as lines:
            theirs = any(map(is_theirs, lines))
        if not theirs:
            return 0
        with (
            path.open(encoding="utf-8", errors="surrogateescape") as lines,
            unfinished.open("w", encoding="utf-8", errors="surrogateescape") as kept,
        ):
            for line in lines:
                if is_theirs(line):
                    gone += 1
                else:
                    kept.write(line)
            kept.flush()
            os.fsync(kept.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"{path} can't be rewritten: {error.strerror}") from error
    return gone


def _column(connection: apsw.Connection, query: str, value: str) -> set[str]:
    return {str(each) for (each,) in connection.execute(query, (value,)).fetchall()}
