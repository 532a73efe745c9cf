"""A model that dies or hangs: the next one speaks in its place, and nobody hears of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.house import BACK_S, QUICK, House, house, model_at
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.processes import Process

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

BEGINNING = "All is well here at the harbour."
ANSWER = f"{BEGINNING} And we are going to stay for a long while."
QUESTION = "How is the evening going?"
FIRST_TOKEN_S = QUICK["first_token_timeout_s"]


@dataclass
class Scene:
    """A co-host with a slow model, and `readout` behind it."""

    at_home: House
    port: int
    model: Process

    async def start_model(self) -> None:
        """Start the model again."""
        self.model = await self.at_home.model(self.port, ANSWER, tokens_per_s=15)

    async def check_back(self, returned: float) -> None:
        """The model words the answers again within 5 s of its return."""
        left = returned + BACK_S - self.at_home.now
        await self.at_home.until_state("service_level/state", "full", timeout=left)
        ended = await self.at_home.ask(QUESTION)
        assert (ended.text, ended.outcome) == (ANSWER, "finished")

    def spoken(self) -> set[str]:
        """Every clause that was ever to be spoken."""
        events = map(json.loads, self.at_home.watcher.payloads(self.at_home.root("event/response")))
        return {each["text"] for each in events if each["event_type"] == "clause"}


def _has_a_model(health: str) -> bool:
    return bool(json.loads(health).get("llm", {}).get("status") == "up")


@asynccontextmanager
async def with_model(folder: Path, broker: Broker) -> AsyncIterator[Scene]:
    """All of it, running."""
    port = free_port()
    async with house(folder, broker, llm=model_at(port, **QUICK)) as at_home:
        scene = Scene(at_home, port, await at_home.model(port, ANSWER, tokens_per_s=15))
        await at_home.node()
        await at_home.daemon()
        await at_home.until_state("service_level/state", "full")
        await at_home.until("health/state", _has_a_model)
        yield scene


async def test_model_that_dies_while_it_writes(tmp_path: Path, broker: Broker) -> None:
    """The answer ends where it broke, the next one is read out, and the model is taken back."""
    async with with_model(tmp_path, broker) as scene:
        at_home = scene.at_home
        begun = await at_home.command("cmd/ask", QUESTION)
        assert begun.turn
        await at_home.heard(begun.turn)
        scene.model.kill()
        broken = await at_home.outcome(begun.turn)
        assert (broken.text, broken.heard, broken.outcome) == (BEGINNING, BEGINNING, "interrupted")

        read_out = await at_home.ask(QUESTION)
        assert (read_out.text, read_out.outcome) == (QUESTION, "finished")
        assert at_home.state("service_level/state") == "reduced"

        returned = at_home.now
        await scene.start_model()
        await scene.check_back(returned)
        assert scene.spoken() == {BEGINNING, ANSWER.removeprefix(f"{BEGINNING} "), QUESTION}


async def test_model_that_hangs(tmp_path: Path, broker: Broker) -> None:
    """Within its timeout `readout` speaks instead; the model is taken back when it goes on."""
    async with with_model(tmp_path, broker) as scene:
        at_home = scene.at_home
        scene.model.freeze()
        asked = at_home.now
        read_out = await at_home.command("cmd/ask", QUESTION)
        assert read_out.turn
        heard = await at_home.heard(read_out.turn)
        assert heard.at - asked < FIRST_TOKEN_S + 1.5
        ended = await at_home.outcome(read_out.turn)
        assert (ended.text, ended.heard, ended.outcome) == (QUESTION, QUESTION, "finished")
        assert at_home.state("service_level/state") == "reduced"

        await asyncio.sleep(2)
        scene.model.thaw()
        await scene.check_back(at_home.now)
        assert scene.spoken() == {BEGINNING, ANSWER.removeprefix(f"{BEGINNING} "), QUESTION}
