"""Who the viewers are: names, visits, what they gave, and facts that they told of themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import apsw

from pickled.language.facts.facts import FoundFact, from_message, is_bot
from pickled.memory import opt_out
from pickled.memory.database import Database
from pickled.memory.describe import describe
from pickled.memory.fact_rows import (
    add_fact,
    all_facts,
    best_facts,
    unsee_message,
    unsee_user,
)
from pickled.memory.stored_time import milliseconds, moment
from pickled.memory.viewer_rows import (
    find_number,
    number_of,
    profile_of,
    scope_number,
    touch,
)
from pickled.messages.chat import ChatMessage
from pickled.messages.memory import Scope, ViewerProfile
from pickled.messages.stream import StreamEvent

__all__ = ["KEPT_DAYS", "STATE_DAYS", "Viewers", "describe"]

KEPT_DAYS = 365
"""A viewer who did not come for so long is forgotten."""

STATE_DAYS = 90
"""How long it is kept that a dog was ill, or what was planned."""

_ANONYMOUS = frozenset({"", "274598607", "407665396"})
"""Twitch's ids for anonymous cheers and gifts stand for nobody."""

_SUBS = frozenset({"sub", "resub"})
_SAME_CHEER_MS = 10_000


class Viewers:
    """What is known of viewers, each within one scope; every change is one transaction."""

    def __init__(self, database: Database, wall: Callable[[], datetime]) -> None:
        self._database = database
        self._wall = wall

    async def seen(self, messages: Sequence[ChatMessage], *, scope: Scope, stream: str) -> None:
        """Count messages for their authors, and keep what they tell of themselves."""
        theirs = [each for each in messages if _is_somebody(each.user_id, each.user, each.badges)]
        if theirs:
            await self._database.write(lambda to: _see(to, theirs, scope, stream))

    async def happened(self, event: StreamEvent, *, scope: Scope, stream: str) -> None:
        """Count a sub, or bits that no chat message told of already."""
        if _is_somebody(event.user_id, event.user):
            await self._database.write(lambda to: _happen(to, event, scope, stream))

    async def learn(
        self, user_id: str, facts: Sequence[tuple[FoundFact, str]], *, scope: Scope
    ) -> int:
        """Keep facts that were found later, each with the id of its message; how many were kept.

        None of a message that was forgotten meanwhile.
        """
        return await self._database.write(lambda to: _learn(to, user_id, facts, scope))

    async def profile(self, user_id: str, *, scope: Scope) -> ViewerProfile | None:
        """Who they are, with the facts that matter most now."""
        now = self._wall()

        def read(connection: apsw.Connection) -> ViewerProfile | None:
            number = number_of(connection, user_id, scope)
            if number is None:
                return None
            return profile_of(connection, number, facts=best_facts(connection, number, now=now))

        return await self._database.read(read)

    async def find(self, who: str, *, scope: Scope | None = None) -> ViewerProfile | None:
        """By any name or by `id:<user id>`; a present name goes before a former one.

        Without a scope, where they were seen last.
        """
        now = self._wall()

        def read(connection: apsw.Connection) -> ViewerProfile | None:
            number = find_number(connection, who, scope)
            if number is None:
                return None
            return profile_of(connection, number, facts=best_facts(connection, number, now=now))

        return await self._database.read(read)

    async def unsee(
        self,
        *,
        message_id: str | None = None,
        user_id: str | None = None,
        scope: Scope | None = None,
    ) -> int:
        """Drop the facts from a deleted message, or all facts of a banned viewer.

        What a dropped fact had replaced holds again. Tells how many facts went.
        """

        def work(connection: apsw.Connection) -> int:
            gone = unsee_message(connection, message_id) if message_id else 0
            return gone + (unsee_user(connection, user_id, scope) if user_id else 0)

        return await self._database.write(work)

    async def is_opted_out(self, user_id: str) -> bool:
        """Did they ask that nothing is kept of them?"""
        if not user_id:
            return False
        return bool(await self._database.read(lambda of: opt_out.refused(of, [user_id])))

    async def opted_out(self, user_ids: Collection[str]) -> frozenset[str]:
        """Those of them who asked that nothing is kept of them."""
        return await self._database.read(lambda of: opt_out.refused(of, user_ids))

    async def opt_out(self, user_id: str) -> None:
        """From now on nothing of theirs is kept; what is there goes by `forget_viewer`."""
        at = milliseconds(self._wall())
        await self._database.write(lambda to: opt_out.note(to, user_id, at_ms=at, opted_out=True))

    async def export(self, user_id: str, *, scope: Scope | None = None) -> list[dict[str, object]]:
        """All that is kept of them here, one entry a scope."""
        return await self._database.read(lambda of: _export(of, user_id, scope))

    async def tidy(self) -> int:
        """Drop what is too old to be kept: facts that have passed, viewers who don't come."""
        now = self._wall()

        def work(connection: apsw.Connection) -> int:
            connection.execute(
                "DELETE FROM fact WHERE (kind IN ('state', 'plan') AND"
                " coalesce(until, at) < ?1) OR valid_to < ?1",
                (milliseconds(now - timedelta(days=STATE_DAYS)),),
            )
            gone = connection.changes()
            connection.execute(
                "DELETE FROM viewer WHERE last_seen < ?",
                (milliseconds(now - timedelta(days=KEPT_DAYS)),),
            )
            return gone + connection.changes()

        return await self._database.write(work)


