"""What the overlay shows, and what it does not."""

from __future__ import annotations

from pickled.messages.node import NodeInfo
from pickled.messages.state import CrowdState, CrowdTopic
from pickled.web.stage import Stage
from tests.web.telling import EVIL, OTHER, TURN, chat, decision, response, retraction, said


def on_air(*, speaking: bool = True) -> Stage:
    """A co-host that answers Ana."""
    stage = Stage(broker=True)
    for each in (
        said("availability", "online"),
        chat("m1", "pickled, where are we?"),
        decision("answer", "m1", turn=TURN, reason="mention"),
        response("started"),
        said("speaking/state", "ON" if speaking else "OFF"),
        said("caption/state", "In Ghent."),
    ):
        stage.take(each)
    return stage


def test_card_names_who_is_answered() -> None:
    """Name and words are shown with the caption, until the answer is over."""
    stage = on_air()
    assert stage.view["card"] == {"user": "Ana", "text": "pickled, where are we?", "count": 1}
    assert stage.view["caption"] == "In Ghent."
    stage.take(response("finished"))
    assert stage.view["card"] is None


def test_card_counts_those_who_said_the_same() -> None:
    """An answer to many shows the one who asked last, and how many they were."""
    stage = on_air()
    stage.take(chat("m2", "where is this?", user="Ben"))
    stage.take(decision("answer", "m1", "m2", turn=OTHER))
    stage.take(response("started", OTHER))
    assert stage.view["card"] == {"user": "Ben", "text": "where is this?", "count": 2}


def test_retracted_line_leaves_the_card_at_once() -> None:
    """A deleted line, a banned viewer, a cleared chat: the card is gone, the page is told."""
    for event in (retraction("message", "m1"), retraction("user", "u-Ana"), retraction("all")):
        stage = on_air()
        before = stage.view["retracted"]
        stage.take(event)
        assert stage.view["card"] is None
        assert stage.view["retracted"] == before + 1
    stage = on_air()
    stage.take(retraction("message", "m9"))
    assert stage.view["card"] is not None


def test_private_words_are_never_shown() -> None:
    """What is said into the streamer's ear has no caption, no card and no moving mouth."""
    stage = on_air()
    stage.take(response("started", OTHER, target="private"))
    stage.take(said("caption/state", "Your battery is low."))
    view = stage.view
    assert (view["caption"], view["card"], view["speaking"]) == ("", None, False)
    stage.take(said("node/{node}/info", NodeInfo(session=1, role="private"), node="ear"))
    stage.take(response("clause", OTHER, target="ear"))
    assert stage.view["caption"] == ""
    stage.take(response("started", "cdefghijklmn"))
    stage.take(said("caption/state", "Hello!"))
    assert stage.view["caption"] == "Hello!"


def test_words_for_one_public_node_are_shown() -> None:
    """What the stream hears it may read, also where one node alone was named."""
    stage = on_air()
    stage.take(said("node/{node}/info", NodeInfo(session=1, role="public"), node="laptop"))
    stage.take(response("started", OTHER, target="laptop"))
    assert stage.view["caption"] == "In Ghent."


def test_poses_follow_what_it_does() -> None:
    """Speaking wins over thinking, thinking over listening; a daemon that is away does nothing."""
    stage = on_air()
    stage.take(said("thinking/state", "ON"))
    stage.take(said("listening/state", "ON"))
    assert stage.view["pose"] == "speaking"
    stage.take(said("speaking/state", "OFF"))
    assert stage.view["pose"] == "thinking"
    stage.take(said("thinking/state", "OFF"))
    assert stage.view["pose"] == "listening"
    stage.take(said("availability", "offline"))
    assert (stage.view["pose"], stage.view["daemon"], stage.view["caption"]) == ("idle", False, "")


def test_broker_that_is_gone_takes_the_daemon_with_it() -> None:
    """Nobody is called present whom we can't hear."""
    stage = on_air()
    stage.broker = False
    assert (stage.view["broker"], stage.view["daemon"]) == (False, False)


def test_crowds_question_has_its_count() -> None:
    """What most ask is shown with how many they are, and not when nobody asks."""
    stage = on_air()
    assert stage.view["question"] is None
    topics = (
        CrowdTopic(label="heron", count=300, viewers=290, sample="HERON"),
        CrowdTopic(label="where", count=220, viewers=212, sample="where are we", question=True),
    )
    stage.take(said("crowd/state", CrowdState(topics=topics)))
    stage.take(said("crowd_question/state", "where are we"))
    assert stage.view["question"] == {"text": "where are we", "count": 212}


def test_words_of_strangers_have_an_end() -> None:
    """Names and lines are cut to what fits; markup stays text, as nothing here is markup."""
    stage = on_air()
    stage.take(chat("m3", EVIL * 20, user=EVIL))
    stage.take(decision("answer", "m3", turn=OTHER))
    stage.take(response("started", OTHER))
    card = stage.view["card"]
    assert card["user"] == EVIL[:40]
    assert len(card["text"]) == 240
