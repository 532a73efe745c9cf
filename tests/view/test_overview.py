"""One view of all instances: found by what they publish, whatever else is published there."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pickled.messages.state import Health
from pickled.topics import topic
from pickled.view.overview import MOST_INSTANCES, Overview

AT = datetime(2026, 11, 30, tzinfo=UTC)


def healthy(**parts: str) -> bytes:
    """A health state; `llm="down"`."""
    each = {
        name: {"status": status, "detail": "why", "since": AT} for name, status in parts.items()
    }
    return topic("health/state").encode(Health.model_validate(each))


def test_instances_are_found_by_what_they_publish() -> None:
    """Each with its own condition, by name; what is not well is named."""
    seen = Overview("pickled")
    assert seen.take("pickled/second/availability", b"online") == "second"
    seen.take("pickled/second/service_level/state", b"reduced")
    seen.take("pickled/second/health/state", healthy(llm="degraded", tts="up"))
    seen.take("pickled/home/availability", b"offline")
    seen.take("pickled/home/service_level/state", b"full")
    home, second = seen.conditions
    assert (home.instance, home.online, home.service_level, home.trouble) == ("home", False, "", ())
    assert (second.service_level, second.trouble) == ("reduced", ("llm degraded: why",))


def test_other_topics_are_none_of_its_business() -> None:
    """Nodes, commands, other programs, and what is not as the contract says."""
    seen = Overview("pickled")
    for name, payload in (
        ("pickled/home/node/laptop/availability", b"online"),
        ("pickled/home/cmd/say", b"hello"),
        ("zigbee2mqtt/home/availability", b"online"),
        ("pickled", b"online"),
        ("pickled/home/availability", b"maybe"),
        ("pickled/home/health/state", b"{"),
    ):
        assert seen.take(name, payload) is None
    assert seen.conditions == ()


def test_removed_instance_is_gone() -> None:
    """All its retained topics were cleared."""
    seen = Overview("pickled")
    seen.take("pickled/old/availability", b"offline")
    assert seen.take("pickled/old/availability", b"") == "old"
    assert seen.condition("old") is None


@given(st.text(max_size=30), st.binary(max_size=60))
def test_nothing_that_is_published_breaks_it(name: str, payload: bytes) -> None:
    """Whatever stands between the slashes, and behind them."""
    seen = Overview("pickled")
    for path in ("availability", "health/state", "info"):
        seen.take(f"pickled/{name}/{path}", payload)
    assert len(seen.conditions) <= 1


def test_more_instances_than_it_shows() -> None:
    """Its memory is bounded."""
    seen = Overview("pickled")
    for number in range(MOST_INSTANCES + 50):
        seen.take(f"pickled/i{number}/availability", b"online")
    assert len(seen.conditions) == MOST_INSTANCES
