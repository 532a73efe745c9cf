"""What moderators do from chat: stop it, steer it, decide what is said, and about whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from pickled.brain.chat_command import ChatCommand
from pickled.errors import CommandRefused
from pickled.orchestrator.commands.effects import Effects
from pickled.orchestrator.controls.blocking import BlockedWords, Ignored

_SWITCHES = {"": "TOGGLE", "on": "ON", "off": "OFF"}

Work = Callable[[], Awaitable[str]]
"""What takes a while, and gives nothing to be said."""


@dataclass(frozen=True)
class Moderating:
    """Each verb is what the command of that name over MQTT is, or a list kept over restarts."""

    effects: Effects
    blocked: BlockedWords
    ignored: Ignored

    def do(self, command: ChatCommand) -> Work | None:
        """Done at once (None), or what takes a while; raises CommandRefused."""
        effects, argument = self.effects, command.argument
        match command.verb:
            case "skip":
                effects.skip(None)
            case "mute" | "unmute":
                effects.mutes.switch("muted", on=command.verb == "mute")
            case "persona":
                effects.choose_persona(argument.casefold() or None)
            case "approve":
                effects.decide(argument or None, "approved")
            case "reject":
                effects.decide(argument or None, "rejected")
            case "panic":
                effects.panic(tell_nodes=True)
            case "pause" | "discreet":
                effects.set_switch("paused" if command.verb == "pause" else "discreet",
                                   _switch(argument))  # fmt: skip
            case "block":
                return partial(_done, partial(self._block, argument))
            case "unblock":
                return partial(_done, partial(self.blocked.unblock, argument))
            case "ignore":
                self.ignored.add(argument)
            case "unignore":
                self.ignored.remove(argument)
            case "answer":
                self._answer(command)
            case _:
                raise CommandRefused("unknown_command", "there is no such command")
        return None

    async def _block(self, word: str) -> None:
        """Also what is being said, and what was said last, goes if that word is in it."""
        await self.blocked.block(word)
        listed = self.blocked.list
        self.effects.cohost.cut(lambda said: listed.find(said) is not None)

    def _answer(self, command: ChatCommand) -> None:
        """The line that is replied to, or the last one of whom is named."""
        if not command.argument:
            if command.message.reply_to is None:
                raise CommandRefused("bad_payload", "whom? write `answer @name`, or reply to it")
            self.effects.answer(command.message.reply_to)
            return
        line = self.effects.answerable.newest_of(command.argument)
        if line is None:
            raise CommandRefused("unknown_viewer", "nobody of that name wrote something lately")
        self.effects.answer(line.id)


def _switch(argument: str) -> str:
    if (value := _SWITCHES.get(argument.casefold())) is None:
        raise CommandRefused("bad_payload", "on or off, or nothing for the other one")
    return value


async def _done(work: Callable[[], Awaitable[None]]) -> str:
    await work()
    return ""
