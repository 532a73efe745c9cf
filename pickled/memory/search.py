"""Finds what fits: words and vectors together, and what was said right before and after.

A score is the sum of shares of the best: how near in meaning (`cosine`), how many rare words in
common (`words`, those of the two neighbours counting less), and small things that only decide
between nearly equals. The weights are measured by `tests/bench/locomo.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import apsw

from pickled.messages.memory import Scope
from pickled.patterns import pattern

MEANING = 0.7
"""What nearness in meaning counts; the words have the rest."""
BEFORE, AFTER = 0.3, 0.2
"""What the words of the line right before and right after count."""
NAMED, ASKING, RECENT, IMPORTANT, OFTEN = 0.1, 0.05, 0.01, 0.02, 0.01
"""On top: its author is named in the question; asks it; it is new; it matters; it was repeated."""
LEAST_COSINE = 0.25
"""Without a word in common, what is less near than this is no memory of it."""

CANDIDATES = 300
"""How many of the nearest by estimate are compared by their true cosine."""

_COMPARED = 60
_BY_WORDS = 80
_MOST_RANKED = 2_000
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
_WORD = pattern(r"\w+")


@dataclass(frozen=True)
class Question:
    """What is looked for."""

    text: str
    scopes: tuple[int, ...]
    """Nothing is found outside of these."""
    k: int
    now_ms: int
    viewer: str = ""
    """The id of who asks: their own memories come first among equals."""
    only_viewer: bool = False
    """Nothing but what that viewer said, or what is about them."""
    exclude: Collection[str] = ()
    """Ids of messages and entries that are known anyway."""
    vector: bytes | None = None
    least_cosine: float = LEAST_COSINE


@dataclass
class Candidate:
    """An entry that fits, and why."""

    number: int
    id: str = ""
    text: str = ""
    """With who said it, and when."""
    said: str = ""
    author: str = ""
    author_id: str = ""
    source: str = ""
    at: int = 0
    importance: float = 0.0
    seen: int = 1
    cosine: float = 0.0
    words: float = 0.0
    shares_words: bool = False
    score: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Worded:
    """What was found by words: how well each fits, and each beside one: what is before, after."""

    words: Mapping[int, float]
    around: Mapping[int, tuple[float, float]]


def terms(text: str) -> list[str]:
    """The words that matter, once each, in order."""
    found = (word for word in _WORD.findall(text.lower()) if word not in STOP)
    return list(dict.fromkeys(found))[:_MOST_TERMS]


def match_expression(words: Sequence[str]) -> str:
    """The words as FTS5 takes them: none of its operators can get in."""
    return " OR ".join(f'"{word}"' for word in words) or '""'


def scope_numbers(connection: apsw.Connection, scopes: Sequence[Scope]) -> tuple[int, ...]:
    """By which numbers the rows know the scopes; those in which nothing is are left out."""
    wanted = {(scope.persona, scope.channel) for scope in scopes}
    rows = connection.execute("SELECT persona, channel, number FROM scope")
    return tuple(int(number) for persona, channel, number in rows if (persona, channel) in wanted)


def by_words(connection: apsw.Connection, question: Question) -> Worded:
    """The first half, which can be done beside the search for near vectors."""
    words = _matching(connection, question)
    return Worded(words, _neighbours(connection, words))


def compare(
    connection: apsw.Connection, question: Question, *, worded: Worded, near: Sequence[int]
) -> list[Candidate]:
    """The second half: the best `k` of what was found by words and by vectors, best first."""
    words, around = worded.words, worded.around
    cosines: dict[int, float] = {}
    if question.vector is not None:
        cosines = dict(nearest(connection, near, question.vector, k=_COMPARED))
        others = [each for each in {*words, *around} if each not in cosines]
        cosines |= _cosines(connection, others, question.vector)
    entries = _entries(connection, {*words, *around, *cosines}, question)
    for found in entries.values():
        before, after = around.get(found.number, (0.0, 0.0))
        found.shares_words = found.number in words
        found.words = words.get(found.number, 0.0) + BEFORE * before + AFTER * after
        found.cosine = cosines.get(found.number, 0.0)
    return _ranked(list(entries.values()), question)


def nearest(
    connection: apsw.Connection, candidates: Sequence[int], vector: bytes, *, k: int
) -> list[tuple[int, float]]:
    """The best `k` of the candidates by their true cosine, best first."""
    cosines = _cosines(connection, candidates, vector)
    return sorted(cosines.items(), key=lambda pair: pair[1], reverse=True)[:k]


def _matching(connection: apsw.Connection, question: Question) -> dict[int, float]:
    asked = _rarest(connection, terms(question.text))
    if not asked:
        return {}
    rows = connection.execute(
        "SELECT f.rowid, -f.rank FROM entry_words f CROSS JOIN entry e ON e.number = f.rowid"
        " WHERE f.entry_words MATCH ? AND e.scope IN (SELECT value FROM json_each(?))"
        " ORDER BY f.rank LIMIT ?",
        (match_expression(asked), json.dumps(question.scopes), _BY_WORDS),
    )
    return {int(number): float(value) for number, value in rows}


def _rarest(connection: apsw.Connection, words: Sequence[str]) -> list[str]:
    """So many of the words, the rarest first, that ranking their lines stays quick."""
    counted: list[tuple[int, str]] = []
    for word in words:
        row = connection.execute(_HOW_MANY, (match_expression([word]),)).fetchone()
        counted.append((int(row[0]) if row else 0, word))
    kept: list[str] = []
    lines = 0
    for count, word in sorted(counted):
        lines += count
        if kept and lines > _MOST_RANKED:
            break
        if count:
            kept.append(word)
    return kept


_HOW_MANY = "SELECT count(*) FROM entry_words WHERE entry_words MATCH ?"


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
    connection: apsw.Connection, numbers: Collection[int], question: Question
) -> dict[int, Candidate]:
    excluded = _excluded(connection, question.exclude)
    rows = connection.execute(
        _ENTRIES,
        {
            "numbers": json.dumps(list(numbers)),
            "scopes": json.dumps(question.scopes),
            "now": question.now_ms,
            "viewer": question.viewer,
            "only": question.only_viewer,
        },
    )
    return {row[0]: Candidate(*row) for row in rows if row[0] not in excluded}


def _excluded(connection: apsw.Connection, ids: Collection[str]) -> set[int]:
    if not ids:
        return set()
    rows = connection.execute(_EXCLUDED, {"ids": json.dumps(list(ids))})
    return {row[0] for row in rows}


_ENTRIES = """
SELECT e.number, e.id, e.said_as, e.text, e.author, e.author_id, e.source, e.at, e.importance,
  e.seen
FROM json_each(:numbers) j CROSS JOIN entry e ON e.number = j.value
WHERE e.scope IN (SELECT value FROM json_each(:scopes))
  AND (e.expires_at IS NULL OR e.expires_at > :now)
  AND (NOT :only OR e.author_id = :viewer
    OR EXISTS (SELECT 1 FROM about a WHERE a.entry = e.number AND a.viewer = :viewer))
"""
_EXCLUDED = """
SELECT entry FROM origin WHERE message IN (SELECT value FROM json_each(:ids))
UNION SELECT number FROM entry WHERE id IN (SELECT value FROM json_each(:ids))
"""


def _ranked(found: list[Candidate], question: Question) -> list[Candidate]:
    least = question.least_cosine
    found = [each for each in found if each.shares_words or each.cosine >= least]
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
    return found[: question.k]


def _is_named(author: str, asked: set[str]) -> bool:
    name = _WORD.findall(author.lower())
    return bool(name) and asked.issuperset(name)
