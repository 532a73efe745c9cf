"""Does what chat commands: moderators stop and steer it, viewers use their rights."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pickled.brain.chat_command import MODERATORS, ChatCommand, Rates, is_moderator
from pickled.errors import CommandRefused, StoreError
from pickled.memory.describe import describe
from pickled.messages.chat import ChatCleared, ChatMessage
from pickled.messages.command import CommandEvent
from pickled.messages.events import Event
from pickled.orchestrator.commands.effects import Effects
from pickled.orchestrator.commands.moderating import Moderating
from pickled.orchestrator.conversation.acting import Acting
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.recollection.remembering import Remembering
from pickled.side_tasks import SideTasks

MOST_AT_ONCE = 4
"""Viewers' wishes that memory works on at the same time; more are refused as `busy`."""

_PRIVATE = "whatdoyouknow"

_SETTING = frozenset(
    {"mute", "unmute", "persona", "panic", "pause", "discreet", "block", "unblock", "ignore",
     "unignore"}
)  # fmt: skip
"""What they set is kept over restarts."""


@dataclass
class ChatCommands:
    """Commands in chat, answered on `event/command` and, to viewers, aloud."""

    effects: Effects
    cohost: CoHost
    memory: Remembering
    events: Events
    clock: Clock
    take: Callable[[Event], None]
    answer_saved: Callable[[CommandEvent], None]
    """Answer once what was set is on the disk."""
    prefix: str
    """The word by which viewers call us."""
    moderating: Moderating
    acting: Acting
    """Who may write in chat."""
    _rates: Rates = field(default_factory=Rates)
    _running: SideTasks = field(default_factory=SideTasks)

    def do(self, command: ChatCommand) -> None:
        """Do what somebody in chat commands, or begin what takes a while, and answer it."""
        try:
            self._check(command)
            work = self._do(command)
        except CommandRefused as refusal:
            self._answer(command, refusal)
        else:
            if work is None:
                self._answer(command)
            else:
                self._begin(command, work)

    def close(self) -> None:
        """Don't wait for memory any more."""
        self._running.cancel()

    def _check(self, command: ChatCommand) -> None:
        if command.moderating and not is_moderator(command.message):
            raise CommandRefused("not_allowed", "only moderators and the streamer may do that")
        if not self._rates.allows(command, now=self.clock.now()):
            raise CommandRefused("busy", "too many commands; try again in a while")
        if command.verb == _PRIVATE and not self._is_written(command.message):
            why = "nothing writes in this chat, and what is known of somebody is never said aloud"
            raise CommandRefused("unavailable", f"{why}: see the output twitch_chat")
        if len(self._running) >= MOST_AT_ONCE:
            raise CommandRefused("busy", "too much of this is running already")

    def _do(self, command: ChatCommand) -> Callable[[], Awaitable[str]] | None:
        """Done at once (None), or what takes a while and gives an answer to be spoken."""
        message = command.message
        match command.verb:
            case "help":
                return partial(_told, self._help(written=self._is_written(message)))
            case "whatdoyouknow":
                return partial(self._known, message)
            case "forgetme":
                return partial(self._forget, message)
            case "optout":
                return partial(self._opt_out, message)
            case _:
                return self.moderating.do(command)

    def _begin(self, command: ChatCommand, work: Callable[[], Awaitable[str]]) -> None:
        self._running.start(self._finish(command, work), name=f"chat {command.verb}")

    async def _finish(self, command: ChatCommand, work: Callable[[], Awaitable[str]]) -> None:
        try:
            said = await work()
        except CommandRefused as refusal:
            self._answer(command, refusal)
        except StoreError as error:
            self._answer(command, CommandRefused("unavailable", str(error)[:200]))
        else:
            self._answer(command)
            self._say(command, said)

    def _say(self, command: ChatCommand, said: str) -> None:
        """In chat, where something writes there; what is known of somebody never aloud."""
        private = command.verb == _PRIVATE
        ours = command.verb == "help"
        written = said and self.acting.write(said, to=command.message, private=private, ours=ours)
        if said and not written and not private:
            self.cohost.say(said, target=None, priority="low")

    def _is_written(self, message: ChatMessage) -> bool:
        return self.acting.writer(message.source) is not None

    def _help(self, *, written: bool) -> str:
        if not written:
            return (
                f"Write exclamation mark {self.prefix}, then forgetme or optout. "
                "Moderators also have skip, mute, approve, reject, panic and more."
            )
        return (
            f"Write !{self.prefix}, then whatdoyouknow, forgetme or optout. "
            f"Moderators also have {', '.join(MODERATORS[:-1])} and {MODERATORS[-1]}."
        )

    async def _known(self, message: ChatMessage) -> str:
        profile = await self.memory.about(message.user_id)
        if profile is None:
            return f"{message.user}, I know nothing about you yet."
        return f"This is what I know: {describe(profile, now=self.clock.wall())}."

    async def _forget(self, message: ChatMessage) -> str:
        await self._forget_all(message)
        return "Done. I have forgotten that viewer."

    async def _opt_out(self, message: ChatMessage) -> str:
        await self._forget_all(message)
        await self.memory.opt_out(message.user_id)
        return "Done. I remember nothing of that viewer from now on."

    async def _forget_all(self, message: ChatMessage) -> None:
        if not message.user_id:
            raise CommandRefused("unavailable", "this input does not tell who writes")
        await self.memory.forget_viewer(f"id:{message.user_id}")
        self.take(ChatCleared(ts=self.clock.wall(), user_id=message.user_id, source="chat"))

    def _answer(self, command: ChatCommand, refusal: CommandRefused | None = None) -> None:
        event = CommandEvent.model_validate(self._fields(command, refusal))
        if refusal is None and command.verb in _SETTING:
            self.answer_saved(event)
        else:
            self.events.emit("event/command", event)

    def _fields(self, command: ChatCommand, refusal: CommandRefused | None) -> dict[str, Any]:
        return {
            "event_type": "rejected" if refusal else "accepted",
            "ts": self.clock.wall(),
            "command": f"chat/{command.verb}",
            "id": command.message.id,
            "code": refusal.code if refusal else "ok",
            "message": refusal.message if refusal else "",
            "by": command.message.user if _moderates(command) else None,
        }


def _moderates(command: ChatCommand) -> bool:
    return command.moderating and is_moderator(command.message)


async def _told(text: str) -> str:
    return text
