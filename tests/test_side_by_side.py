"""The suite itself, side by side: what is alone comes last, and the closing line counts all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_SUITE = """
import os, pathlib, pytest

def happened(name):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with pathlib.Path(__file__).with_name("happened").open("a") as file:
        file.write(f"{name} {worker}\\n")

@pytest.mark.alone
@pytest.mark.parametrize("number", range(2))
def test_alone(number):
    happened("alone")
    assert number == 0

@pytest.mark.parametrize("number", range(4))
def test_beside(number):
    happened("beside")
    assert number < 3

def test_skipped():
    pytest.skip("not here")
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite with a failure in either part of it."""
    names = "pytest_collection_modifyitems, pytest_runtestloop"
    (tmp_path / "conftest.py").write_text(f"from tests.conftest import {names}\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    alone\n")
    (tmp_path / "test_it.py").write_text(_SUITE)
    return tmp_path


def run(suite: Path, *options: str) -> tuple[int, str, list[str]]:
    """Exit code, closing line without its time, and what ran where, in order."""
    ours = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        capture_output=True, text=True, check=False, cwd=suite, timeout=50,
        env=ours | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    closing = done.stdout.splitlines()[-1].strip("= ").partition(" in ")[0]
    return done.returncode, closing, (suite / "happened").read_text().splitlines()


def test_alone_runs_last_with_no_worker(suite: Path) -> None:
    """Whatever failed before; both failures and the skipped test are in the closing line."""
    code, closing, happened = run(suite, "-n", "2")
    assert (code, closing) == (1, "2 failed, 4 passed, 1 skipped")
    assert [each.partition(" ")[0] for each in happened] == ["beside"] * 4 + ["alone"] * 2
    assert happened[4:] == ["alone alone"] * 2
    assert not any("alone" in each for each in happened[:4])


def test_first_failure_may_be_the_end(suite: Path) -> None:
    """With `-x` nothing runs alone once something beside has failed."""
    code, _, happened = run(suite, "-n", "2", "-x")
    assert code
    assert not any("alone" in each for each in happened)


def test_one_process_runs_all_in_order(suite: Path) -> None:
    """Without workers nothing is parted."""
    code, closing, happened = run(suite)
    assert (code, closing) == (1, "2 failed, 4 passed, 1 skipped")
    assert happened == ["alone alone"] * 2 + ["beside alone"] * 4
