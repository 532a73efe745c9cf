"""Writes in the channel's chat, where the owner wants that, and acts where the persona may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from pydantic import Field

from pickled.errors import TwitchError
from pickled.messages.chat import ChatBatch, ChatMessage, Ids, Retraction
from pickled.messages.response import ResponseEvent
from pickled.offers import Tap
from pickled.outputs import Output
from pickled.outputs.twitch_writing.doing import WHAT, act
from pickled.outputs.twitch_writing.sending import ChatSending
from pickled.plugins import Surroundings
from pickled.recent import Recent
from pickled.services import twitch as service
from pickled.services.twitch import Twitch
from pickled.side_tasks import SideTasks

log = structlog.get_logger()

SOURCES = ("twitch", "twitch_anonymous")
"""The inputs whose lines are of this chat."""

MOST_KNOWN = 1_000
"""Lines of chat that can still be replied to."""

AGAIN_S = 5.0
"""Where nobody has signed in, or Twitch is away, it is tried again so often."""

LONGEST_WHISPER = 500


class Options(service.Options):
    """What all of Twitch needs, and what is written."""

    replies: bool = False
    """Write down each answer to a line of chat, as a reply to it."""
    links: dict[str, str] = Field(default_factory=dict, max_length=50)
    """Word → address, written when it answers a line with that word: it can't speak links."""
    whispers: bool = True
    """What is known of a viewer is whispered to them; in chat only where that can't be done."""
    identify_s: float = Field(default=1800.0, ge=1, le=3600)
    """Between two looks at whether the sign-in is good, and whether it moderates."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Output]:
    """Ready to write; whoever has not signed in may do so at any moment."""
    access = options.access(surroundings.data_dir)
    async with AsyncExitStack() as stack:
        if surroundings.share is not None:
            twitch = await surroundings.share(service.start, access)
        else:
            twitch = await stack.enter_async_context(service.start(access))
        chat = TwitchChat(options, surroundings, twitch)
        stack.push_async_callback(chat.close)
        chat.listen(surroundings.tap)
        yield chat


class TwitchChat:
    """The chat of one channel, as far as we write there."""

    def __init__(self, options: Options, surroundings: Surroundings, twitch: Twitch) -> None:
        self._options = options
        self._report = surroundings.report
        self._twitch = twitch
        self._sending = ChatSending(twitch, surroundings.report)
        self._authors: Recent[str, Ids] = Recent(MOST_KNOWN)
        """Lines of this chat, and whose they are."""
        self._asked: Recent[str, str] = Recent(MOST_KNOWN)
        """Lines in which one of the linked words stands: the address."""
        self._writing = SideTasks()

    @property
    def actions(self) -> Mapping[str, str]:
        """Done only where the persona allows them, and Twitch the account."""
        return WHAT

    def listen(self, tap: Tap | None) -> None:
        """Hear which lines there are, and which of them were answered."""
        if tap is not None:
            tap.on("event/chat", self._chat)
            tap.on("event/response", self._said)

    async def run(self) -> None:
        """Know who writes, and whether it may more than others, until cancelled."""
        while True:
            pause = self._options.identify_s
            try:
                await self._twitch.identify()
                self._report("up", "")
            except TwitchError as error:
                if error.permanent:
                    raise
                self._report("down", f"it can't write: {error}")
                pause = AGAIN_S
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Write nothing any more."""
        await self._writing.close()
        await self._sending.close()

    def serves(self, source: str) -> bool:
        """Does it write where such lines come from? Not while nobody is signed in."""
        ready = self._twitch.user_id != "" and self._twitch.broadcaster_id != ""
        return ready and source in ("", *SOURCES)

    async def write(self, text: str, *, to: ChatMessage | None, private: bool) -> None:
        """Write that, by whisper where it is private; raises TwitchError."""
        if private and to is not None and self._options.whispers and await self._whisper(text, to):
            return
        await self._sending.send(text, Ids(to.id, to.user_id) if to is not None else None)

    async def act(self, name: str, args: Mapping[str, str]) -> None:
        """Do that in the channel; raises TwitchError."""
        await act(self._twitch, name, args)

    def retract(self, retraction: Retraction, /) -> int:
        """Delete our replies to what is taken back; how many."""
        for name in [name for name, ids in self._authors.items() if retraction.concerns(ids)]:
            del self._authors[name]
            self._asked.pop(name, None)
        return self._sending.retract(retraction)

    async def _whisper(self, text: str, to: ChatMessage) -> bool:
        """False if that account may not whisper, or the viewer wants none."""
        params = {"from_user_id": self._twitch.user_id, "to_user_id": to.user_id}
        words = " ".join(text.split())[:LONGEST_WHISPER]
        try:
            await self._twitch.helix.post("whispers", params=params, json={"message": words})
        except TwitchError as error:
            log.info("no whisper", why=str(error))
            return False
        return True

    def _chat(self, event: object) -> None:
        lines = event.messages if isinstance(event, ChatBatch) else (event,)
        for each in lines:
            if isinstance(each, ChatMessage) and each.source in SOURCES and not each.partner:
                self._authors[each.id] = Ids(each.id, each.user_id)
                words = {word.strip(".,;:!?").casefold() for word in each.text.split()}
                for word, address in self._options.links.items():
                    if word.casefold() in words:
                        self._asked[each.id] = address

    def _said(self, event: object) -> None:
        """An answer was heard to its end: write it down, or the link that it could not say."""
        if not isinstance(event, ResponseEvent) or event.event_type != "finished":
            return
        asked = event.messages[-1] if event.messages else ""
        ids = self._authors.get(asked)
        if ids is None:
            return
        link = self._asked.pop(asked, "")
        said = event.heard if self._options.replies else ""
        if text := " ".join(filter(None, (said, link))):
            self._writing.start(self._reply(text, ids), name="reply in chat")

    async def _reply(self, text: str, answers: Ids) -> None:
        try:
            await self._sending.send(text, answers)
        except TwitchError as error:
            log.warning("no reply in chat", why=str(error))
