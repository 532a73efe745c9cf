"""Nothing is locked whose licence nobody has looked at."""

from __future__ import annotations

import pytest

from tests.release.licences import LOCKS, allowed, licences_of, locked, page


@pytest.mark.parametrize("package", sorted({name for lock in LOCKS for name in locked(lock)}))
def test_licence_is_allowed(package: str) -> None:
    """Each word of it stands in the list."""
    found = licences_of(package)
    if found is None:
        pytest.skip(f"{package} is not installed on this machine")
    assert found <= allowed(package), f"{package}: read it, then add it to licences.txt, or don't"


def test_every_licence_of_the_list_is_somebodys() -> None:
    """Else the list grows and nobody knows why."""
    told = {word for line in page() for word in line.partition(": ")[2].split(", ")}
    if licences_of("sentence-transformers") is None:
        pytest.skip("not all extras are installed on this machine")
    assert allowed() <= told


def test_licence_of_ours() -> None:
    """A package that is not there has none."""
    assert licences_of("no-such-package-at-all") is None
