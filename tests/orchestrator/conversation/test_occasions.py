"""What it says by itself: the uplink that goes and comes back, and silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from pickled.messages.stream import StreamEvent
from pickled.orchestrator.conversation.occasions import (
    CARRY_S,
    LINK_TALK_S,
    LONGEST_LINK_TALK_S,
    Moments,
    Reactions,
    Silence,
    told,
)
from tests.orchestrator.rig import Rig
from tests.stand_ins.virtual_time import BEGIN

Play = Callable[..., Rig]
QUIET = Silence(quiet_since=0.0, talked_until=0.0, idle_after=None)


def reasons(rig: Rig) -> list[str]:
    """What the model was asked for."""
    return [each.request.reason for each in rig.model.prompts]


def test_moments_carry_the_show_with_growing_gaps_and_hand_over() -> None:
    """It speaks when the link goes, again after a while, and once when it is back."""
    moments, said = Moments(), []
    moments.link("lost", now=0.0)
    quiet = 0.0
    for now in range(200):
        if moments.due(Silence(quiet, 0.0, None), now=float(now)):
            said.append(now)
            quiet = float(now)
    gaps = [later - earlier for earlier, later in pairwise(said)]
    assert said[0] == 0
    assert gaps[:4] == [LINK_TALK_S, 2 * LINK_TALK_S, LONGEST_LINK_TALK_S, LONGEST_LINK_TALK_S]
    moments.link("good", now=200.0)
    assert moments.due(QUIET, now=200.0) == "link_back"
    assert moments.due(QUIET, now=201.0) is None


def test_moments_give_up_a_link_that_stays_lost() -> None:
    """Somebody forgot to say that it is back: it does not talk about it all night."""
    moments = Moments()
    moments.link("lost", now=0.0)
    assert moments.due(QUIET, now=0.0) == "link_lost"
    assert moments.wake_at(Silence(CARRY_S, 0.0, None)) is None


def test_moments_pass_over_a_short_loss() -> None:
    """A second in a tunnel, of which nothing was said, needs no hand-over."""
    moments = Moments()
    moments.link("lost", now=0.0)
    moments.link("good", now=1.0)
    assert moments.due(QUIET, now=1.0) is None


def test_reactions_take_an_echo_for_one() -> None:
    """The same raid from two sources is one raid."""
    reactions = Reactions()
    raid = StreamEvent(ts=BEGIN, event_type="raid", user="ana", viewers=10)
    assert reactions.worth(raid, now=0.0)
    assert not reactions.worth(raid, now=1.0)
    assert not reactions.worth(StreamEvent(ts=BEGIN, event_type="ad"), now=1.0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"event_type": "cheer", "amount": 100, "text": "hi"}, "cheer of 100: hi"),
        ({"event_type": "redemption", "title": "Hydrate!", "amount": 500},
         "redemption “Hydrate!” for 500 points"),
        ({"event_type": "hype_train", "title": "begins", "amount": 2},
         "hype train “begins”, level 2"),
        ({"event_type": "ad", "amount": 60, "in_seconds": 30}, "an ad break begins in 30 seconds"),
        ({"event_type": "tip", "amount": 5, "currency": "EUR"}, "tip of 5 EUR"),
        ({"event_type": "poll", "title": "Where to?", "text": "Left, Right"},
         "poll “Where to?”: Left, Right"),
    ],
)  # fmt: skip
def test_told_says_what_the_number_is(fields: dict[str, Any], words: str) -> None:
    """Points, levels and bits are not the same to a model, nor to a reader."""
    assert told(StreamEvent.model_validate({"ts": BEGIN, **fields})) == words


def test_link_lost_and_back_on_air(play: Play) -> None:
    """It carries the show while the picture stands still, and hands over when it is back."""

    async def scene(rig: Rig) -> None:
        rig.tell("link/set", "lost")
        await rig.outcome()
        assert rig.state("link/state").quality == "lost"
        await asyncio.sleep(40)
        task = rig.model.prompts[-1].messages[1].content
        assert "connection is lost" in task
        assert "seconds" in task
        rig.tell("link/set", '{"value": "good", "delay_ms": 2500}')
        await rig.until(lambda: rig.model.prompts[-1].request.reason == "link_back")
        assert reasons(rig) == ["link_lost", "link_lost", "link_back"]
        assert rig.state("link/state").delay_ms == 2500

    play(scene)


@pytest.mark.parametrize("delay_ms", [0, 2000, 5000])
def test_uplink_delay_is_known_to_the_prompt_and_to_the_choice(play: Play, delay_ms: int) -> None:
    """The later the streamer is heard, the longer a question to nobody waits for their answer."""

    async def scene(rig: Rig) -> None:
        rig.tell("link/set", f'{{"value": "good", "delay_ms": {delay_ms}}}')
        await asyncio.sleep(0.1)
        asked = asyncio.get_running_loop().time()
        rig.chat("what is that tower over there?")
        await rig.until(lambda: rig.model.prompts)
        waited = asyncio.get_running_loop().time() - asked
        assert waited == pytest.approx(2.0 + delay_ms / 1000, abs=0.3)
        said = rig.model.prompts[-1].messages[1].content
        assert ("seconds old" in said) is (delay_ms >= 1000)

    play(scene)


def test_silence_is_broken_once_in_a_while_if_somebody_is_there(play: Play) -> None:
    """After minutes without a word it says something; to an empty room it doesn't."""

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(400)
        assert rig.model.prompts == []
        rig.happen(StreamEvent(ts=rig.clock.wall(), event_type="online", title="A walk"))
        await rig.until(lambda: "idle" in reasons(rig), within=300)
        assert rig.state("live/state") == "ON"
        assert rig.state("stream/state").title == "A walk"
        await asyncio.sleep(100)
        assert reasons(rig) == ["online", "idle"]
        rig.happen(StreamEvent(ts=rig.clock.wall(), event_type="offline"))
        await asyncio.sleep(600)
        assert reasons(rig).count("idle") == 1

    play(scene)


def test_silence_ends_with_the_streamers_voice(play: Play) -> None:
    """While the streamer talks now and then, nobody needs to fill a silence."""

    async def scene(rig: Rig) -> None:
        rig.happen(StreamEvent(ts=rig.clock.wall(), event_type="online"))
        for _ in range(6):
            await asyncio.sleep(100)
            rig.streamer("still walking")
        assert reasons(rig) == ["online"]

    play(scene)
