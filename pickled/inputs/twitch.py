"""A channel as Twitch tells it to who has signed in; without an account while it can't."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import structlog
from pydantic import Field

from pickled.back_off import BackOff
from pickled.errors import SourceError, TwitchError
from pickled.inputs import Emit, Source, twitch_anonymous
from pickled.inputs.twitch_anonymous import AnonymousChat
from pickled.inputs.twitch_eventsub.ad_schedule import AdSchedule
from pickled.inputs.twitch_eventsub.broadcast import Broadcast
from pickled.inputs.twitch_eventsub.notifications import Notifications
from pickled.inputs.twitch_eventsub.ways import Ways
from pickled.inputs.twitch_irc.connection import Timeouts
from pickled.inputs.twitch_irc.standby import Standby
from pickled.messages.chat import ChatMessage
from pickled.plugins import Surroundings
from pickled.recent import Seen
from pickled.services import twitch as service
from pickled.services.twitch import Twitch
from pickled.services.twitch.eventsub.keeping import EventPatience, Keeping
from pickled.services.twitch.eventsub.session import ASKED_KEEPALIVE_S, Notification
from pickled.services.twitch.eventsub.wanted import CHAT, Listened, shares

log = structlog.get_logger()

_REMEMBERED = 20_000
"""Lines that are known again, whichever way they come: more than are held on standby."""
_LOOK_S = 1.0
"""Between two looks at whether somebody has signed in."""


class Options(service.Options):
    """What all of Twitch needs, where its events are, and how patient we are."""

    eventsub_url: str = Field(
        default="wss://eventsub.wss.twitch.tv/ws", pattern=r"^wss?://[^\s/@]+(/[^\s@]*)?$"
    )
    irc_url: str = Field(default="wss://irc-ws.chat.twitch.tv:443", pattern=r"^wss?://[^\s/@]+")
    patience: EventPatience = EventPatience()
    timeouts: Timeouts = Timeouts()
    """Those of reading without an account."""
    poll_s: float = Field(default=60.0, ge=1, le=3600)
    """Between two looks at whether the stream is on, beside what events tell."""
    identify_s: float = Field(default=1800.0, ge=1, le=3600)
    """Between two looks at whether the sign-in is still good; Twitch wants one an hour."""
    overlap_s: float = Field(default=3.0, ge=0, le=60)
    """How long chat is still read without an account when events are back."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Source]:
    """Ready to listen; whoever has not signed in may do so at any moment."""
    access = options.access(surroundings.data_dir)
    async with aiohttp.ClientSession() as session:
        if surroundings.share is not None:
            twitch = await surroundings.share(service.start, access)
            yield TwitchChannel(options, surroundings, twitch, session)
        else:
            async with service.start(access) as twitch:
                yield TwitchChannel(options, surroundings, twitch, session)


