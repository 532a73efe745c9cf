"""Forgetting over MQTT: by any name, with an answer that says how much went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pickled.messages.command import CommandEvent
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]
MASKED = {"user": "Coon_Tamer", "login": "mcm_2020"}


async def told(rig: Rig, path: str, payload: str) -> CommandEvent:
    """The answer to a command."""
    before = len(rig.answers())
    rig.tell(path, payload)
    answer: CommandEvent = (await rig.until(lambda: rig.answers()[before:]))[0]
    return answer


@pytest.mark.parametrize("name", ["Coon_Tamer", "mcm_2020", "id:id-Coon_Tamer"])
def test_forget_by_any_name_says_how_much_went(play: Play, name: str) -> None:
    """Also of somebody whose line has not reached the file yet; once more, nobody is left."""

    async def scene(rig: Rig) -> None:
        rig.chat("my dog is ill, and I love ramen", **MASKED)
        command = f'{{"viewer": "{name}", "confirm": true}}'
        answer = await told(rig, "cmd/forget", command)
        assert (answer.event_type, answer.code) == ("accepted", "ok")
        assert answer.removed["viewers"] == 1
        assert answer.removed["entries"] == 1
        assert answer.removed["facts"] >= 1
        await asyncio.sleep(5)
        again = await told(rig, "cmd/forget", command)
        assert (again.event_type, again.code, again.field) == (
            "rejected", "unknown_viewer", "viewer",
        )  # fmt: skip
        assert again.removed == {}

    play(scene)


def test_viewer_who_is_masked_on_air_is_found_by_the_name(play: Play) -> None:
    """On air she is somebody, and nothing that is published tells more."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, my dog is ill, and I love ramen", id="m1", **MASKED)
        await rig.outcome()
        published = list(rig.broker.log)
        answer = await told(rig, "cmd/viewer", '{"viewer": "Coon_Tamer"}')
        assert answer.code == "ok"
        chat = [each.payload for each in published if each.topic.endswith("event/chat")]
        assert b'"somebody"' in b"".join(chat)
        sent = b"".join(each.payload for each in published).lower()
        assert b"mcm_2020" not in sent
        assert b'"mainecoonmom"' not in sent

    play(scene)


def test_forget_finds_who_is_in_no_file(play: Play) -> None:
    """Who opted out is not remembered, and still among the last lines."""

    async def scene(rig: Rig) -> None:
        rig.chat("!pickle optout")
        await rig.until(rig.answers)
        rig.chat("just a line of mine")
        await asyncio.sleep(5)
        answer = await told(rig, "cmd/forget", '{"viewer": "ana", "confirm": true}')
        assert answer.code == "ok"
        await asyncio.sleep(1)
        again = await told(rig, "cmd/forget", '{"viewer": "ana", "confirm": true}')
        assert again.code == "unknown_viewer"

    play(scene)


def test_forget_and_opt_out(play: Play) -> None:
    """Nothing is kept of them again; by the id also of somebody who never came."""

    async def scene(rig: Rig) -> None:
        command = '{"viewer": "id:id-ana", "opt_out": true, "confirm": true}'
        assert (await told(rig, "cmd/forget", command)).code == "ok"
        rig.chat("my cat is called Syrup, you know")
        await asyncio.sleep(5)
        assert (await told(rig, "cmd/viewer", '{"viewer": "ana"}')).code == "unknown_viewer"
        unknown = '{"viewer": "nobody", "opt_out": true, "confirm": true}'
        assert (await told(rig, "cmd/forget", unknown)).code == "unknown_viewer"

    play(scene)


def test_message_that_is_forgotten_is_counted(play: Play) -> None:
    """One message, with what was made of it."""

    async def scene(rig: Rig) -> None:
        message = rig.chat("I have a dog called Waffles and we walk every day")
        command = f'{{"message": "{message}", "confirm": true}}'
        answer = await told(rig, "cmd/forget", command)
        assert (answer.code, answer.removed["entries"]) == ("ok", 1)

    play(scene)


def test_moderator_is_named_in_the_answer(play: Play) -> None:
    """And nobody who only tried."""

    async def scene(rig: Rig) -> None:
        rig.chat("!pickle mute", user="mo", badges=("moderator",))
        rig.chat("!pickle unmute", user="eve")
        await rig.until(lambda: len(rig.answers()) == 2)
        by = {each.command: each.by for each in rig.answers()}
        assert by == {"chat/mute": "mo", "chat/unmute": None}

    play(scene)
