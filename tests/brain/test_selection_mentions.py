"""Which mention the selection chooses, and what goes with it."""

from __future__ import annotations

from pickled.brain.floor import Floor
from pickled.brain.selection import Selection
from tests.brain.chosen import OPEN, answer, filled, ids
from tests.brain.stage import RULES, chat, never


def test_mention_with_the_best_score_goes_first() -> None:
    """A question to the co-host is before a greeting that came sooner."""
    selection = filled(("Ana", "john hello there my friend"), ("Ben", "john what is that tower?"))
    assert ids(answer(selection, now=1.0)) == ["m1"]
    assert ids(answer(selection, now=1.0)) == ["m0"]


def test_mention_close_to_its_expiry_goes_first() -> None:
    """A mention whose time is nearly over is before a fresh one that scores more."""
    selection = filled(("Ana", "john hm"))
    selection.add(chat("john what is that?", id="q", user="Mod", badges=("vip",)), now=15.5)
    assert ids(answer(selection, now=16.0)) == ["m0"]
    assert ids(answer(selection, now=16.0)) == ["q"]


def test_mention_goes_by_score_when_too_many_are_late() -> None:
    """When not all that are late can be saved, the best goes first, not the oldest."""
    lines = [(f"user{place}", f"john hm {place}") for place in range(4)]
    selection = filled(*lines, ("Ana", "john what is that tower?"))
    assert ids(answer(selection, now=16.0)) == ["m4"]
    assert ids(answer(selection, now=16.0)) == ["m0"]


def test_mentions_of_the_same_words_are_counted() -> None:
    """Fourteen people who ask the same get one answer, which says that they are fourteen."""
    lines = [(f"user{place}", f"john where are we{'?' * place}") for place in range(14)]
    verdicts = filled(*lines).next(OPEN, now=1.0, dice=never)
    assert [(each.kind, each.reason) for each in verdicts] == [
        ("merge", "same_words"),
        ("answer", "mention"),
    ]
    assert verdicts[-1].parts["count"] == verdicts[-1].parts["viewers"] == 14
    assert len(verdicts[-1].messages) == RULES.batch_size
    assert sum(len(each.messages) for each in verdicts) == 14


def test_mention_takes_the_same_question_of_others_with_it() -> None:
    """Who asked the same without the name is answered by that, too."""
    selection = filled(("Ana", "where are we?"), ("Ben", "nice dog"), ("Cem", "john where are we?"))
    verdicts = selection.next(OPEN, now=1.0, dice=never)
    assert [(each.kind, each.reason, ids(each)) for each in verdicts] == [
        ("merge", "same_words", ["m0"]),
        ("answer", "mention", ["m2"]),
    ]
    assert verdicts[-1].parts["viewers"] == 2
    assert selection.waiting == 1


def test_mentions_of_one_viewer_are_capped() -> None:
    """Of more than three mentions of one viewer, the oldest go into the newest."""
    selection, merged = Selection(RULES), []
    for place in range(5):
        merged += selection.add(chat(f"john {place} please", id=f"m{place}"), now=0.0)
    assert [(each.kind, each.reason, ids(each)) for each in merged] == [
        ("merge", "per_viewer", ["m0"]),
        ("merge", "per_viewer", ["m1"]),
    ]
    held = selection.next(Floor(busy=True), now=0.0, dice=never)
    assert [ids(each) for each in held] == [["m2"], ["m3"], ["m4"]]
    assert ids(answer(selection)) == ["m2", "m3", "m4"]


def test_fairness_lets_others_go_first() -> None:
    """Of two equal mentions, the one of who was not answered lately is first; that fades."""
    for now, first in ((10.0, "b"), (2_000.0, "a")):
        selection = Selection(RULES)
        selection.answered(["ana", ""], now=0.0)
        selection.add(chat("john hello over there", id="a", user="Ana"), now=now)
        selection.add(chat("john good evening to you", id="b", user="Ben"), now=now)
        assert ids(answer(selection, now=now)) == [first]
