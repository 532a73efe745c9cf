"""Commands from anybody: done exactly as written, or refused with a code of the contract."""

from __future__ import annotations

import json
import random
import re
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.errors import CommandRefused
from pickled.messages import command
from pickled.messages.command import Code, Command, CommandEvent, parse
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, topic

ROWS = tuple(row for row in TOPICS if row.kind == "command")
CODES = get_args(Code)
TURN = "k5q2mz7abcde"


def refusal(kind: type[Command], payload: bytes) -> CommandRefused:
    """How that payload is refused."""
    with pytest.raises(CommandRefused) as caught:
        parse(kind, payload)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "payload", "field", "value"),
    [
        (command.Switch, b"ON", "value", "ON"),
        (command.Switch, b" \t\r\n\v\fTOGGLE \n", "value", "TOGGLE"),
        (command.Switch, b'{"value":"OFF","id":"a"}', "id", "a"),
        (command.Percent, b"60", "value", 60.0),
        (command.Percent, b"0.5", "value", 0.5),
        (command.Percent, b"", "value", None),
        (command.Percent, b'{"value":60}', "value", 60.0),
        (command.Seconds, b"3600", "value", 3600.0),
        (command.Choose, "Maplé".encode(), "value", "Maplé"),
        (command.Choose, b"", "value", None),
        (command.Say, b"Hello [there", "text", "Hello [there"),
        (command.Say, b'{"value":"a"}', "text", "a"),
        (command.Say, b'{"text":"{a}"}', "text", "{a}"),
        (command.AboutTurn, b"", "turn", None),
        (command.AboutTurn, b"{}", "turn", None),
        (command.AboutTurn, f'{{"turn":"{TURN}"}}'.encode(), "turn", TURN),
        (command.Inhibit, b"30", "seconds", 30.0),
        (command.Inhibit, b'{"holder":"bell","seconds":0}', "holder", "bell"),
        (command.Rate, b"down", "rating", "down"),
        (command.Anything, b"", "value", ""),
    ],
)
def test_parse_good_payload(kind: type[Command], payload: bytes, field: str, value: Any) -> None:
    """Bare values and JSON say the same; white space at both ends is dropped."""
    assert getattr(parse(kind, payload), field) == value


@pytest.mark.parametrize(
    ("kind", "payload", "code", "field"),
    [
        (command.Percent, b"+5", "bad_payload", "value"),
        (command.Percent, b'{"value":"+5"}', "bad_payload", "value"),
        (command.Seconds, b"+5", "bad_payload", "value"),
        (command.Percent, b"-0", "bad_payload", "value"),
        (command.Percent, b" -0.0 ", "bad_payload", "value"),
        (command.Percent, b"1_0", "bad_payload", "value"),
        (command.Seconds, b'{"value":"1_0"}', "bad_payload", "value"),
        (command.Switch, b"on", "bad_payload", "value"),
        (command.Switch, b"", "bad_payload", "value"),
        (command.Switch, b'{"value":"ON"', "bad_payload", None),
        (command.Switch, b'{"value":"ON"}{}', "bad_payload", None),
        (command.Switch, b'{"value":"ON","value":"OFF"}', "bad_payload", None),
        (command.Switch, b'{"value":"ON","loud":1}', "bad_payload", "loud"),
        (command.Switch, b'{"value":["ON"]}', "bad_payload", "value"),
        (command.Switch, b'["ON"]', "bad_payload", "value"),
        (command.Switch, b"O\xff", "bad_payload", None),
        (command.Switch, b"ON\x00x", "bad_payload", None),
        (command.Percent, b"101", "out_of_range", "value"),
        (command.Percent, b"-1", "out_of_range", "value"),
        (command.Percent, b"nan", "out_of_range", "value"),
        (command.Percent, b"inf", "out_of_range", "value"),
        (command.Percent, b"loud", "bad_payload", "value"),
        (command.Percent, b'{"value":NaN}', "bad_payload", None),
        (command.Percent, b'{"value":1e999}', "out_of_range", None),
        (command.Percent, b'{"value":' + b"9" * 400 + b"}", "out_of_range", None),
        (command.Percent, b'{"value":true}', "bad_payload", "value"),
        (command.Say, b"", "bad_payload", "value"),
        (command.Say, b"x" * 2001, "out_of_range", "value"),
        (command.Say, b"x" * 4097, "too_large", None),
        (command.Say, b'{"text":"a","value":"b"}', "bad_payload", "text"),
        (command.Say, b'{"text":"a\\u0000"}', "bad_payload", None),
        (command.Say, b'{"text":"\\ud800"}', "bad_payload", None),
        (command.Say, b'{"\\ud800":"a"}', "bad_payload", None),
        (command.Anything, b'{"value":"\\udfff"}', "bad_payload", None),
        (command.Anything, b'{"value":' + b"[" * 2000 + b"]" * 2000 + b"}", "bad_payload", None),
        (command.AboutTurn, b"KKKKKKKKKKKK", "bad_payload", "value"),
        (command.Forget, b"sunny_side", "bad_payload", None),
        (command.Forget, b'{"viewer":"a"}', "bad_payload", "confirm"),
        (command.Forget, b'{"viewer":"a","confirm":false}', "bad_payload", "confirm"),
        (command.SetContext, b'{"key":"a","value":-1e999}', "out_of_range", None),
        (command.TellEvent, b'{"event":"party"}', "bad_payload", "event"),
    ],
)
def test_parse_bad_payload(
    kind: type[Command], payload: bytes, code: str, field: str | None
) -> None:
    """What is wrong is refused, with the field that is."""
    refused = refusal(kind, payload)
    assert (refused.code, refused.field) == (code, field)
    assert refused.message


