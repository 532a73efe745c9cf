"""The stores of the daemon that keep words of chat, each filled by its own door."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain
from math import inf
from typing import Any

from pickled.brain.allowed_actions import AllowedAction
from pickled.brain.own_voice import OwnVoice
from pickled.language.reading import Readings
from pickled.memory.entry_vectors import EntryVectors
from pickled.memory.nearest import Codes
from pickled.messages.chat import ChatMessage, Ids
from pickled.messages.decision import Request
from pickled.orchestrator.conversation.errands import Errand, Errands
from pickled.orchestrator.recollection.questions import Questions
from pickled.orchestrator.situation.pace import CALM_RATE
from tests.orchestrator.filled import ANA, BEN, EVERYTHING, Filled, Left, write
from tests.orchestrator.reach import intake_of
from tests.orchestrator.rig import Rig
from tests.stand_ins.embedders import DIMENSIONS, HeldEmbedder, words_vector
from tests.stand_ins.outputs import StandInLamp
from tests.stand_ins.virtual_time import BEGIN


def _shown(rig: Rig) -> set[str]:
    """What was published of chat."""
    batches = (each.messages for each in rig.events("event/chat", "batch"))
    lines = [*rig.events("event/chat", "message"), *chain.from_iterable(batches)]
    return {line.id for line in lines} & EVERYTHING


async def _held(rig: Rig) -> Filled:
    write(rig)

    async def left() -> set[str]:
        await asyncio.sleep(rig.options["safety"]["chat_hold_s"] + 0.5)
        return _shown(rig)

    return Filled(intake_of(rig).stores["held"], left)


async def _feed(rig: Rig) -> Filled:
    for number in range(CALM_RATE):
        rig.chat(f"hello number {number}", user="zoe")
    await asyncio.sleep(0.01)  # the loop takes twenty at a time
    write(rig)

    async def left() -> set[str]:
        await asyncio.sleep(0.5)
        return _shown(rig)

    return Filled(intake_of(rig).feed, left)


async def _queue(rig: Rig) -> Filled:
    rig.tell("paused/set", "ON")
    await rig.until(lambda: rig.state("paused/state") == "ON")
    write(rig)
    selection = intake_of(rig).selection

    async def left() -> set[str]:
        dropped = selection.drop("muted", now=0.0)
        return {each.message.id for verdict in dropped for each in verdict.messages}

    return Filled(selection, left)


async def _crowd(rig: Rig) -> Filled:
    write(rig)
    crowd = intake_of(rig).audience.crowd

    async def left() -> set[str]:
        now = rig.clock.now()
        return {name for name in EVERYTHING if crowd.support(name, now=now) is not None}

    return Filled(crowd, left)


async def _mood(rig: Rig) -> Filled:
    write(rig)
    mood = intake_of(rig).audience.mood

    async def left() -> set[str]:
        return EVERYTHING & mood._said.keys()

    return Filled(mood, left)


async def _audience(rig: Rig) -> Filled:
    crowd, mood = await _crowd(rig), await _mood(rig)

    async def left() -> set[str]:
        counted, felt = await crowd.left(), await mood.left()
        assert counted == felt
        return counted

    return Filled(intake_of(rig).audience, left)


async def _short_term(rig: Rig) -> Filled:
    write(rig)
    short_term = intake_of(rig).short_term

    async def left() -> set[str]:
        return {line.message_id for line in short_term.recent(99)}

    return Filled(short_term, left)


async def _answerable(rig: Rig) -> Filled:
    write(rig)
    answerable = intake_of(rig).answerable

    async def left() -> set[str]:
        return {name for name in EVERYTHING if answerable.get(name) is not None}

    return Filled(answerable, left)


async def _actions(rig: Rig) -> Filled:
    """Three that wait for a person to agree."""
    rig.tell("paused/set", "OFF")
    await rig.until(lambda: rig.state("paused/state") == "OFF")
    acting: Any = intake_of(rig).stores["actions"]
    controls, lamp = acting.controls, StandInLamp()
    acting._performers["output.lamp"] = (lamp, lamp.actions)
    allowed = {"actions": (AllowedAction(name="lamp", every=1),)}
    controls.replace_personas({"default": controls.persona.model_copy(update=allowed)})
    for user, lines in (("ana", ANA), ("ben", BEN)):
        for name, text in lines.items():
            line = ChatMessage(ts=BEGIN, id=name, user=user, user_id=f"id-{user}", text=text)
            assert acting.ask("lamp", by=user, who=line)
            await asyncio.sleep(1.1)

    async def left() -> set[str]:
        await asyncio.sleep(1.5)  # `held/state` goes out once a second
        waiting = {each.who.id for each in acting._wishes.values()}
        assert len(rig.state("held/state").root) == len(waiting)
        assert lamp.done == []
        return waiting

    return Filled(acting, left)


async def _turns(rig: Rig) -> Filled:
    """Three answers that wait for a person."""
    rig.tell("approval/set", "ON")
    await rig.until(lambda: rig.state("approval/state") == "ON")
    for user, lines in (("ana", ANA), ("ben", BEN)):
        for name, text in lines.items():
            rig.chat(text, user=user, id=name)
            await asyncio.sleep(4)
    cohost: Any = intake_of(rig).stores["voice"]

    async def left() -> set[str]:
        await asyncio.sleep(1.5)  # `held/state` goes out once a second
        asked = {each.request.messages[-1].id for each in cohost.speaking.turns}
        held = {each.to[0].text for each in rig.state("held/state").root}
        assert held == {text for name, text in (ANA | BEN).items() if name in asked}
        return asked

    return Filled(cohost, left)


async def _speaking(rig: Rig) -> Filled:
    filled = await _turns(rig)
    cohost: Any = filled.store
    return Filled(cohost.speaking, filled.left)


async def _errands(rig: Rig) -> Filled:
    del rig
    errands = Errands()
    for user, lines in (("ana", ANA), ("ben", BEN)):
        for name, text in lines.items():
            line = ChatMessage(ts=BEGIN, id=name, user=user, user_id=f"id-{user}", text=text)
            request = Request(
                turn=name.replace("1", "3") * 6, reason="mention", messages=(line,),
                arrived=0.0, decided=0.0,
            )  # fmt: skip
            assert errands.add(Errand(request))

    async def left() -> set[str]:
        waited = errands.expired(now=inf)
        return {each.id for errand in waited for each in errand.request.messages}

    return Filled(errands, left)


async def _memory(rig: Rig) -> Filled:
    write(rig)
    storing: Any = intake_of(rig).stores["memory"]

    async def left() -> set[str]:
        await asyncio.sleep(2)
        hits = await storing.writing.long_term.recall(
            " ".join((ANA | BEN).values()), scope=storing.writing.scope(), k=9
        )
        return {each.id for each in hits}

    return Filled(storing, left)


async def _questions(rig: Rig) -> Filled:
    storing: Any = intake_of(rig).stores["memory"]
    embedder = HeldEmbedder()
    embedder.let_go.set()
    vectors = EntryVectors(storing.writing.database, embedder)
    vectors.codes = Codes(DIMENSIONS)
    vectors.codes.add([1], [1], [words_vector("something to be found")])
    questions = Questions(vectors, rig.clock.now)
    for user, lines in (("ana", ANA), ("ben", BEN)):
        for name, text in lines.items():
            line = ChatMessage(ts=BEGIN, id=name, user=user, user_id=f"id-{user}", text=text)
            questions.begin(line)
    await asyncio.sleep(0.1)

    async def left() -> set[str]:
        return set(questions._begun)

    return Filled(questions, left)


def _texts_of(*readings: Readings) -> Left:
    async def left() -> set[str]:
        known = [text for each in readings for text in (*each._known, each._newest.text) if text]
        assert set(known) <= {"ana", "ben", *ANA.values(), *BEN.values()}
        return {name for name, text in (ANA | BEN).items() if text in known}

    return left


async def _screening(rig: Rig) -> Filled:
    write(rig)
    screening = intake_of(rig).screening
    return Filled(screening, _texts_of(screening.texts, screening.names))


async def _readings(rig: Rig) -> Filled:
    del rig
    readings = Readings()
    for text in (ANA | BEN).values():
        readings.of(text)
    return Filled(readings, _texts_of(readings))


async def _own_voice(rig: Rig) -> Filled:
    own = OwnVoice()
    for user, lines in (("ana", ANA), ("ben", BEN)):
        for name, text in lines.items():
            own.sounding(text, about=(Ids(name, f"id-{user}"),), now=rig.clock.now())

    async def left() -> set[str]:
        heard = own.near(began=rig.clock.now(), ended=rig.clock.now())
        return {name for name, text in (ANA | BEN).items() if text in heard}

    return Filled(own, left)


FILL: dict[str, Callable[[Rig], Awaitable[Filled]]] = {
    "held": _held,
    "feed": _feed,
    "queue": _queue,
    "crowd": _audience,
    "short_term": _short_term,
    "screening": _screening,
    "answerable": _answerable,
    "voice": _turns,
    "actions": _actions,
    "memory": _memory,
    # of which they are made
    "topics": _crowd,
    "mood": _mood,
    "errands": _errands,
    "speaking": _speaking,
    "readings": _readings,
    "questions": _questions,
    "own_voice": _own_voice,
}
"""A store, by the name that Intake has for it, filled by its own door."""
