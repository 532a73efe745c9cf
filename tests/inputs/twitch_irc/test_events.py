"""What Twitch's lines mean, and which of them are the same."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pickled.inputs.twitch_irc.events import is_from_partner, keys, to_events
from pickled.inputs.twitch_irc.lines import IrcMessage, parse_line
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage, Fragment
from pickled.messages.events import Event
from pickled.messages.stream import StreamEvent
from tests.stand_ins.twitch_irc import line, privmsg

TS = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)
SOURCE = "twitch_anonymous"


def parsed(written: str) -> IrcMessage:
    """That line, taken apart."""
    message = parse_line(written)
    assert message is not None
    return message


def events(written: str) -> tuple[Event, ...]:
    """What that line means."""
    return to_events(parsed(written), ts=TS, channel="wren")


def said(written: str) -> ChatMessage:
    """The chat message that this line is."""
    (event,) = events(written)
    assert isinstance(event, ChatMessage)
    return event


def notice(msg_id: str, text: str | None = None, **tags: str) -> StreamEvent:
    """The stream event that such a notice is."""
    (event,) = events(usernotice(msg_id, text, **tags))
    assert isinstance(event, StreamEvent)
    return event


def usernotice(msg_id: str, text: str | None = None, **tags: str) -> str:
    """A notice about Bob."""
    usual = {"id": f"n-{msg_id}", "login": "bob", "display_name": "Bob", "user_id": "9"}
    return line("USERNOTICE", "wren", text, msg_id=msg_id, **usual | tags)


def test_chat_message() -> None:
    """A line of chat comes with its author, roles, and channel."""
    assert said(privmsg("hello there", id="m1")) == ChatMessage(
        ts=TS,
        id="m1",
        user="Ann",
        user_id="7",
        login="ann",
        channel="wren",
        source=SOURCE,
        badges=("subscriber", "premium"),
        text="hello there",
        fragments=(Fragment(type="text", text="hello there"),),
    )


def test_chat_without_display_name() -> None:
    """Who never chose a display name is shown by login."""
    assert said(privmsg("hi", display_name="", login="ann_b")).user == "ann_b"


def test_login_beside_a_localised_name() -> None:
    """Both are there: chat shows one, the other one can be typed."""
    message, cheer = events(
        privmsg("Cheer10", display_name="ハンサム", login="handsome77", bits="10")
    )
    assert isinstance(message, ChatMessage)
    assert isinstance(cheer, StreamEvent)
    assert (message.user, message.login) == ("ハンサム", "handsome77")
    assert (cheer.user, cheer.login) == ("ハンサム", "handsome77")
    assert notice("sub").login == "bob"
    assert notice("submysterygift", login="ananonymousgifter").login == ""


def test_chat_badges() -> None:
    """Roles are the ids of the badges, whatever their version."""
    shown = said(privmsg("hi", badges="broadcaster/1,moderator/1,vip/1,subscriber/3012"))
    assert shown.badges == ("broadcaster", "moderator", "vip", "subscriber")
    assert said(privmsg("hi", badges="")).badges == ()


def test_chat_reply() -> None:
    """An answer knows what it answers."""
    answer = said(privmsg("@Bob yes", reply_parent_msg_id="m0", reply_parent_user_login="bob"))
    assert (answer.reply_to, answer.reply_to_user) == ("m0", "bob")
    assert answer.fragments[0] == Fragment(type="mention", text="@Bob")


def test_chat_action() -> None:
    """`/me` is unwrapped, and its emotes are counted from the inner text."""
    waves = said(privmsg("\x01ACTION Kappa waves\x01", emotes="25:0-4"))
    assert waves.text == "Kappa waves"
    assert waves.fragments[0] == Fragment(type="emote", text="Kappa")


def test_chat_emotes_behind_emoji() -> None:
    """Emote positions count characters as people do, not UTF-16 units."""
    shown = said(privmsg("🥟🥟 Kappa end Kappa", emotes="25:3-7,13-17"))
    assert [(each.type, each.text) for each in shown.fragments] == [
        ("text", "🥟🥟 "),
        ("emote", "Kappa"),
        ("text", " end "),
        ("emote", "Kappa"),
    ]


def test_chat_wrong_emotes() -> None:
    """Positions that are wrong, overlap or lie outside are passed over."""
    tags = ("25:0-99", "x", "25:3-1", "25:-", "/,,", "25:0-4,2-6", "25:99999999999999-1")
    texts = ["".join(f.text for f in said(privmsg("Kappa ab", emotes=e)).fragments) for e in tags]
    assert texts == ["Kappa ab"] * len(tags)


def test_chat_duplicate_mark() -> None:
    """The invisible mark that programs append to repeat a line is not part of it."""
    assert said(privmsg("again \U000e0000")).text == "again"


def test_chat_cheer() -> None:
    """Bits are on the message and also an event; words that add up to them are cheermotes."""
    message, cheer = events(privmsg("ShowLove100 route66 take Cheer50", bits="150"))
    assert isinstance(message, ChatMessage)
    assert isinstance(cheer, StreamEvent)
    assert (message.bits, cheer.event_type, cheer.amount, cheer.user) == (150, "cheer", 150, "Ann")
    assert [each.text for each in message.fragments if each.type == "cheermote"] == ["Cheer50"]
    message, _ = events(privmsg("ShowLove100 take Cheer50", bits="150"))
    assert isinstance(message, ChatMessage)
    cheermotes = [each.text for each in message.fragments if each.type == "cheermote"]
    assert cheermotes == ["ShowLove100", "Cheer50"]


def test_chat_anonymous_cheer() -> None:
    """An anonymous cheer has no user."""
    anonymous = privmsg(
        "Anon10", bits="10", display_name="AnAnonymousCheerer", login="ananonymouscheerer"
    )
    cheer = events(anonymous)[1]
    assert isinstance(cheer, StreamEvent)
    assert (cheer.user, cheer.user_id, cheer.amount) == ("", "", 10)


def test_chat_without_id() -> None:
    """A message that could never be retracted is not taken."""
    assert events(privmsg("hi", id="")) == ()


def test_notice_sub_and_resub() -> None:
    """A sub has its tier, a resub its months and words."""
    sub = notice("sub", msg_param_sub_plan="Prime", msg_param_cumulative_months="1")
    assert (sub.event_type, sub.user, sub.user_id, sub.tier) == ("sub", "Bob", "9", "prime")
    resub = notice(
        "resub",
        "still here",
        msg_param_sub_plan="2000",
        msg_param_cumulative_months="14",
        system_msg="Bob subscribed at Tier 2.",
    )
    assert (resub.event_type, resub.months, resub.tier) == ("resub", 14, "2")
    assert (resub.text, resub.title) == ("still here", "Bob subscribed at Tier 2.")


def test_notice_gifts() -> None:
    """One gift, many gifts, and gifts of somebody who stays unknown."""
    one = notice("subgift", msg_param_sub_plan="1000", msg_param_recipient_user_name="cy")
    assert (one.event_type, one.user, one.amount, one.tier) == ("gift", "Bob", 1, "1")
    many = notice("submysterygift", msg_param_mass_gift_count="20", login="ananonymousgifter")
    assert (many.event_type, many.user, many.user_id, many.amount) == ("gift", "", "", 20)


def test_notice_raid() -> None:
    """A raid has its size and the name as shown."""
    raid = notice("raid", msg_param_displayName="BobTV", msg_param_viewerCount="87")
    assert (raid.event_type, raid.user, raid.viewers) == ("raid", "BobTV", 87)


def test_notice_charity() -> None:
    """A donation is a tip, in whole units of its currency."""
    tip = notice(
        "charitydonation",
        msg_param_donation_amount="1250",
        msg_param_exponent="2",
        msg_param_donation_currency="EUR",
    )
    assert (tip.event_type, tip.amount, tip.currency) == ("tip", 12.5, "EUR")


def test_notice_announcement() -> None:
    """An announcement, and what people write to other notices, is chat."""
    announced = said(usernotice("announcement", "we start at eight"))
    assert (announced.user, announced.text) == ("Bob", "we start at eight")
    assert said(usernotice("viewermilestone", "five in a row")).text == "five in a row"
    assert events(usernotice("viewermilestone")) == ()


def test_clearmsg() -> None:
    """A deleted message is named by its id."""
    deleted = line("CLEARMSG", "wren", "bad words", target_msg_id="m1", login="bob")
    assert events(deleted) == (
        ChatDeleted(ts=TS, id="m1", user="bob", channel="wren", source=SOURCE),
    )
    assert events(line("CLEARMSG", "wren", "bad words")) == ()


def test_clearchat() -> None:
    """A timeout names the viewer; without one, or without the id, all of chat is cleared."""
    timed_out = line("CLEARCHAT", "wren", "bob", target_user_id="9", ban_duration="600")
    assert events(timed_out) == (
        ChatCleared(ts=TS, user="bob", user_id="9", channel="wren", source=SOURCE),
    )
    for whole in (line("CLEARCHAT", "wren"), line("CLEARCHAT", "wren", "bob")):
        (event,) = events(whole)
        assert isinstance(event, ChatCleared)
        assert event.user_id is None


def test_partner() -> None:
    """Shared chat: what was written in another room is a partner's."""
    assert is_from_partner(parsed(privmsg("hi", source_room_id="2000")))
    assert not is_from_partner(parsed(privmsg("hi", source_room_id="1000")))
    assert not is_from_partner(parsed(privmsg("hi")))