def _is_somebody(user_id: str, user: str, badges: tuple[str, ...] = ()) -> bool:
    return user_id not in _ANONYMOUS and not is_bot(user, badges)


def _see(
    connection: apsw.Connection, messages: Sequence[ChatMessage], scope: Scope, stream: str
) -> None:
    may_be_kept = opt_out.gate(connection)
    place = scope_number(connection, scope)
    for each in messages:
        if not may_be_kept(each.user_id, milliseconds(each.ts)):
            continue
        number = touch(
            connection,
            place,
            user_id=each.user_id,
            name=each.user,
            others=each.other_names,
            at=each.ts,
            stream=stream,
            badges=each.badges,
            messages=1,
        )
        if each.bits:
            _cheer(connection, number, each.bits, "chat", each.ts)
        for fact in from_message(each):
            add_fact(connection, number, fact, message=each.id, at=each.ts)


def _learn(
    connection: apsw.Connection,
    user_id: str,
    facts: Sequence[tuple[FoundFact, str]],
    scope: Scope,
) -> int:
    number, kept = number_of(connection, user_id, scope), 0
    if number is None:
        return 0
    for fact, message in facts:
        query = "SELECT at FROM entry WHERE id = ? AND author_id = ?"
        row = connection.execute(query, (message, user_id)).fetchone()
        if row is not None:
            add_fact(connection, number, fact, message=message, at=moment(int(str(row[0]))))
            kept += 1
    return kept


def _happen(connection: apsw.Connection, event: StreamEvent, scope: Scope, stream: str) -> None:
    if not opt_out.gate(connection)(event.user_id, milliseconds(event.ts)):
        return
    place = scope_number(connection, scope)
    number = touch(
        connection,
        place,
        user_id=event.user_id,
        name=event.user,
        others=event.other_names,
        at=event.ts,
        stream=stream,
    )
    if event.event_type == "cheer" and event.amount:
        _cheer(connection, number, int(event.amount), "event", event.ts)
    elif event.event_type in _SUBS:
        connection.execute(
            "UPDATE viewer SET subs = max(subs + 1, ?) WHERE number = ?",
            (event.months or 0, number),
        )


def _cheer(connection: apsw.Connection, number: int, bits: int, by: str, at: datetime) -> None:
    """A service tells of a cheer twice, as a message and as an event: it counts once."""
    row = connection.execute("SELECT cheer FROM viewer WHERE number = ?", (number,)).fetchone()
    last = (row[0] if row else "").split()
    other = "event" if by == "chat" else "chat"
    twice = last[:2] == [str(bits), other] and abs(milliseconds(at) - int(last[2])) < _SAME_CHEER_MS
    connection.execute(
        "UPDATE viewer SET bits = bits + ?, cheer = ? WHERE number = ?",
        (0 if twice else bits, "" if twice else f"{bits} {by} {milliseconds(at)}", number),
    )


def _export(
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
