"""`pickled doctor`: a table for people, JSON for programs, and an exit code."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from pickled.doctor import Check
from tests.cli.command_line import Run

GOOD = Check("broker", "ok", "lets us in")
ODD = Check("users", "warn", "asks nobody for a name", "Everybody may.", "Use [an] access list.")
BAD = Check("model", "fail", "nothing answers", remedy="Start it.")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """What the examination finds."""
    checks: list[Check] = []

    async def examine(*_: Any, **__: Any) -> tuple[Check, ...]:
        return tuple(checks)

    monkeypatch.setattr(importlib.import_module("pickled.cli.doctor"), "examine", examine)
    return checks


@pytest.mark.parametrize(("checks", "code"), [([GOOD], 0), ([GOOD, ODD], 0), ([GOOD, ODD, BAD], 1)])
def test_exit_code(run: Run, found: list[Check], checks: list[Check], code: int) -> None:
    """Only what fails is a failure; a warning is not."""
    found += checks
    assert run("doctor").code == code


def test_table_says_what_why_and_how(run: Run, found: list[Check]) -> None:
    """Everything that was found, with its remedy as it is written."""
    found += [GOOD, ODD, BAD]
    out = run("doctor").out
    for text in ("lets us in", "Everybody may.", "Use [an] access list.", "Start it."):
        assert text in out


def test_json(run: Run, found: list[Check]) -> None:
    """The same for a program."""
    found += [GOOD, BAD]
    told = json.loads(run("doctor", "--json").out)
    assert told["healthy"] is False
    assert told["checks"][1] == {
        "name": "model", "status": "fail", "what": "nothing answers", "why": "",
        "remedy": "Start it.", "figures": {},
    }  # fmt: skip


def test_part_is_tried_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the time that it was given; its checks are shown as any others."""
    asked: list[Any] = []

    async def try_part(part: str, *_: Any, seconds: float, **__: Any) -> tuple[Check, ...]:
        asked.append((part, seconds))
        return GOOD, BAD

    monkeypatch.setattr(importlib.import_module("pickled.cli.doctor"), "try_part", try_part)
    ran = run("doctor", "--part", "inputs:linefeed", "--seconds", "2")
    assert (ran.code, asked) == (1, [("inputs:linefeed", 2.0)])
    assert "Start it." in ran.out


def test_what_is_no_part_is_wrong_usage(run: Run) -> None:
    """The folders are named, and there is an example."""
    ran = run("doctor", "--part", "linefeed")
    assert ran.code == 2
    assert "FOLDER:KIND" in ran.err
    assert "--part inputs:linefeed" in run("doctor", "--help").out
