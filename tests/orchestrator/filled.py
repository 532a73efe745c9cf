"""A store that was filled with the lines of two viewers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pickled.orchestrator.intake.intake import Store
from tests.orchestrator.rig import Rig

Left = Callable[[], Awaitable[set[str]]]

ANA = {"a1": "John, is that a red harbour?", "a2": "John, what a long bridge that is"}
BEN = {"b1": "John, my dog Bruno loves the river"}
EVERYTHING = {*ANA, *BEN}


@dataclass
class Filled:
    """A store with the lines of two viewers."""

    store: Store
    left: Left
    """The ids of the lines that are still there; asked once."""


def write(rig: Rig) -> None:
    """What the two of them say."""
    for user, lines in (("ana", ANA), ("ben", BEN)):
        for name, text in lines.items():
            rig.chat(text, user=user, id=name)
