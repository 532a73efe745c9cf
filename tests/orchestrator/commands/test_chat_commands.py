"""Commands in chat reach what commands over MQTT reach, by the badges of who gives them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.orchestrator.rig import Rig
from tests.stand_ins.outputs import StandInChat
from tests.stand_ins.parts import plug

Play = Callable[..., Rig]
MOD = {"badges": ("moderator/1",)}


def codes(rig: Rig) -> list[tuple[str, str]]:
    return [(each.command, each.code) for each in rig.answers()]


def test_moderator_skips_mutes_and_switches_persona(play: Play) -> None:
    """What a Stream Deck key can do, a moderator can do from chat."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(0.4)
        rig.chat("!pickle skip", user="mo", **MOD)
        assert (await rig.outcome()).outcome == "skipped"
        rig.chat("!pickle persona Maple", user="mo", **MOD)
        rig.chat("!mute", user="mo", **MOD)
        await rig.until(lambda: rig.state("muted/state") == "ON")
        assert rig.state("persona/state") == "maple"
        rig.chat("!pickle unmute", user="mo", **MOD)
        await rig.until(lambda: rig.state("muted/state") == "OFF")
        await rig.until(lambda: not rig.nodes[0].muted)
        await rig.until(lambda: len(codes(rig)) == 4)
        assert codes(rig) == [
            ("chat/skip", "ok"), ("chat/persona", "ok"), ("chat/mute", "ok"), ("chat/unmute", "ok"),
        ]  # fmt: skip

    play(scene)


def test_viewer_may_not_moderate(play: Play) -> None:
    """Nothing happens, and the answer says why; what they wrote is not answered either."""

    async def scene(rig: Rig) -> None:
        rig.chat("!pickle mute")
        rig.chat("!pickle persona maple", user="bea")
        await asyncio.sleep(5)
        assert codes(rig) == [("chat/mute", "not_allowed"), ("chat/persona", "not_allowed")]
        assert (rig.state("muted/state"), rig.state("persona/state")) == ("OFF", "default")
        assert rig.model.prompts == []
        assert {each.reason for each in rig.events("event/decision", "skip")} == {"command"}

    play(scene)


def test_unknown_persona_is_refused_by_name(play: Play) -> None:
    """A moderator's typing mistake changes nothing, and is told what there is."""

    async def scene(rig: Rig) -> None:
        rig.chat("!pickle persona mapel", user="mo", **MOD)
        answer = (await rig.until(rig.answers))[0]
        assert answer.code == "unknown_persona"
        assert "maple" in answer.message

    play(scene)


def test_viewer_asks_what_is_known_and_is_forgotten(play: Play) -> None:
    """Every viewer's right: to read what is kept, to have it deleted, not to be kept at all."""
    chat = StandInChat()

    async def scene(rig: Rig) -> None:
        rig.chat("I have a dog called Waffles and we walk every day")
        await asyncio.sleep(5)
        rig.chat("!pickle whatdoyouknow")
        await rig.until(lambda: chat.lines)
        ((text, to, private),) = chat.lines
        assert "This is what I know" in text
        assert "Waffles" in text
        assert to is not None
        assert (to.user, private) == ("ana", True)
        await asyncio.sleep(25)
        assert rig.voice.spoken == []
        rig.chat("!pickle forgetme")
        await rig.until(lambda: "I have forgotten that viewer" in chat.lines[-1][0])
        rig.tell("cmd/viewer", '{"viewer": "ana"}')
        answer = (await rig.until(lambda: rig.answers()[2:]))[0]
        assert answer.code == "unknown_viewer"
        await asyncio.sleep(25)
        rig.chat("!pickle optout")
        await rig.until(lambda: codes(rig)[-1] == ("chat/optout", "ok"))
        rig.chat("and my cat is called Syrup, you know")
        await asyncio.sleep(5)
        rig.tell("cmd/viewer", '{"viewer": "ana"}')
        await rig.until(lambda: len(rig.answers()) == 5)
        assert rig.answers()[-1].code == "unknown_viewer"

    options = {"chat_commands": {"notice": False}}
    play(scene, outputs=(plug("outputs", chat),), options=options)


def test_what_is_known_of_a_viewer_is_never_said_aloud(play: Play) -> None:
    """Where nothing writes in chat it is refused, with what to do; the rest is said."""

    async def scene(rig: Rig) -> None:
        rig.chat("!pickle whatdoyouknow")
        answer = (await rig.until(rig.answers))[0]
        assert answer.code == "unavailable"
        assert "twitch_chat" in answer.message
        await asyncio.sleep(3)
        rig.chat("!pickle help", user="bea")
        await rig.until(lambda: rig.voice.spoken)

    play(scene)


def test_viewers_commands_are_slowed_down(play: Play) -> None:
    """Nobody keeps it busy with help."""

    async def scene(rig: Rig) -> None:
        for _ in range(3):
            rig.chat("!pickle help")
            await asyncio.sleep(1)
        assert [code for _, code in codes(rig)] == ["ok", "busy", "busy"]

    play(scene)


def test_aliases_and_commands_can_be_switched_off(play: Play) -> None:
    """A channel with a song bot keeps !skip; one that wants none has none."""

    async def scene(rig: Rig) -> None:
        rig.chat("!mute", user="mo", **MOD)
        await asyncio.sleep(3)
        assert rig.answers() == []
        assert rig.state("muted/state") == "OFF"

    play(scene, options={"chat_commands": {"aliases": False}})
    play(scene, options={"chat_commands": {"enabled": False}})
