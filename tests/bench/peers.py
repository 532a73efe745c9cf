"""Frameworks for voice agents, each installed for the benchmark alone, in a place of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_INSTALL_S = 900
_BESIDE = ("aiohttp>=3.12,<4", "wyoming>=1.7,<2")


class NotInstalledError(Exception):
    """Why it can't be measured here."""


@dataclass(frozen=True)
class Peer:
    """A framework, and the script that answers chat with it."""

    name: str
    version: str
    wanted: tuple[str, ...]
    script: str

    @property
    def title(self) -> str:
        """As the table has it."""
        return f"{self.name} {self.version}"

    @property
    def path(self) -> Path:
        """The script."""
        return Path(__file__).with_name(self.script)

    def installed(self) -> Path:
        """The Python that has it; installs it on first use, raises NotInstalledError."""
        cache = platformdirs.user_cache_path("pickled-bench")
        folder = cache / self.title.replace(" ", "-").lower()
        python, done = folder / "bin" / "python", folder / "installed"
        if done.exists() and python.exists():
            return python
        print(f"installing {self.title} for the benchmark …", file=sys.stderr)  # noqa: T201
        try:
            venv.create(folder, with_pip=True, clear=True)
            command = [str(python), "-m", "pip", "install", "--quiet", *self.wanted, *_BESIDE]
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_S)
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", "") or str(error)
            last = " ".join(told.strip().splitlines()[-1:])[:200]
            raise NotInstalledError(f"{self.name} can't be installed here: {last}") from error
        done.touch()
        return python


PIPECAT = Peer("pipecat", "1.14.0", ("pipecat-ai==1.14.0",), "pipecat_arm.py")
LIVEKIT = Peer(
    "LiveKit",
    "1.8.9",
    ("livekit-agents==1.8.9", "livekit-plugins-openai==1.8.9"),
    "livekit_arm.py",
)
