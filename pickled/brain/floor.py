"""Decides when it may speak: mutes, leases, the streamer's voice, and whose words go first."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from pickled.language.address import folded, uncalled
from pickled.messages.decision import Priority
from pickled.messages.speech import Speech
from pickled.patterns import pattern

PAUSE_S = 0.7
"""So long the streamer is silent before a sentence that ended counts as a pause."""

SENTENCE_S = 8.0
"""A sentence of which nothing more is heard for so long has ended without our hearing it."""

ENOUGH_WORDS = 2
"""So many words of the streamer, spoken over the co-host, stop it; a cough or an "aha" doesn't."""

STOP_WORDS = frozenset(
    {"stop", "quiet", "shush", "silence", "enough", "stopp", "ruhe", "para", "arrête"}
)
"""One of these stops it at once."""

_FILLERS = frozenset({"it", "please", "be", "now", "talking", "that", "bitte", "por", "favor"})

_OWN_SHARE = 0.7
"""From this share of known words on, what is heard is the co-host's own voice in the microphone."""

_WORD = pattern(r"[\w']+")


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

    def hear(self, speech: Speech, *, now: float, to_us: bool = False) -> None:
        """Something was recognized; `to_us`: it was said to the co-host, who need not wait."""
        if speech.event_type != "final":
            self._until = now + SENTENCE_S
        else:
            self._until = now if to_us else now + PAUSE_S

    def lost(self) -> None:
        """The link is gone: whatever was being said, it is not heard any more."""
        self._until = -inf

    def talking(self, *, now: float) -> bool:
        """Also in the pause between two sentences."""
        return now < self._until

    @property
    def until(self) -> float:
        """When it ends if nothing more is heard, in seconds of the loop's clock."""
        return self._until


def interrupts(said: str, *, own: str) -> bool:
    """Does what the streamer says stop the co-host, who is just saying `own`?"""
    words = _WORD.findall(folded(said))
    if not words or is_own_voice(said, own=own):
        return False
    return len(words) >= ENOUGH_WORDS or words[0] in STOP_WORDS


def is_stop(said: str, *, names: tuple[str, ...]) -> bool:
    """Is that nothing but an order to be quiet, as "John, stop it please"?"""
    words = _WORD.findall(folded(uncalled(said, names)))
    return any(word in STOP_WORDS for word in words) and STOP_WORDS.union(_FILLERS).issuperset(
        words
    )


def is_own_voice(said: str, *, own: str) -> bool:
    """Is that the co-host's voice, come back through the streamer's microphone?"""
    words, ours = _WORD.findall(folded(said)), set(_WORD.findall(folded(own)))
    if not words or not ours or (len(words) == 1 and words[0] in STOP_WORDS):
        return False
    return sum(word in ours for word in words) >= _OWN_SHARE * len(words)


def idle_at(*, quiet_since: float, talked_until: float, idle_after: float | None) -> float | None:
    """When the silence has lasted long enough to say something by itself; None: never."""
    if idle_after is None:
        return None
    return max(quiet_since, talked_until) + idle_after
