"""It remembers people and moments over streams, and forgets on request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pickled.messages.chat import ChatDeleted
from pickled.messages.prompt import Prompt
from pickled.messages.stream import StreamEvent
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]


def _memories(prompt: Prompt) -> list[str]:
    """What the model was told from memory."""
    lines = prompt.messages[-1].content.splitlines()
    data = [json.loads(each.rstrip(",")) for each in lines if each.startswith("{")]
    return [each["text"] for each in data if each["who"] == "memory"]


def _greeting() -> ScriptedModel:
    """Greets with what it remembers."""
    return ScriptedModel(
        lambda prompt: answer(" ".join(["Good to see you.", *_memories(prompt)])), bounded=True
    )


async def _settled(rig: Rig) -> None:
    await asyncio.sleep(2)


def test_viewer_who_returns_after_a_week_is_recognized(play: Play) -> None:
    """The spoken answer knows who they are and what they told last time."""

    async def first(rig: Rig) -> None:
        rig.chat("hello everybody, my dog Bruno is ill today", user="ana")
        await _settled(rig)
        rig.happen(StreamEvent(ts=rig.clock.wall(), event_type="offline"))
        await _settled(rig)

    async def second(rig: Rig) -> None:
        rig.chat("John, I am back! How is everybody?", user="ana")
        said = await rig.outcome()
        assert "Bruno" in said.heard
        assert "ana" in said.heard

    play(first)
    play(second, model=_greeting(), later=timedelta(days=7))


def test_what_a_name_with_an_underscore_said_reaches_the_prompt(play: Play) -> None:
    """The form in which memory writes a line is not taken for a call of a function."""

    async def first(rig: Rig) -> None:
        rig.chat("hello everybody, my dog Bruno is ill today", user="xx_dark_lord", id="before")
        await _settled(rig)

    async def second(rig: Rig) -> None:
        rig.chat("John, whose dog Bruno is ill?", user="ben")
        await rig.outcome()
        memories = _memories(rig.model.prompts[0])
        assert any(each.startswith("xx_dark_lord (") and "Bruno" in each for each in memories), (
            memories
        )
        assert all(memories)

    play(first)
    play(second, later=timedelta(days=7))


def test_message_never_recalls_itself(play: Play) -> None:
    """The prototype's best hit was what it was just asked."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, what do you think about lighthouse keepers in winter?")
        await rig.outcome()
        memories = _memories(rig.model.prompts[0])
        assert not any("lighthouse" in each for each in memories)

    play(scene)


def test_hit_is_published_and_named_in_the_response(play: Play) -> None:
    """Which memory was used can be looked at."""

    async def scene(rig: Rig) -> None:
        rig.chat("I once ate forty dumplings at the night market in one evening", user="ben")
        for number in range(20):
            rig.chat(f"filler line number {number}", user="others")
        await _settled(rig)
        rig.chat("John, who ate forty dumplings at the night market?", user="ana")
        said = await rig.until(
            lambda: [e for e in rig.broker.sent("response/state") if e.memory_hits]
        )
        hits = rig.events("event/memory_hit")
        assert said[0].memory_hits == tuple(hit.id for hit in hits)
        assert "dumplings" in hits[0].text
        assert hits[0].turn == said[0].turn
        await asyncio.sleep(2)
        assert rig.state("memory/state").entries > 0

    play(scene)


def test_deleted_message_is_not_remembered(play: Play) -> None:
    """Neither as an entry nor as a fact."""

    async def scene(rig: Rig) -> None:
        gone = rig.chat("my cat Zerberus bites everybody who comes near", user="ana")
        await _settled(rig)
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id=gone))
        for number in range(20):
            rig.chat(f"filler line number {number}", user="others")
        rig.chat("John, whose cat bites everybody?", user="ana")
        await rig.until(lambda: rig.model.prompts)
        assert "Zerberus" not in str(rig.model.prompts[-1])

    play(scene)


def test_answer_to_a_deleted_message_is_not_remembered(play: Play) -> None:
    """It may have quoted it, and would tell it again on another day."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, what about the river?", user="ben")
        await rig.outcome()
        await _settled(rig)
        gone = rig.chat("John, my cat Zerberus bites", user="ana")
        await rig.outcome(2)
        await _settled(rig)
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id=gone))
        await _settled(rig)
        rig.tell("cmd/memory_search", '{"text": "Zerberus river", "k": 9}', response_topic="me")
        found = await rig.until(lambda: [e for e in rig.broker.log if e.topic == "me"])
        assert "Zerberus" not in found[0].text
        assert found[0].text.count("river") >= 2

    says = ScriptedModel(lambda prompt: answer(f"You say {prompt.request.messages[-1].text}"))
    play(scene, model=says)


def test_viewer_who_is_forgotten_is_gone_to_the_last_byte(play: Play) -> None:
    """A canary over the data folder and the broker finds nothing."""

    async def scene(rig: Rig) -> None:
        rig.chat("my parrot Canarius sings in the morning, John", user="wanda")
        await rig.outcome()
        await _settled(rig)
        rig.tell("cmd/forget", '{"viewer": "wanda", "confirm": true}')
        answered = await rig.until(rig.answers)
        assert answered[0].code == "ok"
        await asyncio.sleep(3)
        assert b"Canarius" not in b"".join(rig.broker.retained.values())
        assert b"wanda" not in b"".join(rig.broker.retained.values())

    rig = play(scene)
    kept = b"".join(path.read_bytes() for path in _files(rig.data_dir))
    assert kept
    for word in (b"Canarius", b"canarius", b"wanda", b"id-wanda"):
        assert word not in kept


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_viewer_and_search_are_answered_only_to_who_asked(play: Play) -> None:
    """On the response topic; the public event says no more than `ok`."""

    async def scene(rig: Rig) -> None:
        rig.chat("I love ramen with extra garlic and noodles", user="ana")
        await _settled(rig)
        rig.tell("cmd/viewer", '{"viewer": "ana"}', response_topic="me/answers")
        rig.tell("cmd/memory_search", '{"text": "garlic", "k": 2}', response_topic="me/answers")
        replies = await rig.until(
            lambda: (
                [json.loads(m.payload) for m in rig.broker.log if m.topic == "me/answers"][1:]
                and [json.loads(m.payload) for m in rig.broker.log if m.topic == "me/answers"]
            )
        )
        found = {each["command"]: each for each in replies}
        assert found["cmd/viewer"]["viewer"]["name"] == "ana"
        assert "garlic" in found["cmd/memory_search"]["hits"][0]["text"]
        public = rig.broker.root("event/command")
        assert not any(b"garlic" in m.payload for m in rig.broker.log if m.topic == public)

    play(scene)


def test_memory_of_one_persona_never_reaches_another(play: Play) -> None:
    """What was told to one is not known to the other."""

    async def scene(rig: Rig) -> None:
        rig.chat("my secret hobby is knitting socks for penguins", user="ana")
        await _settled(rig)
        other = next(name for name in rig.state("info").personas if name != "default")
        rig.tell("persona/set", other)
        await rig.until(rig.answers)
        for number in range(20):
            rig.chat(f"filler line number {number}", user="others")
        rig.tell("cmd/ask", "Who knits socks for penguins?")
        await rig.until(lambda: rig.model.prompts)
        assert "penguins" not in "".join(_memories(rig.model.prompts[-1]))

    play(scene)


def test_memory_is_up_and_says_so_in_health(play: Play) -> None:
    """A memory that was asked to go by words is whole."""

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: "memory" in rig.state("health/state").root, within=5)
        assert rig.state("health/state").root["memory"].status == "up"

    play(scene)
