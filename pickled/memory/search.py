"""Finds what fits: words and vectors together, and what was said right before and after.

A score is the sum of shares of the best: how near in meaning (`cosine`), how many rare words in
common (`words`, those of the two neighbours counting less), and small things that only decide
between nearly equals. The weights are measured by `tests/bench/locomo.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import apsw

from pickled.memory.codes import Codes

MEANING = 0.7
"""What nearness in meaning counts; the words have the rest."""
BEFORE, AFTER = 0.3, 0.2
"""What the words of the line right before and right after count."""
NAMED, ASKING, RECENT, IMPORTANT, OFTEN = 0.1, 0.05, 0.01, 0.02, 0.01
"""On top: its author is named in the question; asks it; it is new; it matters; it was repeated."""
LEAST_COSINE = 0.25
"""Without a word in common, what is less near than this is no memory of it."""

_BY_MEANING = 250
_COMPARED = 60
_BY_WORDS = 120
_NEIGHBOUR_MS = 10 * 60_000
_MOST_TERMS = 24
_MONTH_MS = 30 * 86_400_000

_STOP = (
    "a about also am an and any are as at be been being but by can could d did didn do does doesn"
    " doing don down for from get go going got had has have having he her here him his how i if in"
    " into is isn it its just ll m me more most my no not of on or our out own re s same she should"
    " so some such t than that the their them then there these they this those to too up us ve very"
    " was wasn we went were what when where which who whom why will with would you your"
)
STOP = frozenset(_STOP.split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Question:
    """What is looked for."""

    text: str
    persona: str
    channel: str
    k: int
    now_ms: int
    viewer: str = ""
    """The id of who asks: their own memories come first among equals."""
    only_viewer: bool = False
    """Nothing but what that viewer said, or what is about them."""
    exclude: Collection[str] = ()
    """Ids of messages and entries that are known anyway."""
    vector: bytes | None = None
    least: float = 0.0
    """Smallest score."""


@dataclass
class Found:
    """An entry that fits, and why."""

    number: int
    id: str = ""
    text: str = ""
    author: str = ""
    author_id: str = ""
    source: str = ""
    at: int = 0
    importance: float = 0.0
    seen: int = 1
    cosine: float = 0.0
    words: float = 0.0
    own_words: float = 0.0
    score: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)


def terms(text: str) -> list[str]:
    """The words that matter, once each, in order."""
    found = (word for word in _WORD.findall(text.lower()) if word not in STOP)
    return list(dict.fromkeys(found))[:_MOST_TERMS]


def match_expression(words: Sequence[str]) -> str:
    """The words as FTS5 takes them: none of its operators can get in."""
    return " OR ".join(f'"{word}"' for word in words) or '""'


def search(connection: apsw.Connection, question: Question, *, codes: Codes | None) -> list[Found]:
    """The best `k`, best first."""
    row = connection.execute(
        "SELECT number FROM scope WHERE persona = ? AND channel = ?",
        (question.persona, question.channel),
    ).fetchone()
    if row is None:
        return []
    scope = int(row[0])
    words = _by_words(connection, question, scope)
    around = _neighbours(connection, words)
    cosines = _by_meaning(connection, question, scope, codes, {*words, *around})
    entries = _entries(connection, {*words, *around, *cosines}, question, scope)
    for found in entries.values():
        before, after = around.get(found.number, (0.0, 0.0))
        found.own_words = words.get(found.number, 0.0)
        found.words = found.own_words + BEFORE * before + AFTER * after
        found.cosine = cosines.get(found.number, 0.0)
    return _ranked(list(entries.values()), question)


def _by_words(connection: apsw.Connection, question: Question, scope: int) -> dict[int, float]:
    asked = terms(question.text)
    if not asked:
        return {}
    rows = connection.execute(
        "SELECT f.rowid, -f.rank FROM entry_words f CROSS JOIN entry e ON e.number = f.rowid"
        " WHERE f.entry_words MATCH ? AND e.scope = ? ORDER BY f.rank LIMIT ?",
        (match_expression(asked), scope, _BY_WORDS),
    )
    return {int(number): float(value) for number, value in rows}


def _neighbours(
    connection: apsw.Connection, words: Mapping[int, float]
) -> dict[int, tuple[float, float]]:
    """For each entry beside one with the words: the words before it, and after it."""
    around: dict[int, tuple[float, float]] = {}
    for number, value in words.items():
        row = connection.execute(_BESIDE, {"number": number, "gap": _NEIGHBOUR_MS}).fetchone()
        before, after = row if row else (None, None)
        if after is not None:
            around[after] = (value, around.get(after, (0.0, 0.0))[1])
        if before is not None:
            around[before] = (around.get(before, (0.0, 0.0))[0], value)
    return around


_BESIDE = """
SELECT
  (SELECT o.number FROM entry o WHERE o.scope = e.scope AND o.stream = e.stream
     AND (o.at, o.number) < (e.at, e.number) AND o.at >= e.at - :gap
   ORDER BY o.at DESC, o.number DESC LIMIT 1),
  (SELECT o.number FROM entry o WHERE o.scope = e.scope AND o.stream = e.stream
     AND (o.at, o.number) > (e.at, e.number) AND o.at <= e.at + :gap
   ORDER BY o.at, o.number LIMIT 1)