def test_keys() -> None:
    """The same line has the same key on every connection, another one has another."""
    assert keys(parsed(privmsg("a", id="m1"))) == ("m1",)
    assert keys(parsed(line("CLEARMSG", "wren", "x", target_msg_id="m1"))) != ("m1",)
    first, second = (line("CLEARCHAT", "wren", "bob", target_user_id="9") for _ in range(2))
    assert keys(parsed(first)) == keys(parsed(first)) != keys(parsed(second))


_TAGS = st.sampled_from(
    ["id", "bits", "emotes", "badges", "display-name", "login", "user-id", "msg-id"]
    + ["target-msg-id", "target-user-id", "reply-parent-msg-id", "room-id", "source-room-id"]
    + [f"msg-param-{each}" for each in ("viewerCount", "sub-plan", "donation-amount", "exponent")]
    + ["msg-param-mass-gift-count", "msg-param-origin-id", "system-msg"]
)
_VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["raid", "sub", "subgift", "submysterygift", "charitydonation", "1000"]),
    st.integers().map(str),
    st.integers(min_value=10**18).map(lambda number: str(number) * 30),
)
_COMMANDS = st.sampled_from(["PRIVMSG", "USERNOTICE", "CLEARMSG", "CLEARCHAT", "NOTICE", "PART"])


@given(_COMMANDS, st.dictionaries(_TAGS, _VALUES), st.lists(st.text(), max_size=3))
def test_events_of_anything(command: str, tags: dict[str, str], params: list[str]) -> None:
    """Whatever the tags hold, there are events or none; fragments give the text again."""
    message = IrcMessage(command=command, params=tuple(params), tags=tags)
    keys(message)
    for event in to_events(message, ts=TS, channel="wren"):
        assert event.model_dump_json()
        if isinstance(event, ChatMessage):
            assert "".join(each.text for each in event.fragments) == event.text
