"""Is the memory whole: the file, and what is indexed beside the rows that it is made of?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import apsw


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and what mends it."""

    what: str
    remedy: str


REPAIR = "`pickled memory check --repair` makes the indexes anew from the rows"
RESTORE = "restart pickled: it moves the file aside and restores the newest good copy"


def findings(
    connection: apsw.Connection, progress: Callable[[str], None] = lambda _: None
) -> list[Finding]:
    """All that is wrong; nothing is changed."""
    progress("pages of the file")
    # FTS5 checks what it has cached, which another connection may have changed: a query renews it.
    connection.execute("SELECT 1 FROM entry_words WHERE entry_words MATCH 'a' LIMIT 1").fetchall()
    damage = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    found = [
        Finding(each, REPAIR if "entry_words" in each else RESTORE)
        for each in damage
        if each != "ok"
    ]
    progress("full text")
    found += _words(connection)
    progress("vectors")
    return found + _vectors(connection)


def repair(connection: apsw.Connection) -> None:
    """Make the full text's index anew, and drop vectors that belong to nothing."""
    connection.execute("INSERT INTO entry_words (entry_words) VALUES ('rebuild')")
    connection.execute("DELETE FROM vector WHERE entry NOT IN (SELECT number FROM entry)")
    connection.execute(
        "UPDATE entry SET embedded = 0"
        " WHERE embedded = 1 AND number NOT IN (SELECT entry FROM vector)"
    )
    connection.execute(
        "UPDATE entry SET embedded = 1 WHERE embedded != 1 AND number IN (SELECT entry FROM vector)"
    )


def _words(connection: apsw.Connection) -> list[Finding]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM entry_words_docsize),"
        " (SELECT count(*) FROM entry WHERE number NOT IN (SELECT id FROM entry_words_docsize))"
    ).fetchone()
    rows, indexed, missing = row or (0, 0, 0)
    if rows == indexed and not missing:
        return []
    return [Finding(f"{rows} entries, but {indexed} in the full text ({missing} missing)", REPAIR)]


def _vectors(connection: apsw.Connection) -> list[Finding]:
    asked = {
        "vectors that belong to no entry": (
            "SELECT count(*) FROM vector WHERE entry NOT IN (SELECT number FROM entry)"
        ),
        "entries that should have a vector, and have none": (
            "SELECT count(*) FROM entry WHERE embedded = 1"
            " AND number NOT IN (SELECT entry FROM vector)"
        ),
        "entries with a vector that is not in use": (
            "SELECT count(*) FROM entry WHERE embedded != 1"
            " AND number IN (SELECT entry FROM vector)"
        ),
        "vectors of another length than the rest": (
            "SELECT sum(same) - max(same) FROM"
            " (SELECT count(*) AS same FROM vector GROUP BY length(embedding))"
        ),
    }
    found = []
    for what, sql in asked.items():
        row = connection.execute(sql).fetchone()
        if row and row[0]:
            found.append(Finding(f"{row[0]} {what}", REPAIR))
    return found
