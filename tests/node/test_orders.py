"""What a node does about what it is told."""

from __future__ import annotations

import threading
import time
from array import array

import pytest

from pickled.messages.node import Pong
from pickled.mqtt import Incoming
from pickled.node.mute import Mute
from pickled.node.orders import AUDIO, CONTROL, Orders
from pickled.node.sound import Sound
from pickled.topics import topic
from tests.node.soup import MS, begin, end, frame, utterance


class Desk:
    """Orders with a fake connection."""

    def __init__(self) -> None:
        self.pongs: list[Pong] = []
        self.sound = Sound(threading.Event())
        self.orders = Orders(
            sound=self.sound,
            muted=Mute(),
            mic_muted=Mute(),
            volume=100.0,
            gain_db=0.0,
            pong=self.pongs.append,
        )

    def tell(self, path: str, payload: object, *, retain: bool = False, fresh: bool = True) -> None:
        """A message comes in."""
        row = topic(path)
        data = row.encode(payload)
        self.orders.take(Incoming(row, "a", path, data, retain=retain), fresh)

    def speak(self, stream: int = 10) -> None:
        """A whole utterance comes in."""
        self.tell("node/{node}/tts/begin", begin(stream))
        for each in utterance(stream, length_ms=400):
            self.tell("node/{node}/tts/audio", each.encode())

    def heard(self, length_ms: int = 50) -> bool:
        """Does anything sound in the next block?"""
        return any(self.sound.pull(length_ms * MS))

    def is_silent(self) -> bool:
        """Is everything silent, once the fade is over?"""
        self.sound.pull(20 * MS)
        return not self.heard()


@pytest.fixture
def desk() -> Desk:
    """A node's desk."""
    return Desk()


def test_subscriptions_are_rows_of_the_table() -> None:
    """Everything that a node subscribes is for nodes to read."""
    for path in (*CONTROL, *AUDIO):
        assert "node" in topic(path).to, path


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("muted/set", "ON"),
        ("muted/set", '{"value": "ON", "id": "7"}'),
        ("muted/set", "TOGGLE"),
        ("node/{node}/muted/set", "ON"),
        ("muted/state", "ON"),
        ("cmd/panic", ""),
        ("cmd/panic", "{not json"),
    ],
)
def test_node_is_silent_when_told_so(desk: Desk, path: str, payload: str) -> None:
    """Mute and panic in any form silence what sounds; the daemon is not needed."""
    desk.speak()
    assert desk.heard()
    desk.tell(path, payload)
    assert desk.is_silent()


def test_node_obeys_a_retained_mute_but_no_retained_release(desk: Desk) -> None:
    """A retained ON mutes, a retained OFF, or one that waited at the broker, does not release."""
    desk.tell("muted/set", "ON", retain=True)
    desk.tell("muted/set", "OFF", retain=True)
    desk.tell("muted/set", "OFF", fresh=False)
    assert desk.orders.muted.own
    desk.tell("muted/set", "OFF")
    assert not desk.orders.muted.own


def test_clearing_a_retained_panic_is_no_panic(desk: Desk) -> None:
    """The empty retained message that removes a retained command does nothing."""
    desk.tell("cmd/panic", "", retain=True)
    desk.tell("muted/set", "", retain=True)
    assert not desk.orders.muted.own


def test_toggle_is_left_to_a_daemon_that_is_there(desk: Desk) -> None:
    """With the daemon online a TOGGLE does nothing by itself; the daemon's answer does."""
    desk.tell("availability", "online")
    desk.tell("muted/set", "TOGGLE")
    assert not desk.orders.muted.own
    desk.tell("muted/set", '{"value": "ON", "id": "decided-1-1"}')
    assert desk.orders.muted.general
    desk.tell("node/{node}/muted/set", "TOGGLE")
    assert desk.orders.muted.own


def test_state_never_releases_a_mute(desk: Desk) -> None:
    """The daemon's OFF state leaves the node's own mute in force."""
    desk.tell("cmd/panic", "")
    desk.tell("muted/state", "OFF")
    desk.speak()
    assert desk.is_silent()
    desk.tell("muted/set", "OFF")
    desk.speak(11)
    assert desk.heard()


