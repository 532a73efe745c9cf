"""What each notification means, and what an odd one costs: itself alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.inputs.twitch_eventsub.notifications import Notifications
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.stream import StreamEvent
from pickled.recent import Seen
from pickled.services.twitch.eventsub.session import Notification
from tests.stand_ins.twitch import more_payloads as more
from tests.stand_ins.twitch import payloads as some
from tests.stand_ins.twitch.examples import EXAMPLES
from tests.stand_ins.twitch.world import BOT, number

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
CHAT, NOTICE = "channel.chat.message", "channel.chat.notification"


class Told:
    """Notifications of one channel, and what became of them."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.notifications = Notifications(
            "wren",
            seen=Seen(1000),
            is_own=lambda message: message.user_id == BOT,
            on_state=lambda kind, _event: self.states.append(kind),
        )

    def __call__(self, kind: str, event: Any, *, by: str = "") -> list[Any]:
        """The messages that come of one."""
        told = Notification(by or f"n{number()}", kind, event)
        return list(self.notifications.read(told, NOW))

    @property
    def left_out(self) -> Counter[str]:
        """What gave nothing, by reason."""
        return self.notifications.left_out


@pytest.fixture
def told() -> Told:
    """A channel that was told nothing yet."""
    return Told()


def test_line_has_all_its_pieces(told: Told) -> None:
    """Emotes, cheermotes and mentions are pieces; badges, reply and bits come along."""
    event = some.chat(
        "hi Kappa Cheer100 @bob",
        some.text_fragment("hi "), some.emote("Kappa"), some.text_fragment(" "),
        some.cheermote("Cheer100", "Cheer", 100), some.mention("@bob", "bob"),
        bits=100, reply=some.reply_to("picklebot"),
        badges=[{"set_id": "moderator", "id": "1", "info": ""}],
    )  # fmt: skip
    line, cheer = told(CHAT, event)
    assert [each.type for each in line.fragments] == [
        "text", "emote", "text", "cheermote", "mention"
    ]  # fmt: skip
    assert (line.user, line.user_id, line.login, line.badges) == ("Ann", "7", "ann", ("moderator",))
    assert (line.reply_to, line.reply_to_user, line.bits) == ("parent-1", "picklebot", 100)
    assert (line.channel, line.source, line.partner) == ("wren", "twitch", False)
    assert (cheer.event_type, cheer.amount, cheer.user) == ("cheer", 100, "Ann")


def test_line_twice_is_one(told: Told) -> None:
    """By the notification's id, and by the line's own where that differs."""
    event = some.chat("once")
    assert len(told(CHAT, event, by="a")) == 1
    assert told(CHAT, event, by="a") == told(CHAT, event, by="b") == []
    assert told.left_out == {"duplicate": 2}


def test_own_line_is_left_out(told: Told) -> None:
    """What we wrote ourselves is nobody's question."""
    assert told(CHAT, some.chat("pickled?", who=(BOT, "picklebot", "PickleBot"))) == []
    assert told.left_out == {"own": 1}


def test_line_of_a_partner(told: Told) -> None:
    """In a shared chat: whose channel it is, and their badges, not ours."""
    event = some.chat(
        "hello from over there",
        source_broadcaster_user_id="3000", source_broadcaster_user_login="finch",
        source_broadcaster_user_name="Finch", source_message_id="x",
        source_badges=[{"set_id": "vip", "id": "1", "info": ""}],
    )  # fmt: skip
    (line,) = told(CHAT, event)
    assert (line.partner, line.channel, line.badges) == (True, "finch", ("vip",))
    (own,) = told(CHAT, some.chat("here", source_broadcaster_user_id="1000"))
    assert (own.partner, own.channel) == (False, "wren")
    assert told(NOTICE, some.notice("shared_chat_sub", some.sub())) == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            some.notice("sub", some.sub("2000")),
            {"event_type": "sub", "tier": "2", "user": "Ann", "title": "sub happened"},
        ),
        (some.notice("sub", some.sub(is_prime=True)), {"event_type": "sub", "tier": "prime"}),
        (
            some.notice("resub", some.resub(14), "a year!"),
            {"event_type": "resub", "months": 14, "text": "a year!"},
        ),
        (some.notice("sub_gift", some.gift()), {"event_type": "gift", "amount": 1}),
        (
            some.notice("community_sub_gift", some.gifts(5, "c1"), who=None),
            {"event_type": "gift", "amount": 5, "user": "", "user_id": ""},
        ),
        (
            some.notice("prime_paid_upgrade", {"sub_tier": "1000"}),
            {"event_type": "sub", "tier": "1"},
        ),
        (
            some.notice("raid", {**some.person("user", ("8", "bob", "Bob")), "viewer_count": 9}),
            {"event_type": "raid", "viewers": 9, "user": "Bob", "login": "bob"},
        ),
        (
            some.notice(
                "charity_donation",
                {"charity_name": "x", "amount": {"value": 1050, "decimal_place": 2,
                 "currency": "EUR"}},
            ),
            {"event_type": "tip", "amount": 10.5, "currency": "EUR"},
        ),
    ],
)  # fmt: skip
def test_notice(told: Told, event: Any, expected: dict[str, Any]) -> None:
    """What chat is told of, with who it was unless they did not want to be named."""
    (found,) = told(NOTICE, event)
    assert isinstance(found, StreamEvent)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize("kind", ["announcement", "watch_streak"])
