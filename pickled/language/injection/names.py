"""What the co-host is called by whoever plays a trick on it: "make John say that"."""

from __future__ import annotations

from collections.abc import Iterable

from pickled.language.injection import disguise
from pickled.language.tables import listed
from pickled.patterns import remembered

Names = tuple[str, ...]
"""Flat (`disguise.flat`) and sorted."""

_called: list[frozenset[str]] = [frozenset()]
"""One, what `call` put in force."""


def call(names: Iterable[str]) -> None:
    """Put the names and triggers of all personas in force, for this process."""
    _called[0] = frozenset(names)


def names_in_force() -> Names:
    """All that it is called just now, as it is looked for."""
    return names_of(_called[0])


@remembered(4)
def names_of(names: frozenset[str]) -> Names:
    """These names, and those that any co-host is called by (`names.txt`)."""
    flat = {disguise.flat(each) for each in (*names, *listed("injection/names"))}
    return tuple(sorted(flat - {""}))
