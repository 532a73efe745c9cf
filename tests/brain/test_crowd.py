"""The crowd: what many say is one topic with its viewers counted, and nothing grows for ever."""

from __future__ import annotations

import pytest

from pickled.brain import crowd as module
from pickled.brain.crowd import Crowd, quantized
from pickled.language.meaning.vectors import cosine, signs
from pickled.messages.chat import ChatMessage, Fragment, Retraction
from tests.brain.planted import corpus, flood, measured
from tests.brain.stage import START, chat


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


def test_vectors_bring_no_third_thing_along() -> None:
    """What was merged by vectors does not draw in lines that only share a word with both."""
    crowd = Crowd()
    names = say(crowd, "take the red door", "take the blue door", "close the door", "door")
    for number in range(4):
        crowd.add_vector(f"m{number}", quantized([1.0, 0.1 * number]))
    assert crowd.messages(names[0]) != crowd.messages(names[1])


def test_vectors_of_one_thing_or_another_must_be_very_near() -> None:
    """`order the soup` and `order the stew` are near each other, and still two wishes."""
    crowd = Crowd()
    soup, _ = say(crowd, "order the soup", "order the stew")
    crowd.add_vector("m0", quantized([1.0, 0.0]))
    crowd.add_vector("m1", quantized([0.75, 0.66]))
    assert crowd.messages(soup) == ("m0",)


def test_vectors_of_different_length_are_ignored() -> None:
    """Another model's vectors are no reason to fail."""
    crowd = Crowd()
    one, other = say(crowd, "these bananas are ripe", "yellow fruit gets eatable")
    crowd.add_vector("m0", quantized([1.0, 0.1, 0.1]))
    crowd.add_vector("m1", quantized([1.0, 0.1]))
    crowd.add_vector("m1", b"")
    crowd.add_vector("nobody", quantized([1.0]))
    assert (crowd.messages(one), crowd.messages(other)) == (("m0",), ("m1",))


def test_wants_vector_once_for_words() -> None:
    """A wording wants one until it has it; emotes don't."""
    crowd = Crowd()
    say(crowd, "where are you", "wya", "KEKW KEKW")
    wanted = [crowd.wants_vector(f"m{number}") for number in range(4)]
    assert wanted == [True, True, False, False]
    crowd.add_vector("m0", quantized([1.0]))
    assert not crowd.wants_vector("m1")
    assert crowd.wording("m1") == "where are you"


def test_sample_is_written_well_and_stays() -> None:
    """Not the shouted, short or addressed wording; and the same while its line is there."""
    crowd = Crowd()
    say(crowd, "where r u", "WHERE ARE YOU??", "@john where are you?", "where are you now?", "wya")
    (topic,) = crowd.topics(now=5.0)
    assert topic.sample == "where are you now?"
    say(crowd, *["where are you?"] * 9, start=5)
    assert crowd.topics(now=14.0)[0].sample == "where are you now?"
    crowd.retract(Retraction.of_message("m3"))
    assert crowd.topics(now=14.0)[0].sample == "where are you?"


def test_clusters_that_words_bring_together_meet_within_a_second() -> None:
    """What is not alike enough to join at once is compared with all others a moment later."""
    crowd = Crowd()
    names = say(crowd, "how is the harbour", "what is the harbour like", "how big is the harbour")
    crowd.topics(now=4.5)
    assert {crowd.messages(name) for name in names} == {("m0", "m1", "m2")}


def test_emotes_are_a_topic_by_name() -> None:
    """The service's emotes and those that it doesn't know; never a question."""
    crowd = Crowd()
    kekw = Fragment(type="emote", text="KEKW")
    for number, message in enumerate(
        (
            chat("KEKW KEKW", id="m0", user="a", fragments=(kekw, kekw)),
            chat("KEKW", id="m1", user="b"),
            chat("@john kekw", id="m2", user="c"),
        )
    ):
        crowd.add(message, now=float(number))
    (topic,) = crowd.topics(now=3.0)
    assert (topic.label, topic.viewers, topic.question) == ("KEKW", 3, False)
    assert crowd.question(now=3.0) is None


def test_most_asked_question() -> None:
    """More say the emote, more ask where than how old."""
    crowd = Crowd()
    say(crowd, *["KEKW"] * 9, *["wya"] * 5, "where are you", *["how old are you"] * 4)
    asked = crowd.question(now=20.0)
    assert asked
    assert (asked.label, asked.viewers, asked.sample) == ("where are you", 6, "where are you")


def test_copypasta_collapses() -> None:
    """The same long text with small changes is one topic, its label short."""
    crowd = Crowd()
    pasta = "The lamp is not a lamp, it is a promise that we made to the night in the old harbour"
    say(crowd, pasta, pasta.upper(), pasta + " KEKW", pasta.replace("old ", ""), *[pasta] * 10)
    (topic,) = crowd.topics(now=14.0)
    assert topic.count == 14
    assert len(topic.label) <= 60


def test_window_slides() -> None:
    """A line leaves after a minute, and with its last line the topic goes."""
    crowd = Crowd()
    say(crowd, "wya", "where are you", "where r u")
    assert crowd.support("m0", now=59.0)
    assert crowd.support("m0", now=60.0) is None
    assert crowd.topics(now=60.0, least_viewers=2)[0].viewers == 2
    assert crowd.topics(now=100.0, least_viewers=1) == ()


