"""Tests of the words and the waits between two connections."""

from __future__ import annotations

from pickled.mqtt.causes import Cause
from pickled.mqtt.reconnect import End, Reconnect


def test_reconnect_waits_longer_each_time_up_to_the_cap() -> None:
    """The first try comes soon, and none later than the cap."""
    reconnect = Reconnect("pickled-home", longest_wait=3.0)
    waits = [reconnect.after(End(Cause("gone")), 0.999)[1] for _ in range(40)]
    assert waits[0] < 0.3
    assert waits == sorted(waits)
    assert 2.9 < waits[-1] <= 3.0


def test_reconnect_after_a_long_connection_is_quick_again() -> None:
    """Old failures don't count against a broker that was there for a while."""
    reconnect = Reconnect("pickled-home")
    for _ in range(10):
        reconnect.after(End(Cause("gone")), 0.5)
    assert reconnect.after(End(Cause("gone"), lasted_s=600.0), 0.999)[1] < 0.2


def test_reconnect_with_bad_credentials_is_slow() -> None:
    """Asking often does not make the password right: up to 8 s."""
    reconnect = Reconnect("pickled-home")
    waits = [reconnect.after(End(Cause("no", bad_credentials=True)), 0.999)[1] for _ in range(2000)]
    assert waits[0] > 1.0
    assert 7.9 < waits[-1] <= 8.0


def test_reconnect_two_short_connections_betray_a_second_process() -> None:
    """One drop may be anything; two right after connecting are somebody of our name."""
    reconnect = Reconnect("pickled-home")
    assert reconnect.after(End(Cause("cut"), lasted_s=0.5), 0.5)[0] == "cut"
    cause, _ = reconnect.after(End(Cause("cut"), lasted_s=0.5), 0.5)
    assert "another process" in cause
    assert "pickled-home" in cause
    assert reconnect.after(End(Cause("cut"), lasted_s=60.0), 0.5)[0] == "cut"


def test_reconnect_taken_over_is_said_at_once() -> None:
    """MQTT 5 brokers name it."""
    cause, _ = Reconnect("pickled-home").after(End(Cause("", taken_over=True), lasted_s=60.0), 0.5)
    assert "another process" in cause
