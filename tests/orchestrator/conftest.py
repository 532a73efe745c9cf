"""`play`: run a scene against the whole daemon in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.orchestrator.all_situations import SITUATIONS
from tests.orchestrator.rig import Rig, Scene
from tests.orchestrator.situations import Find, Played
from tests.orchestrator.situations import play as play_situation
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., Rig]:
    """Run a scene; what the rig is made of may be given."""

    def run(scene: Scene, *, node: bool = True, folder: str = "", **parts: Any) -> Rig:
        rigs: list[Rig] = []

        async def work() -> None:
            rig = Rig(tmp_path / folder, **parts)
            rigs.append(rig)
            if node and not rig.nodes:
                rig.nodes.append(StandInNode(rig.broker))
            async with rig.running():
                await scene(rig)

        in_virtual_time(work)
        return rigs[0]

    return run


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Find:
    """What became of a situation; each is played once."""
    known: dict[str, Played] = {}

    def find(name: str) -> Played:
        if name not in known:
            known[name] = play_situation(name, SITUATIONS[name], tmp_path_factory.mktemp(name))
        return known[name]

    return find
