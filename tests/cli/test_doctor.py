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
        "remedy": "Start it.",
    }  # fmt: skip
