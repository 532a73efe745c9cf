"""Makes memories of a stream that is over: what happened, and what its regulars talked about.

A model words them where there is one; without it they are counted. Each names the entries that it
is made of and the viewers whom it is about, so that forgetting reaches it. Doing it twice changes
nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import apsw
import structlog

from pickled.errors import ModelError
from pickled.memory import episode_rows
from pickled.memory.database import Database
from pickled.memory.episodes import EpisodeEntry, counted, describe_task, validated
from pickled.memory.long_term import LongTerm
from pickled.memory.told_facts import facts_task, read_facts
from pickled.memory.viewers import Viewers
from pickled.messages.memory import Entry, Scope

MOST_PIECES = 120
"""Entries that an episode is made of."""

MOST_REGULARS = 20
REGULAR_STREAMS = 2
"""Who came to so many streams is a regular."""

REGULAR_MESSAGES = 3
WORDS_S = 120.0
"""How long a model may take for one answer; the stream is over."""

Words = Callable[[str], Awaitable[str]]
"""Gives a model's plain answer to a prompt; raises ModelError."""

Progress = Callable[[int, int], None]
"""How many steps are done, of how many."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What was done."""

    episodes: int = 0
    """Written or rewritten."""
    kept: int = 0
    """Were there already."""
    merged: int = 0
    """Entries that said the same as another one of their author."""
    by_model: int = 0
    """Episodes that a model worded."""
    facts: int = 0
    """That a model found in what regulars wrote."""


