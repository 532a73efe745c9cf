"""What the tests of guesses share: a slow model with its own pieces, and what voices got."""

from __future__ import annotations

from typing import Any

from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel

TOKEN_S = 0.5
"""A slow model: there is time to see what happens between two tokens."""


def model(*pieces: str, token_s: float = TOKEN_S) -> ScriptedModel:
    """Writes an answer in just these pieces."""
    written = ('{"emotion": "happy", "text": "', *pieces, '"}')
    return ScriptedModel(lambda _: "", cut=lambda _: written, token_s=token_s)


def asked(rig: Rig) -> list[str]:
    """What voices were asked for, in order."""
    return [text for text, _ in rig.voice.spoken]


def unheard(rig: Rig) -> int:
    """Requests of the last turn that nobody heard."""
    count: int = rig.events("event/response")[-1].unheard
    return count


async def answered(rig: Rig, line: str = "John?") -> Any:
    rig.chat(line)
    return await rig.outcome()
