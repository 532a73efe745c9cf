"""Chat at any speed, on virtual time: nothing is lost, nothing grows, nothing is late."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from pickled.brain.choice.backlog import MOST_WAITING
from pickled.brain.crowd import Crowd
from pickled.brain.floor import Floor
from pickled.brain.selection import REMEMBERED_IDS, Selection, Verdict
from pickled.messages.chat import ChatMessage
from tests.brain.stage import RULES, Stage, chat, decisions, never

SAID = (
    "lol", "KEKW", "nice street", "that dog is huge", "soba time", "hype hype", "so cold there",
    "LETS GOOO", "omg look at that", "hello from berlin", "i love this city", "!so ana",
    "visit www.example.org", "go left", "gg", "take the stairs they are faster", "他好厉害", "хаха",
)  # fmt: skip
ASKED = ("is that shibuya?", "how cold is it?", "what camera is that?", "is he lost again?")
COMMON = ("where are we?", "where are you", "WHERE ARE WE", "where is this?", "where r u?")


def flood(*, rate: float, seconds: float, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Chat lines: 2 % name the co-host, 2 % ask, and for 20 s in each minute 5 % ask the same."""
    dice = random.Random(seed)
    for place in range(round(rate * seconds)):
        moment, pick = place / rate, dice.random()
        text = dice.choice(SAID)
        if pick < 0.02:
            text = f"john {text} {place}"
        elif pick < 0.04:
            text = dice.choice(ASKED)
        elif pick < 0.09 and moment % 60 < 20:
            text = dice.choice(COMMON)
        elif pick < 0.5:
            text = f"{text} {dice.randrange(1000)}"
        user = "Nightbot" if pick > 0.995 else f"user{dice.randrange(900)}"
        yield {"t": moment, "type": "chat", "id": f"m{place}", "user": user, "text": text}


@pytest.fixture(scope="module")
def minutes() -> Stage:
    """1,000 messages a minute for 10 minutes."""
    return _played(rate=1000 / 60, seconds=600, crowd=Crowd(known=("john",)))


@pytest.fixture(scope="module")
def burst() -> Stage:
    """5,000 messages a second for 20 s."""
    return _played(rate=5000, seconds=20)


def _played(*, rate: float, seconds: float, crowd: Crowd | None = None) -> Stage:
    stage = Stage(RULES, dice=iter(random.Random(3).random, None), turn_s=3.0, crowd=crowd)
    stage.play(flood(rate=rate, seconds=seconds), until=seconds + 60)
    return stage


def _final(stage: Stage) -> list[tuple[float, Verdict]]:
    return [(moment, each) for moment, each in stage.log if each.kind != "hold"]


@pytest.mark.parametrize("name", ["minutes", "burst"])
def test_flood_accounts_for_every_message(name: str, request: pytest.FixtureRequest) -> None:
    """Each message that came is in exactly one verdict, with a reason and its score."""
    stage: Stage = request.getfixturevalue(name)
    decided = Counter(each.message.id for _, one in _final(stage) for each in one.messages)
    assert len(decided) == sum(decided.values()) == stage.sent
    assert all(each.reason and len(each.scores) == len(each.messages) for _, each in stage.log)
    reasons = {each.reason for _, each in stage.log}
    assert reasons >= {"mention", "question", "bot", "command", "same_words"}
    assert reasons & {"overflow", "crowded"}
    assert stage.selection.waiting == 0


@pytest.mark.parametrize("name", ["minutes", "burst"])
def test_flood_answers_or_expires_mentions_in_time(
    name: str, request: pytest.FixtureRequest
) -> None:
    """What names the co-host ends within its time: answered, merged into an answer, or expired.

    In the burst, of 2,000 mentions at once, those that score least may be dropped and counted.
    """
    stage: Stage = request.getfixturevalue(name)
    ends = Counter[str]()
    for moment, verdict in _final(stage):
        for each in verdict.messages:
            if each.addressed:
                ends[verdict.kind] += 1
                assert moment - each.arrived <= RULES.mention_ttl + 1e-6
    assert ends["answer"] >= 40 if name == "minutes" else ends["answer"] >= 5
    assert name == "burst" or ends["skip"] == 0