async def consolidate(
    database: Database,
    long_term: LongTerm,
    viewers: Viewers,
    *,
    words: Words | None,
    scope: Scope,
    stream: str,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> Consolidated:
    """Merge duplicates, let importance fade, drop old facts, write the episodes of one stream."""
    merged = await _merge(database, long_term, scope, stream)
    await database.write(lambda to: episode_rows.fade(to, scope, now))
    await viewers.tidy()
    pieces = await database.read(lambda of: episode_rows.pieces(of, scope, stream))
    if not pieces:
        return Consolidated(merged=merged)
    regulars = await _regulars(viewers, pieces, scope)
    parts = [(None, pieces), *((each, _of(pieces, each)) for each in regulars)]
    written = kept = by_model = facts = 0
    for done, (viewer, theirs) in enumerate(parts):
        progress(done, len(parts))
        chosen = _choose(theirs)
        name = _episode_id(scope, stream, viewer)
        if await database.read(partial(episode_rows.is_there, name=name, chosen=chosen)):
            kept += 1
            continue
        text, worded = await _word(chosen, theirs, viewer, words)
        entry = _entry(name, text, chosen, scope=scope, stream=stream, viewer=viewer)
        if await _store(database, long_term, entry):
            written, by_model = written + 1, by_model + worded
            if viewer is not None and words is not None:
                facts += await _learn(viewers, chosen, viewer, words, scope)
    progress(len(parts), len(parts))
    return Consolidated(written, kept, merged, by_model, facts)


async def pending(database: Database, *, again: bool = False) -> list[tuple[Scope, str]]:
    """The streams that have no episode yet (`again`: all streams), the oldest first."""

    def read(connection: apsw.Connection) -> list[tuple[Scope, str]]:
        rows = connection.execute(
            "SELECT persona, channel, stream FROM entry JOIN scope ON scope.number = entry.scope"
            " WHERE stream <> '' AND source <> 'summary' GROUP BY scope, stream ORDER BY min(at)"
        ).fetchall()
        found = (
            (Scope(persona=str(persona), channel=str(channel)), str(stream))
            for persona, channel, stream in rows
        )
        known = "SELECT 1 FROM entry WHERE id = ?"
        return [
            (scope, stream)
            for scope, stream in found
            if again
            or not connection.execute(known, (_episode_id(scope, stream, None),)).fetchone()
        ]

    return await database.read(read)


async def _word(
    chosen: list[EpisodeEntry],
    all_of_them: list[EpisodeEntry],
    viewer: str | None,
    words: Words | None,
) -> tuple[str, bool]:
    """By the model, if it answers with something that may be kept; else by counting."""
    name = chosen[-1].author if viewer else None
    if words is not None and (answer := await _ask(words, describe_task(chosen, viewer=name))):
        if text := validated(answer, chosen):
            return text, True
        log.info("the model's episode can't be kept, it is counted")
    return counted(all_of_them, viewer=name), False


async def _learn(
    viewers: Viewers, chosen: list[EpisodeEntry], viewer: str, words: Words, scope: Scope
) -> int:
    answer = await _ask(words, facts_task(chosen, viewer=chosen[-1].author))
    found = [(fact, piece.id) for fact, piece in read_facts(answer, chosen)]
    return await viewers.learn(viewer, found, scope=scope) if found else 0


async def _ask(words: Words, task: str) -> str:
    """Nothing, if the model fails or takes too long."""
    try:
        async with asyncio.timeout(WORDS_S):
            return await words(task)
    except (ModelError, TimeoutError) as error:
        log.warning("no model for an episode", why=str(error) or f"none within {WORDS_S:g} s")
        return ""


async def _store(database: Database, long_term: LongTerm, entry: Entry) -> bool:
    """Write it, unless something that it is made of was forgotten meanwhile."""
    await long_term.forget(entry=entry.id)
    if await database.read(lambda of: episode_rows.is_gone(of, entry.origins)):
        return False
    if not await long_term.remember([entry], merge=False):
        return False
    if await database.read(lambda of: episode_rows.is_gone(of, entry.origins)):  # between the two
        await long_term.forget(entry=entry.id)
        await database.compact()
        return False
    return True


async def _merge(database: Database, long_term: LongTerm, scope: Scope, stream: str) -> int:
    """One entry for all of an author that say the same; it stands for all their messages."""
    groups = await database.read(lambda of: episode_rows.duplicates(of, scope, stream))
    merged = 0
    for kept, dropped in groups:
        messages, seen = await database.read(partial(episode_rows.origins, ids=dropped))
        for each in dropped:
            merged += bool(await long_term.forget(entry=each))
        await database.write(
            partial(episode_rows.stand_for, kept=kept, messages=messages, seen=seen)
        )
    return merged


async def _regulars(viewers: Viewers, pieces: list[EpisodeEntry], scope: Scope) -> list[str]:
    counts: dict[str, int] = {}
    for each in pieces:
        if each.author_id:
            counts[each.author_id] = counts.get(each.author_id, 0) + each.seen
    often = [each for each, count in counts.items() if count >= REGULAR_MESSAGES]
    found: list[str] = []
    for user in sorted(often, key=lambda user: (-counts[user], user)):
        profile = await viewers.profile(user, scope=scope)
        if profile is not None and profile.streams >= REGULAR_STREAMS:
            found.append(user)
        if len(found) == MOST_REGULARS:
            break
    return found


def _of(pieces: list[EpisodeEntry], viewer: str) -> list[EpisodeEntry]:
    return [each for each in pieces if each.author_id == viewer]


def _choose(pieces: list[EpisodeEntry]) -> list[EpisodeEntry]:
    """The weightiest, in the order of time."""
    by_weight = sorted(pieces, key=lambda each: (-each.seen, -len(each.text), each.id))
    return sorted(by_weight[:MOST_PIECES], key=lambda each: (each.at, each.id))


def _episode_id(scope: Scope, stream: str, viewer: str | None) -> str:
    parts = "\x1f".join((scope.persona, scope.channel, stream, viewer or ""))
    return f"episode-{hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()}"


def _entry(
    name: str,
    text: str,
    chosen: list[EpisodeEntry],
    *,
    scope: Scope,
    stream: str,
    viewer: str | None,
) -> Entry:
    about = {each.author_id for each in chosen if each.author_id}
    return Entry(
        id=name,
        at=chosen[-1].at,
        text=text,
        source="summary",
        channel=scope.channel,
        persona=scope.persona,
        stream=stream,
        importance=0.7 if viewer else 0.6,
        origins=tuple(each.id for each in chosen),
        about=tuple(sorted(about)),
    )
