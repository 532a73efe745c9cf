"""Which lines of a flood are looked at, and that the others are told of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.orchestrator.intake.shedding import FULL_RATE, MENTION_PEAK, PEAK, Shedding
from tests.brain.stage import chat
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]
LINE, NAMED = chat("nice view"), chat("john, nice view")


def taken(shedding: Shedding, *, lines: int, now: float, named: bool = False) -> int:
    """How many of so many lines at one moment are looked at."""
    message = NAMED if named else LINE
    return sum(shedding.takes(message, triggers=("john",), now=now) for _ in range(lines))


def test_shedding_takes_a_peak_whole_and_then_its_rate() -> None:
    """What comes at once is looked at up to the peak; after that as much as time has brought."""
    shedding = Shedding()
    assert taken(shedding, lines=10_000, now=100.0) == PEAK
    assert taken(shedding, lines=10_000, now=101.0) == FULL_RATE
    assert taken(shedding, lines=10_000, now=1000.0) == PEAK


def test_shedding_keeps_room_for_mentions() -> None:
    """When others have used everything up, who names the co-host is still heard."""
    shedding = Shedding()
    taken(shedding, lines=10_000, now=100.0)
    assert taken(shedding, lines=10_000, now=100.0, named=True) == MENTION_PEAK


def test_shedding_is_no_matter_of_ordinary_floods() -> None:
    """Of 10,000 lines a minute each one is looked at."""
    shedding = Shedding()
    assert sum(taken(shedding, lines=1, now=each * 0.006) for each in range(10_000)) == 10_000


def test_line_that_is_only_counted_is_told_on_the_feed(play: Play) -> None:
    """`event/chat` says how many lines it lacks, also when nothing follows them."""

    async def scene(rig: Rig) -> None:
        sent = int(PEAK) + 700
        for number in range(sent):
            rig.chat("nice view", user=f"viewer{number % 50}")
        await asyncio.sleep(2)
        told = rig.events("event/chat")
        seen = sum(len(e.messages) if e.event_type == "batch" else 1 for e in told)
        assert seen + sum(each.suppressed for each in told) == sent
        assert rig.state("queue/state").dropped["flood"] == 700

    play(scene)


def test_moderator_is_heard_in_any_flood() -> None:
    """Who wants it silent is not left out with the lines that make the noise."""
    shedding = Shedding()
    while shedding.takes(chat("spam"), triggers=(), now=0.0):
        pass
    stop = chat("!pickle mute", badges=("moderator/1",))
    assert shedding.takes(stop, triggers=(), now=0.0)
    assert not shedding.takes(chat("!pickle mute"), triggers=(), now=0.0)
