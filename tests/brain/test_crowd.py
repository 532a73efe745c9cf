"""The crowd: what many say is one topic with its viewers counted, and nothing grows for ever."""

from __future__ import annotations

from pickled.brain.crowd import Crowd, quantized
from tests.brain.stage import chat


def say(crowd: Crowd, *texts: str, start: int = 0) -> list[str]:
    """Each text by a viewer of its own, one a second; the names of their clusters."""
    return [
        crowd.add(chat(text, id=f"m{number}", user=f"u{number}"), now=float(number)).cluster
        for number, text in enumerate(texts, start)
    ]


def test_wordings_of_a_question_are_one_topic() -> None:
    """Abbreviations, slips and word order make no difference."""
    crowd = Crowd(known=("john",))
    names = say(
        crowd, "where are you", "wya", "wher r u???", "john where r u at", "what city is this"
    )
    assert len(set(names)) == 1
    (topic,) = crowd.topics(now=5.0)
    assert (topic.count, topic.viewers, topic.question) == (5, 5, True)
    assert topic.label == "where are you"


def test_viewers_count_not_lines() -> None:
    """Fifty lines of one viewer are one viewer."""
    crowd = Crowd()
    for number in range(50):
        support = crowd.add(chat("play some jazz", id=f"m{number}"), now=1.0)
    assert (support.count, support.viewers) == (50, 1)
    assert crowd.topics(now=1.0) == ()


def test_votes_stay_apart() -> None:
    """Opposite wishes are never one topic, also when their vectors are near."""
    crowd = Crowd()
    left, right = say(crowd, "go left", "go right")
    vector = quantized([1.0, 0.5, 0.0])
    crowd.add_vector("m0", vector)
    crowd.add_vector("m1", vector)
    assert left != right
    assert crowd.messages(left) == ("m0",)


def test_vectors_merge_what_words_cannot() -> None:
    """Two clusters whose vectors are near become one; both names lead to it."""
    crowd = Crowd()
    one, other = say(crowd, "these bananas are ripe", "yellow fruit gets eatable")
    assert crowd.wants_vector("m0")
    crowd.add_vector("m0", quantized([1.0, 0.1, 0.1]))
    crowd.add_vector("m1", quantized([1.0, 0.2, 0.1]))
    assert crowd.messages(one) == crowd.messages(other) == ("m0", "m1")
    assert not crowd.wants_vector("m1")
