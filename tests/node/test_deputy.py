"""What a node shows in the daemon's place, and when."""

from __future__ import annotations

import pytest

from pickled.node.deputy import (
    ALONE_AFTER_S,
    AWAY_AFTER_S,
    MOST_OBJECTIONS,
    OBJECT_AFTER_S,
    UNKNOWN_S,
    Deputy,
)
from pickled.node.mute import Mute, Switching

AT = 100.0


def _deputy(*, own: bool = False, alone: bool = False, state: bool | None = None) -> Deputy:
    """One that lost the daemon a while ago."""
    deputy = Deputy(Mute(own=own, alone=alone), Mute())
    deputy.due(AT, connected=True)
    deputy.mic_muted.tell(False)
    if state is not None:
        deputy.muted.tell(state)
    return deputy


def _obey(deputy: Deputy, value: Switching, *, now: float, alone: bool = False) -> None:
    away = deputy.away(now)
    deputy.muted.command(value, fresh=True, daemon_online=not away, now=now, alone=alone)


@pytest.mark.parametrize("alone", [False, True])
def test_deputy_tells_each_mute_and_release_once_without_a_daemon(alone: bool) -> None:
    """Its own switch counts, too: nothing is heard of it."""
    deputy = _deputy(state=False)
    _obey(deputy, "ON", now=AT + 1, alone=alone)
    if alone:  # the others speak first
        assert deputy.due(AT + 1, connected=True) == []
    told = deputy.due(AT + 1 + ALONE_AFTER_S * alone, connected=True)
    assert told == [("muted/state", True)]
    assert deputy.due(AT + 2, connected=True) == []
    _obey(deputy, "OFF", now=AT + 3, alone=alone)
    assert deputy.due(AT + 3, connected=True) == [("muted/state", False)]
    assert not deputy.muted.on


def test_node_muted_alone_silences_no_other_that_speaks_up_with_it() -> None:
    """Pressed before the daemon counted as away, both tell it at one moment: we are heard."""
    laptop, phone = _deputy(state=True), _deputy(state=True)
    for each in (laptop, phone):
        each.hear(AT)
        _obey(each, "OFF", now=AT + 0.5)
    _obey(phone, "ON", now=AT + 1.5, alone=True)
    shown = True
    for step in range(60):
        now = AT + AWAY_AFTER_S + 0.05 + step / 20
        for speaker, other in ((laptop, phone), (phone, laptop)):
            for path, shown in speaker.due(now, connected=True):
                assert path == "muted/state"
                other.written(other.muted, shown, now + 0.01)
        if now > AT + 4:
            assert shown is False, now
    assert (laptop.muted.on, phone.muted.on) == (False, True)


def test_deputy_is_silent_while_the_daemon_lives() -> None:
    """The daemon shows it, and what was obeyed then is no news later."""
    deputy = _deputy(state=False)
    deputy.hear(AT)
    _obey(deputy, "ON", now=AT + 0.5, alone=True)
    assert deputy.due(AT + 1, connected=True) == []
    deputy.hear(AT + 1)
    deputy.gone = True
    assert deputy.due(AT + 1.1, connected=True) == []


@pytest.mark.parametrize("value", ["ON", "OFF"])
def test_deputy_tells_what_a_frozen_daemon_did_not(value: Switching) -> None:
    """Without a ping since, it is told once the daemon counts as away."""
    deputy = _deputy(own=value == "OFF", state=value == "OFF")
    deputy.hear(AT)
    _obey(deputy, value, now=AT + 0.5)
    assert deputy.due(AT + AWAY_AFTER_S, connected=True) == []
    assert deputy.due(AT + AWAY_AFTER_S + 0.1, connected=True) == [("muted/state", value == "ON")]


def test_deputy_that_is_muted_for_all_insists() -> None:
    """Another node's OFF is not its own; of a mute of its own it says nothing more."""
    deputy = _deputy(own=True, state=True)
    assert deputy.due(AT, connected=True) == []
    deputy.muted.tell(False)
    assert deputy.due(AT, connected=True) == [("muted/state", True)]
    assert _deputy(own=True, alone=True, state=False).due(AT, connected=True) == []


@pytest.mark.parametrize(("own", "state"), [(True, False), (False, True), (False, False)])
def test_deputy_fills_in_what_the_broker_forgot(own: bool, state: bool) -> None:
    """A broker that was restarted keeps nothing: what it said before is soon said again."""
    deputy = _deputy(own=own, alone=True, state=state)
    deputy.due(AT, connected=False)
    deputy.due(AT, connected=True)
    assert deputy.due(AT + UNKNOWN_S, connected=True) == []
    told = [("muted/state", state), ("mic_muted/state", False)]
    assert deputy.due(AT + UNKNOWN_S + 0.1, connected=True) == told


def test_deputy_that_never_heard_a_state_tells_its_own_mute() -> None:
    """It was started again beside a broker that was, too."""
    deputy = _deputy(own=True, alone=True)
    assert deputy.due(AT + UNKNOWN_S + 0.1, connected=True) == [("muted/state", True)]


