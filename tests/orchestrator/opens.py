"""A model that takes an opener whenever one is offered, in the object's form."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from pickled.brain.openers import fits
from pickled.messages.prompt import Prompt
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel

REST = "that is the old harbour, my friends, and number {} of what I say."


@dataclass
class Opens(ScriptedModel):
    """Says something else each time."""

    takes: bool = True
    emotion: str = "happy"
    rest: str = REST
    _said: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.words = self._opened

    def _opened(self, prompt: Prompt) -> str:
        text = self.rest.format(next(self._said))
        said = {"emotion": self.emotion, "opener": "", "text": text}
        fitting = [each.text for each in prompt.openers if fits(each, self.emotion)]
        if not prompt.openers:
            del said["opener"]
        elif fitting and self.takes:
            said["opener"] = fitting[0]
        return json.dumps(said)


async def until_offered(rig: Rig, *, text: str = "John, where are we?", most: int = 12) -> Any:
    """Ask again and again until openers are offered; what became of that answer."""
    for turn in range(1, most + 1):
        rig.chat(text, user=f"viewer{turn}")
        said = await rig.outcome(turn)
        if rig.model.prompts[-1].openers:
            return said
    raise AssertionError(f"no opener was offered in {most} answers")


def clauses(rig: Rig, turn: str) -> list[str]:
    """What was published of a turn, clause by clause."""
    return [each.text for each in rig.events("event/response", "clause") if each.turn == turn]


MADE_S = 20.0
"""All openers of a persona are made by then."""


async def made(rig: Rig) -> None:
    """They have been."""
    await asyncio.sleep(MADE_S)
