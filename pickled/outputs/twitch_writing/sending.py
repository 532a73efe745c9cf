"""Sends lines to a Twitch chat one by one, notices what is dropped, and takes them back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pickled.errors import TwitchError
from pickled.messages.chat import Ids, Retraction
from pickled.messages.state import Status
from pickled.outputs.twitch_writing.lines import lines_of
from pickled.outputs.twitch_writing.pace import WritingPace
from pickled.recent import Recent
from pickled.services.twitch import Twitch, rows
from pickled.services.twitch.helix import CHAT
from pickled.side_tasks import SideTasks

log = structlog.get_logger()

MOST_WAITING = 10
"""Texts that wait for their turn; more are refused."""

LONGEST_WAIT_S = 8.0
"""A line that may not go out sooner is late, and does not go out at all."""

MOST_KEPT = 500
"""Of so many of our lines it is known whom they answer."""

_EMOTES_ONLY = "chat takes nothing but emotes just now (`/emoteonlyoff` ends that)"


@dataclass
class ChatSending:
    """Of one channel."""

    twitch: Twitch
    report: Callable[[Status, str], None]
    _pace: WritingPace = field(default_factory=WritingPace)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: dict[object, Ids] = field(default_factory=dict)
    """Texts that are on their way, and whom they answer."""
    _sent: Recent[str, Ids] = field(default_factory=lambda: Recent(MOST_KEPT))
    """Our lines that are in chat, and whom they answer."""
    _deleting: SideTasks = field(default_factory=SideTasks)

    async def send(self, text: str, answers: Ids | None = None) -> None:
        """Write it, as a reply where it answers a line; raises TwitchError if it is not there."""
        lines = lines_of(text)
        if not lines:
            raise TwitchError("nothing of it can be written")
        if len(self._waiting) >= MOST_WAITING:
            raise TwitchError("too many lines wait to be written in chat")
        mark = object()
        self._waiting[mark] = answers or Ids("", "")
        try:
            async with self._turn:
                for line in lines:
                    await self._send(line, answers, mark)
        finally:
            self._waiting.pop(mark, None)

    def retract(self, retraction: Retraction) -> int:
        """Send nothing to what is taken back, and delete what was sent; how many lines."""
        late = [mark for mark, answers in self._waiting.items() if retraction.concerns(answers)]
        for mark in late:
            del self._waiting[mark]
        ours = [name for name, answers in self._sent.items() if retraction.concerns(answers)]
        for name in ours:
            del self._sent[name]
            if retraction.kind == "all":
                continue  # a chat that is cleared shows ours no longer, either
            self._deleting.start(self._delete(name), name="delete a line of chat")
        return len(late) + len(ours)

    async def close(self) -> None:
        """Delete nothing any more."""
        await self._deleting.close()

    async def _send(self, line: str, answers: Ids | None, mark: object) -> None:
        await self._until_allowed()
        if mark not in self._waiting:
            raise TwitchError("what it answers was taken back")
        asked = {
            "broadcaster_id": self.twitch.broadcaster_id,
            "sender_id": self.twitch.user_id,
            "message": line,
        }
        if answers is not None and answers.id:
            asked["reply_parent_message_id"] = answers.id
        self._pace.sent(now=asyncio.get_running_loop().time())
        told = next(iter(rows(await self.twitch.helix.post(CHAT, json=asked))), {})
        name = str(told.get("message_id") or "")
        if not told.get("is_sent") or not name:
            raise self._dropped(told)
        self.report("up", "")
        if mark not in self._waiting:  # while it was sent
            await self._delete(name)
            raise TwitchError("what it answers was taken back")
        self._sent[name] = answers or Ids("", "")

    async def _until_allowed(self) -> None:
        loop, twitch = asyncio.get_running_loop(), self.twitch
        if not twitch.user_id or not twitch.broadcaster_id:
            raise TwitchError("nobody is signed in to write in chat: `pickled twitch login`")
        settings, moderator = twitch.chat_settings, twitch.is_moderator
        if settings.emote_mode and not moderator:
            raise TwitchError(_EMOTES_ONLY)
        slow_s = (settings.slow_mode_wait_time or 0.0) if settings.slow_mode else 0.0
        wait = self._pace.wait_s(now=loop.time(), moderator=moderator, slow_s=slow_s)
        if wait > LONGEST_WAIT_S:
            why = "slow mode" if slow_s else "Twitch's limit of lines"
            self.report("degraded", f"lines are left out: {why}")
            raise TwitchError(f"not written: {why}, for {wait:.0f} s more")
        if wait > 0:
            await asyncio.sleep(wait)

    def _dropped(self, told: dict[str, object]) -> TwitchError:
        """Twitch took the line, and shows it to nobody."""
        reason = told.get("drop_reason")
        said = reason.get("message") or reason.get("code") if isinstance(reason, dict) else None
        why = " ".join(str(said or "without a reason").split())[:200]
        self.report("degraded", f"Twitch dropped a line: {why}")
        return TwitchError(f"Twitch dropped the line: {why}")

    async def _delete(self, name: str) -> None:
        """Out of chat: what it answers is taken back."""
        params = {
            "broadcaster_id": self.twitch.broadcaster_id,
            "moderator_id": self.twitch.user_id,
            "message_id": name,
        }
        try:
            await self.twitch.helix.delete("moderation/chat", params=params)
        except TwitchError as error:
            log.error("our own line can't be deleted", why=str(error))
            self.report("degraded", f"a line of ours can't be deleted: {error}")