class TwitchChannel:
    """One channel: events for who has signed in, with chat's lines on standby beside them."""

    def __init__(
        self,
        options: Options,
        surroundings: Surroundings,
        twitch: Twitch,
        session: aiohttp.ClientSession,
    ) -> None:
        seen: Seen[str] = Seen(_REMEMBERED)
        self._options = options
        self._twitch = twitch
        self._ways = Ways(surroundings.report, options.channel, self._complaints)
        self._standby = Standby()
        anonymous = twitch_anonymous.Options(
            channel=options.channel, irc_url=options.irc_url, timeouts=options.timeouts
        )
        irc = Surroundings(surroundings.base_dir, surroundings.data_dir, self._ways.anonymous)
        self.anonymous = AnonymousChat(anonymous, irc, session, standby=self._standby, seen=seen)
        self.broadcast = Broadcast(twitch, poll_s=options.poll_s, utc_now=lambda: datetime.now(UTC))
        self.ads = AdSchedule(
            twitch,
            poll_s=options.poll_s,
            is_live=lambda: self.broadcast.state is not None and self.broadcast.state.live,
            utc_now=lambda: datetime.now(UTC),
        )
        self.notifications = Notifications(
            options.channel, seen=seen, is_own=self._is_own, on_state=self.broadcast.take
        )

    async def run(self, emit: Emit) -> None:
        """Emit what happens until cancelled.

        Raises SourceError only when neither way can help.
        """
        reading = asyncio.create_task(self._read(emit), name="twitch chat")
        listening = asyncio.create_task(self._listen(emit), name="twitch events")
        switching = asyncio.create_task(self._switch(emit), name="twitch ways")
        tasks = {reading, listening, switching}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _read(self, emit: Emit) -> None:
        """Chat's lines, without an account; who has signed in can do without them."""
        try:
            await self.anonymous.run(self._unless_own(emit))
        except SourceError as error:
            self._ways.anonymous("down", str(error))
            if not self._is_signed_in:
                raise
            await asyncio.Event().wait()

    async def _switch(self, emit: Emit) -> None:
        """Chat's lines are held back while events bring them, and let through while they don't."""
        while True:
            await self._ways.until(chat=True)
            try:
                async with asyncio.timeout(self._options.overlap_s):
                    await self._ways.until(chat=False)
            except TimeoutError:
                self._standby.rest()
                await self._ways.until(chat=False)
            await self.anonymous.catch_up(self._unless_own(emit))

    async def _listen(self, emit: Emit) -> None:
        """Once somebody has signed in, and again when the sign-in is another one."""
        failures = 0
        pauses = BackOff(self._options.patience.first_pause_s, 60.0)
        while True:
            signed = self._signed
            try:
                await self._twitch.identify()
                failures = 0
                await self._until_another(signed, emit)
            except TwitchError as error:
                if error.permanent:
                    raise
                self._ways.events_down(str(error))
                if error.signed_out and not self._is_signed_in:
                    await self._another(signed)
                else:  # what is wrong may pass, or the other sign-in does
                    await asyncio.sleep(pauses.wait(failures, random.random()))
                    failures += 1

    @property
    def _signed(self) -> tuple[str, ...]:
        """Differs when somebody has signed in or out."""
        return tuple(each.version for each in self._twitch.sign_ins.values())

    @property
    def _is_signed_in(self) -> bool:
        return any(each.signed_in for each in self._twitch.sign_ins.values())

    def _complaints(self) -> list[str]:
        return [why for each in self._twitch.sign_ins.values() if (why := each.complaint)]

    async def _another(self, signed: tuple[str, ...]) -> None:
        # Another process signs in: nothing but its file tells.
        while self._signed == signed:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)

    async def _until_another(self, signed: tuple[str, ...], emit: Emit) -> None:
        """Listen with these sign-ins; raises TwitchError when one of them is of no use."""
        found = shares(self._twitch)
        self._tell_lacking(found)
        working = [
            asyncio.create_task(self._keeping(each, emit).run(), name=f"EventSub {each.login}")
            for each in found
            if each.wanted
        ]
        working += [
            asyncio.create_task(self.broadcast.run(emit), name="twitch stream"),
            asyncio.create_task(self.ads.run(emit), name="twitch ads"),
            asyncio.create_task(self._stay_known(), name="twitch sign-ins"),
            asyncio.create_task(self._another(signed), name="twitch sign-in changed"),
        ]
        try:
            await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in working:
                task.cancel()
            ended = await asyncio.gather(*working, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        self._ways.events_down("another sign-in is looked at")

    def _tell_lacking(self, found: tuple[Listened, ...]) -> None:
        for share in found:
            if share.lacking:
                log.warning(
                    "rights are missing: sign in again to have all",
                    account=share.login, missing=" ".join(share.lacking),
                    remedy=share.sign_in.remedy,
                )  # fmt: skip
        if not any(each.type == CHAT for share in found for each in share.wanted):
            reader = self._twitch.sign_in("bot")
            self._ways.no_chat(f"the sign-in has no right to read chat: {reader.remedy}")

    async def _stay_known(self) -> None:
        while True:
            await asyncio.sleep(self._options.identify_s)
            try:
                await self._twitch.identify()
            except TwitchError as error:
                if error.signed_out or error.permanent:
                    raise
                log.info("the sign-in can't be looked at", why=str(error))

    def _keeping(self, share: Listened, emit: Emit) -> Keeping:
        def take(told: Notification) -> None:
            for event in self.notifications.read(told, datetime.now(UTC)):
                emit(event)

        has_chat = any(each.type == CHAT for each in share.wanted)

        def say(works: bool, why: str) -> None:
            refused = keeping.refused.get(CHAT, "") if has_chat else ""
            self._ways.events(share.login, chat=has_chat, works=works, why=why, refused=refused)

        separator = "&" if "?" in self._options.eventsub_url else "?"
        url = (
            f"{self._options.eventsub_url}{separator}keepalive_timeout_seconds={ASKED_KEEPALIVE_S}"
        )
        keeping = Keeping(self._twitch, share, url, self._options.patience, take, say)
        return keeping

    def _is_own(self, message: ChatMessage) -> bool:
        """Did we write that? The streamer's own account writes what the streamer types, too."""
        twitch = self._twitch
        if not twitch.user_id or message.user_id != twitch.user_id:
            return False
        now = asyncio.get_running_loop().time()
        return not twitch.is_streamer or twitch.own.has(message.id, message.text, now=now)

    def _unless_own(self, emit: Emit) -> Emit:
        def pass_on(event: object) -> None:
            if not (isinstance(event, ChatMessage) and self._is_own(event)):
                emit(event)  # type: ignore[arg-type]  # what came in

        return pass_on
