"""`make release`: builds what a release consists of, and tries it as a new user would.

A dry run: it ends with files in `dist/`, and publishes nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.release.artefacts import build, lacking, names_in, surplus
from tests.release.licences import page

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
DEMO_S = 5
TRIED = (
    ("--version",),
    ("personas", "check"),
    ("topics", "acl"),
    ("install", "systemd", "--dry-run"),
    ("demo", "--seconds", str(DEMO_S), "--wav", "heard.wav"),
)


def main() -> int:
    """Build, look, install, try, list."""
    shutil.rmtree(DIST, ignore_errors=True)
    wheel, source = build(ROOT, DIST)
    wrong = [f"the wheel lacks {name}" for name in lacking(names_in(wheel))]
    wrong += [f"{each.name} has {name}" for each in (wheel, source)
              for name in surplus(names_in(each))]  # fmt: skip
    if wrong:
        raise SystemExit("\n".join(wrong))
    with tempfile.TemporaryDirectory() as folder:
        try_out(wheel, Path(folder))
        bill_of_materials(Path(folder))
    (DIST / "licences.txt").write_text("\n".join(page()) + "\n", encoding="utf-8")
    for each in sorted(DIST.iterdir()):
        _say(f"{each.relative_to(ROOT)}  {each.stat().st_size:,} bytes")
    return 0


def try_out(wheel: Path, folder: Path) -> None:
    """In a fresh environment, with the packages of the lock file, from an empty folder."""
    venv, empty = folder / "venv", folder / "empty"
    empty.mkdir()
    _run([sys.executable, "-m", "venv", str(venv)], folder)
    pip = [str(venv / "bin/pip"), "--disable-pip-version-check", "--quiet", "install"]
    _run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], folder)
    _run([*pip, "--no-deps", str(wheel)], folder)
    for arguments in TRIED:
        _say(f"pickled {' '.join(arguments)}")
        _run([str(venv / "bin/pickled"), *arguments], empty)
    if (empty / "heard.wav").stat().st_size < 10_000:
        raise SystemExit("the demo made no sound")


def bill_of_materials(folder: Path) -> None:
    """By a program in an environment of its own: what is installed is not to have it."""
    tools = folder / "tools"
    _run([sys.executable, "-m", "venv", str(tools)], folder)
    _run([str(tools / "bin/pip"), "--quiet", "install", "cyclonedx-bom>=7,<8"], folder)
    command = [str(tools / "bin/cyclonedx-py"), "environment", str(folder / "venv/bin/python"),
               "--output-file", str(DIST / "sbom.cdx.json")]  # fmt: skip
    _run(command, folder)


def _run(command: list[str], folder: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
