"""Stream events as moments: bursts, raids, cheers with a question, ads, greeting and farewell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pickled.messages.chat import ChatCleared, ChatDeleted, Fragment
from pickled.messages.stream import StreamEvent
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]

PERSONA = """\
name: John
personality: You are John.
events:
  sub: ["Thank you {user}, that makes {count}!"]
  raid: ["{user} brings {viewers}, welcome!"]
  ad: ["Ads in {seconds} seconds, back soon."]
  follow: []
  tip: ["{user} gives {amount} {currency} for {title}!"]
"""


def happen(rig: Rig, kind: str, **fields: Any) -> None:
    rig.happen(StreamEvent.model_validate({"ts": rig.clock.wall(), "event_type": kind, **fields}))


def reasons(rig: Rig) -> list[str]:
    """Of the turns; a model that repeats itself is asked twice, and a stream summed up later."""
    turns = {each.request.turn: each.request.reason for each in rig.model.prompts}
    return [each for each in turns.values() if each != "summary"]


def said(rig: Rig) -> str:
    return " ".join(text for text, _ in rig.voice.spoken)


@pytest.fixture
def own(tmp_path: Path) -> dict[str, Any]:
    """A persona with texts of its own."""
    (tmp_path / "john.yaml").write_text(PERSONA, encoding="utf-8")
    return {"personas_dir": tmp_path, "persona": "john"}


def test_subs_in_a_burst_are_thanked_for_together(play: Play, own: dict[str, Any]) -> None:
    """One sentence names the first, and counts the others; no model is asked."""

    async def scene(rig: Rig) -> None:
        for number in range(7):
            happen(rig, "sub", user=f"viewer_{'abcdefg'[number]}", user_id=f"id-{number}")
            await asyncio.sleep(0.3)
        await rig.outcome()
        assert said(rig) == "Thank you viewer a, viewer b and 5 others, that makes 7!"
        assert rig.model.prompts == []
        assert rig.state("response/state").emotion == "happy"

    play(scene, options=own)


def test_thanks_go_on_without_who_is_banned(play: Play, own: dict[str, Any]) -> None:
    """Of a burst that waits only the one who was taken back is left out."""

    async def scene(rig: Rig) -> None:
        for name in ("ana", "troll", "ben"):
            happen(rig, "sub", user=name, user_id=f"id-{name}")
        rig.happen(ChatCleared(ts=rig.clock.wall(), user="troll", user_id="id-troll"))
        await rig.outcome()
        assert said(rig) == "Thank you ana and ben, that makes 2!"

    play(scene, options=own)


def test_text_that_can_not_be_filled_in_is_left_to_the_model(
    play: Play, own: dict[str, Any]
) -> None:
    """A tip without a title: nothing is said with a hole in it. An empty list says nothing."""

    async def scene(rig: Rig) -> None:
        happen(rig, "follow", user="ana")
        happen(rig, "tip", user="ben", amount=5, currency="EUR")
        await rig.outcome()
        assert reasons(rig) == ["tip"]

    play(scene, options=own)


def test_raid_shortens_what_is_being_said(play: Play, own: dict[str, Any]) -> None:
    """A raid does not wait for a long answer to end."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        happen(rig, "raid", user="cap", viewers=87)
        last = await rig.outcome(2)
        assert last.text == "cap brings 87, welcome!"
        assert rig.events("event/response", "interrupted")

    play(scene, options=own)


@pytest.mark.parametrize("event_first", [False, True])
def test_cheer_that_asks_is_one_turn(play: Play, event_first: bool) -> None:
    """Bits with a question by name: thanked for and answered once, whichever comes first."""

    async def scene(rig: Rig) -> None:
        def line() -> None:
            rig.chat(
                "Cheer100 john how are you?", id="c1", bits=100,
                fragments=(Fragment(type="cheermote", text="Cheer100"),
                           Fragment(type="text", text=" john how are you?")),
            )  # fmt: skip

        def event() -> None:
            happen(rig, "cheer", user="ana", user_id="id-ana", amount=100)

        for do in (event, line) if event_first else (line, event):
            do()
            await asyncio.sleep(0.2)
        await rig.outcome()
        await asyncio.sleep(20)
        assert reasons(rig) == ["cheer"]
        (prompt,) = rig.model.prompts
        assert "cheer of 100: john how are you?" in prompt.messages[-1].content
        assert "answer what it says" in prompt.messages[-1].content
        (skipped,) = rig.events("event/decision", "skip")
        assert (skipped.messages, skipped.reason) == (("c1",), "cheer")
        (ended,) = rig.events("event/response", "finished")
        assert ended.messages == ("c1",)

    play(scene)


