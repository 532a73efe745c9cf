"""A new part is one file: found by name, kept running, offered what it needs, closed in order."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from pickled import inputs, outputs
from pickled.config import PartConfig
from pickled.plugins import Plug, find
from tests.daemon.parts import wire
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time

PARTS = Path(__file__).parent / "parts"


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> tuple[Plug, Plug]:
    """The two files lie where ours do, and are found by name."""
    wire.OPENED.clear()
    for package in (inputs, outputs):
        folder = str(PARTS / package.__name__.rsplit(".", 1)[1])
        monkeypatch.setattr(package, "__path__", [*package.__path__, folder])
    importlib.invalidate_caches()
    url = {"url": "tcp://lamp"}
    return (
        find("inputs", PartConfig.model_validate({"kind": "feed", **url})),
        find("outputs", PartConfig.model_validate({"kind": "lamp", **url})),
    )


def test_new_input_and_output_share_a_connection_and_live_with_the_house(
    tmp_path: Path, parts: tuple[Plug, Plug]
) -> None:
    """From a line that the input reads to the lamp that follows the voice, and a clean end."""
    feed, lamp = parts
    seen: dict[str, Any] = {}

    async def work() -> None:
        rig = Rig(tmp_path, inputs=(feed,), outputs=(lamp,))
        rig.nodes.append(StandInNode(rig.broker))
        async with rig.running():
            said = await rig.outcome()
            rig.tell("cmd/ping", "now")
            await rig.until(lambda: "wink now" in wire.OPENED[0].told)
            seen.update(
                answered=[each.user for each in said.to],
                health=rig.state("health/state").root,
                changes=rig.events("event/health"),
            )

    in_virtual_time(work)
    assert seen["answered"] == ["ana"]
    assert {name: seen["health"][name].status for name in ("input.feed", "output.lamp")} == {
        "input.feed": "up",
        "output.lamp": "up",
    }
    feeds = [(each.to, each.detail) for each in seen["changes"] if each.component == "input.feed"]
    assert feeds == [("up", ""), ("down", "the line was cut"), ("up", "")]
    (opened,) = wire.OPENED
    assert opened.told.count("feed runs") == 2
    lit = [each for each in opened.told if each in ("on", "off")]
    assert lit[-2:] == ["on", "off"]
    assert opened.told[-3:] == ["feed closed", "lamp closed", "wire closed"]


def test_what_a_part_listened_to_is_undone_when_it_ends(
    tmp_path: Path, parts: tuple[Plug, Plug]
) -> None:
    """A part that is started again does not hear everything twice."""
    _, lamp = parts

    async def work() -> None:
        rig = Rig(tmp_path, outputs=(lamp, lamp))
        async with rig.running():
            await rig.until(lambda: "output.lamp.2" in rig.state("health/state").root)
            handlers = rig.bus.subscriptions._handlers["cmd/ping"]
            assert len(handlers) == 3  # the two lamps, and who answers it
        assert len(handlers) == 1

    in_virtual_time(work)