@pytest.mark.parametrize("name", ["minutes", "burst"])
def test_flood_answers_fresh_messages(name: str, request: pytest.FixtureRequest) -> None:
    """Of what was answered without being addressed, 95 % is at most 4 s old, and none over 6 s."""
    stage: Stage = request.getfixturevalue(name)
    ages = sorted(
        moment - each.arrived
        for moment, verdict in stage.log
        if verdict.kind == "answer" and verdict.reason != "mention"
        for each in verdict.messages
    )
    assert ages[int(len(ages) * 0.95)] <= 4.0
    assert ages[-1] <= 6.0


def test_flood_without_mentions_answers_the_common_question() -> None:
    """While many ask the same, that is what is answered, with their number, and not twice."""
    stage = Stage(RULES, dice=iter(random.Random(3).random, None), crowd=Crowd(known=("john",)))
    lines = (each for each in flood(rate=50, seconds=120) if not each["text"].startswith("john"))
    stage.play(lines, until=120)
    answered = [
        (moment, each) for moment, each in stage.log if each.kind == "answer" and each.cluster
    ]
    assert len(answered) >= 10
    common = [
        (moment, each)
        for moment, each in answered
        if each.messages[-1].message.text.lower().startswith("where")
    ]
    assert [round(moment // 60) for moment, _ in common] in ([0, 1], [0, 0, 1], [0, 0, 1, 1])
    assert any(each.parts["viewers"] >= 10 for _, each in common)
    assert {each.reason for _, each in stage.log if each.cluster} >= {"same_meaning"}
    ages = sorted(moment - each.messages[-1].arrived for moment, each in answered)
    assert ages[-1] <= 4.0


def test_flood_holds_nothing_for_longer(burst: Stage) -> None:
    """After 100,000 messages no more waits, and no more is remembered, than the limits say."""
    assert burst.most_waiting <= 2 * MOST_WAITING
    gc.collect()
    selection = Selection(RULES)
    for place in range(30_000):
        line = chat(f"word {place}", id=f"x{place}", user=f"someone{place}")
        selection.add(line, now=place / 5000)
    del line
    kept = [each for each in gc.get_objects() if isinstance(each, ChatMessage)]
    ours = [each for each in kept if each.id.startswith("x")]
    assert len(ours) <= MOST_WAITING
    assert len(selection._seen) == REMEMBERED_IDS


@pytest.mark.parametrize("floor", [Floor(busy=True), Floor(quiet_since=1e9)])
def test_flood_costs_the_same_at_any_speed(floor: Floor) -> None:
    """Per message, as many steps are taken at 5,000 a second as at 20 (all waiting places full)."""
    steps = {rate: _steps(rate, floor) for rate in (40.0, 5000.0)}
    assert steps[5000.0] <= 1.5 * steps[40.0]


def _steps(rate: float, floor: Floor) -> float:
    """Function calls per message."""
    selection, steps = Selection(RULES), 0
    lines = [
        (each["t"], chat(each["text"], id=each["id"], user=each["user"]))
        for each in flood(rate=rate, seconds=3000 / rate)
    ]

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for moment, line in lines:
            selection.add(line, now=moment)
            selection.next(floor, now=moment, dice=never)
            selection.wake_at(floor, now=moment)
    finally:
        sys.setprofile(None)
    return steps / len(lines)


def test_flood_is_decided_alike_in_every_process() -> None:
    """The same chat and dice give the same decisions, whatever the seed of Python's hashes."""
    told = {
        subprocess.run(
            [sys.executable, "-c", "from tests.brain.test_flood import digest; print(digest())"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {digest() + "\n"}


def digest() -> str:
    """Of all decisions about two minutes of chat."""
    stage = Stage(RULES, dice=iter(random.Random(3).random, None), crowd=Crowd())
    stage.play(flood(rate=20, seconds=120), until=150)
    made_of = [[each.score, each.parts, each.scores, each.cluster] for _, each in stage.log]
    told = json.dumps([decisions(stage.log), made_of])
    return hashlib.sha256(told.encode()).hexdigest()
