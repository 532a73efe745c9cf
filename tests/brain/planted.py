"""Plants questions and wishes of many viewers in a flood of chat, and measures what is found.

`corpora/planted_dev.jsonl` was developed with. `planted_seen.jsonl` and `planted_seen2.jsonl` were
held out, measured, and then looked at. `planted_heldout.jsonl` has other subjects; no word was
chosen by it, but samples of it were seen when a flood of it failed, and one weight by words was
raised then. `planted_blind.jsonl` was written before its author had seen how lines are compared:
its half `a` was looked at later, of `b` only scores.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from pickled.brain.crowd import Crowd
from pickled.language.meaning.vectors import Vector
from pickled.messages.chat import ChatMessage
from tests.brain.stage import chat

CORPORA = Path(__file__).parents[1] / "corpora"
HOST = "pickle"
PER_MINUTE = 1000
VECTORS_PER_S = 20
LEAST_VIEWERS = 3
_EMOTES = ("KEKW", "LUL", "PogChamp", "monkaS", "Kappa", "peepoHappy", "catJAM", "😂", "🔥")
_NOUNS = (
    "castle",
    "market",
    "garden",
    "bridge",
    "lamp",
    "river",
    "kiosk",
    "statue",
    "fountain",
    "window",
    "roof",
    "sign",
    "crowd",
)
_QUALITIES = (
    "old",
    "tiny",
    "huge",
    "strange",
    "clean",
    "crooked",
    "famous",
    "empty",
    "golden",
    "dusty",
    "quiet",
    "fancy",
)
_OPENINGS = (
    "the {0} is {1}",
    "i like the {1} {0}",
    "look at that {1} {0}",
    "what a {1} {0}",
    "we had a {1} {0} at school",
    "never seen such a {1} {0}",
    "that {0} again lol",
    "my uncle painted a {0} once",
    "is the {0} always {1}",
    "he walked past the {0}",
)


@dataclass(frozen=True)
class Corpus:
    """What is planted, and what stands around it."""

    clusters: dict[str, tuple[str, ...]]
    questions: frozenset[str]
    noise: tuple[str, ...]


class Said(NamedTuple):
    """A line, and what it is about: a planted cluster, or (with `~`) a line of noise."""

    at: float
    message: ChatMessage
    about: str
    question: bool


class Score(NamedTuple):
    """How well the planted lines of all windows were put together, 0–1."""

    precision: float
    recall: float
    f1: float
    """Over pairs of lines of which one at least is planted."""
    found_precision: float
    found_recall: float
    found_f1: float
    """Over topics: found is a cluster of which one topic has half the lines, 80 % of it its own."""
    asked_precision: float
    asked_recall: float
    asked_f1: float
    """Over what would be published, topics of at least 3 viewers: found is a planted question or
    wish that is most of one of them (and asks, if it is a question). False are those that
    mix, of which nothing is half; noise that viewers really repeat is a topic as well."""
    topics_each: float
    """Topics that would be published for each cluster that is found: 1 is best."""


def corpus(name: str) -> Corpus:
    """`dev`, `heldout` or another one; `blind_a` is half of `blind`."""
    name, _, half = name.partition("_")
    lines = (CORPORA / f"planted_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [each for line in lines if (each := json.loads(line)).get("half", half) == half]
    planted = [each for each in entries if "cluster" in each]
    return Corpus(
        {each["cluster"]: tuple(each["wordings"]) for each in planted},
        frozenset(each["cluster"] for each in planted if each["question"]),
        tuple(line for each in entries for line in each.get("noise", ())),
    )


def flood(planted: Corpus, *, minutes: int = 10, seed: int = 1) -> Iterator[Said]:
    """A thousand lines a minute; in each minute every cluster is said by 8 to 30 viewers."""
    dice = Random(seed)
    number = 0
    for minute in range(minutes):
        said = [
            (about, dice.choice(wordings))
            for about, wordings in planted.clusters.items()
            for _ in range(dice.randint(8, 30))
        ]
        while len(said) < PER_MINUTE:
            line = _noise(planted, dice)
            said.append((f"~{line}", line))
        dice.shuffle(said)
        for place, (about, line) in enumerate(said):
            number += 1
            user = f"viewer{dice.randrange(3000)}"
            text = _dressed(line, dice)
            at = 60.0 * (minute + place / len(said))
            message = chat(text, id=f"m{number}", user=user)
            yield Said(at, message, about, about in planted.questions)


def _noise(planted: Corpus, dice: Random) -> str:
    if dice.random() < 0.5:
        return dice.choice(planted.noise)
    return dice.choice(_OPENINGS).format(dice.choice(_NOUNS), dice.choice(_QUALITIES))


def _dressed(line: str, dice: Random) -> str:
    """As chat would write it: an emote, a name, capitals, a slip, a held key."""
    if len(line) > 12 and dice.random() < 0.04:
        place = dice.randrange(4, len(line) - 2)
        line = line[:place] + line[place + 1] + line[place] + line[place + 2 :]
    if dice.random() < 0.04:
        line += line[-1] * dice.randint(2, 6)
    if dice.random() < 0.08:
        line = line.upper()
    if dice.random() < 0.1:
        line = f"@{HOST} {line}"
    elif dice.random() < 0.04:
        line = f"{HOST} {line}"
    if dice.random() < 0.12 and line.split()[0] not in _EMOTES:
        line += f" {dice.choice(_EMOTES)}"
    return line


def play(
    lines: Iterator[Said], *, vectors: Callable[[str], Vector] | None = None
) -> Iterator[tuple[Crowd, float, dict[str, Said]]]:
    """Tell a crowd all of it; stops at each full minute with what was said in that minute."""
    crowd, window, minute, due = Crowd(known=(HOST,)), dict[str, Said](), 1, 0.0
    for said in lines:
        if said.at >= 60.0 * minute:
            yield crowd, 60.0 * minute - 0.01, window
            window, minute = {}, minute + 1
        window[said.message.id] = said
        crowd.add(said.message, now=said.at)
        if vectors and said.at >= due and crowd.wants_vector(said.message.id):
            crowd.add_vector(said.message.id, vectors(crowd.wording(said.message.id)))
            due = max(due, said.at - 1.0) + 1 / VECTORS_PER_S
    yield crowd, 60.0 * minute - 0.01, window


def measured(lines: Iterator[Said], *, vectors: Callable[[str], Vector] | None = None) -> Score:
    """The score over all windows."""
    tally = Counter[str]()
    for crowd, now, window in play(lines, vectors=vectors):
        supports = {each: crowd.support(each, now=now) for each in window}
        said_about = Counter(said.about for each, said in window.items() if supports[each])
        groups: defaultdict[str, list[Said]] = defaultdict(list)
        asking = set()
        for each, said in window.items():
            if support := supports[each]:
                groups[support.cluster].append(said)
                if support.question:
                    asking.add(support.cluster)
        planted = {each: count for each, count in said_about.items() if each[0] != "~"}
        tally["wanted"] += sum(map(_pairs, planted.values()))
        tally["clusters"] += len(planted)
        seen = set[str]()
        for name, group in groups.items():
            _count(tally, Counter(said.about for said in group), said_about)
            _count_published(tally, group, seen, asks=name in asking)
        tally["asked"] += len(seen)
    return _score(tally)


def _count(tally: Counter[str], group: Counter[str], said_about: Counter[str]) -> None:
    """Pairs of lines in one topic, and if it is one of those that were planted."""
    own = sum(_pairs(count) for about, count in group.items() if about[0] != "~")
    noise = sum(count for about, count in group.items() if about[0] == "~")
    tally["right"] += own
    tally["together"] += own + _mixed(group) - _mixed_noise(group, noise)
    about, most = max(group.items(), key=lambda each: (each[1], each[0]))
    if about[0] != "~" or (noise < group.total() and group.total() >= 4):
        pure, large = most >= 0.8 * group.total(), 2 * most >= said_about[about]
        tally["topics"] += group.total() >= 4
        tally["found"] += about[0] != "~" and pure and large


def _count_published(tally: Counter[str], group: list[Said], seen: set[str], *, asks: bool) -> None:
    if len({said.message.user_id for said in group}) < LEAST_VIEWERS:
        return
    counts = Counter((each.about, each.question) for each in group)
    (about, question), most = counts.most_common(1)[0]
    own = 2 * most > len(group)
    if own and about[0] != "~" and (asks or not question):
        seen.add(about)
        tally["published"] += 1
    elif asks and not own:
        tally["false"] += 1


def _score(tally: Counter[str]) -> Score:
    pairs = tally["right"] / max(tally["together"], 1), tally["right"] / tally["wanted"]
    found = tally["found"] / max(tally["topics"], 1), tally["found"] / tally["clusters"]
    asked = (
        tally["asked"] / max(tally["asked"] + tally["false"], 1),
        tally["asked"] / tally["clusters"],
    )
    each = tally["published"] / max(tally["asked"], 1)
    return Score(*pairs, _f1(*pairs), *found, _f1(*found), *asked, _f1(*asked), each)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _mixed(group: Counter[str]) -> int:
    """Pairs of lines about different things."""
    return _pairs(group.total()) - sum(map(_pairs, group.values()))


def _mixed_noise(group: Counter[str], noise: int) -> int:
    """Those of them that are noise both."""
    own = sum(_pairs(count) for about, count in group.items() if about[0] == "~")
    return _pairs(noise) - own


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
