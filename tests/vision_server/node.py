"""Where the vision-server lies, and whether this machine can run it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

SERVER = Path(__file__).parents[2] / "vision-server"
OLDEST = 20


def why_not() -> str:
    """Why its tests can't run here; empty if they can."""
    node = shutil.which("node")
    if node is None:
        return "Node is not on this machine: the vision-server needs version 20 or newer"
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = re.match(r"v(\d+)", told.stdout)
    if major is None or int(major[1]) < OLDEST:
        return f"Node {told.stdout.strip()} is too old: the vision-server needs version 20"
    if not (SERVER / "node_modules" / "mqtt").is_dir():
        return "the vision-server's packages are not installed: `npm ci` in vision-server/"
    return ""
