"""Guards, one file each: models that judge a clause by its meaning, which no word list can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a guard says about one clause."""

    safe: bool
    reason: str = ""
    """A category in a word or two (`violent crimes`); never the clause, and never spoken."""


class Guard(Protocol):
    """What `start` of each file here yields."""

    @property
    def name(self) -> str:
        """As shown: the kind and the model."""

    async def judge(self, clause: str) -> Judgement:
        """Its verdict on what is about to be spoken.

        Raises ModelError on failure, silence, or an answer that is no verdict: the caller decides
        what goes out without one.
        """

    async def probe(self) -> None:
        """Can it judge now? Raises ModelError that names the remedy; costs no judgement."""
