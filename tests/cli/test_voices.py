"""`pickled voices`: what can be chosen, of every configured service."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from tests.cli.command_line import Run
from tests.stand_ins.wyoming import WyomingStandIn


def test_voices_of_this_machine_are_listed_by_language(run: Run) -> None:
    """The local ones are behind whatever is configured."""
    listed = json.loads(run("voices", "--json", "--language", "de").out)
    assert {"provider": "local", "name": "espeak-de", "language": "de", "there": True} in listed
    assert all(each["language"].startswith("de") for each in listed)
    assert "espeak-pt-br" in run("voices", "--language", "pt-BR").out


def test_language_that_nothing_speaks_is_told(run: Run) -> None:
    """As a failure, with the way on."""
    ran = run("voices", "--language", "tlh")
    assert ran.code == 1
    assert "no voice that speaks tlh" in ran.err


def test_service_that_is_away_is_named_and_the_others_are_listed(run: Run, tmp_path: Path) -> None:
    """It says why."""
    (tmp_path / "pickled.yaml").write_text('tts: {kind: wyoming, url: "tcp://127.0.0.1:9"}\n')
    ran = run("voices")
    assert ran.code == 0
    assert "wyoming: no Wyoming service answers" in ran.err
    assert "local" in ran.out


async def test_voices_of_a_service_come_first(run: Run, tmp_path: Path) -> None:
    """In the order in which they would speak."""
    async with WyomingStandIn().serve() as service:
        (tmp_path / "pickled.yaml").write_text(f'tts: {{kind: wyoming, url: "{service.url}"}}\n')
        listed = json.loads((await asyncio.to_thread(run, "voices", "--json")).out)
    assert listed[0]["provider"] == "wyoming"
    assert {each["provider"] for each in listed} == {"wyoming", "local"}