def test_notice_with_words_is_chat(told: Told, kind: str) -> None:
    """An announcement, and the words with a watch streak, come by no other way."""
    detail = {"color": "BLUE"} if kind == "announcement" else {
        "streak_count": 5, "channel_points_awarded": 450
    }  # fmt: skip
    (line,) = told(NOTICE, some.notice(kind, detail, "hello all"))
    assert isinstance(line, ChatMessage)
    assert line.text == "hello all"
    assert told(NOTICE, some.notice(kind, detail)) == []


def test_gifts_of_many_are_one(told: Told) -> None:
    """Five gifts at once are one event of five; a gift beside them is one of its own."""
    assert [each.amount for each in told(NOTICE, some.notice("community_sub_gift",
            some.gifts(5, "c1")))] == [5]  # fmt: skip
    for _ in range(5):
        assert told(NOTICE, some.notice("sub_gift", some.gift("c1"))) == []
    assert len(told(NOTICE, some.notice("sub_gift", some.gift()))) == 1


def test_anonymous_cheer_is_one(told: Told) -> None:
    """It comes in chat and as a cheer, in either order; others come in chat alone."""
    assert told("channel.cheer", some.cheer(100, "go")) == []
    (cheer,) = told("channel.cheer", some.cheer(100, "go", who=None))
    assert (cheer.user, cheer.amount, cheer.text) == ("", 100, "go")
    nobody = ("274598607", "ananonymouscheerer", "AnAnonymousCheerer")
    found = told(CHAT, some.chat("go", who=nobody, bits=100))
    assert [type(each) for each in found] == [ChatMessage]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("channel.follow", {"event_type": "follow", "user": "Ann", "user_id": "7"}),
        ("channel.bits.use", {"event_type": "cheer", "amount": 50, "title": "celebration"}),
        (
            "channel.channel_points_custom_reward_redemption.add",
            {"event_type": "redemption", "title": "Hydrate", "amount": 100, "user": "Ann"},
        ),
        ("channel.hype_train.begin", {"event_type": "hype_train", "amount": 1, "title": "begins"}),
        ("channel.hype_train.end", {"event_type": "hype_train", "amount": 3, "title": "ends"}),
        ("channel.poll.begin", {"event_type": "poll", "title": "Left?", "text": "Left, Right"}),
        ("channel.poll.end", {"event_type": "poll", "text": "ends: Left 3"}),
        ("channel.prediction.begin", {"event_type": "prediction", "title": "Rain?"}),
        ("channel.prediction.lock", {"event_type": "prediction", "text": "is closed: Yes 9"}),
        ("channel.prediction.end", {"event_type": "prediction", "text": "ends: Yes"}),
        ("channel.ad_break.begin", {"event_type": "ad", "amount": 90}),
    ],
)
def test_happening(told: Told, kind: str, expected: dict[str, Any]) -> None:
    """Each as an event of ours."""
    (found,) = told(kind, EXAMPLES[kind])
    assert {name: getattr(found, name) for name in expected} == expected


def test_hype_train_is_told_by_level(told: Told) -> None:
    """Progress within a level is no news."""
    told("channel.hype_train.begin", more.hype_train(1))
    progress = [told("channel.hype_train.progress", more.hype_train(n)) for n in (1, 1, 2, 2, 3)]
    assert [len(each) for each in progress] == [0, 0, 1, 0, 1]


def test_what_moderators_take_back(told: Told) -> None:
    """One line, one viewer's, all of it, and what AutoMod holds."""
    (gone,) = told("channel.chat.message_delete", some.deleted("m1"))
    assert isinstance(gone, ChatDeleted)
    assert (gone.id, gone.user_id) == ("m1", "7")
    assert told(CHAT, some.chat("late", message_id="m1")) == []  # it was still on its way
    (banned,) = told("channel.chat.clear_user_messages", some.cleared())
    (all_of_it,) = told("channel.chat.clear", some.cleared(None))
    assert isinstance(banned, ChatCleared)
    assert (banned.user_id, all_of_it.user_id) == ("7", None)
    (held,) = told("automod.message.hold", more.held("m2", "hm"))
    assert held.id == "m2"
    assert len(told(CHAT, some.chat("let in", message_id="m2"))) == 1


def test_states_are_told_apart(told: Told) -> None:
    """What is so now goes to who keeps it."""
    for kind in ("stream.online", "channel.update", "channel.chat_settings.update"):
        assert told(kind, EXAMPLES[kind]) == []
    assert told.states == ["stream.online", "channel.update", "channel.chat_settings.update"]


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_missing_key_costs_one_event(told: Told, kind: str, caplog: Any) -> None:
    """Whatever is missing: no error, at most that event is lost, and that is said once."""
    for key in EXAMPLES[kind]:
        told(kind, {name: value for name, value in EXAMPLES[kind].items() if name != key})
    assert told(CHAT, some.chat("goes on"))
    assert told(CHAT, {}) == told(CHAT, {}) == []
    assert told.left_out["malformed"] >= 2


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(kind=st.sampled_from(sorted(EXAMPLES)), data=st.data())
def test_hostile_values_cost_one_event(kind: str, data: st.DataObject) -> None:
    """Any value in any place: what comes is a message, or nothing."""
    event = dict(EXAMPLES[kind])
    for key in data.draw(st.lists(st.sampled_from(sorted(event)), max_size=3)):
        event[key] = data.draw(_JUNK)
    for each in Told()(kind, event):
        each.model_dump_json()
