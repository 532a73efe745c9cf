"""Parts: which one answers, and why another one does not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from pickled.config import Config, PartConfig
from pickled.doctor.parts import check_ladder, check_listed
from pickled.doctor.persona_models import check_persona_models
from tests.stand_ins.broker import free_port
from tests.stand_ins.ollama import DEFAULT_MODEL, OllamaStandIn


def part(kind: str, *fallback: PartConfig, **options: Any) -> PartConfig:
    """A part's section."""
    return PartConfig.model_validate({"kind": kind, "fallback": fallback, **options})


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("asked", "status", "text"),
    [
        (part("a"), "ok", "answers"),
        (part("a", part("b"), fault="gone"), "warn", "a: gone: start it"),
        (part("a", fault="gone"), "warn", "stand-in takes its place"),
        (part("a", fault="hangs"), "warn", "no answer within"),
        (part("readout", fault="gone"), "fail", "readout: gone"),
        (part("misspelt"), "fail", "no kind misspelt"),
    ],
)
async def test_ladder(asked: PartConfig, status: str, text: str) -> None:
    """The first rung that answers counts; why the others don't is told."""
    (check,) = await check_ladder("model", "llm", asked, Config())
    assert check.status == status
    assert text in f"{check.what} {check.remedy}"


@pytest.mark.usefixtures("parts")
async def test_input_whose_service_answers() -> None:
    """A TCP connection is enough to call it reachable."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        (check,) = await check_listed(
            "chat", "inputs", part("x", url=f"ws://127.0.0.1:{port}"), Config()
        )
    assert check.status == "ok"


@pytest.mark.usefixtures("parts")
async def test_input_whose_service_is_away() -> None:
    """The address is named, and the option that holds it."""
    (check,) = await check_listed(
        "chat", "inputs", part("x", url=f"ws://127.0.0.1:{free_port()}"), Config()
    )
    assert check.status == "fail"
    assert "127.0.0.1" in check.what
    assert "option url" in check.remedy


@pytest.mark.usefixtures("parts")
async def test_input_that_does_not_exist() -> None:
    """A wrong kind is a failure with its own words."""
    (check,) = await check_listed("chat", "inputs", part("misspelt"), Config())
    assert (check.status, check.remedy) == ("fail", "there is no kind misspelt")


@pytest.mark.parametrize(
    ("wanted", "status", "text"),
    [("nope:1b", "warn", "`ollama pull nope:1b`"), (DEFAULT_MODEL, "ok", DEFAULT_MODEL)],
)
async def test_model_that_a_persona_wants(
    wanted: str, status: str, text: str, tmp_path: Path
) -> None:
    """It is asked for beside the configured one, and named if it isn't there."""
    written = f"name: Nova\npersonality: Bright.\nmodel: {wanted}\n"
    (tmp_path / "nova.yaml").write_text(written, encoding="utf-8")
    async with OllamaStandIn().serve() as ollama:
        config = Config(llm=part("ollama", host=ollama.url), personas_dir=tmp_path)
        (check,) = await check_persona_models(config)
    assert check.status == status
    assert text in f"{check.what} {check.remedy}"
    assert ollama.requests == ollama.loads == []


async def test_personas_that_want_no_model_are_not_asked_about(tmp_path: Path) -> None:
    """Nothing is said where there is nothing to say."""
    assert await check_persona_models(Config(personas_dir=tmp_path)) == ()
