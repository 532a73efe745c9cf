"""Failing starts wait longer and longer, and a first one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.cli.holding_back import FORGOTTEN_S, LONGEST_S, hold_back
from tests.cli.command_line import Run


def test_failures_in_a_row_wait_longer_and_longer(tmp_path: Path) -> None:
    """Up to the longest; after a while without one it is forgotten."""
    environ, now, waits = {"RUNTIME_DIRECTORY": str(tmp_path)}, 1000.0, []
    for _ in range(9):
        waits.append(hold_back(environ, now))
        now += waits[-1] + 2
    assert waits == [0, 1, 2, 4, 8, 16, 32, LONGEST_S, LONGEST_S]
    assert hold_back(environ, now + LONGEST_S + FORGOTTEN_S) == 0
    assert hold_back(environ, 0.0) == 0  # the clock was set back


def test_without_a_folder_nobody_waits(tmp_path: Path) -> None:
    """By hand a mistake is told at once; a count that can't be kept is no reason to hurry."""
    assert hold_back({}, 1.0) == 0
    (tmp_path / "failures").write_text("many often\n")
    assert hold_back({"RUNTIME_DIRECTORY": str(tmp_path)}, 1.0) == 0
    assert hold_back({"RUNTIME_DIRECTORY": f"{tmp_path}/none"}, 1.0) == 1


def test_start_with_a_wrong_configuration_waits_from_the_second_time_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says each time what is wrong."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    (tmp_path / "pickled.yaml").write_text("llm: 7\n")
    for count in (1, 2):
        ran = run("run")
        assert ran.code == 1
        assert "pickled.yaml:1" in ran.err
        assert (tmp_path / "failures").read_text().startswith(f"{count} ")
