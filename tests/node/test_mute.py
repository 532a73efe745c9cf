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


def test_mute_of_all_outweighs_one_of_this_node_alone() -> None:
    """Which of the two it is: the general one, until an OFF; an OFF releases both."""
    mute = Mute()

    def obey(value: Switching, *, alone: bool) -> tuple[bool, bool]:
        mute.command(value, fresh=True, daemon_online=True, alone=alone)
        return mute.own, mute.alone

    assert obey("ON", alone=True) == (True, True)
    assert obey("ON", alone=False) == (True, False)
    assert obey("ON", alone=True) == (True, False)
    assert obey("OFF", alone=True) == (False, False)
    assert obey("ON", alone=True) == (True, True)
    assert obey("OFF", alone=False) == (False, False)


def test_mute_is_not_released_by_a_state() -> None:
    """The daemon's OFF state leaves the node's own mute in force."""
    mute = Mute(own=True, daemon=True)
    mute.daemon = False
    assert mute.on


def test_mute_follows_the_daemon_too() -> None:
    """Without a mute of its own a node is silent while the daemon's state says so."""
    assert Mute(daemon=True).on
    assert not Mute().on
