"""The selection under a flood, on virtual time."""

from __future__ import annotations

import gc
import random
from collections import Counter
from typing import Any

from pickled.brain.choice.backlog import MOST_WAITING
from pickled.brain.selection import REMEMBERED_IDS, Floor, Selection
from pickled.messages.chat import ChatMessage
from tests.brain.stage import RULES, Stage, chat

SAID = ("lol", "KEKW", "nice street", "that dog", "soba time", "hype hype", "so cold there")
ASKED = ("where are we?", "is that shibuya?", "how cold is it?")
SECONDS = 120


def _flood(rate_a_minute: int, dice: random.Random, questions: float) -> list[dict[str, Any]]:
    """Two minutes of chat; every 50th line names the co-host."""
    lines = []
    for place in range(rate_a_minute * SECONDS // 60):
        text = dice.choice(ASKED if dice.random() < questions else SAID)
        text = f"john {text} {place}" if place % 50 == 0 else text
        moment = place * 60 / rate_a_minute
        user = f"user{dice.randrange(400)}"
        lines.append({"t": moment, "type": "chat", "id": f"m{place}", "user": user, "text": text})
    return lines


def test_flood_answers_fresh_messages_and_loses_none() -> None:
    """At 1,000 messages a minute: answered lines are fresh, mentions end, each is decided once."""
    for questions in (0.0, 0.01, 0.3):
        dice = random.Random(7)
        lines = _flood(1000, dice, questions)
        stage = Stage(RULES, dice=iter(dice.random, None), turn_s=2.5)
        stage.play(lines, until=SECONDS + 30)
        decided = Counter[str]()
        ages, kinds = [], Counter[str]()
        for moment, verdict in stage.log:
            if verdict.kind == "hold":
                continue
            decided.update(each.message.id for each in verdict.messages)
            kinds[verdict.kind] += 1
            fresh_chat = moment <= SECONDS and verdict.reason != "mention"
            if verdict.kind == "answer" and fresh_chat:
                ages += [moment - each.arrived for each in verdict.messages]
                assert len(verdict.messages) <= RULES.batch_size
        assert decided == Counter({line["id"]: 1 for line in lines})
        assert kinds["answer"] >= 10
        if ages:
            assert sorted(ages)[int(len(ages) * 0.95)] <= 4.0
        assert stage.most_waiting <= 2 * MOST_WAITING


def test_flood_ends_every_mention_in_time() -> None:
    """Each mention is answered or expired, never later than its 20 s."""
    dice = random.Random(3)
    stage = Stage(RULES, dice=iter(dice.random, None), turn_s=4.0)
    lines = _flood(1000, dice, 0.1)
    stage.play(lines, until=SECONDS + 30)
    ends = {
        each.message.id: (verdict.kind, moment - each.arrived)
        for moment, verdict in stage.log
        if verdict.kind != "hold"
        for each in verdict.messages
    }
    mentions = [ends[line["id"]] for line in lines if "john" in line["text"]]
    assert {kind for kind, _ in mentions} == {"answer", "expire"}
    assert max(age for _, age in mentions) <= RULES.mention_ttl + 1e-6


def test_flood_of_unaddressed_lines_is_answered_fresh() -> None:
    """Without any mention, both questions and chance answers have a p95 age of at most 4 s."""
    for questions in (0.0, 0.02, 0.3):
        dice = random.Random(11)
        lines = [
            {**line, "text": line["text"].replace("john ", "")}
            for line in _flood(1000, dice, questions)
        ]
        stage = Stage(RULES, dice=iter(dice.random, None), turn_s=3.0)
        stage.play(lines, until=SECONDS)
        ages = [
            moment - verdict.messages[-1].arrived
            for moment, verdict in stage.log
            if verdict.kind == "answer"
        ]
        assert len(ages) >= 5
        assert sorted(ages)[int(len(ages) * 0.95)] <= 4.0


def test_add_memory_is_bounded() -> None:
    """After 100,000 messages only those that wait, and a bounded number of ids, are kept."""
    selection, lines = Selection(RULES), (chat("hello there"), chat("john hi"))
    dropped = 0
    for place in range(100_000):
        named = {"id": f"m{place}", "user": f"u{place}", "user_id": f"u{place}"}
        line = lines[place % 2].model_copy(update=named)
        dropped += len(selection.add(line, now=place / 5000))
    del line
    gc.collect()
    kept = sum(isinstance(each, ChatMessage) for each in gc.get_objects())
    assert selection.waiting == 2 * MOST_WAITING
    assert dropped == 100_000 - 2 * MOST_WAITING
    assert kept < 1000 + 2 * MOST_WAITING
    assert len(selection._seen) == REMEMBERED_IDS


def test_next_costs_the_same_however_much_came() -> None:
    """While it speaks, looking again decides nothing and keeps what waits."""
    selection = Selection(RULES)
    for place in range(5_000):
        selection.add(chat("hello", id=f"m{place}"), now=place / 5000)
        selection.next(Floor(busy=True), now=place / 5000, dice=lambda: 0.0)
    assert selection.waiting == MOST_WAITING
