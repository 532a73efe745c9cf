"""What a prompt is told of the situation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pickled.brain.context import FRESH_SCENE_S, Situation, lasted, told
from pickled.messages.state import ContextValue, CrowdTopic

ASKED = CrowdTopic(label="where", count=300, viewers=212, sample="where are we?", question=True)


def texts(situation: Situation) -> str:
    return "\n".join(str(each) for each in told(situation))


def test_told_of_nothing_is_nothing() -> None:
    """What nobody knows takes no room."""
    assert told(Situation()) == ()


def test_told_of_a_lost_link_says_for_how_long() -> None:
    """It has to carry the show, and may say for how long already."""
    assert "lost for 40 seconds" in texts(Situation(link="lost", link_s=40.2))


def test_told_of_a_delay_says_that_news_is_old() -> None:
    """What is heard over a slow uplink may be over by now; a fast one is not worth a word."""
    assert "5 seconds old" in texts(Situation(delay_s=5.0))
    assert told(Situation(delay_s=0.4)) == ()


def test_told_of_the_crowd_counts_viewers() -> None:
    """The spokesman of chat knows how many ask."""
    (line,) = told(Situation(topics=(ASKED,)))
    assert line == {"who": "crowd", "viewers": 212, "does": "ask", "text": "where are we?"}


def test_told_of_the_house_the_stream_and_the_camera() -> None:
    """Facts come with their units, what was seen with its age."""
    said = texts(
        Situation(
            local=datetime(2026, 6, 7, 14, 5, tzinfo=UTC),
            live_s=7800.0,
            game="Just Chatting",
            house=(("heart_rate", ContextValue(value=120.0, unit="bpm")),),
            scene="a market with oranges",
            scene_age_s=4.0,
        )
    )
    for part in ("Sunday, 14:05", "2 h 10 min", "Just Chatting", "heart rate: 120 bpm", "oranges"):
        assert part in said


def test_told_discreetly_names_no_scene_and_no_title() -> None:
    """In discreet mode the model does not even hear of the place."""
    situation = Situation(scene="Shibuya crossing", title="Tokyo at night", discreet=True)
    assert told(situation) == ()


def test_told_of_an_old_scene_is_nothing() -> None:
    """What was seen a minute ago is not what is there."""
    assert told(Situation(scene="a dog", scene_age_s=FRESH_SCENE_S + 1)) == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1.2, "a second"), (89, "89 seconds"), (120, "2 minutes"), (5400, "1 h 30 min"),
     (7200, "2 hours"), (-3, "0 seconds")],
)  # fmt: skip
def test_lasted(seconds: float, words: str) -> None:
    """Seconds first, then minutes, then hours."""
    assert lasted(seconds) == words
