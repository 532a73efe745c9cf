"""pipecat, installed for the benchmark only, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import platformdirs

VERSION = "1.14.0"
_WANTED = (f"pipecat-ai=={VERSION}", "aiohttp>=3.12,<4", "wyoming>=1.7,<2")
_INSTALL_S = 900


class NotInstalledError(Exception):
    """Why it can't be measured here."""


def installed() -> Path:
    """The Python that has it; installs it on first use, raises NotInstalledError."""
    folder = platformdirs.user_cache_path("pickled-bench") / f"pipecat-{VERSION}"
    python, done = folder / "bin" / "python", folder / "installed"
    if done.exists() and python.exists():
        return python
    print("installing pipecat for the benchmark …", file=sys.stderr)  # noqa: T201
    try:
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *_WANTED]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_S)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", "") or str(error)
        last = " ".join(told.strip().splitlines()[-1:])[:200]
        raise NotInstalledError(f"pipecat can't be installed here: {last}") from error
    done.touch()
    return python
