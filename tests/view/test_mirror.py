"""Each message of the contract is typed, and the last of each topic kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.messages.state import LatencyState
from pickled.mqtt.examples import examples
from pickled.mqtt.rules import LARGEST_RETAINED
from pickled.topics import TOPICS, Root, topic
from pickled.view.mirror import FILTERS, MOST_VALUES, Mirror

ROOT = Root()


def test_value_is_typed_and_kept_by_path() -> None:
    """With the node's name, where it is a node's."""
    mirror = Mirror(ROOT)
    said = mirror.take(ROOT("node/{node}/availability", node="attic"), b"online")
    assert said is not None
    assert (said.path, said.node, said.value) == ("node/attic/availability", "attic", "online")
    mirror.take(ROOT("latency/state"), b'{"total": 240}')
    assert mirror.values == {
        "node/attic/availability": "online",
        "latency/state": LatencyState(total=240),
    }


@pytest.mark.parametrize("row", TOPICS, ids=lambda row: row.path)
def test_every_example_is_read(row: object) -> None:
    """All that the contract has but commands and sound."""
    assert isinstance(row, type(TOPICS[0]))
    for payload in examples(row):
        said = Mirror(ROOT).take(ROOT(row.path, node="attic"), payload)
        assert (said is None) == (row.kind == "command" or row.form == "binary")


def test_only_what_is_wanted_is_read() -> None:
    """The rest is not even decoded: an evening's sound would take an evening."""
    mirror = Mirror(ROOT, only={"muted/state"})
    assert mirror.take(ROOT("paused/state"), b"what?") is None
    assert mirror.take(ROOT("muted/state"), b"ON") is not None
    assert (mirror.unreadable, list(mirror.values)) == (0, ["muted/state"])


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("muted/state", b"perhaps"),
        ("latency/state", b"{"),
        ("latency/state", b'{"total": NaN}'),
        ("event/response", b'{"event_type": "finished", "ts": "yesterday"}'),
        ("event/error", b'{"message": "' + b"x" * LARGEST_RETAINED + b'"}'),
        ("caption/state", b"x" * (LARGEST_RETAINED + 1)),
    ],
)
def test_what_is_not_as_agreed_is_counted(path: str, payload: bytes) -> None:
    """It is passed over, and what was known stays."""
    mirror = Mirror(ROOT)
    assert mirror.take(ROOT(path), payload) is None
    assert (mirror.unreadable, len(mirror.values)) == (1, 0)


def test_topics_of_others_are_nothing() -> None:
    """Of another instance, of no row, or of no instance at all."""
    mirror = Mirror(ROOT)
    for name in ("pickled/other/muted/state", ROOT("no/state"), ""):
        assert mirror.take(name, b"ON") is None
    assert mirror.unreadable == 0


def test_number_of_values_is_bounded() -> None:
    """Anybody may name nodes; the oldest are forgotten."""
    mirror = Mirror(ROOT)
    for number in range(MOST_VALUES + 10):
        mirror.take(ROOT("node/{node}/availability", node=f"n{number}"), b"online")
    assert len(mirror.values) == MOST_VALUES
    assert "node/n9/availability" not in mirror.values


def test_filters_cover_states_and_events() -> None:
    """Whoever subscribes to them hears all that a dashboard shows."""
    ends = {each.removeprefix("+") for each in FILTERS if each.startswith("+")}
    for row in TOPICS:
        if row.kind in ("state", "event") and "vision" not in row.by and "{node}" not in row.path:
            known = row.path in FILTERS or row.path.startswith("event/")
            assert known or any(row.path.endswith(each) for each in ends), row.path
    assert topic("muted/state").kind == "state"


@given(name=st.text(max_size=40), payload=st.binary(max_size=80))
def test_any_bytes_on_any_topic_are_taken(name: str, payload: bytes) -> None:
    """Nothing raises."""
    Mirror(ROOT).take(ROOT("") + name, payload)
    Mirror(ROOT).take(name, payload)
