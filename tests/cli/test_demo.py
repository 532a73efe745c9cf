"""The demo's options."""

from __future__ import annotations

import pytest

from pickled.cli.demo import _broker_at
from pickled.errors import UsageError


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("mqtt://10.0.0.2", {"host": "10.0.0.2", "port": 1883, "tls": False}),
        ("10.0.0.2:1884", {"host": "10.0.0.2", "port": 1884, "tls": False}),
        ("mqtts://me@hub", {"host": "hub", "port": 8883, "tls": True, "username": "me"}),
        ("mqtt://[::1]:99", {"host": "::1", "port": 99, "tls": False}),
    ],
)
def test_broker_url_names_a_place(url: str, place: dict[str, object]) -> None:
    """Scheme, user and port are optional; the port follows the scheme."""
    assert _broker_at(url) == place


@pytest.mark.parametrize("url", ["http://hub", "mqtt://", "mqtt://hub:port", "mqtt://hub:99999"])
def test_broker_url_that_is_none_is_wrong_usage(url: str) -> None:
    """What is no broker's address is refused with the form that is wanted."""
    with pytest.raises(UsageError, match="mqtt://"):
        _broker_at(url)


def test_broker_url_with_a_password_is_refused_without_repeating_it() -> None:
    """A password in a URL is refused, and not shown again."""
    with pytest.raises(UsageError, match="PASSWORD_FILE") as raised:
        _broker_at("mqtt://me:hunter2@hub")
    assert "hunter2" not in str(raised.value)
