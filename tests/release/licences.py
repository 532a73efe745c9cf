"""The licences of all packages of the lock files, and whether they may be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.lock", ROOT / ".ci/requirements-embeddings.lock")
ALLOWED = Path(__file__).with_name("licences.txt")
_LONGEST = 60
"""Characters; what is longer is the text of a licence and not its name."""


def locked(path: Path) -> list[str]:
    """The packages of a lock file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (re.match(r"[a-z0-9][\w.-]*(?===)", line) for line in lines)
    return sorted({each[0] for each in found if each})


def licences_of(package: str) -> frozenset[str] | None:
    """What it says of itself; None if it is not installed here."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return None
    if expression := told.get("License-Expression"):
        return _words(expression)
    listed = {
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or []
        if each.startswith("License :: ")
    } - {"OSI Approved"}
    if listed:
        return frozenset(listed)
    named = (told.get("License") or "").strip()
    if not named or len(named) > _LONGEST:
        return frozenset({"none named"})
    return _words(named)


def _words(named: str) -> frozenset[str]:
    return frozenset(each.strip("() ") for each in re.split(r"\s(?:AND|OR|WITH)\s|,", named))


def allowed(package: str = "") -> frozenset[str]:
    """The list: what is allowed to all, and what to that package alone."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    entries = (line.rpartition(": ") for line in lines if line and not line.startswith("#"))
    return frozenset(licence for owner, _, licence in entries if owner in ("", package))


def page() -> Iterator[str]:
    """A line for each package that is installed here, as a release has it."""
    for package in sorted({name for lock in LOCKS for name in locked(lock)}):
        if (found := licences_of(package)) is not None:
            yield f"{package}: {', '.join(sorted(found))}"
