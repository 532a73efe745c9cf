"""What is there after `pip install` with some extras: this checkout beside those packages alone."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent


class Install:
    """A folder of packages that an interpreter sees, and no others."""

    def __init__(self, folder: Path, *extras: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(_closure(extras)):
            _link(name, folder)
        for ours in ("pickled", "personas"):
            if not (folder / ours).exists():
                (folder / ours).symlink_to(ROOT / ours)

    def run(
        self, *arguments: str, cwd: Path, environ: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """`pickled` with those arguments."""
        return subprocess.run(
            [sys.executable, "-S", "-m", "pickled", *arguments],
            cwd=cwd,
            env={**environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=55,
            check=False,
        )


def _closure(extras: Iterable[str]) -> set[str]:
    """The distributions that are installed then; raises if one is not here to be borrowed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    found: set[str] = set()
    waiting = [(Requirement(each), "") for each in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        known = requirement.name in found
        found.add(requirement.name)
        asked = ["", *requirement.extras]
        if known and len(asked) == 1:
            continue
        for each in importlib.metadata.requires(requirement.name) or []:
            waiting += [(Requirement(each), name) for name in asked]
    return found


def _link(name: str, folder: Path) -> None:
    """All that lies at the top of the packages' folder for that distribution."""
    packages = Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("platlib"))
    for file in importlib.metadata.files(name) or []:
        top = file.parts[0]
        if top in ("..", "__pycache__") or (folder / top).exists():
            continue
        for each in packages:
            if (each / top).exists():
                (folder / top).symlink_to(each / top)
                break


def clean(folder: Path, **more: str) -> dict[str, str]:
    """An environment with nothing of a real co-host in it."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), **more}
