"""Doctor lets the model answer, and says whether its first word comes soon enough."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from pickled.config import Config, load
from pickled.doctor import Check
from pickled.doctor.speed import check_speed
from pickled.doctor.trial.answering import MEASURING_S, try_compressor, try_speed
from pickled.llm.compress.tokenc import Options
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug
from tests.stand_ins.ollama import OllamaStandIn
from tests.stand_ins.parts import ScriptedModel, plug
from tests.stand_ins.slow_model import SlowModel
from tests.stand_ins.virtual_time import in_virtual_time


def configured(folder: Path, server: OllamaStandIn) -> Config:
    (folder / "pickled.yaml").write_text(f"llm: {{kind: ollama, host: '{server.url}'}}")
    return load(None, environ={"HOME": str(folder)}, cwd=folder).config


async def test_speed_of_the_configured_model(tmp_path: Path) -> None:
    """Its name, how fast it reads and writes, when the first word comes; for a program, too."""
    server = OllamaStandIn(prefill_per_s=800.0, tokens_per_s=100.0)
    async with server.serve():
        (check,) = await check_speed(configured(tmp_path, server))
    assert (check.name, check.status) == ("model speed", "ok")
    assert check.what.startswith("ollama phi3.5:latest reads ")
    assert check.what.endswith("s; fits")
    figures = json.loads(json.dumps(asdict(check)))["figures"]
    assert figures["reads_tokens_per_s"] == pytest.approx(800, rel=0.3)
    assert figures["writes_tokens_per_s"] == pytest.approx(100, rel=0.3)
    assert 0 < figures["first_word_s"] < 1


async def test_speed_of_who_does_not_answer_is_told_by_another_check(tmp_path: Path) -> None:
    """The one that asks whether it answers."""
    server = OllamaStandIn(failure="out of memory")
    async with server.serve():
        assert await check_speed(configured(tmp_path, server)) == ()


def tried(model: SlowModel | ScriptedModel) -> list[Check]:
    found: list[Check] = []

    async def scene() -> None:
        found.extend(await try_speed("speed", model))

    in_virtual_time(scene)
    return found


def test_speed_that_is_too_low_names_a_smaller_model() -> None:
    """With the command that gets it."""
    model = SlowModel(reads=14.0, writes=8.0)
    model.gauge.weigh("slow", 3.8)
    (check,) = tried(model)
    assert check.status == "warn"
    assert check.what.startswith(
        "slow model reads 14.4 tokens/s, writes 8: first word after about "
    )
    assert check.what.endswith("; too slow")
    assert check.remedy == "Try llama3.2:3b: `ollama pull llama3.2:3b`."


def test_speed_is_told_also_where_the_answer_takes_too_long() -> None:
    """It reads for a minute: then it is at most so fast as was seen."""
    (check,) = tried(SlowModel(reads=4.0, writes=2.0))
    assert check.status == "warn"
    assert "too slow" in check.what
    assert check.remedy == "Try a smaller model."
    assert check.figures["first_word_s"] > 3
    assert MEASURING_S < 30


def test_speed_of_a_model_that_nobody_measures_is_not_told() -> None:
    """There is nothing to say."""
    assert tried(ScriptedModel()) == []


async def test_compressor_is_told_from_which_speed_on_it_costs_time() -> None:
    """What it saves in the time that it takes."""

    class Halver:
        name = "halver"

        async def compress(self, text: str) -> str:
            return text[: len(text) // 2]

    given = plug("llm.compress", Halver())
    part = Plug(given.folder, given.kind, given.module, Options(api_key="k"))
    (check,) = await try_compressor(part, PublishingTap(), 1.0, Halver())
    assert check.status == "ok"
    assert "sooner only with a model that reads fewer than" in check.what
