"""Does what a persona may do beside speaking: asked for, agreed to, and done by an output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import structlog

from pickled.brain import safety
from pickled.brain.allowed_actions import AllowedAction
from pickled.brain.persona import Persona
from pickled.brain.safety import GateRules
from pickled.errors import PartError, PickledError
from pickled.language.clauses import ClauseSplitter
from pickled.messages.action import ActionEvent
from pickled.messages.base import TurnId
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.response import Recipient, SafetyEvent
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.approval import Approval
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.fence import contained
from pickled.orchestrator.publishing.events import Events
from pickled.outputs import ChatWriter, Output, Performer
from pickled.side_tasks import SideTasks

log = structlog.get_logger()

LONGEST_S = 10.0
"""So long an output may take for an action, or for a line of chat."""

SHOUT_OUT = "shoutout"
"""The action that a raid asks for by itself."""

MOST_AT_ONCE = 5
"""Actions that wait or are done at the same time."""


@dataclass(frozen=True)
class WantedAction:
    """An action that somebody wants."""

    allowed: AllowedAction
    turn: TurnId
    by: str
    args: dict[str, str]
    to: tuple[Recipient, ...] = ()
    who: ChatMessage | None = None
    """On whose account, where a viewer is."""


@dataclass
class Acting:
    """Knows what the outputs offer, and lets them do what the persona in force allows."""

    approval: Approval
    controls: Controls
    events: Events
    requests: Requests
    clock: Clock
    rules: Callable[[], GateRules]
    """The gate's, as they are now."""
    _performers: dict[str, tuple[Performer, dict[str, str]]] = field(default_factory=dict)
    """By the component's name, with what each offers."""
    _writers: dict[str, ChatWriter] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    """When each was done last."""
    _wishes: dict[TurnId, WantedAction] = field(default_factory=dict)
    """Those that wait or are being done."""
    _running: SideTasks = field(default_factory=SideTasks)

    @contextmanager
    def with_output(self, component: str, output: Output) -> Iterator[None]:
        """While it runs, it may be asked."""
        if isinstance(output, Performer):
            self._performers[component] = (output, dict(output.actions))
        if isinstance(output, ChatWriter):
            self._writers[component] = output
        try:
            yield
        finally:
            self._performers.pop(component, None)
            self._writers.pop(component, None)

    async def close(self) -> None:
        """Do nothing any more."""
        await self._running.close()

    def spoken_of(self, persona: Persona) -> dict[str, str]:
        """What the model may ask for, with what it does: allowed, and offered just now."""
        told = {}
        for allowed in persona.actions:
            what = next(
                (offered[name] for _, offered in self._performers.values()
                 if (name := allowed.offered_as) in offered), None,
            )  # fmt: skip
            if allowed.spoken and what is not None:
                told[allowed.name] = allowed.when or what
        return told

    def ask(
        self,
        name: str,
        *,
        by: str,
        turn: TurnId = "",
        args: Mapping[str, str] | None = None,
        to: tuple[Recipient, ...] = (),
        who: ChatMessage | None = None,
        agreed: bool = False,
    ) -> bool:
        """Somebody wants that action; False if it is refused at once. `agreed`: a person has."""
        persona = self.controls.persona
        allowed = next((each for each in persona.actions if each.name == name), None)
        if allowed is None:
            self._tell("refused", name, turn, by, {}, f"{persona.name} may not do that")
            return False
        wish = WantedAction(
            allowed, turn or self.requests.new_turn(), by, {**(args or {}), **allowed.args}, to, who
        )
        self._tell_of("asked", wish)
        if why := self._why_not(wish):
            self._tell_of("refused", wish, why)
            return False
        self._last[name] = self.clock.now()
        self._wishes[wish.turn] = wish
        self._running.start(self._do(wish, agreed=agreed), name=f"action {name}")
        return True

    def may(self, name: str) -> bool:
        """Does the persona in force allow it, and does an output offer it?"""
        allowed = next((each for each in self.controls.persona.actions if each.name == name), None)
        return allowed is not None and self._performer(allowed.offered_as)[1] is not None

    def writer(self, source: str = "") -> ChatWriter | None:
        """Who writes in the chat that lines of that source come from; without one, in any."""
        writers = self._writers.values()
        return next((each for each in writers if each.serves(source)), None)

    def write(
        self, text: str, *, to: ChatMessage | None, private: bool = False, ours: bool = False
    ) -> bool:
        """Have something written in chat; False if nobody writes there.

        It passes the gate, as speech does, unless all words are `ours`.
        """
        writer = self.writer(to.source if to is not None else "")
        if writer is None or len(self._running) > MOST_AT_ONCE:
            return False
        if not ours and not (text := self._gated(text)):
            return True
        self._running.start(self._write(writer, text, to, private=private), name="write in chat")
        return True

    def _gated(self, text: str) -> str:
        """What may be written of it; nothing if one clause may not."""
        splitter, passed = ClauseSplitter(), list[str]()
        for clause in (*splitter.feed(text), *splitter.finish()):
            checked = safety.check(clause, gate=self.rules(), before=passed)
            if checked.text is None and checked.rule != "empty":
                told = {
                    "event_type": "blocked", "ts": self.clock.wall(), "rule": checked.rule or "",
                    "tier": checked.tier, "source": "chat_reply",
                }  # fmt: skip
                self.events.emit("event/safety", SafetyEvent.model_validate(told))
                return ""
            passed += [checked.text] if checked.text else []
        return " ".join(passed)

    def retract(self, retraction: Retraction) -> int:
        """Do nothing for who is taken back, and delete what was written to them; how much it is."""
        gone = 0
        for wish in list(self._wishes.values()):
            if wish.who is not None and retraction.concerns(wish.who):
                del self._wishes[wish.turn]
                gone += self.approval.drop(wish.turn)
        return gone + sum(each.retract(retraction) for each in self._writers.values())

    def _why_not(self, wish: WantedAction) -> str:
        if self.controls.muted or self.controls.paused:
            return "muted or paused"
        if self._performer(wish.allowed.offered_as)[1] is None:
            return f"no output offers {wish.allowed.offered_as} just now"
        if len(self._wishes) >= MOST_AT_ONCE:
            return "too much is being done already"
        last = self._last.get(wish.allowed.name)
        if last is not None and (left := wish.allowed.every - (self.clock.now() - last)) > 0:
            return f"it was done a moment ago; again in {left:.0f} s"
        return ""

    async def _do(self, wish: WantedAction, *, agreed: bool) -> None:
        try:
            if wish.allowed.confirm and not agreed and (why := await self._not_agreed(wish)):
                self._last.pop(wish.allowed.name, None)
                self._tell_of("refused", wish, why)
            elif wish.turn not in self._wishes:
                self._tell_of("refused", wish, "who it was for was taken back")
            else:
                await self._perform(wish)
        finally:
            self._wishes.pop(wish.turn, None)

    async def _not_agreed(self, wish: WantedAction) -> str:
        """Why a person did not let it be done; empty if they did."""
        self._tell_of("held", wish)
        shown = f"!{wish.allowed.name}"
        decision = await self.approval.ask(
            wish.turn, shown, wish.to, action=wish.allowed.name, args=wish.args
        )
        return "" if decision == "approved" else decision

    async def _perform(self, wish: WantedAction) -> None:
        name = wish.allowed.offered_as
        component, output = self._performer(name)
        if output is None:
            self._tell_of("failed", wish, f"no output offers {name} any more")
            return
        try:
            await contained(component, partial(output.act, name, wish.args), limit_s=LONGEST_S)
        except PickledError as error:
            log.warning("an action failed", action=wish.allowed.name, why=str(error))
            self._tell_of("failed", wish, str(error)[:200])
        else:
            self._tell_of("done", wish)

    def _performer(self, name: str) -> tuple[str, Performer | None]:
        for component, (output, offered) in self._performers.items():
            if name in offered:
                return component, output
        return "", None

    async def _write(
        self, writer: ChatWriter, text: str, to: ChatMessage | None, *, private: bool
    ) -> None:
        work = partial(writer.write, text, to=to, private=private)
        try:
            await contained("chat", work, limit_s=LONGEST_S, error=PartError)
        except PickledError as error:
            log.warning("nothing was written in chat", why=str(error))

    def _tell_of(self, kind: _Kind, wish: WantedAction, reason: str = "") -> None:
        self._tell(kind, wish.allowed.name, wish.turn, wish.by, wish.args, reason)

    def _tell(
        self, kind: _Kind, name: str, turn: TurnId, by: str, args: Mapping[str, str], reason: str
    ) -> None:
        event = {
            "event_type": kind, "ts": self.clock.wall(), "turn": turn or None, "action": name,
            "by": by, "args": dict(args), "reason": reason,
        }  # fmt: skip
        self.events.emit("event/action", ActionEvent.model_validate(event))


_Kind = Literal["asked", "held", "done", "refused", "failed"]