def test_cheer_that_is_deleted_is_not_answered(play: Play) -> None:
    """It goes by the id of its line of chat."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?", user="bea")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.chat("john say something foul", id="c1", bits=5)
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id="c1"))
        await asyncio.sleep(20)
        assert reasons(rig) == ["mention"]

    play(scene)


def test_cheer_is_a_line_like_others_while_it_may_not_speak(play: Play) -> None:
    """Muted, nothing waits to be thanked for; the decision says why."""

    async def scene(rig: Rig) -> None:
        rig.tell("paused/set", "ON")
        await rig.until(lambda: rig.state("paused/state") == "ON")
        rig.chat("what a day", bits=5)
        await asyncio.sleep(5)
        assert {each.reason for each in rig.events("event/decision")} == {"paused"}

    play(scene)


def test_ad_is_told_before_it_begins_and_not_spoken_into(play: Play, own: dict[str, Any]) -> None:
    """Announced a minute ahead, told once half a minute before; then silence until it is over."""

    async def scene(rig: Rig) -> None:
        for left in (60.0, 45.0):
            happen(rig, "ad", in_seconds=left, seconds=90)
            await asyncio.sleep(15)
            assert said(rig) == ""
        await rig.outcome()
        assert said(rig) == "Ads in 30 seconds, back soon."
        happen(rig, "ad", seconds=90)
        await asyncio.sleep(1)
        assert [each.holder for each in rig.state("inhibit/state").root] == ["ad"]
        rig.chat("John, hello?")
        await asyncio.sleep(15)
        assert rig.model.prompts == []
        rig.tell("cmd/inhibit", '{"holder": "ad", "seconds": 0}')
        await rig.outcome(2)

    play(scene, options=own)


def test_ad_of_which_nobody_told_in_time_is_not_mentioned(play: Play, own: dict[str, Any]) -> None:
    """What would be heard in the ad is not said; one that runs is no news."""

    async def scene(rig: Rig) -> None:
        happen(rig, "ad", in_seconds=2)
        happen(rig, "ad")
        await asyncio.sleep(30)
        assert said(rig) == ""
        assert rig.state("inhibit/state").root == ()

    play(scene, options=own)


def test_stream_is_greeted_and_ended_once(play: Play) -> None:
    """Also where two inputs tell of it; one that has run for long is no beginning."""

    async def scene(rig: Rig) -> None:
        long_ago = rig.clock.wall() - timedelta(hours=1)
        rig.happen(StreamEvent(ts=long_ago, event_type="online"))
        await asyncio.sleep(20)
        assert reasons(rig) == []
        for kind in ("online", "online", "offline", "offline"):
            happen(rig, kind, title="A walk" if kind == "online" else "")
            await asyncio.sleep(10)
        assert reasons(rig) == ["online", "offline"]
        first, second = (each.messages[-1].content for each in rig.model.prompts)
        assert "the stream begins “A walk”" in first
        assert "the stream is over" in second

    play(scene)


def test_hype_train_is_no_turn_for_each_wagon(play: Play) -> None:
    """A poll, a prediction and a train are told; a train's progress is not, each second."""

    async def scene(rig: Rig) -> None:
        for level in range(20):
            happen(rig, "hype_train", amount=level)
            await asyncio.sleep(1)
        happen(rig, "poll", title="Left or right?")
        happen(rig, "prediction", title="Will it rain?")
        await asyncio.sleep(15)
        assert reasons(rig) == ["hype_train", "poll", "prediction"]

    play(scene)
