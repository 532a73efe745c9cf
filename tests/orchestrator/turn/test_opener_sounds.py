"""The sound of openers: made when it is quiet, kept, and as loud as the rest."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import numpy as np

from pickled.audio import Frame
from pickled.errors import VoiceError
from pickled.tts.pcm.loudness import loudness_db
from tests.orchestrator.opens import Opens, clauses, made, until_offered
from tests.orchestrator.rig import Rig, Scene
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedVoice
from tests.stand_ins.virtual_time import in_virtual_time

Play = Callable[..., Rig]


def again(folder: Path, scene: Scene, **parts: Any) -> Rig:
    """A daemon in that folder, as after a start."""
    rigs: list[Rig] = []

    async def work() -> None:
        rig = Rig(folder, prepares_openers=True, **parts)
        rigs.append(rig)
        rig.nodes.append(StandInNode(rig.broker))
        async with rig.running():
            await scene(rig)

    in_virtual_time(work)
    return rigs[0]


def test_openers_are_made_once_for_each_persona_and_voice(play: Play) -> None:
    """When it is quiet, one after the other; again when another one is in force."""

    async def scene(rig: Rig) -> None:
        await made(rig)
        first = [text for text, _ in rig.voice.spoken]
        assert len(first) == len(set(first)) >= 20
        await made(rig)
        rig.tell("persona/set", "maple")
        await made(rig)
        rig.tell("voice/set", "bass")
        await made(rig)
        more = rig.voice.spoken[len(first) :]
        assert {voice for _, voice in more} == {None, "bass"}
        texts = [text for text, _ in more]
        assert len(texts) == 2 * len(set(texts)) >= 40
        await made(rig)
        assert len(rig.voice.spoken) == len(first) + len(more)

    play(scene, prepares_openers=True)


def test_openers_wait_for_a_quiet_moment(play: Play) -> None:
    """None is made while an answer is under way."""

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: len(rig.voice.spoken) == 3)
        rig.chat("John?")
        said = await rig.outcome()
        own = clauses(rig, said.turn)
        others = [text for text, _ in rig.voice.spoken[3:] if text not in own]
        assert others == [], "the third was still being made when the answer began"
        await made(rig)
        assert len(rig.voice.spoken) > 20

    play(scene, prepares_openers=True)


def test_kept_openers_need_no_voice_after_a_start(tmp_path: Path) -> None:
    """With a voice that has a name; with another speed, text or voice they are others."""

    async def name_a_voice(rig: Rig) -> None:
        rig.tell("voice/set", "bass")
        await made(rig)

    first = again(tmp_path, name_a_voice)
    files = list((tmp_path / "openers").iterdir())
    assert len(files) == len({text for text, _ in first.voice.spoken}) >= 20

    async def scene(rig: Rig) -> None:
        said = await until_offered(rig)
        assert clauses(rig, said.turn)[0] not in [text for text, _ in rig.voice.spoken]

    second = again(tmp_path, scene, model=Opens())
    assert not {text for text, _ in second.voice.spoken} & {t for t, _ in first.voice.spoken}


def test_damaged_openers_are_made_anew(tmp_path: Path) -> None:
    """Those alone; nothing else is held up by them."""

    async def name_a_voice(rig: Rig) -> None:
        rig.tell("voice/set", "bass")
        await made(rig)

    again(tmp_path, name_a_voice)
    damaged = sorted((tmp_path / "openers").iterdir())[:3]
    for each in damaged:
        each.write_bytes(each.read_bytes()[:-7])
    second = again(tmp_path, made)
    assert len(second.voice.spoken) == 3
    assert len(list((tmp_path / "openers").iterdir())) >= 20


def test_openers_are_used_where_the_disk_takes_nothing(tmp_path: Path) -> None:
    """They are made at each start then."""
    (tmp_path / "openers").write_text("no folder can be made here")

    async def scene(rig: Rig) -> None:
        rig.tell("voice/set", "bass")
        await made(rig)
        said = await until_offered(rig)
        assert said.outcome == "finished"
        assert clauses(rig, said.turn)[1:]

    again(tmp_path, scene, model=Opens())


def test_voice_that_nobody_named_is_asked_at_each_start(tmp_path: Path) -> None:
    """The engine's own choice may be another one tomorrow."""
    again(tmp_path, made)
    assert not (tmp_path / "openers").exists()
    assert len(again(tmp_path, made).voice.spoken) >= 20


def test_nothing_is_offered_without_its_sound(play: Play) -> None:
    """A voice that can't speak yet costs the answer nothing."""

    class Slow(ScriptedVoice):
        async def synthesize(
            self, text: str, *, voice: str | None = None, speed: float = 1.0
        ) -> AsyncGenerator[bytes, None]:
            if len(text) < 12:
                raise VoiceError("not in this mood")
            async for each in super().synthesize(text, voice=voice, speed=speed):
                yield each

    async def scene(rig: Rig) -> None:
        for turn in range(1, 9):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            assert (await rig.outcome(turn)).outcome == "finished"
        assert not any(each.openers for each in rig.model.prompts)

    play(scene, model=Opens(), voice=Slow(), prepares_openers=True)


def test_opener_is_as_loud_as_what_follows(play: Play) -> None:
    """It is evened out by the same rules, however loud the voice says short words."""

    class Shouts(ScriptedVoice):
        async def synthesize(
            self, text: str, *, voice: str | None = None, speed: float = 1.0
        ) -> AsyncGenerator[bytes, None]:
            self.spoken.append((text, voice))
            loud = 20_000 if len(text) < 24 else 2_500
            count = 24_000 * max(8, len(text)) // 20
            wave = np.sin(np.arange(count) * 0.15) * loud
            yield wave.astype("<i2").tobytes()

    async def scene(rig: Rig) -> None:
        await made(rig)
        said = await until_offered(rig)
        opener, *rest = _sounds(rig)[-len(clauses(rig, said.turn)) :]
        assert said.outcome == "finished"
        loudness = [
            loudness_db(np.frombuffer(pcm, "<i2").astype(np.float64))
            for pcm in (opener, b"".join(rest))
        ]
        assert abs(loudness[0] - loudness[1]) < 3, loudness

    play(scene, model=Opens(), voice=Shouts(), prepares_openers=True)


def _sounds(rig: Rig) -> list[bytes]:
    """The sound of each clause that was sent."""
    found, clause = [], b""
    frames = (each.payload for each in rig.broker.log if each.topic.endswith("/tts/audio"))
    for frame in map(Frame.decode, frames):
        clause += frame.data
        if frame.last:
            found.append(clause)
            clause = b""
    return found
