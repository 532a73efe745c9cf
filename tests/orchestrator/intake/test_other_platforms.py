"""Chat from elsewhere: ids and people of one platform are never those of another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pickled.brain.chat_command import is_moderator
from pickled.errors import CommandRefused
from pickled.messages.chat import ChatDeleted, ChatMessage, Retraction
from pickled.messages.outside_chat import TellChat
from pickled.orchestrator.intake.other_platforms import (
    MOST_A_SECOND,
    MOST_PLATFORMS,
    QUIET_S,
    OtherPlatforms,
)
from pickled.orchestrator.parts.clock import Clock

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Time:
    """A clock that a test sets."""

    now = 0.0

    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, wall=lambda: NOON)


def tell(to: OtherPlatforms, **fields: Any) -> ChatMessage | ChatDeleted:
    """A line of Ana's on YouTube, with other fields."""
    given = {"platform": "youtube", "id": "a1", "user": "Ana", "text": "Hi!"} | fields
    return to.chat(TellChat.model_validate(given), new_id=lambda: "made")


def line(to: OtherPlatforms, **fields: Any) -> ChatMessage:
    """The same, as the line that it is."""
    found = tell(to, **fields)
    assert isinstance(found, ChatMessage)
    return found


def test_ids_bear_their_platform() -> None:
    """The same ids elsewhere, and Twitch's own without one, are others'."""
    door = OtherPlatforms(Time().clock())
    here = line(door, user_id="7", reply_to="a0")
    there = line(door, user_id="7", platform="kick")
    assert (here.id, here.user_id, here.reply_to) == ("youtube:a1", "youtube:7", "youtube:a0")
    assert (there.id, there.user_id, there.source) == ("kick:a1", "kick:7", "kick")


def test_name_stands_for_who_has_no_id_and_for_nobody_else() -> None:
    """No id that a platform gives can be that of somebody who is known by name only."""
    door = OtherPlatforms(Time().clock())
    assert line(door).user_id == line(door, user="ANA", id="a2").user_id
    assert line(door).user_id != line(door, user_id="ana").user_id
    long = line(door, user="x" * 64)
    assert len(long.user_id) <= 64


def test_retraction_concerns_its_own_platforms_line() -> None:
    """A line of the same id that Twitch has stays."""
    door = OtherPlatforms(Time().clock())
    gone = door.chat(TellChat(platform="youtube", delete="a1"), new_id=lambda: "made")
    assert isinstance(gone, ChatDeleted)
    retraction = Retraction.by(gone)
    assert retraction.concerns(line(door))
    assert not retraction.concerns(line(door, platform="kick"))
    assert not retraction.concerns(line(door).model_copy(update={"id": "a1"}))


def test_line_without_an_id_is_given_one() -> None:
    """It can be answered, and not be taken back by who brought it."""
    assert line(OtherPlatforms(Time().clock()), id=None).id == "youtube:made"


@pytest.mark.parametrize("badge", ["moderator", "broadcaster/1", "Moderator", "lead_moderator/1"])
def test_moderators_are_believed_where_the_owner_says_so(badge: str) -> None:
    """Whoever may send a line could give himself the badge."""
    given = {"badges": (badge, "subscriber/3")}
    plain = OtherPlatforms(Time().clock())
    assert line(plain, **given).badges == ("subscriber/3",)
    trusting = OtherPlatforms(Time().clock(), ("youtube",))
    assert is_moderator(line(trusting, **given))
    assert not is_moderator(line(trusting, **given, platform="kick"))


def test_platform_has_a_rate_of_its_own() -> None:
    """Beyond it lines are refused; another platform's and retractions are not, and later ones."""
    time = Time()
    door = OtherPlatforms(time.clock())
    for number in range(int(MOST_A_SECOND)):
        tell(door, id=number)
    with pytest.raises(CommandRefused, match="more than 200 a second of youtube") as caught:
        tell(door)
    assert caught.value.code == "busy"
    tell(door, platform="kick")
    door.chat(TellChat(platform="youtube", delete="1"), new_id=lambda: "made")
    time.now = 1.0
    for number in range(int(MOST_A_SECOND)):
        tell(door, id=f"later{number}")


def test_platforms_are_few_at_a_time() -> None:
    """A name of its own for each line is no way around the rate; a quiet one makes room."""
    time = Time()
    door = OtherPlatforms(time.clock())
    for number in range(MOST_PLATFORMS):
        tell(door, platform=f"p{number}")
    with pytest.raises(CommandRefused, match="8 platforms") as caught:
        tell(door, platform="one-more")
    assert (caught.value.code, caught.value.field) == ("busy", "platform")
    time.now = QUIET_S / 2
    tell(door, platform="p0")
    time.now = QUIET_S
    for name in ("one-more", "p0", "p2"):
        tell(door, platform=name)
    for name in ("p3", "p4", "p5", "p6", "p7"):
        tell(door, platform=name)
    with pytest.raises(CommandRefused, match="8 platforms"):
        tell(door, platform="p1")


def test_events_have_a_rate_too() -> None:
    """A program that goes wild does not make the co-host thank for ever."""
    time = Time()
    door = OtherPlatforms(time.clock())
    for _ in range(int(MOST_A_SECOND)):
        door.count_event()
    with pytest.raises(CommandRefused, match="events a second"):
        door.count_event()
    time.now = 1.0
    door.count_event()
