"""The contract's table: its rows hang together, and its values survive the wire."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pickled.messages.command import Command, parse
from pickled.messages.emotion import EMOTIONS
from pickled.messages.state import ServiceLevel
from pickled.mqtt.examples import examples
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, Root, topic

ROOT = Root()
PACKAGE = Path(__file__).parents[1] / "pickled"
IDS = [row.path for row in TOPICS]


def test_paths_are_unique() -> None:
    """No topic stands in the table twice."""
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("row", TOPICS, ids=IDS)
def test_row_follows_the_rules_of_its_kind(row: Topic) -> None:
    """States are retained and go out at QoS 1; commands, events and streams are never retained."""
    own = row.path.removeprefix("node/{node}/")
    match row.kind:
        case "state":
            assert row.retain
            assert row.qos == 1
        case "command":
            assert not row.retain
            assert own.endswith("/set") or own.startswith("cmd/")
            assert issubclass(row.payload, Command)
            assert row.expiry_s
        case "event":
            assert not row.retain
            assert row.path.startswith("event/")
        case "stream":
            assert not row.retain
            assert own != row.path
    assert row.by
    assert row.to
    assert row.doc.endswith((".", "?"))


@pytest.mark.parametrize("row", TOPICS, ids=IDS)
def test_example_survives_the_wire(row: Topic) -> None:
    """What is encoded is decoded to the same, and encoded to the same again."""
    for payload in examples(row):
        if row.kind == "command":
            parse(row.payload, payload)
            continue
        value = row.decode(payload)
        assert row.encode(value) == payload
        assert row.decode(row.encode(value)) == value


@pytest.mark.parametrize("row", [row for row in TOPICS if row.form == "json"], ids=lambda r: r.path)
def test_reader_forgives_what_it_does_not_know(row: Topic) -> None:
    """A field of a later version is ignored, in states, events and streams alike."""
    payload = examples(row)[0]
    if payload.startswith(b"{") and row.path not in ("health/state", "context/state"):
        assert row.decode(payload[:-1] + b',"from_the_future":1}') == row.decode(payload)


@pytest.mark.parametrize(
    ("path", "value", "payload"),
    [
        ("muted/state", True, b"ON"),
        ("muted/state", "OFF", b"OFF"),
        ("volume/state", 80.0, b"80"),
        ("volume/state", 80, b"80"),
        ("cooldown/state", 8.5, b"8.5"),
        ("chat_rate/state", 1234567.0, b"1234567"),
        ("caption/state", "", b""),
        ("node/{node}/tts/audio", b"\x00", b"\x00"),
    ],
)
def test_encode_writes_what_people_and_keys_read(path: str, value: object, payload: bytes) -> None:
    """Scalars are bare, whole numbers without a point."""
    assert topic(path).encode(value) == payload


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("muted/state", b"on"),
        ("volume/state", b"101"),
        ("volume/state", b"loud"),
        ("volume/state", b"\xff"),
        ("emotion/state", b"hungry"),
        ("response/state", b"{}"),
        ("event/chat", b'{"event_type":"party"}'),
        ("node/{node}/state", b"[]"),
    ],
)
def test_decode_refuses_what_is_not_in_the_contract(path: str, payload: bytes) -> None:
    """A foreign payload raises, and nothing else."""
    with pytest.raises(ValidationError):
        topic(path).decode(payload)


@given(st.sampled_from([row for row in TOPICS if row.kind != "command"]), st.binary(max_size=100))
def test_decode_any_bytes(row: Topic, payload: bytes) -> None:
    """Any bytes are a value or a validation error."""
    try:
        row.decode(payload)
    except ValidationError:
        return


@pytest.mark.parametrize("row", TOPICS, ids=IDS)
def test_find_is_the_way_back(row: Topic) -> None:
    """A topic's whole name leads to its row and its node."""
    node = "laptop" if "{node}" in row.path else None
    name = ROOT(row.path, node="laptop")
    assert ROOT.find(name) == (row, node)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pickled",
        "pickled/home",
        "pickled/home/",
        "pickled/other/muted/state",
        "pickled/home/muted",
        "pickled/home/node/laptop",
        "pickled/home/node/laptop/else",
        "pickled/home/node//state",
        "pickled/home/node/a/b/state",
        "pickled/home/node/{node}/tts",
        "homeassistant/status",
    ],
)
def test_find_foreign_topic(name: str) -> None:
    """What is not in the contract is not found."""
    assert ROOT.find(name) is None


def test_emotions_and_levels_are_offered_in_full() -> None:
    """Home Assistant drops a value that is not among the options: so all are."""
    (entity,) = topic("service_level/state").entities
    assert set(entity.keys["options"]) == set(get_args(ServiceLevel))
    assert len(EMOTIONS) == len(set(EMOTIONS)) == 10


def test_no_topic_is_written_elsewhere() -> None:
    """Whole topics are made from the table's paths; nobody writes `pickled/home/…` by hand."""
    elsewhere = [
        f"{path.name}: {line.strip()}"
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"pickled/home/\w", line)
    ]
    assert not elsewhere
