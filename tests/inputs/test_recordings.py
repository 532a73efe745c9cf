"""What the bundled recording promises: it is what every newcomer hears first."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from pickled.inputs.replay import BUNDLED
from pickled.messages.recording import (
    ChatLine,
    DeleteLine,
    RecordingLine,
    SpeechLine,
    StreamLine,
    read,
)

NAMES = re.compile(r"\b(?:john|pickled?)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def walk() -> list[RecordingLine]:
    """The whole walk."""
    return list(read(BUNDLED / "irl_walk.jsonl"))


@pytest.fixture(scope="module")
def chat(walk: list[RecordingLine]) -> list[ChatLine]:
    """What is written in it."""
    return [each for each in walk if isinstance(each, ChatLine)]


def test_walk_length(walk: list[RecordingLine], chat: list[ChatLine]) -> None:
    """It lasts more than ten minutes and is a few hundred lines."""
    assert walk[-1].t >= 620
    assert 250 <= len(walk) <= 450
    assert len({each.user_id for each in chat}) >= 25


def test_walk_ids(chat: list[ChatLine]) -> None:
    """Ids are unique, a viewer has one id, and replies point at earlier messages."""
    position = {each.id: index for index, each in enumerate(chat)}
    assert len(position) == len(chat)
    assert len({(each.user, each.user_id) for each in chat}) == len({each.user for each in chat})
    replies = [each for each in chat if each.reply_to]
    assert replies
    assert all(position[each.reply_to or ""] < position[each.id] for each in replies)


def test_walk_begins_lively(chat: list[ChatLine]) -> None:
    """The co-host is named within three seconds, and the first twenty are full of chat."""
    assert any(NAMES.search(each.text) for each in chat if each.t <= 3)
    assert sum(each.t <= 20 for each in chat) >= 12


def test_walk_silence(walk: list[RecordingLine]) -> None:
    """There is one quiet stretch of about half a minute, and none that is longer."""
    gaps = sorted(after.t - before.t for before, after in pairwise(walk))
    assert 25 <= gaps[-1] <= 40
    assert gaps[-2] <= 10


def test_walk_bursts(chat: list[ChatLine]) -> None:
    """Several times more than eight messages come within five seconds."""
    bursts = {int(each.t) // 60 for each in chat if sum(0 <= o.t - each.t < 5 for o in chat) >= 8}
    assert len(bursts) >= 4


def test_walk_raid(walk: list[RecordingLine], chat: list[ChatLine]) -> None:
    """A raid comes, and its people write within seconds."""
    (raid,) = (each for each in walk if isinstance(each, StreamLine) and each.event == "raid")
    assert raid.viewers == 87
    before = {each.user_id for each in chat if each.t < raid.t}
    raiders = {each.user_id for each in chat if raid.t <= each.t < raid.t + 6} - before
    assert len(raiders) >= 10


def test_walk_gives(walk: list[RecordingLine], chat: list[ChatLine]) -> None:
    """Follows, a sub, a resub, a gift and cheers happen, and a cheer is also a message."""
    events = Counter(each.event for each in walk if isinstance(each, StreamLine))
    assert events >= Counter({"follow": 2, "sub": 1, "resub": 1, "gift": 1, "cheer": 2})
    assert sum(each.bits > 0 for each in chat) == events["cheer"]


def test_walk_retractions(walk: list[RecordingLine], chat: list[ChatLine]) -> None:
    """A message is deleted and viewers are timed out, shortly after they wrote."""
    deleted = [each for each in walk if isinstance(each, DeleteLine)]
    assert {bool(each.message_id) for each in deleted} == {True, False}
    for each in deleted:
        meant = [
            said
            for said in chat
            if said.t < each.t and each_is_about(each, said) and said.t > each.t - 6
        ]
        assert meant


def each_is_about(deletion: DeleteLine, said: ChatLine) -> bool:
    """Does that deletion take back this message?"""
    return said.id == deletion.message_id or said.user_id == deletion.user_id


def test_walk_talks_to_both(walk: list[RecordingLine], chat: list[ChatLine]) -> None:
    """Viewers ask the streamer and the co-host; the streamer talks, things are seen."""
    questions = [each for each in chat if "?" in each.text]
    to_cohost = [each for each in chat if NAMES.search(each.text)]
    assert len(to_cohost) >= 15
    assert sum(not NAMES.search(each.text) for each in questions) >= 25
    assert sum(isinstance(each, SpeechLine) for each in walk) >= 30
    assert sum(each.type == "vision" for each in walk) >= 8


def test_walk_viewers(chat: list[ChatLine]) -> None:
    """Moderators, vips, subscribers, strangers, other scripts, copypasta and a bot take part."""
    badges = {badge for each in chat for badge in each.badges}
    assert {"moderator", "vip", "subscriber", "bot-badge"} <= badges
    assert any(not each.badges for each in chat)
    assert any(re.search(r"[\u3040-\u30ff]", each.text) for each in chat)
    assert Counter(each.text for each in chat if len(each.text) > 60).most_common(1)[0][1] >= 5


def test_walk_fragments(chat: list[ChatLine]) -> None:
    """Where a message is cut into fragments, they give the message again."""
    cut = [each for each in chat if each.fragments]
    assert cut
    assert all("".join(piece.text for piece in each.fragments) == each.text for each in cut)
