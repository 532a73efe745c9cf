"""What each command does: one table at the end, and nothing in it waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import structlog

from pickled.errors import CommandRefused
from pickled.language.clauses import ClauseSplitter
from pickled.language.normalization.cleaning import clean
from pickled.memory.forget import is_somebody
from pickled.memory.short_term import ShortTerm
from pickled.messages import command as commands
from pickled.messages.chat import ChatCleared, ChatDeleted
from pickled.messages.command import Command
from pickled.messages.events import Event
from pickled.messages.outside_chat import TellChat
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.commands.commands import Done
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.controls.mutes import Mutes
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.conversation.requests import turn_id
from pickled.orchestrator.intake.answerable import Answerable
from pickled.orchestrator.intake.other_platforms import OtherPlatforms
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.recollection.remembering import Remembering
from pickled.orchestrator.situation.show import Show
from pickled.topic_rows import Topic

log = structlog.get_logger()

TOO_YOUNG_S = 0.3
"""A turn that began less than that ago is not what somebody wanted to skip."""


@dataclass
class Effects:
    """Calls the part that a command is for; raises CommandRefused."""

    cohost: CoHost
    controls: Controls
    mutes: Mutes
    clock: Clock
    memory: Remembering
    short_term: ShortTerm
    show: Show
    screen: Callable[[str], str]
    """The input gate, for words that come as a fact."""
    platforms: OtherPlatforms
    answerable: Answerable
    take: Callable[[Event], None]
    reload: Callable[[], None]
    voices: Callable[[], tuple[str, ...]]

    def __call__(self, row: Topic, command: Command) -> Done | Awaitable[Done]:
        """Do it, or begin what takes a while; raises CommandRefused."""
        if (do := EFFECTS.get(row.path)) is None:
            raise CommandRefused("unavailable", "this is not built yet")
        done = do(self, command)
        return Done() if done is None else done

    def panic(self, *, tell_nodes: bool = False) -> None:
        """Stop at once, empty every queue, mute; one over MQTT the nodes obey by themselves."""
        self.cohost.speaking.stop("muted")
        dropped = self.cohost.empty("muted")
        self.mutes.switch("muted", on=True, tell_nodes=tell_nodes)
        log.warning("panic", dropped=dropped)

    def retained(self, row: Topic, command: Command) -> None:
        """The nodes obey a mute although it was retained: then so do we."""
        if isinstance(command, commands.Switch) and command.value == "ON":
            self.mutes.command(row.path.removesuffix("/set"), command.value)
        elif row.path == "cmd/panic":
            self.panic()

    def set_mute(self, name: str, value: str) -> None:
        """`ON`, `OFF`, or the other one of what is in force."""
        self.mutes.command(name, value)
        self.cohost.wake()

    def set_switch(self, name: str, value: str) -> None:
        """`ON`, `OFF`, or the other one of what is in force."""
        self.controls.set_switch(
            name, not getattr(self.controls, name) if value == "TOGGLE" else value == "ON"
        )
        self.cohost.wake()

    def choose_persona(self, name: str | None) -> None:
        """From the next turn on; None is the configured one. Raises CommandRefused."""
        if name is not None and name not in self.controls.personas:
            known = ", ".join(sorted(self.controls.personas))
            raise CommandRefused("unknown_persona", f"there are {known}", field="value")
        self.controls.set_persona(name)
        self.cohost.wake()

    def choose_voice(self, name: str | None) -> None:
        """From the next clause on; None is the persona's own. Raises CommandRefused."""
        known = self.voices()
        if name is not None and name not in known:
            listed = ", ".join(known[:20]) or "none just now"
            raise CommandRefused("unknown_voice", f"there are {listed}", field="value")
        self.controls.set_voice(name)

    def say(self, command: commands.Say) -> Done:
        """Speak that as given."""
        self._refuse_when_muted()
        if not _is_speech(command.text):
            raise CommandRefused("bad_payload", "nothing of it can be spoken", field="text")
        turn = self.cohost.say(command.text, target=command.target, priority=command.priority)
        if turn is None:
            raise CommandRefused("busy", "too much waits to be said already")
        return Done(turn=turn)

    def ask(self, command: commands.Ask) -> Done:
        """Answer that as if the streamer had said it."""
        self._refuse_when_muted()
        if self.controls.paused:
            raise CommandRefused("not_allowed", "paused: publish OFF to paused/set first")
        turn = self.cohost.ask(command.text, user=command.user or "streamer")
        if turn is None:
            raise CommandRefused("busy", "too much waits to be answered already")
        return Done(turn=turn)

    def answer(self, message_id: str) -> Done:
        """Answer that line of chat now; raises CommandRefused if it may not be answered."""
        self._refuse_when_muted()
        if self.controls.paused:
            raise CommandRefused("not_allowed", "paused: publish OFF to paused/set first")
        if (line := self.answerable.get(message_id)) is None:
            why = "that line is not known any more, or may not be answered"
            raise CommandRefused("stale", why, field="message")
        if (turn := self.cohost.answer(line)) is None:
            raise CommandRefused("busy", "too much waits to be answered already")
        return Done(turn=turn)

    async def search(self, command: commands.MemorySearch) -> Done:
        """What memory holds on that."""
        return Done(hits=await self.memory.search(command.text, k=command.k))

    async def viewer(self, command: commands.AboutViewer) -> Done:
        """Who that is."""
        return Done(viewer=await self.memory.find(command.viewer))

    async def forget(self, command: commands.Forget) -> Done:
        """Everywhere: also what waits, what is being said, and what is shown."""
        wanted = (command.viewer, command.memory, command.message)
        if sum(each is not None for each in wanted) != 1:
            raise CommandRefused("bad_payload", "name one of viewer, memory and message")
        removed: dict[str, int] = {}
        if command.message is not None:
            try:
                removed = await self.memory.forget_message(command.message)
            finally:  # also what the disk can't forget is not said
                self.take(ChatDeleted(ts=self.clock.wall(), id=command.message, source="mqtt"))
        elif command.memory is not None:
            removed = await self.memory.forget_entry(command.memory)
        elif command.viewer is not None:
            removed = await self._forget_viewer(command.viewer, opt_out=command.opt_out)
        return Done(removed=removed)

    async def _forget_viewer(self, who: str, *, opt_out: bool) -> dict[str, int]:
        """Who wrote just now and is in no file is somebody, too; raises CommandRefused."""
        present = self.short_term.writers(who)
        ids, removed = await self.memory.forget_viewer(who, opted_out=opt_out)
        if not ids and len(present) == 1:
            (user_id,) = present
            ids, _ = await self.memory.forget_viewer(f"id:{user_id}", opted_out=opt_out)
        if not (is_somebody(removed) or ids & present or (ids and opt_out)):
            raise CommandRefused("unknown_viewer", "nothing is kept of that name", field="viewer")
        for user_id in ids:
            self.take(ChatCleared(ts=self.clock.wall(), user_id=user_id, source="mqtt"))
        return removed

    def _refuse_when_muted(self) -> None:
        if self.controls.muted:
            raise CommandRefused("not_allowed", "muted: publish OFF to muted/set first")

    def decide(self, turn: str | None, decision: Literal["approved", "rejected"]) -> None:
        """What a person says to an answer that waits for one; raises CommandRefused."""
        self.cohost.speaking.approval.decide(turn, decision)

    def set_link(self, command: commands.SetLink) -> None:
        """The uplink is told to be like that."""
        self.show.set_link(command)
        self.cohost.link_changed()

    def set_fact(self, command: commands.SetContext) -> None:
        """A fact from the house."""
        self.show.set_fact(command, text=self.screen(str(command.value)))

    def skip(self, turn: str | None) -> None:
        """Stop what is being said, or that turn; raises CommandRefused."""
        running = self.cohost.speaking.turn
        if turn is not None and (running is None or running.request.turn != turn):
            code = "stale" if turn in self.cohost.speaking.known else "unknown_turn"
            raise CommandRefused(code, "that turn is not being spoken", field="turn")
        if running is None:
            raise CommandRefused("stale", "nothing is being said")
        if turn is None and (self.cohost.speaking.begun_s() or 0.0) < TOO_YOUNG_S:
            raise CommandRefused("stale", "this turn has only just begun")
        self.cohost.speaking.stop("skipped")

    def inhibit(self, command: commands.Inhibit) -> None:
        """Take, renew or give back a lease not to speak."""
        if not self.controls.inhibit(command.holder, command.seconds):
            raise CommandRefused("busy", "too many holders have a lease")
        if command.seconds > 0:
            self.cohost.speaking.shorten()
        self.cohost.wake()

    def tell(self, command: commands.TellEvent) -> None:
        """A stream event from elsewhere."""
        self.platforms.count_event()
        fields = command.model_dump(exclude={"id", "event"}, exclude_none=True)
        event = {
            **fields, "event_type": command.event, "ts": self.clock.wall(), "source": "mqtt",
        }  # fmt: skip
        self.take(StreamEvent.model_validate(event))

    def tell_chat(self, command: TellChat) -> None:
        """A line of chat from elsewhere, or its retraction."""
        dice = self.cohost.requests.random
        self.take(self.platforms.chat(command, new_id=lambda: turn_id(dice)))


