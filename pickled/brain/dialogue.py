"""Streamer and co-host talk to each other: what belongs together, and who is spoken to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import inf

from pickled.brain.floor import LEAST_SURE, SENTENCE_S
from pickled.brain.own_voice import when_began
from pickled.language import talk
from pickled.messages.speech import Speech

JOIN_S = 1.6
"""What is said so soon behind a sentence that seemed over belongs to it."""

MOST_PIECES = 10
LONGEST = 1_000
"""Characters of what the streamer says in one go that are looked at, the last ones."""

_UNIX_MS = 1e11
"""Smaller numbers count from the begin of a recognizer's audio, and tell nothing here."""


@dataclass
class StreamersTurn:
    """All that the streamer says in one go, over the pauses in which a recognizer ends it."""

    began: float = -inf
    """When, in seconds of the loop's clock."""
    _pieces: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_PIECES))
    _piece_began: float | None = None
    _heard: float = -inf
    _ended: float = -inf

    def take(self, speech: Speech, *, said: float) -> str:
        """The text of all of it, with what is recognized now, which was said at that moment."""
        if self._piece_began is not None and said - self._heard > SENTENCE_S:
            self._piece_began = None
        if self._piece_began is None:
            self._piece_began = when_began(speech.text, ended=said)
            if self._piece_began - self._ended > JOIN_S:
                self._pieces.clear()
                self.began = self._piece_began
        self._heard = said
        whole = " ".join(filter(None, (*self._pieces, speech.text.strip())))[-LONGEST:]
        if speech.event_type == "final":
            self._piece_began = None
            if speech.text:
                self._pieces.append(speech.text.strip())
                self._ended = said
        return whole

    @property
    def piece_began(self) -> float:
        """When the piece began that is being recognized, or the last one's end."""
        return self._ended if self._piece_began is None else self._piece_began

    @property
    def is_open(self) -> bool:
        """Is a piece being recognized?"""
        return self._piece_began is not None

    @property
    def goes_on(self) -> bool:
        """Was something of it recognized to an end before the last piece?"""
        return len(self._pieces) > 1

    def leave_out(self) -> bool:
        """The piece that was being recognized was nobody's; False if there was none."""
        was, self._piece_began = self._piece_began is not None, None
        return was


@dataclass
class FollowUp:
    """For some seconds after an answer to the streamer no name is needed.

    Not when somebody else was answered in between: then it isn't clear who is spoken to. Nor when
    the streamer only shows that they listen, or calls somebody else. What follows without asking
    anything is answered once; then the name, or a question, is wanted again.
    """

    _since: float = inf
    _until: float = -inf
    _asked: bool = True
    """What was answered last called it, or asked something."""

    def begin(self, *, asked: bool, now: float) -> None:
        """An answer to the streamer begins to be heard."""
        self._since, self._until, self._asked = now, inf, asked

    def ended(self, seconds: float, *, now: float) -> None:
        """Its last word was heard."""
        if self._until == inf:
            self._until = now + seconds

    def close(self) -> None:
        """Somebody else is answered, or the streamer wants no more."""
        self._since, self._until = inf, -inf

    def is_for_us(self, text: str, *, began: float, language: str) -> bool:
        """Is that said to the co-host, though it names nobody?"""
        if not self._since <= began <= self._until:
            return False
        if talk.calls_others(text) or not talk.said_beside(text, language):
            return False
        if talk.is_asking(text):
            return True
        return self._asked and self._until < inf  # over its voice only a question counts


def age_of(speech: Speech, *, wall: float) -> float:
    """How old those words are, s, by the moment of the event or by when it began.

    `wall` is Unix time.
    """
    ages = [0.0, wall - speech.ts.timestamp()]
    if speech.start_ms is not None and speech.start_ms > _UNIX_MS:
        ages.append(when_began(speech.text, ended=wall) - speech.start_ms / 1000 - SLOW_S)
    return max(ages)


SLOW_S = 2.0
"""So much longer than most a streamer may take for a sentence, and a recognizer for its end."""


def is_sure(speech: Speech) -> bool:
    """Was it said into this microphone, as far as the recognizer knows?"""
    return speech.confidence is None or speech.confidence >= LEAST_SURE
