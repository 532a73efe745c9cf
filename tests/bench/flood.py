"""A flood of chat with mentions, questions of many and a raid in it, and what became of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Any, NamedTuple

from tests.bench.figures import percentile
from tests.brain import planted

PER_MINUTE = 1000
MENTION_EVERY_S = 20.0
MENTION_TTL_S = 20.0
HOT_S = 30.0
"""So long a planted question is asked, once in each minute."""

ASKING = 60
"""Viewers who ask it."""

ALIKE = 14
"""Viewers who write one mention in the same words."""

EAGER = 6
"""Mentions of one viewer within three seconds."""

NAMED = "john"
_NAME = re.compile(rf"@?{planted.HOST} ", re.IGNORECASE)
_SAYING = (
    "what is that over there?", "say hi to my cat", "how cold is it?", "do you like rain?",
    "tell us a joke", "what did he eat today?", "is he tired?", "what day is it there?",
)  # fmt: skip


class Line(NamedTuple):
    """A line of chat."""

    at: float
    """Seconds from the beginning."""
    user: str
    text: str
    about: str = ""
    """`mention`, a planted question, or nothing of interest."""


class Told(NamedTuple):
    """Something that the co-host published."""

    at: float
    """Seconds, of the clock that `Sent.at` is of."""
    path: str
    value: Any
    """As JSON means it."""


class Sent(NamedTuple):
    """A line that was sent."""

    at: float
    line: Line


@dataclass(frozen=True)
class Flood:
    """What is going to be said."""

    lines: list[Line]
    questions: dict[str, tuple[float, frozenset[str]]]
    """Planted question → from when it is asked, and its wordings."""
    raid_at: float


def flood(*, minutes: int, seed: int = 1, corpus: str = "heldout") -> Flood:
    """A thousand lines a minute, as chat writes them; the raid comes in the middle."""
    dice, known = Random(seed), planted.corpus(corpus)
    questions = {
        name: (60.0 * minute + 15.0, frozenset(known.clusters[name]))
        for minute, name in zip(range(minutes), sorted(known.questions), strict=False)
    }
    lines = [*_mentions(60.0 * minutes, dice), *_raiders(30.0 * minutes, dice)]
    for name, (begin, wordings) in questions.items():
        said = sorted(wordings)
        lines += [
            Line(begin + dice.random() * HOT_S, f"asker{number}", _dressed(said, dice), name)
            for number in range(ASKING)
        ]
    rest = PER_MINUTE * minutes - len(lines)
    for number, text in enumerate(islice(chatter(dice, known), rest)):
        lines.append(Line(60.0 * minutes * number / rest, f"viewer{dice.randrange(900)}", text))
    return Flood(sorted(lines), questions, raid_at=30.0 * minutes)


def chatter(dice: Random, known: planted.Corpus) -> Iterator[str]:
    """Chat in which nobody names the co-host."""
    while True:
        text = planted._dressed(planted._noise(known, dice), dice)
        yield _unnamed(text)


def _dressed(wordings: Sequence[str], dice: Random) -> str:
    return _unnamed(planted._dressed(dice.choice(wordings), dice))


def _unnamed(text: str) -> str:
    return _NAME.sub("", text)


def _mentions(seconds: float, dice: Random) -> Iterator[Line]:
    """One every 20 s; once many of one viewer, and once the same from many."""
    saying = cycle(_SAYING)
    for number in range(int(seconds / MENTION_EVERY_S)):
        at = MENTION_EVERY_S * (number + dice.random())
        yield Line(at, f"fan{number}", f"{NAMED}, {next(saying)} {number}", "mention")
    for number in range(EAGER):
        at = 0.55 * seconds + 0.5 * number
        yield Line(at, "eager", f"{NAMED} {next(saying)} please {number}", "mention")
    for number in range(ALIKE):
        at = 0.75 * seconds + 0.2 * number
        yield Line(at, f"guest{number}", f"{NAMED} say happy birthday to Tom", "mention")


def _raiders(at: float, dice: Random) -> Iterator[Line]:
    for number in range(40):
        text = f"{dice.choice(('WREN', 'wren'))} RAID {dice.choice(('<3', '🥟', 'hello', 'hi'))}"
        yield Line(at + 8 * dice.random(), f"raider{number}", text)


@dataclass
class Account:
    """What became of the messages, as a subscriber can tell."""

    answered: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    """Not answered, by reason, as `queue/state` counts them."""
    waiting: int = 0
    ends: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Message → the decision that ended it, and when; those that are only summed up are absent."""
    told: Counter[str] = field(default_factory=Counter)
    """Skipped, merged and expired by reason, as the decisions and their summaries tell."""
    suppressed: int = 0
    """Decisions that were not published."""

    @property
    def counted(self) -> int:
        """Messages of which it is known what became of them."""
        return self.answered + sum(self.dropped.values()) + self.waiting


