"""Makes moments of what happens on the stream: thanks, welcomes, greetings, and word of an ad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from pickled.language.address import addressed
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Priority
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.conversation.errands import GATHER_S, MOST_WAITING, Errand
from pickled.orchestrator.conversation.occasions import Reactions, told

AD_WORD_S = 30.0
"""So long before an ad break it says that one comes."""

AD_SILENCE_S = 3.0
"""So long before it begins nothing is said about it any more."""

LONGEST_AD_S = 180.0
"""Twitch has none that is longer; whoever says so would only silence it."""

JUST_NOW_S = 300.0
"""A stream that began longer ago is not greeted: only we are new to it."""

AD_HOLDER = "ad"
"""Who holds the lease while an ad runs: `cmd/inhibit` can give it back."""


@dataclass
class Reacting:
    """Reacts to stream events; each is one turn, a burst together."""

    cohost: CoHost
    obeyed: Callable[[StreamEvent], bool] = lambda _event: False
    """Is it a redemption that is for something else, and done already?"""
    on_raid: Callable[[StreamEvent], None] = lambda _event: None
    _reactions: Reactions = field(default_factory=Reactions)

    def react(self, event: StreamEvent) -> None:
        """A raid, a sub, a tip: say something about it."""
        cohost = self.cohost
        now, kind = cohost.clock.now(), event.event_type
        if kind == "ad" and not event.in_seconds:
            self._ad_runs(event)
        if kind == "redemption" and self.obeyed(event):
            return
        if not self._wants(event) or not self._reactions.worth(event, now=now):
            return
        if kind == "raid":
            self.on_raid(event)
        if kind == "ad":  # another moment than what was announced before
            cohost.errands.take_back("ad")
        if cohost.controls.muted or cohost.controls.paused:
            return
        heard = event.model_copy(update={"in_seconds": _when_told(event)})
        message = cohost.requests.spoken(told(heard), event.user, user_id=event.user_id)
        errand = self._errand(event, message)
        if not cohost.errands.join(errand):
            cohost.queue(errand, most=MOST_WAITING // 2)
        cohost.wake()

    def cheer(self, line: ChatMessage) -> bool:
        """Thank for bits that came with a line of chat, and answer it; False: chat has to."""
        cohost = self.cohost
        now, who = cohost.clock.now(), line.user_id or line.user
        first = self._reactions.cheered(who, line.bits, now=now)
        event = StreamEvent(
            ts=line.ts, event_type="cheer", user=line.user, user_id=line.user_id,
            amount=line.bits, text=_words(line), source=line.source,
        )  # fmt: skip
        if cohost.controls.muted or cohost.controls.paused or not self._wants(event):
            return False
        asks = addressed(line, cohost.controls.persona.triggers)
        errand = self._errand(event, line.model_copy(update={"text": told(event)}))
        errand = Errand(errand.request, events=() if asks else errand.events)
        if first:
            return cohost.queue(errand, most=MOST_WAITING // 2) is not None
        return cohost.errands.adopt(errand) or not asks

    def _errand(self, event: StreamEvent, message: ChatMessage) -> Errand:
        kind, now = event.event_type, self.cohost.clock.now()
        priority: Priority = "high" if kind == "raid" else "normal"
        request = self.cohost.requests.make("stream", kind, (message,), priority=priority)
        if kind == "ad" and event.in_seconds:
            heard = event.model_copy(update={"in_seconds": _when_told(event)})
            begins = now + event.in_seconds
            first, last = begins - AD_WORD_S, begins - AD_SILENCE_S
            return Errand(request, events=(heard,), not_before=first, until=last)
        counted = kind == "gift" and (event.amount or 1) > 1  # the whole burst at once
        gathers = kind in GATHER_S and not counted and not message.bits
        return Errand(
            request, events=(event,), not_before=now + GATHER_S[kind] if gathers else -inf
        )

    def _wants(self, event: StreamEvent) -> bool:
        """Would the persona say anything about it? Of an old beginning nobody would."""
        if event.event_type == "online":
            age = (self.cohost.clock.wall() - event.ts).total_seconds()
            if age > JUST_NOW_S:
                return False
        return self.cohost.controls.persona.events.get(event.event_type) != ()

    def _ad_runs(self, event: StreamEvent) -> None:
        """Nobody hears the stream: it finishes its clause, and leaves the floor alone."""
        self.cohost.errands.take_back("ad")
        if lasts := event.seconds or event.amount:
            self.cohost.controls.inhibit(AD_HOLDER, min(lasts, LONGEST_AD_S))
            self.cohost.speaking.shorten()
            self.cohost.wake()


def _when_told(event: StreamEvent) -> float | None:
    """How long it is until then when it is told."""
    return min(event.in_seconds, AD_WORD_S) if event.in_seconds else None


def _words(line: ChatMessage) -> str:
    """What was written beside the bits."""
    if not line.fragments:
        return line.text
    words = " ".join(each.text for each in line.fragments if each.type != "cheermote")
    return " ".join(words.split())
