"""The ear: what the streamer says is told from an echo, stops the co-host, or asks it something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pickled.brain.dialogue import FollowUp, StreamersTurn, age_of, is_sure
from pickled.brain.floor import interrupts, is_stop, pause_after
from pickled.brain.foresight import still_fits
from pickled.brain.own_voice import OwnVoice, is_own_voice, was_own_voice, when_began
from pickled.language.address import named
from pickled.language.talk import is_asking, is_back_channel, words_of
from pickled.messages.base import TurnId
from pickled.messages.speech import Speech
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.early import Early
from pickled.orchestrator.conversation.errands import Errand
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.conversation.speaking import Speaking
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.situation.show import Show
from pickled.orchestrator.turn.turn import Turn

log = structlog.get_logger()

SURELY_WORDS = 3
"""So many of its own words show that its voice comes back through the microphone."""


@dataclass(frozen=True)
class _Heard:
    """A piece of speech, and where it belongs."""

    speech: Speech
    whole: str
    """All that the streamer said in one go."""
    said: float
    """When, in seconds of the loop's clock."""
    to_us: bool
    sure: bool

    @property
    def final(self) -> bool:
        return self.speech.event_type == "final"


@dataclass
class Hearing:
    """Hears the streamer; the decisions are the brain's."""

    speaking: Speaking
    show: Show
    controls: Controls
    requests: Requests
    clock: Clock
    early: Early
    own: OwnVoice
    queue: Callable[[Errand], TurnId | None]
    """Lets an errand wait for its turn."""
    pending: Callable[[TurnId], bool]
    """Does it wait, or is it unheard?"""
    withdraw: Callable[[TurnId], None]
    told: Callable[[str, float], None]
    """Called with what the streamer tells, and when that was."""
    wake: Callable[[], None]
    follow_up: FollowUp = field(default_factory=FollowUp)
    _turn: StreamersTurn = field(default_factory=StreamersTurn)
    _asked: tuple[TurnId, str] | None = None
    """What was asked last, and its text."""

    def hear(self, speech: Speech) -> bool:
        """The streamer speaks; False if it was only the co-host's own voice that came back."""
        now = self.clock.now()
        age = age_of(speech, wall=self.clock.wall().timestamp())
        sounding, own = self._own(speech.text, now - age)
        if own and self._is_own(speech.text, sounding, own):
            self._came_back(speech, now)
            return False
        heard = self._place(speech, sounding, own, now - age)
        self._take_in(heard)
        order = heard.final and heard.to_us and self._is_order(heard)
        if order or self._talks_over(heard, sounding):
            self.speaking.stop("interrupted")
        if order and self._asked:
            self.withdraw(self._asked[0])
        if heard.final and speech.text:
            self._final(heard, age, silent=order)
        elif speech.text:
            self._goes_on(heard)
        elif heard.final:
            self.early.drop()
        self.wake()
        return True

    def begun(self, turn: Turn) -> None:
        """A turn begins: only an answer to the streamer leaves it clear who is spoken to next."""
        if turn.request.origin != "speech" or not self.controls.persona.behavior.follow_up:
            self.follow_up.close()
            return
        text = turn.request.messages[-1].text
        asked = named(text, self.controls.persona.triggers) or is_asking(text)
        self.follow_up.begin(asked=asked, now=self.clock.now())

    def ended(self, turn: Turn) -> None:
        """A turn has ended, and its sound."""
        self.own.silent(now=self.clock.now())
        if turn.request.origin == "speech" and turn.talker.heard:
            seconds = self.controls.persona.behavior.follow_up
            self.follow_up.ended(seconds, now=self.clock.now())
        elif turn.request.origin == "speech":
            self.follow_up.close()

    def _own(self, text: str, said: float) -> tuple[str, str]:
        """What the co-host is saying just now, and all of its words that may come back."""
        turn = self.speaking.turn
        now = turn.about if turn is not None and turn.sounding else ""
        began = (
            min(said, self._turn.piece_began)
            if self._turn.is_open
            else when_began(text, ended=said)
        )
        return now, f"{self.own.near(began=began, ended=said)} {now}".strip()

    def _is_own(self, text: str, sounding: str, own: str) -> bool:
        """Its name is not its own word, unless it has just said it."""
        names = self.controls.persona.triggers
        if not text or (named(text, names) and not named(own, names)):
            return False
        return is_own_voice(text, own=sounding) or was_own_voice(text, own=own)

    def _came_back(self, speech: Speech, now: float) -> None:
        if len(words_of(speech.text)) >= SURELY_WORDS:
            self.own.came_back(now=now)
        if speech.event_type == "final" and self._turn.leave_out():
            self.show.unhear()
            self.wake()

    def _place(self, speech: Speech, sounding: str, own: str, said: float) -> _Heard:
        """What it belongs to, and for whom it is."""
        persona, sure = self.controls.persona, is_sure(speech)
        names, language = persona.triggers, persona.language
        now = self.clock.now()
        doubtful = self.own.doubtful(speech.text, own=own, now=now)
        doubtful |= bool(sounding) and self.own.comes_back(now=now)
        if named(speech.text, names) and not named(own, names):
            doubtful = False
        whole = self._turn.take(
            speech, said=said, counts=sure and not doubtful, names=names, language=language
        )
        to_us = sure and not doubtful and named(whole, names)
        if sure and not doubtful and not to_us:
            began = self._turn.began
            to_us = self.follow_up.is_for_us(whole, began=began, language=language)
        return _Heard(speech, whole, said, to_us and bool(speech.text), sure)

    def _take_in(self, heard: _Heard) -> None:
        """The show has to know who talks, and for how long still."""
        persona, pause = self.controls.persona, None
        if heard.final and heard.speech.text:
            pause = pause_after(
                heard.whole,
                to_us=heard.to_us,
                confirmed=self._turn.confirmed,
                names=persona.triggers,
                language=persona.language,
            )
        self.show.hear(heard.speech, to_us=heard.to_us, pause=pause)

    def _is_order(self, heard: _Heard) -> bool:
        """Does the streamer want it to be quiet, and did they when it had begun to speak?"""
        names = self.controls.persona.triggers
        return not self._is_before(heard) and is_stop(heard.speech.text, names=names)

    def _talks_over(self, heard: _Heard, sounding: str) -> bool:
        """Does the streamer talk over it? Where it isn't clear yet, it begins nothing new."""
        text, language = heard.speech.text, self.controls.persona.language
        if not sounding or not heard.sure or self._is_before(heard):
            return False
        echoes = self.own.comes_back(now=self.clock.now())
        if text and interrupts(text, own=sounding, language=language, comes_back=echoes):
            return True
        begins = not heard.final and not is_back_channel(text, language)
        if begins and not echoes:
            self.show.streamer.doubt(now=self.clock.now())
        return False

    def _is_before(self, heard: _Heard) -> bool:
        """Was it said before what is being answered began to be heard?"""
        turn = self.speaking.turn
        return turn is not None and heard.said < (turn.stages.first_sound or turn.stages.decided)

    def _goes_on(self, heard: _Heard) -> None:
        """The streamer is not done, or nearly."""
        if not heard.speech.eager:
            self.early.goes_on(heard.whole)
        elif heard.to_us and not self._is_order(heard):
            self.early.foresee(heard.whole)
        else:
            self.early.drop()

    def _final(self, heard: _Heard, age: float, *, silent: bool) -> None:
        """A sentence is over; `silent`: it wants no answer."""
        ready = self.early.fitting(heard.whole) if heard.to_us else None
        spoken = None if ready else self.requests.spoken(heard.whole, "streamer")
        if heard.sure:
            delay = self.show.delay_s if heard.speech.node is None else 0.0
            self.told(heard.whole, min(heard.said, self.clock.now() - delay))
        silent = silent or self.controls.muted or self.controls.paused
        late = age > self.controls.rules.mention_ttl
        if not heard.to_us or silent or late:
            if heard.to_us and late:
                log.info("heard too late to be answered", age_s=round(age, 1))
            self.early.drop()
            return
        if self._keeps(heard.whole):
            return
        if spoken is None:
            assert ready is not None
            request = ready
        else:
            self.early.drop()
            request = self.requests.make("speech", "streamer", (spoken,))
        now = self.clock.now()
        request = request.model_copy(update={"arrived": heard.said, "decided": now})
        self._asked = (request.turn, heard.whole)
        if spoken is not None and self.show.streamer.talking(now=now):
            self.early.prepare(request)
        self.queue(Errand(request))

    def _keeps(self, whole: str) -> bool:
        """Does what the same streamer's turn asked before still fit? Else it is not answered."""
        if self._asked is None or not self._turn.goes_on:
            return False
        turn, text = self._asked
        if not self.pending(turn):
            return False
        persona = self.controls.persona
        if still_fits(text, whole, names=persona.triggers, language=persona.language):
            return True
        self.withdraw(turn)
        return False
