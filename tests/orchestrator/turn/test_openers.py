"""An answer with an opener, from its grammar to the ear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pickled.audio import Frame
from pickled.errors import VoiceError
from pickled.messages.prompt import Prompt
from pickled.tts.pcm.loudness import loudness_db
from tests.orchestrator.opens import REST, Opens, clauses, until_offered
from tests.orchestrator.rig import Rig, Scene
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer
from tests.stand_ins.virtual_time import in_virtual_time

Play = Callable[..., Rig]

MADE_S = 20.0
"""All openers of a persona are made by then."""


def rest_of(said: Any) -> str:
    return said.text.partition(", ")[2]


async def made(rig: Rig) -> None:
    await asyncio.sleep(MADE_S)


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


def test_opener_sounds_while_the_rest_is_worded(play: Play) -> None:
    """It is the first clause, needs no voice any more, and is heard before the model is done."""

    async def scene(rig: Rig) -> None:
        await made(rig)
        known = len(rig.voice.spoken)
        said = await until_offered(rig)
        opener, *more = clauses(rig, said.turn)
        assert said.outcome == "finished"
        assert said.heard == said.text == " ".join([opener, *more])
        assert opener in [each.text for each in rig.model.prompts[-1].openers]
        assert more[0].startswith("that is the old harbour,")
        assert opener in [text for text, _ in rig.voice.spoken[:known]]
        assert opener not in [text for text, _ in rig.voice.spoken[known:]]
        captions = rig.broker.sent("caption/state")
        assert captions[-3:] == [opener, *more] or captions[-4:-1] == [opener, *more]
        times = rig.events("event/response", "finished")[-1].stages
        assert times.tts_first_byte == 0
        assert times.first_clause <= rig.model.token_s * 1000 * 15

    play(scene, model=Opens(token_s=0.02), prepares_openers=True)


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


@pytest.mark.parametrize("command", ["cmd/skip", "muted/set"])
def test_opener_is_interrupted_as_any_word(play: Play, command: str) -> None:
    """Within it, or behind it: what was heard is all that is kept, and nothing follows."""

    async def scene(rig: Rig) -> None:
        await made(rig)
        for turn in range(1, 12):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            await rig.until(lambda: rig.state("thinking/state") == "ON")
            await rig.until(lambda: rig.model.prompts)
            if rig.model.prompts[-1].openers and len(rig.model.prompts) == turn:
                await rig.until(lambda: rig.state("speaking/state") == "ON")
                rig.tell(command, "ON" if command == "muted/set" else b"")
                break
            await rig.outcome(turn)
            await asyncio.sleep(0.5)
        said = await rig.outcome(turn)
        opener = clauses(rig, said.turn)[0]
        assert said.outcome == ("skipped" if command == "cmd/skip" else "muted")
        assert said.heard in ("", opener, *[opener[:n] for n in range(len(opener))])
        assert len(clauses(rig, said.turn)) <= 2

    play(scene, model=Opens(token_s=0.2), prepares_openers=True)


def test_model_that_fails_behind_its_opener_is_replaced(play: Play) -> None:
    """Nobody is left with half a word: another one says the rest, with no second opener."""

    class Fails(Opens):
        async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
            self.fails_after = 12 if prompt.openers else None
            async for each in super().stream(prompt):
                yield each

    spare = ScriptedModel(lambda _: answer("Oh, so many questions, and so few of my answers."))

    async def scene(rig: Rig) -> None:
        said = await until_offered(rig)
        opener = rig.model.prompts[-1].openers[0].text
        assert said.outcome == "finished"
        assert clauses(rig, said.turn)[0] == opener
        assert said.heard.startswith(f"{opener} ")
        assert said.heard.endswith("so many questions, and so few of my answers.")

    play(scene, model=Fails(), spare_models=(spare,))


def test_opener_is_no_sentence_of_its_own(play: Play) -> None:
    """A persona that says one sentence says one behind `Boom!`, too."""

    async def scene(rig: Rig) -> None:
        rig.tell("persona/set", "blitz")
        said = await until_offered(rig, text="Blitz, where are we?")
        opener, *more = clauses(rig, said.turn)
        assert opener.endswith(("!", ","))
        assert " ".join(more).endswith("of what I say.")

    play(scene, model=Opens())


def test_repeated_answer_is_one_behind_another_opener(play: Play) -> None:
    """What it begins with makes nothing new of it; once it is in a loop, no opener is offered."""

    async def scene(rig: Rig) -> None:
        heard = []
        for turn in range(1, 7):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            heard.append((await rig.outcome(turn)).heard)
        assert [bool(each) for each in heard] == [True, True, False, False, False, False]
        assert not any(each.openers for each in rig.model.prompts[2:])

    play(scene, model=Opens(rest="That is the old harbour, my friends, and no other."))


@pytest.mark.parametrize("seed", range(4))
def test_opener_is_never_left_alone(play: Play, seed: int) -> None:
    """Once it was heard, what follows is said, even if it is one of the last answers again."""

    def words(prompt: Prompt) -> str:
        odd = int(prompt.request.messages[-1].user.removeprefix("viewer")) % 2
        text = "it is the old harbour, my friends." if odd else "there is the lighthouse, I say."
        fitting = [each.text for each in prompt.openers if not each.emotions]
        return json.dumps({"emotion": "happy", "opener": fitting[0], "text": text} if fitting
                          else {"emotion": "happy", "text": text})  # fmt: skip

    async def scene(rig: Rig) -> None:
        opened = 0
        for turn in range(1, 10):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            said = await rig.outcome(turn)
            own = clauses(rig, said.turn)
            opened += len(own) > 1
            assert own == [] or own[-1].endswith((".", "friends.", "say."))
        assert opened

    play(scene, model=ScriptedModel(words), seed=seed)


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("John, good night, I have to go", False),
        ("John, my grandma passed away", True),
    ],
)
def test_nothing_light_stands_before_what_is_grave(play: Play, text: str, offers: bool) -> None:
    """None before a farewell; before a grief those that are for sad answers."""

    async def scene(rig: Rig) -> None:
        for turn in range(1, 14):
            rig.chat(text, user=f"viewer{turn}")
            await rig.outcome(turn)
        given = [each for prompt in rig.model.prompts for each in prompt.openers]
        assert bool(given) == offers
        assert all("sad" in each.emotions for each in given)

    play(scene, model=Opens())


def test_sad_answer_has_a_fitting_opener_or_none(play: Play) -> None:
    """Also from a model that no grammar holds."""

    def words(prompt: Prompt) -> str:
        texts = [each.text for each in prompt.openers if not each.emotions]
        opener = {"opener": texts[0]} if texts else {}
        return json.dumps({"emotion": "sad", **opener, "text": f"I am sorry. {len(prompts)}"})

    prompts: list[Prompt] = []
    model = ScriptedModel(words)
    model.prompts = prompts

    async def scene(rig: Rig) -> None:
        said = await until_offered(rig)
        assert said.heard.startswith("I am sorry.")

    play(scene, model=model)


def test_person_who_approves_reads_no_opener(play: Play) -> None:
    """All is written before it sounds: it would win nothing."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        for turn in range(1, 7):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            await rig.until(lambda: rig.state("held/state").root)
            held = rig.state("held/state").root[0]
            rig.tell("cmd/approve", held.turn)
            await rig.outcome(turn)
        assert not any(each.openers for each in rig.model.prompts)

    play(scene, model=Opens())


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


def test_persona_without_openers_asks_as_before(play: Play, tmp_path: Path) -> None:
    """Nothing is made, offered or found."""

    async def scene(rig: Rig) -> None:
        for turn in range(1, 9):
            rig.chat("Bo, where are we?", user=f"viewer{turn}")
            said = await rig.outcome(turn)
            assert said.heard == said.text
            assert len(clauses(rig, said.turn)[0]) > 12
        assert not any(each.openers for each in rig.model.prompts)
        assert not any(len(text) < 12 for text, _ in rig.voice.spoken)

    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "bo.yaml").write_text("name: Bo\npersonality: A host.\n")
    words = iter(range(100))
    model = ScriptedModel(lambda _: answer(f"Oh, {REST.format(next(words))}"))
    play(
        scene, model=model, prepares_openers=True, options={"personas_dir": folder, "persona": "bo"}
    )
