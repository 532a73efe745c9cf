"""How does chat as a whole feel, whoever shouts loudest?"""

from __future__ import annotations

from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain import mood as limits
from pickled.brain.mood import Mood
from pickled.language.feeling.emotes import bundled_emotes
from pickled.messages.chat import Retraction
from tests.brain.stage import chat

EMOTES = bundled_emotes()
ids = count()


def said(mood: Mood, text: str, *, user: str = "Ana", now: float = 0.0) -> str:
    """Adds a line; tells its id."""
    message = chat(text, id=f"m{next(ids)}", user=user, user_id=user)
    mood.add(message, now=now)
    return message.id


def crowd(mood: Mood, *texts: str, viewers: int = 30, now: float = 0.0) -> None:
    """Every viewer says one of the texts."""
    for number in range(viewers):
        said(mood, texts[number % len(texts)], user=f"viewer{number}", now=now)


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        (("LETSGO", "PogChamp", "OMG WOW!!!", "HYPERS", "LETS GOOO!!!"), "hyped"),
        (("LUL", "haha nice", "love it", "so cute"), "happy"),
        (("where is he now", "left or right?", "ok", "what game is this"), "calm"),
        (("monkaS", "monkaW", "that is scary", "careful"), "tense"),
        (("DansGame", "this is so bad", "boring", "FeelsBadMan"), "upset"),
    ],
)
def test_mood_of_many(texts: tuple[str, ...], label: str) -> None:
    """What most viewers say sets the label."""
    mood = Mood(EMOTES)
    crowd(mood, *texts)
    state = mood.state(now=1.0)
    assert (state.label, state.chatters, state.window_s) == (label, 30, 60.0)


def test_mood_of_nobody_is_calm() -> None:
    """Without chat there is no feeling."""
    state = Mood(EMOTES).state(now=5.0)
    assert (state.label, state.score, state.chatters) == ("calm", 0.0, 0)


def test_mood_of_one_line_is_calm() -> None:
    """One viewer doesn't make a mood."""
    mood = Mood(EMOTES)
    said(mood, "I love this PogChamp")
    assert mood.state(now=1.0).label == "calm"


def test_mood_one_spammer_counts_once() -> None:
    """A hundred angry lines of one viewer weigh as much as one viewer's."""
    mood = Mood(EMOTES)
    crowd(mood, "LUL", "nice one")
    before = mood.state(now=1.0)
    for number in range(100):
        said(mood, "BabyRage DansGame BAD!!!", user="Spammer", now=1 + number / 100)
    after = mood.state(now=2.5)
    assert (after.label, after.chatters) == (before.label, before.chatters + 1)
    assert before.score - 0.06 < after.score < before.score


def test_mood_forgets_after_the_window() -> None:
    """What was said longer ago than the window no longer counts."""
    mood = Mood(EMOTES, window_s=10)
    crowd(mood, "love it")
    assert mood.state(now=9.0).label == "happy"
    gone = mood.state(now=20.0)
    assert (gone.label, gone.score, gone.chatters) == ("calm", 0.0, 0)


def test_mood_label_does_not_flicker() -> None:
    """Chat that wavers around a border keeps its label; chat that turns changes it once."""
    mood = Mood(EMOTES, window_s=10)
    labels = []
    for second in range(120):
        good = second % 2 or second > 60
        crowd(mood, "nice" if good else "where now", "ok", viewers=12, now=float(second))
        labels.append(mood.state(now=float(second)).label)
    changes = sum(a != b for a, b in pairwise(labels))
    assert changes <= 2


def test_mood_a_label_stays_a_while() -> None:
    """A label isn't given up within seconds, however chat turns."""
    mood = Mood(EMOTES, window_s=5)
    crowd(mood, "love it", now=0.0)
    assert mood.state(now=0.0).label == "happy"
    crowd(mood, "DansGame", now=limits.STAYS_S - 0.5)
    assert mood.state(now=limits.STAYS_S - 0.5).label == "happy"
    assert mood.state(now=limits.STAYS_S).label == "upset"


def test_mood_quickened_pace_excites() -> None:
    """The same happy lines are hype when chat suddenly runs much faster than lately."""
    mood = Mood(EMOTES)
    for second in range(0, 200, 4):
        said(mood, "LUL", user=f"viewer{second % 40}", now=float(second))
    assert mood.state(now=200.0).label == "happy"
    for number in range(300):
        said(mood, "LUL", user=f"new{number}", now=200 + number / 50)
    assert mood.state(now=206.0).label == "hyped"


def test_mood_forgets_what_moderators_remove() -> None:
    """A deleted message and a banned viewer leave no trace in the mood."""
    mood = Mood(EMOTES)
    crowd(mood, "nice")
    before = mood.state(now=0.5)
    one = said(mood, "DansGame", user="Bob", now=1.0)
    for _ in range(3):
        said(mood, "BabyRage", user="Eve", now=1.0)
    assert mood.retract(Retraction.of_message(one)) == 1
    assert mood.retract(Retraction.of_message(one)) == 0
    assert mood.retract(Retraction.of_viewer("Eve")) == 3
    assert mood.retract(Retraction.of_viewer("Eve")) == 0
    assert mood.state(now=1.0) == before
    assert mood.retract(Retraction.of_all_chat()) == 30
    assert mood.state(now=1.0).chatters == 0


def test_mood_counts_an_id_once() -> None:
    """The same message, heard twice, is one message."""
    mood = Mood(EMOTES)
    message = chat("love it", id="same", user="Ana", user_id="Ana")
    mood.add(message, now=0.0)
    mood.add(message, now=1.0)
    assert mood.retract(Retraction.of_viewer("Ana")) == 1


def test_mood_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood makes the window shorter, never the memory larger; the state says so."""
    monkeypatch.setattr(limits, "MOST_MESSAGES", 100)
    mood = Mood(EMOTES)
    for number in range(1000):
        said(mood, f"nice {number}", user=f"viewer{number}", now=number / 100)
    state = mood.state(now=10.0)
    assert (state.chatters, state.window_s) == (100, 1.0)
    assert len(mood._said) == 100


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"),
            st.one_of(st.sampled_from(["LUL", "bad", "DansGame!!!", "ok"]), st.text(max_size=20)),
            st.floats(0, 30),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_mood_sums_agree_with_what_is_left(steps: list[tuple[str, str, float, bool]]) -> None:
    """After any chat with removals the state is that of what is left, said anew."""
    mood, now = Mood(EMOTES), 0.0
    left: dict[str, list[tuple[str, str]]] = {}
    for user, text, pause, removed in steps:
        now += pause / 100
        message = said(mood, text, user=user, now=now)
        if removed:
            mood.retract(Retraction.of_message(message))
        else:
            left[user] = [*left.get(user, []), (message, text)]
    for lines in left.values():
        for message, _ in lines[: -limits.MOST_OF_ONE]:
            mood.retract(Retraction.of_message(message))
    again = Mood(EMOTES)
    kept = [(user, text) for user in left for message, text in left[user] if message in mood._said]
    for user, text in kept:
        said(again, text, user=user, now=now)
    found, expected = mood.state(now=now), again.state(now=now)
    assert found.chatters == expected.chatters
    assert found.score == pytest.approx(expected.score, abs=0.002)