def test_known_id_counts_once() -> None:
    """A message that comes twice is one line."""
    crowd = Crowd()
    crowd.add(chat("wya"), now=0.0)
    assert crowd.add(chat("wya"), now=1.0).count == 1


def test_removed_messages_are_gone_from_topic_and_sample() -> None:
    """What a moderator deletes is neither counted nor shown."""
    crowd = Crowd()
    say(crowd, "where are you now grubdok", "where are you", "wya", "wya")
    assert crowd.retract(Retraction.of_message("m0")) == 1
    assert crowd.retract(Retraction.of_viewer("u2")) == 1
    (topic,) = crowd.topics(now=5.0, least_viewers=1)
    assert topic.viewers == 2
    assert "grubdok" not in topic.sample + topic.label
    assert crowd.retract(Retraction.of_message("m0")) == 0
    assert crowd.retract(Retraction.of_all_chat()) == 2
    assert crowd.topics(now=5.0, least_viewers=1) == ()


def test_topic_goes_by_what_is_left_of_it() -> None:
    """Who founded it may be gone for long when it is taken back: nothing of it is kept."""
    crowd = Crowd()
    say(crowd, "is the red door grubdok", *["is the red door open"] * 3)
    crowd.add(chat("is the red door open", id="late", user="late"), now=50.0)
    assert crowd.retract(Retraction.of_message("m0")) == 1
    (cluster,) = crowd._clusters.values()
    assert "grubdok" not in cluster.founder.plain
    assert not any("grubdok" in line.text for line in (*crowd._lines, *cluster.newest))
    (topic,) = crowd.topics(now=50.0)
    assert (topic.count, topic.viewers) == (4, 4)


def test_removed_viewer_leaves_no_topic_behind() -> None:
    """A topic whose only viewer is banned is gone, as is its name."""
    crowd = Crowd()
    (name,) = set(say(crowd, "drone"))
    crowd.retract(Retraction.of_viewer("u0"))
    assert crowd.messages(name) == ()
    assert crowd.support("m0", now=1.0) is None


def test_clusters_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cluster that was not heard of for longest goes, with its lines."""
    monkeypatch.setattr(module, "MOST_CLUSTERS", 3)
    crowd = Crowd()
    say(crowd, "apples", "pears", "plums", "apples", "cherries")
    present = [crowd.support(f"m{number}", now=5.0) is not None for number in range(5)]
    assert present == [True, False, True, True, True]


def test_everything_is_bounded_under_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that are all new fill no more than the limits, and leave nothing behind."""
    monkeypatch.setattr(module, "MOST_LINES", 300)
    crowd = Crowd()
    for number in range(2_000):
        text = f"zug{number}a hof{number}b see{number % 7}c"
        crowd.add(chat(text, id=f"m{number}", user=f"u{number}"), now=number / 5000)
    assert len(crowd._lines) == len(crowd._by_id) == 300
    assert len(crowd._index.wordings) <= 300
    assert crowd.topics(now=1000.0) == ()
    left = (crowd._lines, crowd._clusters, crowd._merged, crowd._index.wordings)
    assert not any(left)
    assert not crowd._index._by_term


def test_hostile_lines_do_not_raise() -> None:
    """Lone surrogates, piled marks, a hundred thousand letters, nothing at all."""
    crowd = Crowd()
    for number, text in enumerate(("\ud800", "e" + "\u0301" * 5000, "a" * 100_000, "", "\n\x00")):
        crowd.add(
            ChatMessage.model_construct(ts=START, id=f"m{number}", user_id="u", text=text),
            now=0.0,
        )
    assert all(len(topic.label) <= 60 for topic in crowd.topics(now=0.0, least_viewers=1))


def test_quantized_keeps_the_angle() -> None:
    """A byte a dimension is enough for two decimals; no direction gives no vector."""
    one, other = [0.3, -0.4, 0.5, 0.1] * 96, [0.3, 0.4, 0.5, 0.0] * 96
    assert cosine(quantized(one), quantized(one)) == pytest.approx(1.0, abs=0.02)
    assert cosine(quantized(one), quantized(other)) == pytest.approx(0.36, abs=0.02)
    assert signs(quantized(one)) != signs(quantized(other))
    assert quantized([0.0, 0.0]) == quantized([]) == quantized([float("nan")]) == b""


@pytest.mark.parametrize(
    ("name", "pairs", "published"),
    [
        ("dev", 0.9, 0.9),
        ("seen", 0.88, 0.8),
        ("seen2", 0.7, 0.75),
        ("heldout", 0.68, 0.75),
        ("blind_a", 0.64, 0.65),
        ("blind_b", 0.67, 0.65),
    ],
)
def test_planted_topics_are_found_by_words(name: str, pairs: float, published: float) -> None:
    """Pairwise F1 and that of what would be published stay where they are.

    Accepted would be 0.9 of pairs on what nobody tuned for. Reached by words: 0.75
    held out, 0.72 blind; with all-MiniLM-L6-v2 0.78 and 0.78.
    """
    score = measured(flood(corpus(name), minutes=2))
    assert score.f1 >= pairs
    assert score.asked_f1 >= published
    assert score.asked_recall >= 0.9
