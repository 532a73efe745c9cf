"""A line of chat from elsewhere is taken as bridges send it, or refused with what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pickled.errors import CommandRefused
from pickled.messages.command import parse
from pickled.messages.outside_chat import LONGEST_LINE, TellChat

LINE = {"platform": "youtube", "id": "a1", "user": "Ana", "user_id": "UC1", "text": "Hi!"}


def told(**fields: Any) -> TellChat:
    """The line with other fields; None leaves one out."""
    given = {key: value for key, value in (LINE | fields).items() if value is not None}
    return parse(TellChat, json.dumps(given).encode())


@pytest.mark.parametrize(
    ("field", "given", "taken"),
    [
        ("platform", "YouTube", "youtube"),
        ("id", 17, "17"),
        ("id", None, None),
        ("user_id", 4711, "4711"),
        ("user_id", None, ""),
        ("user", "  The  Other\tOwl ", "The Other Owl"),
        ("text", "over\ntwo\r\nlines\u0007", "over two lines"),
        ("badges", ["Member", "subscriber/12"], ("member", "subscriber/12")),
        ("reply_to", 3, "3"),
        ("text", "😀 ज़ noël", "😀 ज़ noël"),
    ],
)
def test_line_is_taken_as_bridges_send_it(field: str, given: object, taken: object) -> None:
    """Numbers for ids, names with capitals and spaces, line breaks: chat's one line comes of it."""
    assert getattr(told(**{field: given}), field) == taken


@pytest.mark.parametrize(
    ("fields", "code", "says"),
    [
        ({"platform": None}, "bad_payload", "is missing"),
        ({"platform": "you tube"}, "bad_payload", "form"),
        ({"platform": "twitch:1"}, "bad_payload", "form"),
        ({"platform": "a" * 16}, "out_of_range", "at most 15"),
        ({"text": None}, "bad_payload", "needs `user` and `text`"),
        ({"text": " \n"}, "bad_payload", "needs `user` and `text`"),
        ({"user": ""}, "bad_payload", "needs `user` and `text`"),
        ({"text": "x" * (LONGEST_LINE + 1)}, "out_of_range", "at most 500"),
        ({"user_id": "x" * 49}, "out_of_range", "at most 48"),
        ({"user_id": "a b"}, "bad_payload", "form"),
        ({"id": "a\u0001"}, "bad_payload", "form"),
        ({"id": ""}, "bad_payload", "can't be empty"),
        ({"id": True}, "bad_payload", "text"),
        ({"badges": ["x"] * 21}, "out_of_range", "at most 20"),
        ({"badges": "moderator"}, "bad_payload", "list"),
        ({"delete": "a1"}, "bad_payload", "nothing but `platform`"),
        ({"color": "red"}, "bad_payload", "unknown"),
    ],
)
def test_line_is_refused_with_what_is_wrong(fields: dict[str, Any], code: str, says: str) -> None:
    """Whoever builds a bridge reads what to mend."""
    with pytest.raises(CommandRefused) as caught:
        told(**fields)
    assert caught.value.code == code
    assert says in caught.value.message


def test_retraction_has_platform_and_id_alone() -> None:
    """That is the second form."""
    found = parse(TellChat, b'{"platform": "kick", "delete": 12}')
    assert (found.platform, found.delete, found.text) == ("kick", "12", "")


def test_line_that_is_delivered_again_is_done_by_its_own_id() -> None:
    """Among the ids of commands, thousands of lines would push out what a key sent."""
    assert told().once is None
    assert told().may_come_twice
    assert not told(id=None).may_come_twice
