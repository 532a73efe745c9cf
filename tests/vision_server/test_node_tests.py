"""The vision-server's own tests and its types, file by file, as part of all tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.vision_server.node import SERVER, why_not

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(150),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
]

FILES = sorted((SERVER / "test").glob("*.test.js"))


def run(*command: str, timeout: float = 140, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=SERVER,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_of_node_tests_passes(path: Path) -> None:
    """What fails is shown as Node tells it."""
    ran = run("node", "--test", "--test-reporter=spec", "--test-timeout=100000", str(path))
    assert ran.returncode == 0, ran.stdout[-6000:]
    assert "ℹ pass 0" not in ran.stdout


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_phone_that_leaves_twenty_times_is_seen_each_time() -> None:
    """A stream ends whenever the phone is out of reach, and begins again by itself."""
    ran = run("node", "--test", "test/streams.test.js", timeout=580, PICKLED_PROVE="1")
    assert ran.returncode == 0, ran.stdout[-6000:]


def test_types_hold() -> None:
    """Plain JavaScript whose comments say the types, checked strictly."""
    ran = run("node", "node_modules/typescript/bin/tsc", "--noEmit")
    assert ran.returncode == 0, ran.stdout[-6000:]


@pytest.mark.parametrize("path", sorted(SERVER.glob("src/**/*.js")), ids=lambda path: path.name)
def test_module_is_of_a_readable_size_and_says_what_it_is_for(path: Path) -> None:
    """As in the rest of the house: one subject a file, three hundred lines at most."""
    text = path.read_text(encoding="utf-8").removeprefix("#!/usr/bin/env node\n")
    assert text.count("\n") <= 300
    assert text.startswith("/**")
