"""Reads a Dockerfile and its `.dockerignore`, as far as ours need it."""

from __future__ import annotations

import fnmatch
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Instruction:
    """One line of it, continued ones joined."""

    name: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    """All of them in order; comments are left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [Instruction(name, rest) for name, rest in found]


def taken(root: Path) -> list[Path]:
    """The files of the build context: what `.dockerignore` lets through, relative."""
    rules = [line for line in (root / ".dockerignore").read_text().splitlines()
             if line and not line.startswith("#")]  # fmt: skip
    named = [rule[1:] for rule in rules if rule.startswith("!")]
    out = [rule.removeprefix("**/") for rule in rules if not rule.startswith("!") and rule != "*"]
    found: list[Path] = []
    for name in named:
        path = root / name
        inside = path.rglob("*") if path.is_dir() else [path]
        for each in inside:
            parts = each.relative_to(root).parts
            ignored = any(fnmatch.fnmatch(part, rule) for part in parts for rule in out)
            if each.is_file() and not ignored:
                found.append(each.relative_to(root))
    return sorted(found)


def copy_context(root: Path, to: Path) -> None:
    """What a build sees."""
    for each in taken(root):
        target = to / each
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / each, target)
