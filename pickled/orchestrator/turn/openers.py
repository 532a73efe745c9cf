"""What each answer may begin with: offered to the model, found in its text, never twice soon."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from pickled.brain.openers import Use, bare, fresh, occasion, offered
from pickled.brain.persona import Persona
from pickled.brain.repeats import loops
from pickled.messages.base import TurnId
from pickled.messages.decision import Request
from pickled.messages.opener import Opener

MOST_USES = 50
"""More than ever count."""


@dataclass(frozen=True)
class Opening:
    """The openers of one answer."""

    listed: tuple[Opener, ...] = ()
    """All that the persona has."""
    known: tuple[Opener, ...] = ()
    """Those that it may begin with: where its text does, they sound at once."""
    offered: tuple[Opener, ...] = ()
    """Those that the model is asked to choose from; often none."""

    def bare(self, said: Sequence[str]) -> list[str]:
        """Answers without the openers that they began with."""
        return [bare(each, self.listed) for each in said]


NO_OPENING = Opening()


@dataclass
class Openers:
    """Counts answers, and knows which openers were heard last."""

    ready: Callable[[Persona], Collection[str] | None] = lambda _persona: None
    """The texts whose sound is there; None: of all of them it is."""
    _answers: int = field(default=0, init=False)
    _used: deque[Use] = field(default_factory=lambda: deque(maxlen=MOST_USES), init=False)

    def opening(self, persona: Persona, request: Request, said: Sequence[str]) -> Opening:
        """What the answer to it may begin with; `said` are the co-host's own last answers."""
        listed = persona.openers
        if not listed:
            return NO_OPENING
        found = fresh(listed, self._used, answer=self._answers + 1, on=occasion(request))
        if not found or loops(Opening(listed).bare(said)):
            return Opening(listed)
        ready = self.ready(persona)
        known = tuple(each for each in found if ready is None or each.text in ready)
        return Opening(listed, known, offered(known, dice=dice(request.turn)))

    def begun(self, opener: str) -> None:
        """An answer begins to be heard, with that opener, or (empty) without one."""
        self._answers += 1
        if opener:
            self._used.append((opener, self._answers))


def dice(turn: TurnId) -> float:
    """In [0, 1), of a turn's own id: a chance that no other one feels, here and in a replay."""
    return zlib.crc32(f"opener {turn}".encode()) / 2**32
