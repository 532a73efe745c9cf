"""Parts that die without a word are noticed."""

from __future__ import annotations

from pickled.orchestrator.parts.pulses import Pulses


def test_nothing_is_silent_while_all_go_on() -> None:
    """Every part lives, and every promise is kept."""
    pulses = Pulses()
    pulses.watch("inputs", lambda: True)
    pulses.beat("ticks", 10.0, within_s=5)
    assert pulses.silent(15.0) == ()


def test_dead_part_is_silent_until_it_is_over() -> None:
    """One that has ended and told so is not missed."""
    pulses = Pulses()
    pulses.watch("input.twitch", lambda: False)
    assert pulses.silent(0.0) == ("input.twitch",)
    pulses.over("input.twitch")
    assert pulses.silent(0.0) == ()


def test_late_part_is_silent_until_it_beats_again() -> None:
    """A promise that is not kept counts from the last sign of life."""
    pulses = Pulses()
    pulses.beat("ticks", 10.0, within_s=5)
    assert pulses.silent(15.1) == ("ticks",)
    pulses.beat("ticks", 15.2, within_s=5)
    assert pulses.silent(20.0) == ()
    pulses.over("ticks")
    assert pulses.silent(99.0) == ()
