"""A persona that names a model of its own, which is not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from pickled.errors import NoSuchModelError
from pickled.messages.prompt import Prompt
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel

Play = Callable[..., Rig]


class Service(ScriptedModel):
    """Has the configured model, and those that it is given."""

    others: frozenset[str] = frozenset()

    async def probe_model(self, model: str) -> None:
        if model not in self.others:
            raise NoSuchModelError(f"there is no model {model}; get it")

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        if prompt.model is not None:
            await self.probe_model(prompt.model)
        async for piece in super().stream(prompt):
            yield piece


def test_persona_whose_model_is_missing_is_answered_for_by_the_configured_one(
    play: Play, tmp_path: Path
) -> None:
    """Health names the one that is missing, and stays, until it is there."""
    persona = "name: Nova\npersonality: Bright.\nmodel: nope:1b\n"
    (tmp_path / "nova.yaml").write_text(persona, encoding="utf-8")
    service = Service()

    async def scene(rig: Rig) -> None:
        def health() -> tuple[str, str]:
            now = rig.state("health/state").root.get("llm")
            return (now.status, now.detail) if now else ("", "")

        await rig.until(lambda: health()[0] == "degraded", within=6)
        for turn in range(1, 4):
            rig.chat("Nova, are you there?", user=f"viewer{turn}")
            said = await rig.outcome(turn)
            assert (said.outcome, said.text[:12]) == ("finished", "Hello viewer")
            assert "nope:1b" in health()[1]
            await asyncio.sleep(10)
        changes = [e for e in rig.events("event/health") if e.component == "llm"]
        assert [each.to for each in changes][-1:] == ["degraded"]
        assert len(changes) <= 2
        service.others = frozenset({"nope:1b"})
        await rig.until(lambda: health()[0] == "up", within=10)

    play(scene, model=service, options={"persona": "nova", "personas_dir": tmp_path})
