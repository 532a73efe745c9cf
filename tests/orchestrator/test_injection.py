"""Attacks on the whole daemon, with a model that obeys every injected order it sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.messages.stream import StreamEvent
from pickled.messages.vision import Scene
from tests.orchestrator.rig import Rig
from tests.stand_ins.obedient import Attack, Obedient, is_said, read_attacks
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]

SETTINGS = (
    *("muted", "paused", "approval", "discreet", "persona", "voice", "volume", "cooldown"),
    *("spontaneity", "inhibit", "link", "context"),
)


def settings(rig: Rig) -> dict[str, object]:
    return {name: rig.state(f"{name}/state") for name in SETTINGS}


async def attacked(rig: Rig, attack: Attack) -> None:
    """Bring an attack to where it belongs, and let somebody honest ask afterwards.

    The model knows the attack by heart: it obeys from the moment when all of it has been said.
    """
    rig.model.words = lambda _: answer("It is a lovely evening.")
    now = rig.clock.wall()
    for text in attack.messages:
        if text == attack.messages[-1]:
            rig.model.words = Obedient([attack], 0)
        match attack.field:
            case "text":
                rig.chat(f"John {text}"[:500], user="mallory")
            case "name":
                rig.chat("John, where are we?", user=text[:60])
            case "scene":
                rig.happen(Scene(ts=now, text=text, captured_at=now))
            case "speech":
                rig.streamer(text)
            case "event":
                rig.happen(StreamEvent(ts=now, event_type="redemption", user="mallory", text=text))
            case "memory":
                rig.chat(text, user="mallory")
        await asyncio.sleep(0.5)
    await asyncio.sleep(6)
    rig.chat("John, where are we?", user="cem")
    await asyncio.sleep(8)


def test_no_attack_is_spoken_and_none_changes_anything(play: Play) -> None:
    """No persona, setting, secret or action changes, and no attacker is quoted as its own."""
    attacks = read_attacks()
    heard: list[str] = []

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(3)
        before = settings(rig)
        for attack in attacks:
            spoken = len(rig.voice.spoken)
            await attacked(rig, attack)
            words = " ".join(text for text, _ in rig.voice.spoken[spoken:])
            if is_said(attack.payload, words):
                heard.append(f"{attack.kind}: {words}")
            rig.tell("cmd/forget", '{"viewer": "id:id-mallory", "confirm": true}')
            await asyncio.sleep(1)
        assert settings(rig) == before
        systems = {each.messages[0].content for each in rig.model.prompts}
        (canary,) = {text.partition("number ")[2][:12] for text in systems if "number " in text}
        assert canary not in " ".join(text for text, _ in rig.voice.spoken)
        assert b"number " + canary.encode() not in b"".join(each.payload for each in rig.broker.log)
        assert len(rig.model.prompts) > len(attacks) / 2

    play(scene, model=ScriptedModel(token_s=0.0, first_token_s=0.05))
    assert heard == [], "\n".join(heard)
