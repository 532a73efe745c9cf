"""Clusters find each other in steps: what is found is the same, and no step is long."""

from __future__ import annotations

from collections import Counter

import pytest

from pickled.brain.crowd import Crowd
from pickled.language.meaning import settling
from pickled.language.meaning.cluster import Cluster, Wording
from pickled.language.meaning.index import Index
from pickled.language.meaning.settling import MOST_LINKED, MOST_LOOKED_AT, STEP_S
from pickled.messages.chat import Retraction
from tests.brain.planted import corpus, flood
from tests.brain.stage import chat

LINES = 900
FOUND_AT = 2.0


def crowd_of_many() -> Crowd:
    """What is said in a minute, all in one moment, and nothing of it settled yet."""
    crowd = Crowd()
    said = [each.message.text for each in flood(corpus("dev"), minutes=2)]
    for number, text in enumerate(dict.fromkeys(said)):
        if number == LINES:
            break
        crowd.add(chat(text, id=f"m{number}", user=f"u{number % 300}"), now=0.0)
    return crowd


def settled(crowd: Crowd, *, step_s: float = STEP_S) -> dict[str, int]:
    """Its clusters, by name, once it has had the time for all steps."""
    moments = [1.0 + step_s * number for number in range(int((FOUND_AT - 1.0) / step_s))]
    for now in moments:
        crowd.topics(now=now)
    return {name: each.lines for name, each in crowd._clusters.items()}


def test_steps_find_what_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same lines, the same clusters come together, whether in one step or in many."""
    alone, in_steps = crowd_of_many(), settled(crowd_of_many())
    before = len(alone._clusters)
    monkeypatch.setattr(settling, "MOST_LINKED", 10_000)
    monkeypatch.setattr(settling, "MOST_LOOKED_AT", 10_000)
    assert settled(alone, step_s=0.5) == in_steps
    assert len(in_steps) < before


def test_no_step_does_more_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is, between two moments only so much is linked and looked at."""
    crowd, done = crowd_of_many(), Counter[str]()
    link, nearest = Index.link, settling.nearest

    def counted_link(self: Index, wording: Wording) -> None:
        done["linked"] += 1
        link(self, wording)

    def counted_nearest(cluster: Cluster) -> object:
        done["looked at"] += 1
        return nearest(cluster)

    monkeypatch.setattr(Index, "link", counted_link)
    monkeypatch.setattr(settling, "nearest", counted_nearest)
    most, steps = Counter[str](), 0
    for number in range(40):
        done.clear()
        for _ in range(50):  # a batch of lines has one moment
            crowd.topics(now=1.0 + STEP_S * number)
        most |= done
        steps += bool(done)
    assert most["linked"] == MOST_LINKED
    assert most["looked at"] == MOST_LOOKED_AT
    assert steps > 3


def test_what_is_taken_back_between_steps_is_not_held() -> None:
    """Nothing of it is linked later, and the others still are."""
    crowd = crowd_of_many()
    crowd.topics(now=1.0)
    crowd.retract(Retraction.of_viewer("u1"))
    held = {*crowd._settling._unlinked, *crowd._index.new.values()}
    assert not crowd._settling._unlinked
    assert not crowd._settling._unseen
    assert held <= set(crowd._index.wordings.values())
    assert held
