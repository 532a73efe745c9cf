"""One clause as it is spoken: where it lies in its stream, and what was heard of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pickled.audio import SPEECH_RATE
from pickled.messages.word_end import WordEnd

ROUNDED = 3
"""Samples: a node tells tenths of a millisecond."""

CHARS_PER_S = 15.0
"""As a voice speaks, until it is known better."""

SURELY, PERHAPS = 0.8, 1.3
"""Of a torn clause: what was surely spoken is remembered, what perhaps was is not said again."""


@dataclass
class Utterance:
    """One clause, and where it lies in the stream."""

    index: int
    name: str
    """`<turn>.<n>`"""
    text: str
    start: int
    """First sample."""
    samples: int = 0
    complete: bool = False
    """All of its samples are sent."""
    words: Sequence[WordEnd] = field(default_factory=list)
    """May still grow; empty where the voice tells none."""

    def heard(self, played: float, chars_per_s: float = CHARS_PER_S) -> str:
        """What was heard when the stream was played up to that sample.

        Without words' ends it is a share of the text, by the pace while more sound is to come.
        """
        inside = played - self.start
        if self.samples == 0 or inside <= 0:
            return ""
        if self.complete and inside >= self.samples - ROUNDED:
            return self.text
        if self.words:
            return self.text[: self._ended(inside / SPEECH_RATE)].rstrip()
        whole = self.samples
        if not self.complete:
            whole = max(whole, int(len(self.text) / chars_per_s * SPEECH_RATE))
        return self._whole(len(self.text) * min(1.0, inside / whole))

    def tear(self, chars_per_s: float) -> float:
        """No more sound of it comes: keep what was surely said of its text.

        Returns which share of the text may have been said; over 1, it lasts longer than that takes.
        """
        seconds, length = self.samples / SPEECH_RATE, max(1, len(self.text))
        if self.words:
            said = self._ended(seconds)
            self.text, perhaps = self.text[:said].rstrip(), float(said)
        else:
            perhaps = seconds * chars_per_s * PERHAPS
            self.text = self._whole(seconds * chars_per_s * SURELY)
        self.words, self.complete = (), True
        return perhaps / length

    def _ended(self, seconds: float) -> int:
        """Characters up to the end of the last word that is over by then."""
        over = [each.chars for each in self.words if each.seconds <= seconds]
        return over[-1] if over else 0

    def _whole(self, chars: float) -> str:
        """So much of the text, without a word that is cut."""
        cut = int(chars)
        if cut >= len(self.text):
            return self.text
        return self.text[:cut].rpartition(" ")[0]


def rest_of(text: str, share: float) -> str:
    """What is left of a text when so much may have been said: whole words, maybe none."""
    if share <= 0:
        return text
    return text[int(len(text) * share) :].partition(" ")[2].strip()
