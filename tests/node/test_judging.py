"""What a node concludes from where the sound server plays it."""

from __future__ import annotations

import pytest

from pickled.node.routing import DUMMY, Routing
from pickled.node.sound_server import ServerSink

SPEAKERS = ServerSink(0, "speakers", "Built-in Audio")
CABLE = ServerSink(1, "vbcable", "Stream Cable")
NOTHING = ServerSink(2, DUMMY, "Dummy Output")
BOTH = [SPEAKERS, CABLE]


def test_sound_where_it_was_asked_for_is_well() -> None:
    """Nothing is said."""
    routing = Routing("cable", sink="vbcable")
    assert routing.judge(BOTH, CABLE.index) == ""
    assert routing.note == ""


def test_sound_elsewhere_is_told_with_the_way_back() -> None:
    """What went away is to be connected; what was moved goes back, or is named at the start."""
    routing = Routing("cable", sink="vbcable")
    assert "vbcable is gone" in routing.judge([SPEAKERS], SPEAKERS.index)
    assert "`--output speakers`" in routing.judge(BOTH, SPEAKERS.index)


@pytest.mark.parametrize("asked", ["", "pulse", "default", "pipewire"])
def test_whoever_names_no_sink_follows_the_server(asked: str) -> None:
    """Wherever that is, but a dummy is heard by nobody."""
    routing = Routing(asked)
    assert routing.judge(BOTH, SPEAKERS.index) == ""
    assert routing.judge(BOTH, CABLE.index) == ""
    assert "dummy" in routing.judge([NOTHING], NOTHING.index)


def test_dummy_that_is_named_is_heard() -> None:
    """Somebody may record it."""
    assert Routing(DUMMY, sink=DUMMY).judge([NOTHING], NOTHING.index) == ""


def test_device_of_alsas_configuration_stays_where_it_went_first() -> None:
    """What its definition names is not known: the first place is."""
    routing = Routing("my cable")
    assert routing.judge(BOTH, CABLE.index) == ""
    assert "vbcable" in routing.judge([SPEAKERS], SPEAKERS.index)


def test_index_that_is_no_sink_tells_nothing() -> None:
    """PipeWire has none for a stream that it has not connected yet."""
    assert Routing("cable", sink="vbcable").judge(BOTH, 4294967295) == ""


def test_node_that_may_sound_elsewhere_is_told_when_its_sink_is_back() -> None:
    """Until then only a note is made; a move by hand is left alone."""
    routing = Routing("stream cable", elsewhere=True, sink="vbcable")
    assert routing.judge([SPEAKERS], SPEAKERS.index) == ""
    assert routing.note == "It sounds at speakers, not at vbcable."
    assert routing.judge(BOTH, SPEAKERS.index) == "vbcable is back"
    assert routing.judge(BOTH, SPEAKERS.index) == ""
    assert routing.note
    assert routing.judge(BOTH, CABLE.index) == ""
    assert not routing.note
