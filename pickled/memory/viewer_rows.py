"""The rows of viewers and facts: what `Viewers` does within its transactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import apsw

from pickled.language.facts.facts import Found
from pickled.messages.memory import Fact, Scope, ViewerProfile

MOST_FACTS = 50
"""Kept for a viewer, replaced ones too."""

MOST_NAMES = 10
LONGEST_NAME = 64
TOLD_FACTS = 5
"""In a profile."""

_HISTORY = 3
_ROLES = {
    "broadcaster": "broadcaster",
    "moderator": "moderator",
    "vip": "vip",
    "subscriber": "subscriber",
    "founder": "subscriber",
}


def ms(moment: datetime) -> int:
    """Milliseconds since 1970, as moments are stored."""
    return int(moment.timestamp() * 1000)


def moment(stored: int) -> datetime:
    """The moment that was stored."""
    return datetime.fromtimestamp(stored / 1000, UTC)


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
    badges: Iterable[str] = (),
    messages: int = 0,
) -> int:
    """They were here: raises the counts, notes a new name; the viewer's row."""
    roles = sorted({_ROLES[each.split("/")[0]] for each in badges if each.split("/")[0] in _ROLES})
    name, now = name[:LONGEST_NAME] or user_id[:LONGEST_NAME], ms(at)
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
    connection.execute(
        "INSERT OR IGNORE INTO viewer_alias (viewer, name, since) VALUES (?, ?, ?)",
        (number, name, now),
    )
    if connection.changes():
        connection.execute(
            "DELETE FROM viewer_alias WHERE viewer = ?1 AND name NOT IN (SELECT name FROM"
            " viewer_alias WHERE viewer = ?1 ORDER BY since DESC LIMIT ?2)",
            (number, MOST_NAMES),
        )
    if stream:
        connection.execute(
            "INSERT INTO visit (viewer, stream, until) VALUES (?, ?, ?)"
            " ON CONFLICT (viewer, stream) DO UPDATE SET until = max(until, excluded.until)",
            (number, stream[:64], now),
        )
    return number


def add_fact(
    connection: apsw.Connection, viewer: int, fact: Found, *, message: str, at: datetime
) -> None:
    """Keep a fact; it replaces an older one of its subject, and said again it is surer.

    From a message that told the same before, nothing new comes.
    """
    known = "SELECT 1 FROM fact WHERE viewer = ? AND subject = ? AND predicate = ? AND message = ?"
    if connection.execute(known, (viewer, fact.subject, fact.predicate, message)).fetchone():
        return
    valid = connection.execute(
        "SELECT number, at, predicate, confidence FROM fact"
        " WHERE viewer = ? AND subject = ? AND valid_to IS NULL",
        (viewer, fact.subject),
    ).fetchone()
    when, sure, replaced_at = ms(at), fact.confidence, None
    if valid:
        number, before, predicate, confidence = valid
        if predicate == fact.predicate:
            sure = min(1.0, max(sure, confidence) + 0.05)
        if before > when:  # a late message knows no better than a newer one
            replaced_at = before
        else:
            connection.execute("UPDATE fact SET valid_to = ? WHERE number = ?", (when, number))
    connection.execute(
        "INSERT INTO fact (viewer, kind, subject, predicate, message, confidence, at, until,"
        " valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            viewer,
            fact.kind,
            fact.subject,
            fact.predicate,
            message,
            sure,
            when,
            ms(fact.until) if fact.until else None,
            replaced_at,
        ),
    )
    _limit_facts(connection, viewer, fact.subject)


def _limit_facts(connection: apsw.Connection, viewer: int, subject: str) -> None:
    connection.execute(
        "DELETE FROM fact WHERE viewer = ?1 AND subject = ?2 AND valid_to IS NOT NULL"
        " AND number NOT IN (SELECT number FROM fact WHERE viewer = ?1 AND subject = ?2"
        " AND valid_to IS NOT NULL ORDER BY at DESC, number DESC LIMIT ?3)",
        (viewer, subject, _HISTORY),
    )
    connection.execute(
        "DELETE FROM fact WHERE viewer = ?1 AND number NOT IN (SELECT number FROM fact"
        " WHERE viewer = ?1 ORDER BY valid_to IS NULL DESC, at DESC, number DESC LIMIT ?2)",
        (viewer, MOST_FACTS),
    )


