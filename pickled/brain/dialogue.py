"""Streamer and co-host talk to each other: what belongs together, and who is spoken to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import inf

from pickled.brain.floor import LEAST_SURE, SENTENCE_S
from pickled.brain.own_voice import when_began
from pickled.language import talk
from pickled.language.address import named
from pickled.messages.speech import Speech

JOIN_S = 1.6
"""What is said so soon behind a sentence that seemed over belongs to it."""

FRESH_S = 1.0
"""A recognizer takes its time, and two machines' clocks differ: that late is not late."""

SLOW_S = 2.0
"""So much longer than most a streamer may take for a sentence, and a recognizer for its end."""

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
    confirmed: bool = False
    """The recognizer took it for probably over, and then for over, with the same text."""
    _pieces: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_PIECES))
    _piece_began: float | None = None
    _foreseen: list[str] | None = None
    _heard: float = -inf
    _ended: float = -inf

    def take(
        self,
        speech: Speech,
        *,
        said: float,
        counts: bool = True,
        names: tuple[str, ...] = (),
        language: str = "en",
    ) -> str:
        """The text of all of it, with what is recognized now, which was said at that moment.

        It begins where the co-host is called, if a sentence does. Signs of listening are no part of
        what comes later, nor is what does not count: somebody else may have said it.
        """
        if self._piece_began is not None and said - self._heard > SENTENCE_S:
            self._piece_began = None
        if self._piece_began is None:
            self._piece_began = when_began(speech.text, ended=said)
            if self._piece_began - self._ended > JOIN_S:
                self._pieces.clear()
                self.began = self._piece_began
        self._heard, text = said, speech.text.strip()
        self.confirmed = speech.event_type == "final" and self._foreseen == talk.words_of(text)
        self._foreseen = talk.words_of(text) if speech.eager else None
        whole = [*self._pieces, *([text] if text else [])]
        while len(whole) > 1 and named(" ".join(whole[1:]), names):
            if talk.is_unfinished(whole[0], names=names):
                break
            whole = whole[1:]
        if speech.event_type == "final":
            self._piece_began = None
            if text and counts and not talk.is_back_channel(text, language):
                self._pieces.append(text)
                self._ended = said
        return " ".join(whole)[-LONGEST:]

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
    oldest = max(ages)
    return oldest if oldest > FRESH_S else 0.0


def is_sure(speech: Speech) -> bool:
    """Was it said into this microphone, as far as the recognizer knows?"""
    return speech.confidence is None or speech.confidence >= LEAST_SURE