def _is_speech(text: str) -> bool:
    """Is there a word in it, and not only a picture or an action?"""
    splitter = ClauseSplitter()
    clauses = (*splitter.feed(text), *splitter.finish())
    return any(any(map(str.isalnum, clean(each).text)) for each in clauses)


Do = Callable[[Effects, Any], Done | Awaitable[Done] | None]

EFFECTS: dict[str, Do] = {
    "muted/set": lambda on, to: on.set_mute("muted", to.value),
    "mic_muted/set": lambda on, to: on.set_mute("mic_muted", to.value),
    "paused/set": lambda on, to: on.set_switch("paused", to.value),
    "approval/set": lambda on, to: on.set_switch("approval", to.value),
    "discreet/set": lambda on, to: on.set_switch("discreet", to.value),
    "persona/set": lambda on, to: on.choose_persona(to.value),
    "voice/set": lambda on, to: on.choose_voice(to.value),
    "volume/set": lambda on, to: on.controls.set_volume(to.value),
    "cooldown/set": lambda on, to: on.controls.set_cooldown(to.value),
    "spontaneity/set": lambda on, to: on.controls.set_spontaneity(to.value),
    "link/set": Effects.set_link,
    "cmd/say": Effects.say,
    "cmd/ask": Effects.ask,
    "cmd/answer": lambda on, to: on.answer(to.message),
    "cmd/skip": lambda on, to: on.skip(to.turn),
    "cmd/panic": lambda on, _: on.panic(),
    "cmd/approve": lambda on, to: on.decide(to.turn, "approved"),
    "cmd/reject": lambda on, to: on.decide(to.turn, "rejected"),
    "cmd/inhibit": Effects.inhibit,
    "cmd/forget": Effects.forget,
    "cmd/memory_search": Effects.search,
    "cmd/viewer": Effects.viewer,
    "cmd/context": Effects.set_fact,
    "cmd/event": Effects.tell,
    "cmd/chat": Effects.tell_chat,
    "cmd/reload": lambda on, _: on.reload(),
    "cmd/ping": lambda _on, _: None,
}
"""Each command that is built, by its path in the table, and what it does; a ping is answered, no
more."""