def best_facts(connection: apsw.Connection, viewer: int, *, now: datetime) -> tuple[Fact, ...]:
    """The facts that matter most now: sure, recent, or about to happen."""
    rows = connection.execute(
        "SELECT fact.number, name || predicate, message, confidence, at, kind, until"
        " FROM fact JOIN viewer ON viewer.number = fact.viewer"
        " WHERE viewer = ? AND valid_to IS NULL",
        (viewer,),
    ).fetchall()
    facts = [_fact(row) for row in rows]
    ranked = sorted(facts, key=lambda each: (_weight(each, now), each.at, each.id), reverse=True)
    return tuple(each for each in ranked if _weight(each, now) > _LEAST_WEIGHT)[:TOLD_FACTS]


_LEAST_WEIGHT = 0.05
_HALF_LIFE = {
    "state": timedelta(days=14),
    "plan": timedelta(days=14),
    "activity": timedelta(days=180),
}
_WORTH = {"state": 1.4, "plan": 1.3, "has": 1.0, "identity": 1.0, "taste": 0.8, "activity": 0.8}


def _weight(fact: Fact, now: datetime) -> float:
    since = fact.until if fact.until is not None else fact.at
    age = max(timedelta(), now - since)
    half_life = _HALF_LIFE.get(fact.kind, timedelta(days=365))
    return float(fact.confidence * _WORTH.get(fact.kind, 0.8) * 0.5 ** (age / half_life))


def all_facts(connection: apsw.Connection, viewer: int) -> tuple[Fact, ...]:
    """All facts, replaced ones too, the newest first."""
    rows = connection.execute(
        "SELECT fact.number, name || predicate, message, confidence, at, kind, until"
        " FROM fact JOIN viewer ON viewer.number = fact.viewer"
        " WHERE viewer = ? ORDER BY at DESC, fact.number DESC",
        (viewer,),
    )
    return tuple(map(_fact, rows.fetchall()))


def _fact(row: tuple[object, ...]) -> Fact:
    number, text, message, confidence, at, kind, until = row
    return Fact.model_validate(
        {
            "id": f"fact-{number}",
            "text": text,
            "source_message": message,
            "confidence": confidence,
            "at": moment(int(str(at))),
            "kind": kind,
            "until": None if until is None else moment(int(str(until))),
        }
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
    """The viewer of that login or `id:<user id>`: present names first, then who came last."""
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


def unsee_message(connection: apsw.Connection, message_id: str) -> int:
    """Drop the facts of a message; what they had replaced holds again."""
    rows = connection.execute(
        "DELETE FROM fact WHERE message = ? RETURNING viewer, subject", (message_id,)
    ).fetchall()
    for viewer, subject in set(rows):
        connection.execute(
            "UPDATE fact SET valid_to = NULL WHERE number = (SELECT number FROM fact WHERE"
            " viewer = ?1 AND subject = ?2 ORDER BY at DESC, number DESC LIMIT 1) AND NOT EXISTS"
            " (SELECT 1 FROM fact WHERE viewer = ?1 AND subject = ?2 AND valid_to IS NULL)",
            (viewer, subject),
        )
    return len(rows)


def unsee_user(connection: apsw.Connection, user_id: str, scope: Scope | None) -> int:
    """Drop all facts of a viewer; in a scope's channel only, whatever the persona."""
    connection.execute(
        "DELETE FROM fact WHERE viewer IN (SELECT viewer.number FROM viewer JOIN scope"
        " ON scope.number = viewer.scope WHERE user_id = ? AND (? IS NULL OR channel = ?))",
        (user_id, scope and scope.channel, scope and scope.channel),
    )
    return connection.changes()


def export_rows(
    connection: apsw.Connection, user_id: str, scope: Scope | None
) -> list[dict[str, object]]:
    """Profiles with all facts, one for each scope."""
    rows: list[Any] = connection.execute(
        "SELECT viewer.number, persona, channel FROM viewer JOIN scope"
        " ON scope.number = viewer.scope WHERE user_id = ? ORDER BY persona, channel",
        (user_id,),
    ).fetchall()
    exported: list[dict[str, object]] = []
    for number, persona, channel in rows:
        if scope is not None and (persona, channel) != (scope.persona, scope.channel):
            continue
        profile = profile_of(connection, number, facts=all_facts(connection, number))
        if profile is not None:
            about = profile.model_dump(mode="json")
            exported.append({"persona": persona, "channel": channel, **about})
    return exported


def _scope(connection: apsw.Connection, scope: Scope) -> int | None:
    return _one(
        connection,
        "SELECT number FROM scope WHERE persona = ? AND channel = ?",
        (scope.persona, scope.channel),
    )


def _one(connection: apsw.Connection, query: str, values: object) -> int | None:
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else None
