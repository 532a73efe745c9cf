"""Commands while the disk takes nothing: what works is accepted, and kept once there is room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.orchestrator.controls.test_saving import fill, make_room
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]

TEN = {
    "muted": [*["ON", "OFF"] * 4, "OFF", "ON"],
    "mic_muted": ["ON", "TOGGLE"] * 5,
    "paused": [*["ON", "OFF"] * 4, "OFF", "ON"],
    "approval": [*["OFF", "ON"] * 5],
    "discreet": [*["OFF", "ON"] * 5],
    "persona": ["maple", "blitz"] * 5,
    "voice": ["bass"] * 10,
    "volume": [str(each) for each in range(40, 50)],
    "cooldown": [str(each) for each in range(10)],
    "spontaneity": [str(each) for each in range(20, 30)],
}
"""Ten of each kind."""

IN_FORCE = {
    "muted": "ON",
    "mic_muted": "OFF",
    "paused": "ON",
    "approval": "ON",
    "discreet": "ON",
    "persona": "blitz",
    "voice": "bass",
    "volume": 49,
    "cooldown": 9,
    "spontaneity": 29,
}


async def _ten_of_each(rig: Rig, *, told: str) -> None:
    before = len(rig.answers())
    for name, values in TEN.items():
        for value in values:
            rig.tell(f"{name}/set", value)
    count = sum(map(len, TEN.values()))
    await rig.until(lambda: len(rig.answers()) == before + count)
    for each in rig.answers()[before:]:
        assert (each.event_type, each.code) == ("accepted", "ok"), each
        assert told in each.message if told else not each.message


async def _in_force(rig: Rig) -> None:
    def now() -> dict[str, Any]:
        return {name: rig.state(f"{name}/state") for name in IN_FORCE}

    await rig.until(lambda: now() == IN_FORCE, within=5)


@pytest.mark.parametrize("moment", ["by itself", "at the end", "after room"])
def test_ten_commands_of_each_kind_are_in_force_after_a_restart(play: Play, moment: str) -> None:
    """Saved by itself when there is room, at the latest at the end, or by later commands."""

    async def full(rig: Rig) -> None:
        fill(rig.data_dir)
        await _ten_of_each(rig, told="in force now; it can't be saved (Is a directory)")
        make_room(rig.data_dir)
        if moment == "by itself":
            await asyncio.sleep(15)
            assert "blitz" in (rig.data_dir / "settings.json").read_text()
        elif moment == "after room":
            await _ten_of_each(rig, told="")

    play(full)
    play(_in_force)


def test_full_disk_is_told_once_and_its_end_too(play: Play) -> None:
    """One `event/error` with the remedy; health says it for as long as it lasts."""

    async def scene(rig: Rig) -> None:
        def health() -> Any:
            return rig.state("health/state").root.get("settings")

        fill(rig.data_dir)
        for volume in range(10):
            rig.tell("volume/set", str(volume))
            await asyncio.sleep(5)
        (error,) = rig.events("event/error")
        assert (error.component, error.code) == ("settings", "not_saved")
        assert "free some room for" in error.message
        assert health().status == "degraded"
        make_room(rig.data_dir)
        await rig.until(lambda: health().status == "up", within=15)
        assert len(rig.events("event/error")) == 1

    play(scene)


def test_panic_on_a_full_disk_is_accepted(play: Play) -> None:
    """It is the one answer that nobody may mistake for a failure."""

    async def scene(rig: Rig) -> None:
        fill(rig.data_dir)
        rig.tell("cmd/panic")
        (answer,) = await rig.until(rig.answers)
        assert answer.event_type == "accepted"
        assert rig.state("muted/state") == "ON"

    play(scene)


def test_mute_in_chat_is_answered_once_it_is_saved(play: Play) -> None:
    """Who reads `accepted` finds it after a restart; on a full disk the answer says that not."""
    mod = {"user": "mo", "badges": ("moderator/1",)}

    async def scene(rig: Rig) -> None:
        for verb, kept in (("mute", '"value": true'), ("persona maple", "maple")):
            rig.chat(f"!pickle {verb}", **mod)
            name = f"chat/{verb.split()[0]}"
            await rig.until(lambda name=name: name in [each.command for each in rig.answers()])
            assert kept in (rig.data_dir / "settings.json").read_text()
        fill(rig.data_dir)
        rig.chat("!pickle unmute", **mod)
        await rig.until(lambda: len(rig.answers()) == 3)
        told = rig.answers()[-1]
        assert (told.code, told.by) == ("ok", "mo")
        assert "in force now; it can't be saved" in told.message
        make_room(rig.data_dir)

    play(scene)
