"""Commands in chat reach what commands over MQTT reach, by the badges of who gives them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.messages.chat import ChatCleared
from tests.orchestrator.rig import Rig

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
    """Every viewer's right: to hear what is kept, to have it deleted, not to be kept at all."""

    async def scene(rig: Rig) -> None:
        rig.chat("I have a dog called Waffles and we walk every day")
        await asyncio.sleep(5)
        rig.chat("!pickle whatdoyouknow")
        await rig.until(lambda: any("what I know" in text for text, _ in rig.voice.spoken))
        await rig.until(lambda: any("Waffles" in text for text, _ in rig.voice.spoken))
        await asyncio.sleep(25)
        rig.chat("!pickle forgetme")
        await rig.until(lambda: any("forgotten" in text for text, _ in rig.voice.spoken))
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

    play(scene)


def test_what_is_known_of_who_is_banned_is_not_told(play: Play) -> None:
    """What waits to be said to somebody goes when they go."""

    async def scene(rig: Rig) -> None:
        rig.chat("I have a dog called Waffles and we walk every day")
        await asyncio.sleep(5)
        rig.chat("John, hello?", user="bea")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.chat("!pickle whatdoyouknow")
        await rig.until(lambda: codes(rig) == [("chat/whatdoyouknow", "ok")])
        rig.happen(ChatCleared(ts=rig.clock.wall(), user="ana", user_id="id-ana"))
        await asyncio.sleep(30)
        assert rig.events("event/retraction")[0].removed["voice"] == 1
        assert not any("Waffles" in text for text, _ in rig.voice.spoken)

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
