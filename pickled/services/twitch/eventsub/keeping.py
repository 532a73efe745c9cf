"""Keeps one sign-in's subscriptions alive: made, compared with what Twitch has, made again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, Field

from pickled.back_off import BackOff
from pickled.errors import TwitchError
from pickled.services.twitch import Twitch, rows
from pickled.services.twitch.eventsub.session import Notification, Session
from pickled.services.twitch.eventsub.wanted import CHAT, Listened, Wanted
from pickled.services.twitch.tokens import Role
from pickled.side_tasks import SideTasks

log = structlog.get_logger()

_PAGES = 20
"""Of Twitch's list, a hundred subscriptions each; nobody has more."""
_AT_ONCE = 4
_GONE = frozenset({"user_removed", "authorization_revoked"})
"""Why a sign-in is of no use any more; other reasons concern one subscription."""


class EventPatience(BaseModel):
    """How long EventSub may take, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_s: float = Field(default=8.0, gt=0, le=60)
    """Until its welcome."""
    slack_s: float = Field(default=3.0, gt=0, le=60)
    """Silence beyond the one that it promised."""
    check_s: float = Field(default=20.0, gt=0, le=3600)
    """Between two comparisons of what is wanted with what there is."""
    settle_s: float = Field(default=8.0, gt=0, le=60)
    """In which a subscription that failed is tried again, before the connection is replaced."""
    drain_s: float = Field(default=5.0, ge=0, le=30)
    """How long an old connection is still read after its successor took over."""
    first_pause_s: float = Field(default=0.25, gt=0, le=60)
    longest_pause_s: float = Field(default=8.0, gt=0, le=600)
    """Between two attempts to connect."""


@dataclass
class Keeping:
    """The connection of one sign-in, for as long as it lives."""

    twitch: Twitch
    share: Listened
    url: str
    patience: EventPatience
    take: Callable[[Notification], None]
    say: Callable[[bool, str], None]
    """Told whether all that is wanted is there, and why not."""
    refused: dict[str, str] = field(default_factory=dict)
    """Types that Twitch does not let us have, with its reason."""
    _side: SideTasks = field(default_factory=SideTasks)

    async def run(self) -> None:
        """Until cancelled, or until only a new sign-in helps: raises that TwitchError."""
        failures = 0
        loop = asyncio.get_running_loop()
        pauses = BackOff(self.patience.first_pause_s, self.patience.longest_pause_s)
        try:
            while True:
                began = loop.time()
                try:
                    await self._attempt()
                except TwitchError as error:
                    self.say(False, str(error))
                    if error.signed_out:
                        raise
                    failures = 0 if loop.time() - began > pauses.healthy_s else failures + 1
                    pause = max(pauses.wait(failures - 1, random.random()), error.retry_s)
                    await asyncio.sleep(pause)
        finally:
            await self._side.close()

    async def _attempt(self) -> None:
        """One connection and its successors; raises TwitchError when it is lost."""
        session = Session(self.take)
        try:
            await self._open(session, self.url)
            await self._settle(session)
            self.say(True, "")
            while True:
                session = await self._serve(session)
        finally:
            await session.close()

    async def _open(self, session: Session, url: str) -> None:
        await session.open(url, connect_s=self.patience.connect_s, slack_s=self.patience.slack_s)

    async def _serve(self, session: Session) -> Session:
        """Until it is wanted elsewhere: its successor. Raises TwitchError when it is lost."""
        checking = asyncio.create_task(self._check(session), name="compare subscriptions")
        revoking = asyncio.create_task(self._heed(session), name="subscriptions taken away")
        waiting: set[asyncio.Future[Any]] = {session.lost, session.moving, checking, revoking}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (checking, revoking):
                task.cancel()
            ended = await asyncio.gather(checking, revoking, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        if session.moving.done():
            return await self._move(session, session.moving.result())
        raise TwitchError(session.lost.result())

    async def _move(self, old: Session, url: str) -> Session:
        """Connect where Twitch wants us; what comes on the old connection meanwhile is read."""
        fresh = Session(self.take)
        try:
            await self._open(fresh, url)
        except BaseException:
            await fresh.close()
            raise
        self._side.start(self._drain(old), name="old EventSub connection")
        return fresh

    async def _drain(self, old: Session) -> None:
        try:
            async with asyncio.timeout(self.patience.drain_s):
                await asyncio.shield(old.lost)
        except TimeoutError:
            pass
        finally:
            await old.close()

    async def _settle(self, session: Session) -> None:
        """Subscribe to everything; raises TwitchError if that can't be done in time."""
        deadline = asyncio.get_running_loop().time() + self.patience.settle_s
        wanted = [each for each in self.share.wanted if each.type not in self.refused]
        pause = self.patience.first_pause_s
        first = True
        while wanted:
            if first and wanted[0].type == CHAT:  # nothing waits for chat
                left = await self._subscribe(session, wanted[:1])
                left += await self._subscribe(session, wanted[1:])
            else:
                left = await self._subscribe(session, wanted)
            first = False
            wanted = [each for each, _ in left]
            if not wanted:
                return
            why = left[0][1]
            wait = max(pause, why.retry_s)
            if session.lost.done():
                raise TwitchError(session.lost.result())
            if asyncio.get_running_loop().time() + wait > deadline:
                raise TwitchError(f"{wanted[0].type} can't be subscribed to: {why}")
            self.say(False, f"{wanted[0].type}: {why}")
            await asyncio.sleep(wait)
            pause = min(2 * pause, 2.0)

    async def _subscribe(
        self, session: Session, wanted: list[Wanted]
    ) -> list[tuple[Wanted, TwitchError]]:
        """Those that failed, and may be tried again."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(each: Wanted) -> tuple[Wanted, TwitchError] | None:
            async with limit:
                try:
                    await self._ask(session, each)
                except TwitchError as error:
                    if error.signed_out or session.lost.done():
                        raise
                    if error.status in (401, 403) or (error.status == 400 and _is_final(error)):
                        self._leave(each.type, str(error))
                        return None
                    return each, error
            return None

        failed = await asyncio.gather(*map(one, wanted))
        return [each for each in failed if each is not None]

    async def _ask(self, session: Session, wanted: Wanted) -> None:
        body = wanted.body(
            channel_id=self.twitch.broadcaster_id,
            user_id=self.share.user_id,
            session_id=session.id,
        )
        try:
            await self.twitch.helix.post("eventsub/subscriptions", json=body, as_=self.role)
        except TwitchError as error:
            if error.status != 409:
                raise
            # It is there already: perhaps for this connection, perhaps for one that is no more.
            if wanted.type not in await self._there(session):
                raise TwitchError(
                    f"Twitch has {wanted.type} for another connection still", status=409
                ) from error

    @property
    def role(self) -> Role:
        """Whose token serves."""
        return self.share.sign_in.role

    async def _there(self, session: Session) -> set[str]:
        """The types that Twitch has for this connection."""
        found: set[str] = set()
        params = {"status": "enabled"}
        for _ in range(_PAGES):
            answer = await self.twitch.helix.get(
                "eventsub/subscriptions", params=params, as_=self.role
            )
            for each in rows(answer):
                transport = each.get("transport")
                if isinstance(transport, dict) and transport.get("session_id") == session.id:
                    found.add(str(each.get("type")))
            pagination = answer.get("pagination") if isinstance(answer, dict) else None
            cursor = pagination.get("cursor") if isinstance(pagination, dict) else None
            if not isinstance(cursor, str) or not cursor:
                break
            params = {"status": "enabled", "after": cursor}
        return found

    async def _check(self, session: Session) -> None:
        """Compare once in a while; raises TwitchError when something is missing that was there."""
        while True:
            await asyncio.sleep(self.patience.check_s * random.uniform(0.8, 1.0))
            try:
                there = await self._there(session)
            except TwitchError as error:
                if error.signed_out:
                    raise
                log.info("subscriptions can't be compared", why=str(error))
                continue
            wanted = {each.type for each in self.share.wanted} - set(self.refused)
            if missing := sorted(wanted - there):
                raise TwitchError(f"Twitch has lost {missing[0]}, and {len(missing) - 1} more")

    async def _heed(self, session: Session) -> None:
        """Subscriptions that are taken away: one of them, or the whole sign-in."""
        while True:
            kind, status = await session.revoked.get()
            if status in _GONE:
                await self._still_there(status)
            self._leave(kind, f"Twitch took it away ({status})")
            if kind == CHAT:
                raise TwitchError(f"Twitch took chat away ({status})")

    async def _still_there(self, status: str) -> None:
        """Raises TwitchError if the sign-in is of no use any more."""
        try:
            found = await self.share.sign_in.validate()
        except TwitchError as error:
            raise TwitchError(
                f"the sign-in of {self.share.login} was taken back ({status}): "
                f"{self.share.sign_in.remedy}",
                signed_out=error.signed_out,
            ) from error
        if not found.user_id:
            raise TwitchError(f"there is no {self.share.login} any more", signed_out=True)

    def _leave(self, kind: str, why: str) -> None:
        """Do without it; said once."""
        if kind not in self.refused:
            self.refused[kind] = why
            log.warning("not told by Twitch", what=kind, why=why, account=self.share.login)


def _is_final(error: TwitchError) -> bool:
    """Is it wrong in itself, rather than for this connection?"""
    return "session" not in str(error)
