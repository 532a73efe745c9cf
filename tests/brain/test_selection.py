"""The selection, in the small."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.brain.choice.backlog import MOST_WAITING
from pickled.brain.crowd import Crowd
from pickled.brain.selection import FLUSH_AFTER, Floor, Selection
from pickled.messages.chat import Retraction
from tests.brain.stage import RULES, chat, never

OPEN = Floor()
TAKEN = Floor(busy=True)


def test_next_mention_bypasses_cooldown_and_chance() -> None:
    """A mention is answered at once, also in the cooldown, and no dice are thrown."""
    selection = Selection(RULES)
    selection.add(chat("John!"), now=100.0)
    (verdict,) = selection.next(Floor(quiet_since=99.9), now=100.0, dice=never)
    assert (verdict.kind, verdict.reason) == ("answer", "mention")
    assert selection.waiting == 0


@pytest.mark.parametrize("why", ["muted", "paused", "inhibited", "busy"])
def test_next_mention_never_bypasses_the_floor(why: str) -> None:
    """While it may not speak, a mention is held, and that is told once."""
    selection = Selection(RULES)
    selection.add(chat("John!"), now=0.0)
    floor = Floor(**{why: True})
    (verdict,) = selection.next(floor, now=0.0, dice=never)
    assert (verdict.kind, verdict.reason) == ("hold", "speaking" if why == "busy" else why)
    assert selection.next(floor, now=1.0, dice=never) == []
    assert selection.waiting == 1


def test_next_mention_expires_exactly_at_its_time() -> None:
    """A mention is answered up to its expiry, and expires from then on."""
    selection = Selection(RULES)
    selection.add(chat("John!"), now=0.0)
    selection.next(TAKEN, now=0.0, dice=never)
    assert selection.wake_at(TAKEN, now=0.0) == RULES.mention_ttl
    assert selection.next(TAKEN, now=19.999, dice=never) == []
    (verdict,) = selection.next(OPEN, now=20.0, dice=never)
    assert (verdict.kind, verdict.reason) == ("expire", "mention_ttl")


def test_next_full_batch_does_not_wait() -> None:
    """A batch is looked at when it is full, before its 2 s are over."""
    selection = Selection(replace(RULES, batch_size=3))
    for place in range(3):
        assert selection.next(OPEN, now=0.1, dice=never) == []
        selection.add(chat("lovely", id=f"m{place}", user=f"user{place}"), now=0.1)
    (verdict,) = selection.next(OPEN, now=0.1, dice=lambda: 0.0)
    assert [each.message.id for each in verdict.messages] == ["m0", "m1", "m2"]
    assert verdict.parts["dice"] == 0.0
    assert verdict.parts["spontaneity"] == RULES.spontaneity


def test_next_small_batch_waits_two_seconds() -> None:
    """An unaddressed line is looked at after 2 s, and the selection says when."""
    selection = Selection(RULES)
    selection.add(chat("lovely"), now=10.0)
    assert selection.wake_at(OPEN, now=10.0) == 10.0 + FLUSH_AFTER
    assert selection.next(OPEN, now=11.9, dice=never) == []
    assert selection.next(OPEN, now=12.0, dice=lambda: 0.99)[0].kind == "skip"


def test_next_questions_can_be_switched_off() -> None:
    """Without `answer_questions` a question has the same chance as any other line."""
    selection = Selection(replace(RULES, answer_questions=False))
    selection.add(chat("where are we?"), now=0.0)
    (verdict,) = selection.next(OPEN, now=2.0, dice=lambda: 0.0)
    assert (verdict.kind, verdict.reason) == ("answer", "chance")


def test_next_old_question_is_passed_over_when_chat_moved_on() -> None:
    """A question older than 4 s wins only while it is among the newest lines."""
    for later, reason in ((5, "question"), (30, "chance")):
        selection = Selection(RULES)
        selection.add(chat("where are we?", id="q"), now=0.0)
        for place in range(later):
            selection.add(chat(f"word {place}", id=f"m{place}"), now=5.0)
        verdict = selection.next(OPEN, now=5.0, dice=lambda: 0.0)[-1]
        assert verdict.reason == reason
        assert len(verdict.messages) <= RULES.batch_size


def test_next_rules_can_be_replaced() -> None:
    """New rules count for what already waits."""
    selection = Selection(RULES)
    selection.add(chat("lovely"), now=0.0)
    selection.rules = replace(RULES, batch_size=1, spontaneity=1.0)
    assert selection.next(OPEN, now=0.0, dice=lambda: 0.999)[0].kind == "answer"


def test_add_overflow_drops_the_least_worth_and_says_so() -> None:
    """Of too many, the lowest score goes, of equals the oldest; mentions and others apart."""
    selection = Selection(RULES)
    selection.add(chat("john first", id="j"), now=0.0)
    dropped = selection.add(chat("which way to the harbour?", id="q"), now=0.0)
    for place in range(MOST_WAITING + 1):
        dropped += selection.add(chat(f"{place} nice things", id=f"m{place}"), now=0.0)
    assert [(each.kind, each.reason) for each in dropped] == [("skip", "overflow")] * 2
    assert [each.messages[0].message.id for each in dropped] == ["m0", "m1"]
    assert all(each.score is not None and each.parts for each in dropped)
    assert selection.waiting == MOST_WAITING + 1
    for place in range(MOST_WAITING):
        line = chat(f"john {place} nice things", id=f"j{place}", user=f"u{place}")
        dropped += selection.add(line, now=0.0)
    assert dropped[-1].messages[0].message.id == "j"
    held = selection.next(TAKEN, now=0.0, dice=never)
    assert [each.kind for each in held] == ["hold"] * MOST_WAITING


def test_add_overflow_merges_the_same_words_first() -> None:
    """When too many wait, a copy goes into the newer one, and nothing else is lost for it."""
    selection = Selection(RULES)
    dropped = selection.add(chat("so pretty", id="c"), now=0.0)
    for place in range(MOST_WAITING - 1):
        dropped += selection.add(chat(f"{place} nice things", id=f"m{place}"), now=0.0)
    dropped += selection.add(chat("So prettyyy!", id="d", user="Ben"), now=0.0)
    assert [(each.kind, each.reason) for each in dropped] == [("merge", "same_words")]
    assert [each.messages[0].message.id for each in dropped] == ["c"]
    assert dropped[0].cluster


def test_remove_everything() -> None:
    """Without a message or a viewer, everything that waits is taken back."""
    selection = Selection(RULES)
    selection.add(chat("john", id="a"), now=0.0)
    selection.add(chat("lovely", id="b"), now=1.0)
    assert selection.oldest == 0.0
    assert selection.retract(Retraction.of_message("unknown")) == 0
    assert selection.retract(Retraction.of_all_chat()) == 2
    assert (selection.waiting, selection.oldest) == (0, None)
    assert selection.wake_at(OPEN, now=1.0) is None
    assert selection.next(OPEN, now=9.0, dice=never) == []


def test_remove_keeps_a_message_from_coming_back() -> None:
    """A message that was taken back is not let in when it is delivered again."""
    selection = Selection(RULES)
    selection.add(chat("john", id="a"), now=0.0)
    assert selection.retract(Retraction.of_message("a")) == 1
    selection.add(chat("john", id="a"), now=1.0)
    assert selection.waiting == 0


TEXTS = ["john hi", "where?", "lol", "nice", "pickle where are we?", "WHERE", "", "!so ana"]
STEP = st.tuples(
    st.floats(0, 4, allow_nan=False),
    st.sampled_from(["chat", "open", "busy", "muted", "inhibited", "delete", "next"]),
    st.integers(0, len(TEXTS) - 1),
)


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(STEP, max_size=60),
    seed=st.integers(0, 999),
    delay=st.sampled_from([0.0, 0.0, 1.5, 5.0]),
    crowded=st.booleans(),
)
def test_selection_decides_each_message_once(
    steps: list[tuple[float, str, int]], seed: int, delay: float, crowded: bool
) -> None:
    """Each message is answered, merged, skipped or expired exactly once, unless taken back.

    A wake-up is never in vain, and nothing is decided before it.
    """
    dice, crowd = random.Random(seed), Crowd()
    rules = replace(RULES, batch_size=3, delay_s=delay)
    selection = Selection(rules, support=crowd.support if crowded else None)
    floor, now, sent, final, removed = OPEN, 0.0, 0, [], 0
    for gap, step, pick in steps:
        due = selection.wake_at(floor, now=now)
        now += gap
        if due is None or due > now:
            assert selection.next(floor, now=now, dice=never) == []
        match step:
            case "chat":
                sent += 1
                message = chat(TEXTS[pick], id=f"m{sent}", user=f"user{pick % 3}")
                crowd.add(message, now=now)
                final += selection.add(message, now=now)
            case "delete":
                removed += selection.retract(Retraction.of_viewer(f"user{pick % 3}"))
            case "next":
                pass
            case _:
                floor = Floor(**({} if step == "open" else {step: True}), quiet_since=now - pick)
        if (due := selection.wake_at(floor, now=now)) is not None:
            now = max(now, due)
            verdicts = selection.next(floor, now=now, dice=dice.random)
            assert verdicts, "it woke for nothing"
            final += [each for each in verdicts if each.kind != "hold"]
    assert all(len(each.scores) == len(each.messages) for each in final)
    ids = [one.message.id for each in final for one in each.messages]
    assert len(ids) == len(set(ids))
    assert len(ids) + selection.waiting + removed == sent
