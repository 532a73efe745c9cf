"""Who may mute a node, and who may release it."""

from __future__ import annotations

import pytest

from pickled.node.mute import Mute, Switching


@pytest.mark.parametrize(
    ("own", "value", "fresh", "online", "after"),
    [
        (False, "ON", True, True, True),
        (False, "ON", False, True, True),
        (True, "OFF", True, True, False),
        (True, "OFF", False, True, True),
        (False, "TOGGLE", True, True, False),
        (True, "TOGGLE", True, True, True),
        (False, "TOGGLE", True, False, True),
        (True, "TOGGLE", True, False, True),
    ],
)
def test_mute_obeys(own: bool, value: Switching, fresh: bool, online: bool, after: bool) -> None:
    """ON always mutes, only a fresh OFF releases, a TOGGLE mutes while the daemon is away."""
    mute = Mute(own=own)
    mute.command(value, fresh=fresh, daemon_online=online)
    assert mute.own is after


def test_mute_is_not_released_by_a_state() -> None:
    """The daemon's OFF state leaves the node's own mute in force."""
    mute = Mute(own=True, daemon=True)
    mute.daemon = False
    assert mute.on


def test_mute_follows_the_daemon_too() -> None:
    """Without a mute of its own a node is silent while the daemon's state says so."""
    assert Mute(daemon=True).on
    assert not Mute().on
