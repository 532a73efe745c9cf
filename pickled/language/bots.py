"""The bots that many channels have."""

from __future__ import annotations

from pickled.language.tables import listed
from pickled.patterns import on_first_use


@on_first_use
def known_bots() -> frozenset[str]:
    """By their names in lower case."""
    return frozenset(listed("bots"))
