"""An opener heard from real processes: its sound is made beforehand, and kept over a restart."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pickled.brain.persona import parse_persona
from pickled.messages.response import ResponseState
from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.ollama import OllamaStandIn
from tests.stand_ins.processes import Process

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

MADE_S = 60.0
TEXT = "the market is open, and answer number {} is about the fish."
JOHN = parse_persona(
    (Path(__file__).parents[2] / "personas" / "default.yaml").read_text(encoding="utf-8"),
    source="john",
)
OPENERS = {each.text for each in JOHN.openers}


async def first_opened(at_home: House, *, most: int = 12) -> tuple[ResponseState, list[str]]:
    """Ask until an answer begins with an opener; how it ended, and its clauses."""
    for _ in range(most):
        said = await at_home.ask("What is there to eat?")
        assert (said.outcome, said.heard) == ("finished", said.text)
        events = map(json.loads, at_home.watcher.payloads(at_home.root("event/response")))
        own = [each for each in events if each["turn"] == said.turn]
        clauses = [each["text"] for each in own if each["event_type"] == "clause"]
        if clauses[0] in OPENERS:
            return said, clauses
    raise AssertionError(f"none of {most} answers had an opener")


async def made(daemon: Process) -> int:
    """How many openers the voice was asked for, once all are there."""
    told = "openers are ready"
    log = await asyncio.to_thread(daemon.until_log, told, timeout_s=MADE_S)
    line = json.loads(next(each for each in log.splitlines() if told in each))
    assert line["ready"] == len(OPENERS)
    return int(line["made"])


async def test_opener_is_heard_before_the_answer_is_written(tmp_path: Path, broker: Broker) -> None:
    """Its sound is there when its last token is; the next start needs no voice for it."""
    model = OllamaStandIn(opens=True, first_token_ms=100, tokens_per_s=40)
    model.texts = lambda _: TEXT.format(len(model.requests))
    async with model.serve() as server:
        llm = {"kind": "ollama", "host": server.url, "answer_form": "string"}
        async with house(tmp_path, broker, llm=llm) as at_home:
            await at_home.node()
            daemon = await at_home.daemon()
            assert await made(daemon) == len(OPENERS)
            said, clauses = await first_opened(at_home)
            assert len(clauses) > 1
            assert said.text == " ".join(clauses)
            daemon.terminate()
            await asyncio.to_thread(daemon.wait)
            again = await at_home.daemon()
            assert await made(again) == 0
            assert "Traceback" not in daemon.log + again.log