FROM entry e WHERE e.number = :number
"""


def _by_meaning(
    connection: apsw.Connection,
    question: Question,
    scope: int,
    codes: Codes | None,
    others: Collection[int],
) -> dict[int, float]:
    """The true cosine of the nearest, and of those that were found by their words."""
    if question.vector is None or codes is None:
        return {}
    near = codes.nearest(question.vector, scope=scope, k=_BY_MEANING)
    cosines = _cosines(connection, near, question.vector)
    best = sorted(cosines, key=lambda number: cosines[number], reverse=True)[:_COMPARED]
    kept = {number: cosines[number] for number in best}
    return kept | _cosines(
        connection, [each for each in others if each not in kept], question.vector
    )


def _cosines(
    connection: apsw.Connection, numbers: Sequence[int], vector: bytes
) -> dict[int, float]:
    rows = connection.execute(
        "SELECT entry, 1 - vec_distance_cosine(embedding, ?) FROM vector"
        " WHERE entry IN (SELECT value FROM json_each(?)) AND length(embedding) = ?",
        (vector, json.dumps(list(numbers)), len(vector)),
    )
    return {number: cosine for number, cosine in rows if cosine is not None}


def _entries(
    connection: apsw.Connection, numbers: Collection[int], question: Question, scope: int
) -> dict[int, Found]:
    excluded = _excluded(connection, question.exclude)
    rows = connection.execute(
        _ENTRIES,
        {
            "numbers": json.dumps(list(numbers)),
            "scope": scope,
            "now": question.now_ms,
            "viewer": question.viewer,
            "only": question.only_viewer,
        },
    )
    return {row[0]: Found(*row) for row in rows if row[0] not in excluded}


def _excluded(connection: apsw.Connection, ids: Collection[str]) -> set[int]:
    if not ids:
        return set()
    rows = connection.execute(_EXCLUDED, {"ids": json.dumps(list(ids))})
    return {row[0] for row in rows}


_ENTRIES = """
SELECT number, id, said_as, author, author_id, source, at, importance, seen FROM entry
WHERE number IN (SELECT value FROM json_each(:numbers)) AND scope = :scope
  AND coalesce(expires_at, :now + 1) > :now
  AND (NOT :only OR author_id = :viewer
    OR EXISTS (SELECT 1 FROM about WHERE entry = number AND viewer = :viewer))
"""
_EXCLUDED = """
SELECT entry FROM origin WHERE message IN (SELECT value FROM json_each(:ids))
UNION SELECT number FROM entry WHERE id IN (SELECT value FROM json_each(:ids))
"""


def _ranked(found: list[Found], question: Question) -> list[Found]:
    found = [each for each in found if each.words > 0 or each.cosine >= LEAST_COSINE]
    if not found:
        return []
    nearest = max(max(each.cosine for each in found), 1e-9)
    most = max(max(each.words for each in found), 1e-9)
    meaning = MEANING if question.vector is not None else 0.0
    asked = {word.lower() for word in _WORD.findall(question.text)}
    for each in found:
        each.parts = {
            "cosine": meaning * max(each.cosine, 0.0) / nearest,
            "words": (1 - meaning) * each.words / most,
            "named": NAMED * _is_named(each.author, asked),
            "asking": ASKING * bool(question.viewer and each.author_id == question.viewer),
            "recency": RECENT / (1 + max(question.now_ms - each.at, 0) / _MONTH_MS),
            "importance": IMPORTANT * (each.importance - 0.5),
            "seen": OFTEN * (1 - 1 / each.seen),
        }
        each.score = min(max(sum(each.parts.values()) / (1 + NAMED), 0.0), 1.0)
    found.sort(key=lambda each: (each.score, each.number), reverse=True)
    return [each for each in found if each.score >= question.least][: question.k]


def _is_named(author: str, asked: set[str]) -> bool:
    name = _WORD.findall(author.lower())
    return bool(name) and asked.issuperset(name)
