"""The rows of facts that viewers told: kept, replaced, ranked, and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import apsw

from pickled.language.facts.facts import FoundFact
from pickled.memory.stored_time import milliseconds, moment
from pickled.messages.memory import Fact, Scope

MOST_FACTS = 50
"""Kept for a viewer, replaced ones too."""

TOLD_FACTS = 5
"""In a profile."""

_HISTORY = 3
_LEAST_WEIGHT = 0.05
_HALF_LIFE = {
    "state": timedelta(days=14),
    "plan": timedelta(days=14),
    "activity": timedelta(days=180),
}
_WORTH = {"state": 1.4, "plan": 1.3, "has": 1.0, "identity": 1.0, "taste": 0.8, "activity": 0.8}


def add_fact(
    connection: apsw.Connection, viewer: int, fact: FoundFact, *, message: str, at: datetime
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
    when, sure, replaced_at = milliseconds(at), fact.confidence, None
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
            milliseconds(fact.until) if fact.until else None,
            replaced_at,
        ),
    )
    _limit_facts(connection, viewer, fact.subject)


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


def all_facts(connection: apsw.Connection, viewer: int) -> tuple[Fact, ...]:
    """All facts, replaced ones too, the newest first."""
    rows = connection.execute(
        "SELECT fact.number, name || predicate, message, confidence, at, kind, until"
        " FROM fact JOIN viewer ON viewer.number = fact.viewer"
        " WHERE viewer = ? ORDER BY at DESC, fact.number DESC",
        (viewer,),
    )
    return tuple(map(_fact, rows.fetchall()))


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


def _weight(fact: Fact, now: datetime) -> float:
    since = fact.until if fact.until is not None else fact.at
    age = max(timedelta(), now - since)
    half_life = _HALF_LIFE.get(fact.kind, timedelta(days=365))
    return float(fact.confidence * _WORTH.get(fact.kind, 0.8) * 0.5 ** (age / half_life))


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
