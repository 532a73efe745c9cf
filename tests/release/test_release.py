"""A release, tried from its own files: installed into nothing, it speaks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.prove
def test_release_can_be_made_and_tried() -> None:
    """`make release` builds, installs, demonstrates, and lists what is in it."""
    command = [sys.executable, "-m", "tests.release"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listed = json.loads((ROOT / "dist/sbom.cdx.json").read_text())
    names = {each["name"] for each in listed["components"]}
    assert {"pickled-cohost", "pydantic", "aiomqtt"} <= names
    assert "aiomqtt: BSD License" in (ROOT / "dist/licences.txt").read_text().splitlines()