def test_refusal_carries_the_senders_id() -> None:
    """A sender finds the answer to his command by its id, also when it is refused."""
    assert refusal(command.Switch, b'{"value":"MAYBE","id":"key-1"}').command_id == "key-1"
    assert refusal(command.Switch, b'{"value":"MAYBE","id":7}').command_id is None
    assert refusal(command.Switch, b"MAYBE").command_id is None


def test_long_key_is_not_reflected() -> None:
    """A refusal doesn't send back thousands of foreign characters."""
    refused = refusal(command.Switch, json.dumps({"value": "ON", "x" * 3000: 1}).encode())
    assert refused.field == "x" * 64


def hold(row: Topic, payload: bytes) -> None:
    """Parsed or refused with a code, and the answer can be sent."""
    refused: CommandRefused | None = None
    try:
        done = parse(row.payload, payload)
    except CommandRefused as error:
        refused = error
    if refused is None:
        assert isinstance(done, row.payload)
        done.model_dump_json()
        return
    assert refused.code in CODES
    assert refused.code != "ok"
    event = {"event_type": "rejected", "ts": "2026-05-01T18:30:00Z", "command": row.path,
             "code": refused.code, "message": refused.message, "field": refused.field,
             "id": refused.command_id}  # fmt: skip
    assert len(topic("event/command").encode(CommandEvent.model_validate(event))) < 2000


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ROWS), st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(row: Topic, payload: bytes) -> None:
    """No payload makes anything but an answer."""
    hold(row, payload)


_ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ROWS), st.data())
def test_any_json_is_parsed_or_refused(row: Topic, data: st.DataObject) -> None:
    """Nor does any JSON under the command's own keys or foreign ones."""
    names = [*row.payload.model_fields, "value", "other"]
    fields = data.draw(st.dictionaries(st.sampled_from(names), _ANY_JSON, max_size=5))
    hold(row, json.dumps(fields).encode())


def test_ten_thousand_hostile_payloads() -> None:
    """Mutations of good payloads, in bulk: each is answered with a code."""
    dice = random.Random(7)
    seeds = [
        b'{"value":"ON","id":"a"}', b'{"text":"hello","priority":"high"}', b"TOGGLE", b"60", b"",
        b'{"turn":"k5q2mz7abcde"}', b'{"holder":"a","seconds":1e308}', b'{"value":"\\ud83d"}',
        b'{"event":"tip","amount":-0.0,"months":99999999999999999999}', b"\xff\xfe\x00",
        b'{"a":' * 300, b"[" * 4000, b"9" * 4096, "\N{PILE OF POO}".encode() * 1000,
    ]  # fmt: skip
    for _ in range(10_000):
        payload = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(4)):
            at = dice.randrange(len(payload) + 1)
            payload[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(4))
        hold(dice.choice(ROWS), bytes(payload))


def test_every_set_has_a_state() -> None:
    """Each `…/set` has a `…/state`; a node's own are shown in the node's `state`."""
    paths = {row.path: row for row in TOPICS}
    for row in ROWS:
        if not row.path.endswith("/set"):
            assert row.path.startswith("cmd/")
            continue
        name = row.path.removesuffix("/set")
        if name.startswith("node/{node}/"):
            fields = paths["node/{node}/state"].payload.model_fields
            assert name.rsplit("/", 1)[1] in fields
            continue
        state = paths[f"{name}/state"]
        assert state.kind == "state"
        assert state.built == row.built


@pytest.mark.parametrize(
    ("kind", "payload", "told"),
    [
        (command.Percent, "101", "the value has to be at most 100"),
        (command.Percent, "-1", "the value has to be at least 0"),
        (command.Percent, "loud", "the value has to be a number"),
        (command.Percent, '{"value": true}', "the value: a number is wanted, not true or false"),
        (command.Seconds, "4000", "the value has to be at most 3600"),
        (command.Switch, "on", "the value has to be one of these: ON, OFF or TOGGLE"),
        (command.Switch, "{}", "the value is missing: write it"),
        (command.Say, "", "the value can't be empty"),
        (command.Say, '{"text": "a", "priority": "urgent"}', "priority has to be one of these: "),
        (command.Inhibit, '{"holder": "", "seconds": 3}', "holder can't be empty"),
    ],
)
def test_refusal_is_a_plain_sentence(kind: type[Command], payload: str, told: str) -> None:
    """Our own words, the same as for a mistake in the configuration; none of a library's."""
    with pytest.raises(CommandRefused) as refused:
        parse(kind, payload.encode())
    assert refused.value.message.startswith(told)


def test_no_refusal_quotes_a_library() -> None:
    """Whatever is wrong with whichever field of whichever command."""
    odd = ["", "x" * 4000, "-1", "1e9", "{}", *(f'{{"value": {each}}}' for each in _ODD)]
    quoted = []
    for row in TOPICS:
        if row.kind == "command" and row.payload is not command.Anything:
            names = [each for each in row.payload.model_fields if each != "id"]
            wrong = [f'{{"{name}": {each}}}' for name in names for each in _ODD]
            told = [_told(row.payload, payload) for payload in (*odd, *wrong)]
            quoted += [(row.path, each) for each in told if _FOREIGN.search(each)]
    assert quoted == []


def _told(kind: type[Command], payload: str) -> str:
    try:
        parse(kind, payload.encode())
    except CommandRefused as refusal:
        return refusal.message
    return ""


_ODD = ("null", "true", "[]", "[1]", "{}", '"x"', "-1", "1e300", '""')
_FOREIGN = re.compile(r"Input|Field|should|valid (string|number|integer|dictionary)|Value error")
