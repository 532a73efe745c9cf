"""A file of the authority that can't be used: one line, whichever program meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = [
    ["run"],
    ["node", "--wav", "out.wav"],
    ["say", "hello"],
    ["watch", "--seconds", "1"],
]


@pytest.mark.e2e
@pytest.mark.parametrize("words", PROGRAMS, ids=lambda words: words[0])
@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "of another kind"])
def test_authority_that_is_of_no_use_ends_in_one_line(
    words: list[str], content: str | None, tmp_path: Path
) -> None:
    """The file is named with what it has to be; exit code 1, no traceback."""
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PICKLED_")}
    ours = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "PICKLED_DATA_DIR": str(tmp_path / "data"),
        "PICKLED_MQTT__TLS": "true",
        "PICKLED_MQTT__CA_FILE": str(file),
        "PICKLED_MQTT__PORT": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pickled", *words],
        env=clean | ours,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if "authority.pem" in line]
    assert len(told) == 1
    assert "name the PEM file" in told[0]
    assert "Traceback" not in done.stderr
