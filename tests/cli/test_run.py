"""`pickled run`: loads the configuration, sets up the log, and hands over to the daemon."""

from __future__ import annotations

import gc
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import structlog

from pickled.config import Config
from tests.cli.command_line import Run


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves logging as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Config]:
    """The configurations that the daemon was started with."""
    configs: list[Config] = []

    def run(config: Config) -> int:
        configs.append(config)
        assert gc.isenabled()
        structlog.get_logger().info("connecting with s3cret-word")
        return 3

    daemon = ModuleType("pickled.daemon.main")
    daemon.run = run  # type: ignore[attr-defined]  # all that is needed of it
    monkeypatch.setitem(sys.modules, "pickled.daemon.main", daemon)
    return configs


def test_run_hands_over(run: Run, started: list[Config], tmp_path: Path) -> None:
    """The daemon gets the configuration, its exit code is ours, and secrets stay out of the log."""
    (tmp_path / "my.yaml").write_text("instance: attic\nmqtt: {username: a, password: s3cret-word}")
    ran = run("run", "--config", "my.yaml")
    assert ran.code == 3
    assert started[0].instance == "attic"
    lines = [json.loads(line) for line in ran.err.splitlines()]
    assert any(str(tmp_path / "my.yaml") in str(line) for line in lines)
    assert any("channel: yourname" in line["event"] for line in lines)
    assert "s3cret-word" not in ran.err
    assert "connecting with" in ran.err


def test_run_with_a_wrong_file_starts_nothing(
    run: Run, started: list[Config], tmp_path: Path
) -> None:
    """The mistake comes before the daemon."""
    (tmp_path / "pickled.yaml").write_text("instance: Not A Name")
    assert run("run").code == 1
    assert started == []
