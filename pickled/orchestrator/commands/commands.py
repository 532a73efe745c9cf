"""Takes commands at once, whatever the daemon is busy with; each is answered with a code."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from pickled.errors import CommandRefused, StoreError
from pickled.messages.base import TurnId
from pickled.messages.command import Anything, Command, CommandEvent, Found, Switch, parse
from pickled.messages.memory import Hit, ViewerProfile
from pickled.mqtt import Bus, Incoming
from pickled.orchestrator.commands.sparing import Sparing
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.recent import Recent
from pickled.side_tasks import SideTasks
from pickled.topic_rows import Topic
from pickled.topics import TOPICS

log = structlog.get_logger()

KNOWN_IDS = 1_000
LONGEST_QUEUE = 20_000
"""Answers that wait to be sent; beyond that a command is not done, and that is counted."""

_OBEYED_BY_NODES = frozenset({"muted/set", "mic_muted/set", "cmd/panic"})

MOST_AT_ONCE = 16
"""Commands that take a while and run at the same time; more are refused as `busy`."""


@dataclass(frozen=True)
class Done:
    """What came of a command, beside `ok`."""

    turn: TurnId | None = None
    """The turn that it starts."""
    hits: tuple[Hit, ...] = ()
    viewer: ViewerProfile | None = None
    removed: Mapping[str, int] = field(default_factory=dict)
    """What was forgotten: where from, and how much."""


Effect = Callable[[Topic, Command], Done | Awaitable[Done]]
"""Does a command now, or begins what takes a while; raises CommandRefused."""


@dataclass(frozen=True)
class _Answer:
    event: CommandEvent
    to: Incoming | None
    reply: CommandEvent | None = None
    """What the sender alone gets."""
    save: bool = False
    clear: str = ""
    """A retained command that is to be removed."""


class Commands:
    """Parses, does and answers commands; an answer waits until what it accepts is on the disk.

    What works is accepted also while the disk takes nothing: a mute that is answered with
    `rejected` would look as if it had failed. The answer says that it is not saved yet.
    """

    def __init__(
        self,
        *,
        bus: Bus,
        effect: Effect,
        save: Callable[[], Awaitable[str]],
        retained: Callable[[Topic, Command], None],
        is_ours: Callable[[str], bool],
        events: Events,
        clock: Clock,
    ) -> None:
        """`save` keeps what was set over restarts, or tells why it can't; `retained` takes what is
        refused but obeyed by the nodes; `is_ours` knows our own ids."""
        self._bus = bus
        self._effect = effect
        self._save = save
        self._retained = retained
        self._is_ours = is_ours
        self._events = events
        self._clock = clock
        self._answers: deque[_Answer] = deque()
        self._filled = asyncio.Event()
        self._known: Recent[tuple[str, str], CommandEvent] = Recent(KNOWN_IDS)
        self._running = SideTasks()
        self._sparing = Sparing(clock)

    def listen(self) -> None:
        """Subscribe to every command, also to those that don't exist; before the bus starts."""
        for row in TOPICS:
            if row.kind == "command" and not row.path.startswith("node/"):
                self._bus.on(row.path, self.take if "pickled" in row.to else _not_ours)
        for unknown in ("+/set", "cmd/+"):
            self._bus.on_raw(self._bus.root(unknown), self._unknown)

    def take(self, message: Incoming) -> None:
        """Do a command and queue its answer."""
        if message.retain and not message.payload:
            return  # that is how a retained command is removed
        if len(self._answers) >= LONGEST_QUEUE:
            log.error("too many commands, one is not done", command=message.row.path)
            return
        command: Command | None = None
        try:
            if message.retain:
                self._obeyed_elsewhere(message)
                raise CommandRefused("retained", "publish commands without the retain flag")
            command = self._parse(message)
            if command.id and self._is_ours(command.id):
                return
            if known := self._repeated(message, command):
                self._queue(_Answer(known, message))
                return
            done = self._effect(message.row, command)
        except CommandRefused as refusal:
            self._refuse(message, command, refusal)
            return
        if isinstance(done, Done):
            self._accept(message, command, done)
        else:
            self._wait_for(message, command, done)

    def answer(self, event: CommandEvent) -> None:
        """Answer what was commanded elsewhere and set something, once that is on the disk."""
        self._queue(_Answer(event, None, save=True))

    def _accept(self, message: Incoming, command: Command, done: Done) -> None:
        path = message.row.path
        event = self._event(path, command.id, turn=done.turn, removed=done.removed)
        if command.once:
            self._remember(path, command.once, event)
        reply = None
        if done.hits or done.viewer:
            reply = Found(**dict(event), hits=done.hits, viewer=done.viewer)
        sets = (path.endswith("/set") and path != "link/set") or path == "cmd/panic"
        self._queue(_Answer(event, message, reply=reply, save=sets))

    def _wait_for(self, message: Incoming, command: Command, work: Awaitable[Done]) -> None:
        """Answer when it is done; nothing else waits for that."""
        self._running.start(self._finish(message, command, work), name=message.row.path)

    async def _finish(self, message: Incoming, command: Command, work: Awaitable[Done]) -> None:
        try:
            if len(self._running) > MOST_AT_ONCE:
                raise CommandRefused("busy", "too much of this is running already")
            self._accept(message, command, await work)
        except CommandRefused as refusal:
            self._refuse(message, command, refusal)
        except StoreError as error:
            self._refuse(message, command, CommandRefused("unavailable", str(error)[:200]))

    async def run(self) -> None:
        """Save what was set, and send the answers in order."""
        try:
            while True:
                self._filled.clear()
                while self._answers:
                    await self._send(list(self._answers))
                await self._filled.wait()
        finally:
            self._running.cancel()

    async def close(self) -> None:
        """Save and answer what was taken."""
        if self._answers:
            await self._send(list(self._answers))

    async def _send(self, answers: list[_Answer]) -> None:
        """All that wait, after one save for all of them."""
        why = await self._save() if any(each.save for each in answers) else ""
        for each in answers:
            self._answers.popleft()
            if each.clear:
                await self._bus.clear(each.clear)
            event = each.event
            if why and each.save:
                told = f"in force now; it can't be saved ({why}) and is tried again"
                event = event.model_copy(update={"message": told})
            self._events.emit("event/command", event, answer_to=each.to, reply=each.reply)

    def _parse(self, message: Incoming) -> Command:
        row = message.row
        if not row.built:
            raise CommandRefused("unavailable", "this is not built yet")
        kind: type[Command] = row.payload
        if kind is Anything:
            return _anything(message.payload)
        return parse(kind, message.payload)

    def _obeyed_elsewhere(self, message: Incoming) -> None:
        if message.row.path in _OBEYED_BY_NODES:
            with contextlib.suppress(CommandRefused):
                self._retained(message.row, self._parse(message))

    def _repeated(self, message: Incoming, command: Command) -> CommandEvent | None:
        """A known id is answered again; what may have been done and has no id is refused."""
        path = message.row.path
        if command.once:
            return self._known.get((path, command.once))
        toggles = isinstance(command, Switch) and command.value == "TOGGLE"
        if message.dup and (toggles or path.startswith("cmd/")) and not command.may_come_twice:
            raise CommandRefused("stale", "sent again by the broker, without an id to tell by")
        return None

    def _remember(self, path: str, command_id: str, event: CommandEvent) -> None:
        self._known[path, command_id] = event

    def _refuse(self, message: Incoming, command: Command | None, why: CommandRefused) -> None:
        event = self._event(
            message.row.path,
            command.id if command else why.command_id,
            code=why.code,
            message=why.message,
            field=why.field,
        )
        clear = message.topic if message.retain else ""
        save = message.row.path in _OBEYED_BY_NODES and message.retain
        self._queue(_Answer(event, message, clear=clear, save=save))

    def _unknown(self, topic: str, payload: bytes, retain: bool) -> None:
        if retain and not payload:
            return
        if len(self._answers) >= LONGEST_QUEUE:
            return
        path = topic.removeprefix(self._bus.root(""))[:100]
        event = self._event(path, None, code="unknown_command", message="there is no such command")
        self._queue(_Answer(event, None, clear=topic if retain else ""))

    def _event(
        self,
        path: str,
        command_id: str | None,
        *,
        code: str = "ok",
        message: str = "",
        field: str | None = None,
        turn: TurnId | None = None,
        removed: Mapping[str, int] | None = None,
    ) -> CommandEvent:
        return CommandEvent.model_validate(
            {
                "event_type": "accepted" if code == "ok" else "rejected",
                "ts": self._clock.wall(),
                "command": path,
                "turn": turn,
                "id": command_id,
                "code": code,
                "message": message,
                "field": field,
                "removed": removed or {},
            }
        )

    def _queue(self, answer: _Answer) -> None:
        event = self._sparing.told(answer.event)
        if event is None:
            to = answer.to
            if to is not None and to.response_topic and self._sparing.replies(answer.event):
                self._events.respond(to, answer.event)
            return
        self._answers.append(replace(answer, event=event))
        self._filled.set()


def _not_ours(_message: Incoming) -> None:
    """The vision-server's to obey and to answer; without rights of our own we hear of it, too."""


def _anything(payload: bytes) -> Anything:
    """Any payload does; an id is taken where there is one."""
    try:
        return parse(Anything, payload)
    except CommandRefused as refusal:
        if refusal.code == "too_large":
            raise
        return Anything()
