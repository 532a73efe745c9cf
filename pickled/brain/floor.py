"""Decides when it may speak: mutes, leases, the streamer's voice, and whose words go first."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from pickled.brain.own_voice import is_own_voice as is_own_voice
from pickled.brain.own_voice import strange_words
from pickled.language import talk
from pickled.language.address import is_question, uncalled
from pickled.messages.decision import Priority
from pickled.messages.speech import Speech

PAUSE_S = 0.7
"""So long the streamer is silent before a sentence that ended counts as a pause."""

SENTENCE_S = 8.0
"""A sentence of which nothing more is heard for so long has ended without our hearing it."""

UNFINISHED_S = 1.2
"""The same behind a sentence that is not over by its shape, whoever it is for."""

BREATH_S = 0.7
"""What is told to the co-host may go on: so long no sound is let out. What ends with a question
mark is answered at once."""

DOUBT_S = 1.5
"""A noise or a single word over the co-host's voice: so long it begins no further clause."""

ENOUGH_WORDS = 2
"""So many words of the streamer, spoken over the co-host, stop it; a cough or an "aha" doesn't."""

LEAST_SURE = 0.4
"""A recognizer that is less sure than this has heard somebody far off, or a noise: that stops
nobody and asks nothing."""


@dataclass(frozen=True, slots=True)
class Floor:
    """May it speak?"""

    muted: bool = False
    paused: bool = False
    inhibited: bool = False
    """Somebody holds a do-not-speak lease."""
    streamer: bool = False
    """The streamer is talking, or only takes a breath."""
    busy: bool = False
    """A turn is running, or sound is heard."""
    quiet_since: float = -inf
    """End of the last sound, in seconds of the loop's clock."""

    @property
    def taken(self) -> str:
        """Why nothing can be said now; empty if it can."""
        reasons = {
            "muted": self.muted,
            "paused": self.paused,
            "inhibited": self.inhibited,
            "streamer": self.streamer,
            "speaking": self.busy,
        }
        return next((reason for reason, given in reasons.items() if given), "")


def may_begin(priority: Priority, floor: Floor, *, now: float, cooldown: float) -> bool:
    """May something that did not come from chat be said now?

    A pause is for chat: what a person wants said is said. Only `critical` goes over the streamer's
    voice, and only `low` waits for the cooldown.
    """
    if floor.muted or floor.inhibited or floor.busy:
        return False
    if floor.streamer and priority != "critical":
        return False
    return priority != "low" or now >= floor.quiet_since + cooldown


def preempts(priority: Priority) -> Literal["wait", "shorten", "cut"]:
    """What happens to the turn that is running when something of that priority comes."""
    match priority:
        case "critical":
            return "cut"
        case "high":
            return "shorten"
    return "wait"


class Streamer:
    """Is the streamer talking? From what the recognizer tells."""

    def __init__(self) -> None:
        self._until = -inf
        self._breath = -inf
        self._doubt = -inf

    def hear(
        self, speech: Speech, *, now: float, to_us: bool = False, pause: float | None = None
    ) -> None:
        """Something was recognized; `to_us`: it was said to the co-host, who need not wait.

        `pause`: how long a silence behind it means that it is over, s; None: by its own text.
        """
        self._doubt = min(self._doubt, now)
        if speech.event_type != "final":
            self._until = now + SENTENCE_S
            return
        if pause is None:
            pause = pause_after(speech.text, to_us=to_us)
        unfinished = pause > PAUSE_S
        self._until = now if to_us and not unfinished else now + pause
        self._breath = now + pause if to_us else self._until

    def doubt(self, *, now: float) -> None:
        """That may be the begin of something, or of nothing: a noise, a single word."""
        self._doubt = now + DOUBT_S

    def lost(self) -> None:
        """The link is gone, or it was nobody: what was being said is not heard any more."""
        self._until = self._breath = self._doubt = -inf

    def talking(self, *, now: float) -> bool:
        """Also in the pause between two sentences."""
        return now < self._until

    def breathing(self, *, now: float) -> bool:
        """The same, and in the shorter pause behind what was told to the co-host."""
        return now < max(self._until, self._breath)

    def doubtful(self, *, now: float) -> bool:
        """Will it show in a moment whether they talk over the co-host?"""
        return now < self._doubt

    @property
    def until(self) -> float:
        """When it ends if nothing more is heard, in seconds of the loop's clock."""
        return self._until

    @property
    def breath_until(self) -> float:
        """The same, with the pause behind what was told to the co-host."""
        return max(self._until, self._breath)

    def breath_over(self, *, now: float) -> float | None:
        """When the pause is long enough; None if they don't talk."""
        return self.breath_until if self.breath_until > now else None

    @property
    def doubt_until(self) -> float:
        """When it is clear that they do not talk over the co-host."""
        return self._doubt


def pause_after(
    text: str,
    *,
    to_us: bool,
    confirmed: bool = False,
    names: tuple[str, ...] = (),
    language: str = "en",
) -> float:
    """How long a silence behind what was said means that the streamer's turn is over, s.

    `confirmed`: the recognizer foresaw that it would be, and it was; who is asked trusts in that.
    """
    if talk.is_unfinished(text, names=names):
        return UNFINISHED_S
    if not to_us or talk.is_back_channel(text, language):
        return PAUSE_S
    return 0.0 if confirmed or is_question(text[-2:] + "a") else BREATH_S


def interrupts(said: str, *, own: str, language: str = "en", comes_back: bool = False) -> bool:
    """Does what the streamer says stop the co-host, who is just saying `own`?

    Signs of listening don't, nor laughter. `comes_back`: its voice is heard in the microphone;
    then what may be that doesn't either, though a recognizer misunderstood half of it.
    """
    words = talk.words_of(said)
    if not words or is_own_voice(said, own=own):
        return False
    if talk.stops(words[0]):
        return True
    beside = talk.said_beside(said, language)
    if len(beside) < ENOUGH_WORDS:
        return False
    return not comes_back or strange_words(beside, own) >= ENOUGH_WORDS


def is_stop(said: str, *, names: tuple[str, ...]) -> bool:
    """Is that nothing but an order to be quiet, as "John, stop it please"?"""
    return talk.is_order_to_stop(talk.words_of(uncalled(said, names)))


def idle_at(*, quiet_since: float, talked_until: float, idle_after: float | None) -> float | None:
    """When the silence has lasted long enough to say something by itself; None: never."""
    if idle_after is None:
        return None
    return max(quiet_since, talked_until) + idle_after