def test_deputy_tells_nothing_where_the_broker_remembers() -> None:
    """After a reconnect what is kept comes by itself."""
    deputy = _deputy(state=True)
    deputy.due(AT, connected=False)
    deputy.due(AT, connected=True)
    deputy.muted.tell(True)
    deputy.mic_muted.tell(False)
    assert deputy.due(AT + 1, connected=True) == []


def test_deputy_objects_to_a_mute_that_is_another_node_s_alone() -> None:
    """It is heard, so the state is OFF; at first it is silent, too: nobody knows whose it is."""
    deputy = _deputy(state=False)
    deputy.written(deputy.muted, True, AT + 1)
    assert deputy.muted.on
    assert deputy.due(AT + 1 + OBJECT_AFTER_S, connected=True) == []
    assert deputy.due(AT + 1.1 + OBJECT_AFTER_S, connected=True) == [("muted/state", False)]
    assert not deputy.muted.on
    assert deputy.due(AT + 2, connected=True) == []


def test_deputy_believes_who_insists() -> None:
    """Only the holder of a mute of all nodes says it again."""
    deputy = _deputy(state=False)
    deputy.written(deputy.muted, True, AT + 1)
    deputy.due(AT + 2, connected=True)
    deputy.written(deputy.muted, True, AT + 2.1)
    assert deputy.muted.on
    assert deputy.due(AT + 5, connected=True) == []
    assert deputy.muted.on


@pytest.mark.parametrize("alone", [False, True])
def test_deputy_that_is_muted_itself_has_no_objection(alone: bool) -> None:
    """Nothing is heard of it either."""
    deputy = _deputy(own=True, alone=alone, state=False)
    deputy.due(AT + 0.1, connected=True)
    deputy.written(deputy.muted, True, AT + 1)
    assert deputy.due(AT + 2, connected=True) == []


def test_deputy_has_no_objection_to_the_daemon() -> None:
    """It is back, or never was away; nor to what the broker had kept."""
    deputy = _deputy(state=False)
    deputy.written(deputy.muted, True, AT + 1)
    deputy.hear(AT + 1.1)
    assert deputy.due(AT + 2, connected=True) == []
    assert deputy.due(AT + 9, connected=True) == []
    assert deputy.muted.on
    late = _deputy()
    late.written(late.muted, True, AT + 0.1)
    assert late.due(AT + 2, connected=True) == []
    assert late.muted.on


class Broker:
    """Keeps `muted/state`, and tells it to all of some deputies."""

    def __init__(self, *deputies: Deputy) -> None:
        self.deputies = deputies
        self.state = bool(deputies[0].muted.daemon)
        self.said = 0

    def pass_time(self, since: float, seconds: float) -> float:
        """Everybody looks as often as a node does."""
        for step in range(int(seconds / 0.05)):
            now = since + step * 0.05
            for deputy in self.deputies:
                for path, value in deputy.due(now, connected=True):
                    if path == "muted/state":
                        self.said += 1
                        self.state = value
                        for each in self.deputies:
                            each.written(each.muted, value, now)
        return since + seconds


@pytest.mark.parametrize("count", [1, 2, 5])
def test_deputies_show_together_what_is_heard(count: int) -> None:
    """Without a daemon: ON when all are muted or one for all; nobody is silent for another one."""
    broker = Broker(*(_deputy(state=False) for _ in range(count)))
    first, *others = broker.deputies
    now = AT + 1
    for number, deputy in enumerate(broker.deputies, start=1):
        _obey(deputy, "ON", now=now, alone=True)
        now = broker.pass_time(now, 5)
        assert broker.state is (number == count)
        assert [each.muted.on for each in others] == [True] * (number - 1) + [False] * (
            count - number
        )
    _obey(first, "OFF", now=now, alone=True)
    now = broker.pass_time(now, 5)
    assert (broker.state, first.muted.on) == (False, False)
    _obey(first, "ON", now=now)
    now = broker.pass_time(now, 5)
    assert broker.state
    assert all(each.muted.on for each in broker.deputies)
    for each in broker.deputies:
        _obey(each, "OFF", now=now)
    broker.pass_time(now, 5)
    assert not broker.state
    assert broker.said < 8 * count + 8


def test_deputy_that_is_released_alone_believes_who_is_not() -> None:
    """The other one holds a mute of all: it says so at once, and is not contradicted."""
    broker = Broker(_deputy(own=True, state=True), _deputy(own=True, state=True))
    first, second = broker.deputies
    _obey(second, "OFF", now=AT + 1, alone=True)
    now = broker.pass_time(AT + 1, 0.2)
    assert (broker.state, broker.said) == (True, 2)
    broker.pass_time(now, 5)
    assert (broker.state, broker.said) == (True, 2)
    assert first.muted.on
    assert second.muted.on


def test_deputy_gives_in_to_who_insists_late() -> None:
    """Over a slow network nobody goes on for ever."""
    deputy = _deputy(state=False)
    said = 0
    for second in range(1, 30, 2):
        deputy.written(deputy.muted, True, AT + second)
        said += len(deputy.due(AT + second + 1, connected=True))
    assert said == MOST_OBJECTIONS
    assert deputy.muted.on
