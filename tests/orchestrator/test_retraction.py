"""Gone means the same everywhere: a message, a viewer or all of chat leaves every store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pickled.messages.chat import Retraction
from tests.orchestrator.reach import intake_of, reached
from tests.orchestrator.rig import Rig
from tests.orchestrator.stores import ANA, EVERYTHING, FILL, write

Play = Callable[..., Rig]

TAKEN_BACK = {
    "message": (Retraction.of_message("a1"), {"a1"}),
    "viewer": (Retraction.of_viewer("id-ana"), set(ANA)),
    "all of chat": (Retraction.of_all_chat(), EVERYTHING),
}
"""What is taken back, and which lines that are."""

KEEPS_THE_PAST = {("memory", "all of chat")}
"""The one exception: a chat that is cleared takes nobody's past away."""

KNOWS_TEXTS = {"screening", "tricks", "memo"}
"""They know texts and not whose they are: each time all go, and none counts as a line."""


@pytest.mark.parametrize("what", TAKEN_BACK)
@pytest.mark.parametrize("name", FILL)
def test_retraction_leaves_nothing_of_it_and_all_else(name: str, what: str, play: Play) -> None:
    """What is taken back is gone, what is not stays, and the number that went is told."""
    retraction, meant = TAKEN_BACK[what]

    async def scene(rig: Rig) -> None:
        filled = await FILL[name](rig)
        gone = filled.store.retract(retraction)
        if (name, what) in KEEPS_THE_PAST:
            assert gone == 0
            assert await filled.left() == EVERYTHING
        elif name in KNOWS_TEXTS:
            assert gone == 0
            assert await filled.left() == set()
        else:
            assert gone == len(meant)
            assert await filled.left() == EVERYTHING - meant

    play(scene, options={"safety": {"chat_hold_s": 1.0 if name == "held" else 0.0}})


@pytest.mark.parametrize("name", FILL)
def test_store_is_filled_before_anything_is_taken_back(name: str, play: Play) -> None:
    """Else it would be no wonder that nothing is left; and who has no id is never meant."""

    async def scene(rig: Rig) -> None:
        filled = await FILL[name](rig)
        if name not in KNOWS_TEXTS:
            assert filled.store.retract(Retraction.of_viewer("")) == 0
            assert filled.store.retract(Retraction.of_message("unknown")) == 0
        assert await filled.left() == EVERYTHING

    play(scene, options={"safety": {"chat_hold_s": 1.0 if name == "held" else 0.0}})


def test_every_store_is_known(play: Play) -> None:
    """What can take back is named by Intake, or is a part of what is, and is tested above."""

    async def scene(rig: Rig) -> None:
        write(rig)
        await asyncio.sleep(5)
        found = {type(each) for each, _ in reached(rig) if hasattr(type(each), "retract")}
        stores = intake_of(rig).stores
        assert stores.keys() <= FILL.keys()
        assert {type(each) for each in stores.values()} <= found
        tested = {type((await fill(rig)).store) for fill in FILL.values()}
        assert found == tested

    play(scene)