def test_microphone_mute_is_its_own(desk: Desk) -> None:
    """The microphone's mute follows the same rules and leaves the sound alone."""
    desk.tell("mic_muted/set", "ON")
    assert desk.orders.mic_muted.own
    assert not desk.orders.muted.own
    desk.tell("mic_muted/state", "OFF")
    assert desk.orders.mic_muted.on


def test_volumes_multiply(desk: Desk) -> None:
    """What sounds is the volume of all times the node's own."""
    desk.tell("volume/state", "50")
    desk.tell("node/{node}/volume/set", "50")
    assert desk.orders.volume == 50.0
    desk.tell("node/{node}/tts/begin", begin())
    desk.tell("node/{node}/tts/audio", frame(length_ms=100, value=8000, last=True).encode())
    assert max(array("h", desk.sound.pull(100 * MS))[50 * MS :]) == 2000


@pytest.mark.parametrize("payload", ["101", "-1", "nan", "loud", '{"value": 5, "x": 1}'])
def test_bad_volume_changes_nothing(desk: Desk, payload: str) -> None:
    """What is no volume is ignored."""
    desk.tell("node/{node}/volume/set", payload)
    assert desk.orders.volume == 100.0


def test_skip_stops_and_is_done_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A skip stops what sounds; the same id again stops nothing more."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    desk.speak(10)
    assert desk.heard()
    now[0] += 0.4
    desk.tell("cmd/skip", '{"id": "1"}')
    assert desk.is_silent()
    desk.speak(11)
    now[0] += 0.4
    desk.tell("cmd/skip", '{"id": "1"}')
    desk.tell("cmd/skip", "", retain=True)
    assert desk.heard()


def test_ping_is_answered_at_once(desk: Desk) -> None:
    """A pong carries the ping's number and both clocks; the offset is taken from the ping."""
    desk.tell("node/{node}/ping", '{"id": 4, "sent_ms": 12.5, "offset_ms": -250.0}')
    assert (desk.pongs[0].id, desk.pongs[0].sent_ms) == (4, 12.5)
    assert desk.pongs[0].node_ms == pytest.approx(time.time() * 1000, abs=10_000)
    assert desk.orders.clock.offset_ms == -250.0


def test_age_counts_by_the_daemons_clock(desk: Desk) -> None:
    """A begin is old or new by the daemon's clock, however wrong the node's is."""
    hour_ms = 3_600_000.0
    ping = f'{{"id": 1, "sent_ms": 0, "offset_ms": {-hour_ms}}}'
    desk.tell("node/{node}/ping", ping)
    theirs = time.time() * 1000 - hour_ms
    old = begin(10).model_copy(update={"sent_ms": theirs - 6000})
    new = begin(11).model_copy(update={"sent_ms": theirs})
    desk.tell("node/{node}/tts/begin", old)
    desk.tell("node/{node}/tts/begin", new)
    told = [each.played.stream for each in desk.sound.reports(0.0)]
    assert told == [10]


@pytest.mark.parametrize("path", [*CONTROL, *AUDIO])
@pytest.mark.parametrize("payload", [b"", b"{", b"\xff\xfe", b"null", b"[]", b"x" * 5000, b"{}"])
def test_garbage_is_harmless(desk: Desk, path: str, payload: bytes) -> None:
    """Whatever comes in on whatever topic, a node goes on."""
    desk.tell(path, payload)
    desk.tell("muted/set", "OFF")
    desk.tell("muted/state", "OFF")
    desk.speak()
    assert desk.heard()


def test_clear_and_end_reach_the_stream(desk: Desk) -> None:
    """An end lets a stream finish, a clear stops it."""
    desk.speak()
    assert desk.heard()
    desk.tell("node/{node}/tts/clear", end())
    assert desk.is_silent()


def test_microphone_of_one_node_obeys_what_the_daemon_decided(desk: Desk) -> None:
    """A TOGGLE that the daemon turned into ON or OFF comes on the node's own topic."""
    desk.tell("node/{node}/mic_muted/set", "ON")
    assert desk.orders.mic_muted.own
    assert not desk.orders.muted.own
    desk.tell("node/{node}/mic_muted/set", "OFF")
    assert not desk.orders.mic_muted.own
