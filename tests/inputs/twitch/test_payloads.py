"""Our tables and the stand-in's payloads hold against twitchio, which needs every key."""

from __future__ import annotations

from typing import Any

import pytest
from twitchio.eventsub.enums import SubscriptionType
from twitchio.eventsub.websockets import Websocket
from twitchio.models.eventsub_ import create_event_instance

from pickled.services.twitch.eventsub.wanted import table
from pickled.services.twitch.scopes import scopes_of
from tests.stand_ins.twitch import payloads
from tests.stand_ins.twitch.examples import EXAMPLES
from tests.stand_ins.twitch.kinds import KINDS


@pytest.mark.parametrize("kind", EXAMPLES)
def test_payload_is_complete(kind: str) -> None:
    """twitchio raises KeyError for one key that is missing."""
    raw = {"event": EXAMPLES[kind], "subscription": {}, "metadata": {}}
    assert create_event_instance(kind, raw) is not None


@pytest.mark.parametrize(
    "told",
    [
        payloads.notice("sub", payloads.sub()),
        payloads.notice("resub", payloads.resub(), "a year!"),
        payloads.notice("sub_gift", payloads.gift()),
        payloads.notice("community_sub_gift", payloads.gifts(5, "c1"), who=None),
    ],
    ids=lambda each: each["notice_type"],
)
def test_notice_is_complete(told: dict[str, Any]) -> None:
    """The same for what chat is told of."""
    raw = {"event": told, "subscription": {}, "metadata": {}}
    assert create_event_instance("channel.chat.notification", raw) is not None


def test_all_that_is_wanted_is_known() -> None:
    """Each subscription of ours has its version, condition and rights by the public tables."""
    known = {each.value for each in SubscriptionType}
    assert {each.type for each in table()} == set(KINDS) == set(EXAMPLES)
    for each in table():
        kind = KINDS[each.type]
        body = each.body(channel_id="1", user_id="2", session_id="s")
        condition = body["condition"]
        assert each.type in known
        assert each.version == kind.version
        assert isinstance(condition, dict)
        assert set(condition) == set(kind.condition), each.type
        assert set(each.scopes) == set(kind.scopes), each.type


def test_rights_that_are_asked_for_are_those_that_are_needed() -> None:
    """What is wanted by an account, the sign-in of that account asks for."""
    asked = {role: {each.name for each in scopes_of(role)} for role in ("streamer", "bot")}
    for each in table():
        roles = {"owner": ["streamer"], "anybody": []}.get(each.by, ["streamer", "bot"])
        for role in roles:
            assert asked[role] & set(each.scopes), (each.type, role)  # type: ignore[index]
    assert [each.name for each in scopes_of("bot") if each.needed] == ["user:read:chat"]
    assert all(each.why for role in ("streamer", "bot") for each in scopes_of(role))  # type: ignore[arg-type]


def test_twitchio_has_the_hooks_that_we_hang_on() -> None:
    """They are not promised by anybody: a newer twitchio without them is noticed here."""
    hooks = ("_create_connection_task", "_process_welcome", "_process_notification",
             "_process_reconnect", "_process_revocation", "close", "connect")  # fmt: skip
    assert all(callable(getattr(Websocket, each, None)) for each in hooks)
    assert {"_last_keepalive", "_listen_task", "_keep_alive_task", "_socket"} < set(
        Websocket.__slots__
    )
