"""The rows of viewers: names, visits, counts; what `Viewers` does within its transactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import apsw

from pickled.memory.stored_time import milliseconds, moment
from pickled.messages.memory import Fact, Scope, ViewerProfile

MOST_NAMES = 10
LONGEST_NAME = 64

_ROLES = {
    "broadcaster": "broadcaster",
    "moderator": "moderator",
    "vip": "vip",
    "subscriber": "subscriber",
    "founder": "subscriber",
}


def scope_number(connection: apsw.Connection, scope: Scope) -> int:
    """The scope's row, which is made if need be."""
    connection.execute(
        "INSERT OR IGNORE INTO scope (persona, channel) VALUES (?, ?)",
        (scope.persona, scope.channel),
    )
    found = _scope(connection, scope)
    assert found is not None
    return found


def number_of(connection: apsw.Connection, user_id: str, scope: Scope) -> int | None:
    """The viewer's row in that scope."""
    return _one(
        connection,
        "SELECT viewer.number FROM viewer JOIN scope ON scope.number = viewer.scope"
        " WHERE user_id = ? AND persona = ? AND channel = ?",
        (user_id, scope.persona, scope.channel),
    )


def touch(
    connection: apsw.Connection,
    scope: int,
    *,
    user_id: str,
    name: str,
    at: datetime,
    stream: str,
    others: Iterable[str] = (),
    badges: Iterable[str] = (),
    messages: int = 0,
) -> int:
    """They were here: raises the counts, notes new names; the viewer's row.

    `others` are names that are not shown, as a login: they find the viewer, too.
    """
    roles = sorted({_ROLES[each.split("/")[0]] for each in badges if each.split("/")[0] in _ROLES})
    name, now = name[:LONGEST_NAME] or user_id[:LONGEST_NAME], milliseconds(at)
    row: list[Any] = connection.execute(
        """
        INSERT INTO viewer (user_id, scope, name, first_seen, last_seen, messages, roles)
        VALUES (:user, :scope, :name, :at, :at, :messages, :roles)
        ON CONFLICT (user_id, scope) DO UPDATE SET
            name = iif(:at >= last_seen, excluded.name, name),
            roles = iif(:messages > 0 AND :at >= last_seen, excluded.roles, roles),
            first_seen = min(first_seen, :at), last_seen = max(last_seen, :at),
            messages = messages + :messages
        RETURNING number
        """,
        {
            "user": user_id[:LONGEST_NAME],
            "scope": scope,
            "name": name,
            "at": now,
            "messages": messages,
            "roles": " ".join(roles),
        },
    ).fetchall()
    number = int(row[0][0])
    _note_names(connection, number, (name, *(each[:LONGEST_NAME] for each in others)), now)
    if stream:
        connection.execute(
            "INSERT INTO visit (viewer, stream, until) VALUES (?, ?, ?)"
            " ON CONFLICT (viewer, stream) DO UPDATE SET until = max(until, excluded.until)",
            (number, stream[:64], now),
        )
    return number


def _note_names(connection: apsw.Connection, viewer: int, names: Iterable[str], now: int) -> None:
    new = 0
    for name in names:
        connection.execute(
            "INSERT OR IGNORE INTO viewer_alias (viewer, name, since) VALUES (?, ?, ?)",
            (viewer, name, now),
        )
        new += connection.changes()
    if new:
        connection.execute(
            "DELETE FROM viewer_alias WHERE viewer = ?1 AND name NOT IN (SELECT name FROM"
            " viewer_alias WHERE viewer = ?1 ORDER BY since DESC LIMIT ?2)",
            (viewer, MOST_NAMES),
        )


def profile_of(
    connection: apsw.Connection, viewer: int, *, facts: tuple[Fact, ...]
) -> ViewerProfile | None:
    """The viewer's row as a profile, with those facts."""
    row = connection.execute(
        "SELECT user_id, name, first_seen, last_seen, messages, roles, bits, subs,"
        " (SELECT count(*) FROM visit WHERE visit.viewer = viewer.number),"
        " (SELECT until FROM visit WHERE visit.viewer = viewer.number"
        " ORDER BY until DESC LIMIT 1 OFFSET 1)"
        " FROM viewer WHERE number = ?",
        (viewer,),
    ).fetchone()
    if row is None:
        return None
    user_id, name, first, last, messages, roles, bits, subs, streams, before = row
    names: list[Any] = connection.execute(
        "SELECT name FROM viewer_alias WHERE viewer = ? ORDER BY since, name", (viewer,)
    ).fetchall()
    former = [each for (each,) in names if each.casefold() != name.casefold()]
    return ViewerProfile(
        user_id=user_id,
        name=name,
        names=(*former, name),
        first_seen=moment(first),
        last_seen=moment(last),
        last_visit=None if before is None else moment(before),
        streams=streams,
        messages=messages,
        roles=tuple(roles.split()),
        bits=bits,
        subs=subs,
        facts=facts,
    )


def find_number(connection: apsw.Connection, who: str, scope: Scope | None) -> int | None:
    """The viewer of that name or `id:<user id>`: present names first, then who came last."""
    among, values = "", {"who": who.removeprefix("@").strip()}
    if scope is not None:
        within = _scope(connection, scope)
        among, values = "AND scope = :scope", values | {"scope": str(within or -1)}
    if who.startswith("id:"):
        values["who"] = who.removeprefix("id:")
        return _one(
            connection,
            f"SELECT number FROM viewer WHERE user_id = :who {among}"  # noqa: S608
            " ORDER BY last_seen DESC",
            values,
        )
    return _one(
        connection,
        "SELECT number FROM viewer WHERE number IN (SELECT viewer FROM viewer_alias"  # noqa: S608
        f" WHERE name = :who) {among}"
        " ORDER BY name = :who COLLATE NOCASE DESC, last_seen DESC",
        values,
    )


def _scope(connection: apsw.Connection, scope: Scope) -> int | None:
    return _one(
        connection,
        "SELECT number FROM scope WHERE persona = ? AND channel = ?",
        (scope.persona, scope.channel),
    )


def _one(connection: apsw.Connection, query: str, values: object) -> int | None:
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else None
