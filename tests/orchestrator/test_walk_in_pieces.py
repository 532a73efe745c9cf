"""The bundled walk with a model that writes piece by piece: how often is a voice asked in vain?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from pickled.llm.readout import Options, Readout
from pickled.messages.prompt import Prompt
from tests.bench.pieces import in_pieces
from tests.orchestrator.rig import Rig
from tests.orchestrator.test_walk import WALK_S, Walk
from tests.orchestrator.wit import Wit, wit
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice
from tests.stand_ins.virtual_time import in_virtual_time

MOST_PERCENT = 5.0
"""Of a hundred clauses: requests that nobody heard."""


@dataclass
class SlowReadout(ScriptedModel):
    """What is read out, at a model's pace: quotes of chat, with all that is odd in them."""

    bounded: bool = True
    written: list[str] = field(default_factory=list)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        async with aclosing(Readout(Options()).stream(prompt)) as pieces:
            answer = "".join([piece async for piece in pieces])
        self.written.append(answer)
        self.words = lambda _: answer
        async with aclosing(super().stream(prompt)) as pieces:
            async for piece in pieces:
                yield piece


@dataclass
class SlowWit(Wit):
    """Short answers with names and commas."""

    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = self._word

    def _word(self, prompt: Prompt) -> str:
        self.written.append(wit(prompt))
        return self.written[-1]


def walked(folder: Path, model: ScriptedModel) -> Rig:
    """All of the walk, answered by that model."""
    rig = Rig(folder, model=model, voice=ScriptedVoice(), seed=11)

    async def work() -> None:
        rig._door = Walk()
        rig.nodes.append(StandInNode(rig.broker))
        async with rig.running():
            await asyncio.sleep(WALK_S)

    in_virtual_time(work)
    return rig


@pytest.mark.parametrize(("vocabulary", "tokens_per_s"), [("llama2", 10.0), ("llama3", 40.0)])
@pytest.mark.parametrize("kind", [SlowReadout, SlowWit])
def test_walk_asks_few_voices_in_vain(
    tmp_path: Path, kind: type[ScriptedModel], vocabulary: str, tokens_per_s: float
) -> None:
    """At most one in twenty requests is dropped; the others are what was said, clause by clause."""
    model = kind(cut=partial(in_pieces, vocabulary=vocabulary), token_s=1 / tokens_per_s)
    rig = walked(tmp_path, model)
    clauses = rig.events("event/response", "clause")
    ends = [each for each in rig.events("event/response") if each.outcome is not None]
    unheard = sum(each.unheard for each in ends)
    assert len(clauses) > 40
    assert unheard / len(clauses) * 100 <= MOST_PERCENT
    assert len(rig.voice.spoken) <= len(clauses) + unheard
