"""Wheel and source archive, as a release has them, and what must be in them."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("personas", "systemd")
"""Folders beside the package that are inside of it in the wheel."""
NEVER = (".env", ".venv/", "__pycache__", ".sqlite", ".wav")


def build(source: Path, into: Path) -> tuple[Path, Path]:
    """The wheel and the source archive; raises RuntimeError with what the build said."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(into)]
    done = subprocess.run(
        command, cwd=source, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return next(into.glob("*.whl")), next(into.glob("*.tar.gz"))


def names_in(archive: Path) -> frozenset[str]:
    """Its files; those of a source archive without the folder that is around them."""
    if archive.suffix == ".whl":
        return frozenset(zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as packed:
        return frozenset(each.partition("/")[2] for each in packed.getnames())


def lacking(names: Iterable[str]) -> list[str]:
    """What the wheel should have and has not: each file of ours that is not made by running."""
    there = set(names)
    package = (path for path in (ROOT / "pickled").rglob("*") if path.is_file())
    wanted = {path.relative_to(ROOT).as_posix() for path in package}
    for folder in SHIPPED:
        files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
        wanted |= {f"pickled/{path.relative_to(ROOT).as_posix()}" for path in files}
    return sorted(each for each in wanted - there if "__pycache__" not in each)


def surplus(names: Iterable[str]) -> list[str]:
    """What is in an archive and should be in none."""
    return sorted(name for name in names for part in NEVER if part in name)


def unpacked(archive: Path, into: Path) -> Path:
    """The folder that a source archive holds."""
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    (folder,) = into.iterdir()
    return folder