def account(told: Iterable[Told]) -> Account:
    """Adds up the decisions, and takes the last state of the queue."""
    found = Account()
    for each in told:
        if each.path == "queue/state":
            found.dropped, found.waiting = each.value["dropped"], each.value["waiting"]
        if each.path != "event/decision":
            continue
        decision, kind = each.value, each.value["event_type"]
        ids = decision.get("messages", ())
        found.suppressed += decision.get("suppressed", 0)
        if kind == "answer":
            found.answered += len(ids)
        elif kind == "summary":
            found.told.update(decision["counts"])
        elif kind != "hold":
            found.told[decision["reason"]] += len(ids)
        if kind not in ("hold", "summary"):
            found.ends |= dict.fromkeys(ids, (kind, each.at))
    return found


def ages(told: Iterable[Told], sent: dict[str, Sent]) -> list[float]:
    """How old those were that asked, of what is answered without being addressed, s."""
    return [
        each.at - sent[each.value["messages"][-1]].at
        for each in told
        if each.path == "event/decision" and each.value["event_type"] == "answer"
        if each.value["reason"] != "mention"
    ]


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return percentile(values, 95)


def lost_mentions(found: Account, sent: dict[str, Sent], *, late_s: float = 0.5) -> list[str]:
    """Mentions that ended in another way, or later, than was promised; why."""
    lost = []
    for name, (at, line) in sent.items():
        if line.about != "mention":
            continue
        kind, ended = found.ends.get(name, ("nothing", at))
        if kind not in ("answer", "merge", "expire"):
            lost.append(f"{line.text}: {kind}")
        elif ended - at > MENTION_TTL_S + late_s:
            lost.append(f"{line.text}: {kind} after {ended - at:.1f} s")
        elif kind == "expire" and ended - at < MENTION_TTL_S - late_s:
            lost.append(f"{line.text}: expired after {ended - at:.1f} s")
    return lost


def shown(told: Iterable[Told], planned: Flood, sent: dict[str, Sent], *, began: float) -> set[str]:
    """The planted questions that `crowd_question/state` showed while they were asked."""
    own: dict[str, set[str]] = {}
    for _, line in sent.values():
        if line.about in planned.questions:
            own.setdefault(line.about, set()).add(_bare(line.text))
    return {
        name
        for each in told
        if each.path == "crowd_question/state" and each.value
        for name, (begin, _) in planned.questions.items()
        if begin <= each.at - began <= begin + HOT_S + 10 and _bare(each.value) in own[name]
    }


def f1_of_topics(
    told: Sequence[Told], planned: Flood, sent: dict[str, Sent], *, began: float
) -> float:
    """How well `crowd/state` names the planted questions as they have been asked for 30 s, 0–1.

    Found: one topic, a question, whose sample is of that question. Wrong: any other question of at
    least eight viewers, and a second topic of the same question.
    """
    about = {_bare(line.text): line.about for _, line in sent.values() if line.about}
    right = wrong = 0
    for name, (begin, _) in planned.questions.items():
        states = [each for each in told if each.path == "crowd/state"]
        last = [each.value for each in states if each.at - began <= begin + HOT_S + 2][-1]
        asked = [
            about.get(_bare(each["sample"]), "")
            for each in last["topics"]
            if each["question"] and each["viewers"] >= 8
        ]
        right += name in asked
        wrong += len(asked) - (name in asked)
    missed = len(planned.questions) - right
    return 2 * right / max(1, 2 * right + wrong + missed)


def _bare(text: str) -> str:
    return " ".join(text.casefold().split())
