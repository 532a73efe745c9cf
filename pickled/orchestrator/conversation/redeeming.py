"""Rewards for channel points that do something: say this, another persona, silence, an action."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pickled.brain.event_texts import check_text, worded
from pickled.config import RedemptionConfig
from pickled.errors import ConfigError
from pickled.messages.action import ActionEvent
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.conversation.acting import Acting
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.publishing.events import Events
from pickled.side_tasks import SideTasks

SILENCE_S = 60.0
"""So long it is silent where nobody says how long."""

HOLDER = "redemption"
"""Who holds the lease meanwhile: `cmd/inhibit` can give it back."""


@dataclass
class Redeeming:
    """Knows the rewards that are configured; each time it is told what was done."""

    wanted: Sequence[RedemptionConfig]
    cohost: CoHost
    acting: Acting
    events: Events
    _going_back: SideTasks = field(default_factory=SideTasks)
    _before: str = ""
    """The persona that comes back."""

    def check(self) -> None:
        """Raises ConfigError for what could never be done."""
        for each in self.wanted:
            where = f"redemptions: {each.title}"
            if each.persona is not None and each.persona not in self.cohost.controls.personas:
                known = ", ".join(sorted(self.cohost.controls.personas))
                raise ConfigError(
                    f"{where}: there is no persona {each.persona} (there are {known})"
                )
            try:
                check_text(each.text or "")
            except ValueError as error:
                raise ConfigError(f"{where}: text: {error}") from error

    def obeyed(self, event: StreamEvent) -> bool:
        """Do what that reward is for; False if it is to be talked about, as any other."""
        title = " ".join(event.title.split()).casefold()
        found = next((each for each in self.wanted if each.title.casefold() == title), None)
        if found is None or found.do == "ask":
            return False
        if found.do == "action":
            assert found.action is not None
            who = self.cohost.requests.spoken(event.text, event.user, user_id=event.user_id)
            args = {"user": event.user, "user_id": event.user_id}
            self.acting.ask(found.action, by=event.user, args=args, who=who)
            return True
        self._tell(found, event, self._do(found, event))
        return True

    async def close(self) -> None:
        """Nobody comes back any more."""
        await self._going_back.close()

    def _do(self, wanted: RedemptionConfig, event: StreamEvent) -> str:
        """Why it was not done; empty if it was."""
        cohost = self.cohost
        match wanted.do:
            case "say":
                who = cohost.requests.spoken(event.text, event.user, user_id=event.user_id)
                text = worded([wanted.text or ""], [event], count=1, turn="")
                if not text or cohost.controls.muted:
                    return "muted" if text else "nothing was written with it"
                said = cohost.say(text, target=None, priority="normal", answers=(who,))
                return "" if said else "too much waits to be said already"
            case "persona":
                assert wanted.persona is not None
                self._change(wanted.persona, wanted.seconds)
            case "mute":
                if not cohost.controls.inhibit(HOLDER, wanted.seconds or SILENCE_S):
                    return "too many hold a lease"
                cohost.speaking.stop("interrupted")
        cohost.wake()
        return ""

    def _change(self, name: str, seconds: float | None) -> None:
        controls = self.cohost.controls
        before = self._before if len(self._going_back) else controls.persona_name
        self._going_back.cancel()
        controls.set_persona(name)
        if seconds is None or before == name:
            return
        self._before = before

        async def back() -> None:
            await asyncio.sleep(seconds)
            if controls.persona_name == name and before in controls.personas:
                controls.set_persona(before)
                self.cohost.wake()

        self._going_back.start(back(), name="persona back")

    def _tell(self, wanted: RedemptionConfig, event: StreamEvent, why: str) -> None:
        told = ActionEvent(
            ts=self.cohost.clock.wall(),
            event_type="refused" if why else "done",
            action=wanted.do,
            args={"title": wanted.title},
            by=event.user,
            reason=why,
        )
        self.events.emit("event/action", told)
