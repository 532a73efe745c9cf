"""The examples of the page on writing a part, as the packages that they describe."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pickled import plug

PAGE = (Path(plug.__file__).parent / "README.md").read_text(encoding="utf-8")

MODULES: dict[str, str] = dict(
    re.findall(r"`pickled_(\w+)\.py`[^\n]*\n\n```python\n(.*?)```", PAGE, re.S)
)
"""Kind → its module."""

GROUPS = {"linefeed": "inputs"} | dict(
    re.findall(r"`pickled_(\w+)\.py`, group `pickled\.([a-z.]+)`", PAGE)
)
"""Kind → its folder."""

BLOCKS: list[str] = re.findall(r"```python\n(.*?)```", PAGE, re.S)

_PROJECT: str = re.findall(r"```toml\n(.*?)```", PAGE, re.S)[0]


def project(kind: str) -> str:
    """The `pyproject.toml` of that example: the page prints one, and says what differs."""
    own = _PROJECT.replace("linefeed", kind).replace("pickled.inputs", f"pickled.{GROUPS[kind]}")
    needed = re.findall(rf"`pickled_{kind}\.py`[^\n]* with `(dependencies = [^`]+)`", PAGE)
    return own.replace('version = "0.1.0"', "\n".join(['version = "0.1.0"', *needed]))


def install(kinds: Sequence[str], *, target: Path, work: Path) -> list[Path]:
    """Build a wheel of each, without a network, and install them there; the wheels."""
    sources = []
    for kind in kinds:
        source = work / kind
        source.mkdir(parents=True)
        (source / "pyproject.toml").write_text(project(kind), encoding="utf-8")
        (source / f"pickled_{kind}.py").write_text(MODULES[kind], encoding="utf-8")
        sources.append(str(source))
    wheels = work / "wheels"
    _pip("wheel", "--no-build-isolation", "--wheel-dir", str(wheels), *sources)
    built = sorted(wheels.glob("*.whl"))
    _pip("install", "--target", str(target), *map(str, built))
    return built


def _pip(command: str, *arguments: str) -> None:
    offline = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps")
    ran = subprocess.run(
        [sys.executable, "-m", "pip", command, *offline, *arguments],
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
