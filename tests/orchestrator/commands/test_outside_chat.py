"""`cmd/chat`: a line from any other platform is chat in every respect, and answered sparingly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


def tell(rig: Rig, text: str = "", *, user: str = "Ana", **fields: Any) -> None:
    """A line comes from YouTube, with other fields."""
    given = {"platform": "youtube", "user": user, "user_id": f"UC-{user}", "text": text} | fields
    told = {key: value for key, value in given.items() if value is not None}
    rig.tell("cmd/chat", json.dumps(told))


def take_back(rig: Rig, line: str, platform: str = "youtube") -> None:
    """Its moderators delete it."""
    rig.tell("cmd/chat", json.dumps({"platform": platform, "delete": line}))


def test_mention_from_elsewhere_is_answered(play: Play) -> None:
    """As on Twitch: published, decided on, answered aloud; `event/command` says nothing of it."""

    async def scene(rig: Rig) -> None:
        tell(rig, "John, how is the weather?", id="y1")
        said = await rig.outcome()
        assert said.outcome == "finished"
        assert [(each.source, each.user) for each in said.to] == [("youtube", "Ana")]
        (line,) = rig.events("event/chat")
        assert (line.id, line.user_id, line.source) == ("youtube:y1", "youtube:UC-Ana", "youtube")
        assert rig.events("event/decision", "answer")[0].messages == ("youtube:y1",)
        assert rig.answers() == []

    play(scene)


def test_line_is_taken_once(play: Play) -> None:
    """A bridge that reconnects sends the last lines again; one delivered twice is the same."""

    async def scene(rig: Rig) -> None:
        tell(rig, "hello", id="y1")
        tell(rig, "hello", id="y1")
        tell(rig, "hello", id="y1", platform="kick")
        await asyncio.sleep(1)
        assert [each.id for each in rig.events("event/chat")] == ["youtube:y1", "kick:y1"]

    play(scene)


def test_deleted_line_is_not_answered(play: Play) -> None:
    """What a moderator over there takes back is un-said here; the same id elsewhere stays."""

    async def scene(rig: Rig) -> None:
        rig.tell("paused/set", "ON")
        tell(rig, "John, say something rude!", id="y1")
        take_back(rig, "y1", platform="kick")
        take_back(rig, "y1")
        rig.tell("paused/set", "OFF")
        await asyncio.sleep(30)
        assert rig.model.prompts == []
        removed = [sum(each.removed.values()) for each in rig.events("event/retraction")]
        assert removed[0] == 0
        assert removed[1] > 0

    play(scene)


def test_line_is_screened(play: Play) -> None:
    """A number that may not be spoken is not published either, wherever it was written."""

    async def scene(rig: Rig) -> None:
        tell(rig, "call me: +49 170 1234567", id="y1")
        await rig.until(lambda: rig.events("event/chat"))
        assert "1234567" not in rig.events("event/chat")[0].text
        assert rig.events("event/safety", "masked")

    play(scene)


def test_moderator_of_elsewhere_may_not_moderate(play: Play) -> None:
    """Whoever may send lines gives badges: they open nothing."""

    async def scene(rig: Rig) -> None:
        tell(rig, "!pickle mute", badges=["moderator", "broadcaster"])
        tell(rig, "!mute", badges=["moderator"], user="mo")
        await asyncio.sleep(2)
        assert rig.state("muted/state") == "OFF"
        assert [(each.command, each.code) for each in rig.answers()] == [
            ("chat/mute", "not_allowed")
        ]

    play(scene)


def test_moderator_of_a_trusted_platform_may(play: Play) -> None:
    """The owner has said that YouTube's badges are to be believed."""

    async def scene(rig: Rig) -> None:
        tell(rig, "!pickle mute", badges=["moderator"])
        await rig.until(lambda: rig.state("muted/state") == "ON")

    play(scene, options={"chat_commands": {"moderators_from": ["YouTube"]}})


def test_viewer_of_the_same_name_elsewhere_is_somebody_else(play: Play) -> None:
    """Ana of YouTube is not Twitch's: what one told is not known of the other, or forgotten."""

    async def scene(rig: Rig) -> None:
        rig.chat("hello all, my dog Bruno is ill today", user="Ana")
        tell(rig, "hi all, my cat Minka sleeps all day", id="y1")
        await asyncio.sleep(5)
        rig.tell("cmd/forget", '{"viewer": "Ana", "confirm": true}')
        both = (await rig.until(rig.answers))[0]
        assert both.code == "bad_payload"
        assert "id:id-Ana" in both.message
        assert "id:youtube:UC-Ana" in both.message
        rig.tell("cmd/forget", '{"viewer": "id:youtube:UC-Ana", "confirm": true}')
        await rig.until(lambda: len(rig.answers()) == 2)
        assert rig.answers()[1].removed["entries"] == 1
        rig.tell("cmd/viewer", '{"viewer": "Ana"}', response_topic="me/answers")
        sent = await rig.until(lambda: [m for m in rig.broker.log if m.topic == "me/answers"])
        found = json.loads(sent[0].payload)["viewer"]
        assert (found["user_id"], found["messages"]) == ("id-Ana", 1)

    play(scene)


def test_viewer_of_elsewhere_has_the_same_rights(play: Play) -> None:
    """`!pickle forgetme` forgets who asks, and nobody else."""

    async def scene(rig: Rig) -> None:
        rig.chat("hello all, my dog Bruno is ill today", user="Ana")
        tell(rig, "hi all, my cat Minka sleeps all day", id="y1")
        await asyncio.sleep(5)
        tell(rig, "!pickle forgetme", id="y2")
        await rig.until(lambda: [a for a in rig.answers() if a.command == "chat/forgetme"])
        await rig.until(lambda: rig.state("memory/state").viewers == 1)
        assert rig.events("event/retraction")

    play(scene)


def test_message_of_elsewhere_is_forgotten_by_its_id(play: Play) -> None:
    """The id is the one in `event/chat`, as long as they come."""

    async def scene(rig: Rig) -> None:
        long = "LCC." + "x" * 190
        tell(rig, "hi all, my cat Minka sleeps all day", id=long)
        await asyncio.sleep(5)
        name = rig.events("event/chat")[0].id
        rig.tell("cmd/forget", json.dumps({"message": name, "confirm": True}))
        done = (await rig.until(rig.answers))[0]
        assert (done.code, done.removed["entries"]) == ("ok", 1)

    play(scene)


def test_answer_goes_to_who_asked_for_it(play: Play) -> None:
    """A bridge that gives a response topic hears of each line, with its id; others hear nothing."""

    async def scene(rig: Rig) -> None:
        line = {"platform": "youtube", "id": "y1", "user": "Ana", "text": "hello"}
        rig.tell("cmd/chat", json.dumps(line), response_topic="me/answers", correlation=b"9")
        sent = await rig.until(lambda: [m for m in rig.broker.log if m.topic == "me/answers"])
        answer = json.loads(sent[0].payload)
        assert (answer["code"], answer["id"], sent[0].correlation) == ("ok", "y1", b"9")
        assert rig.answers() == []

    play(scene)


def test_refusal_is_told_to_all_but_not_by_the_hundred(play: Play) -> None:
    """A broken bridge shows on `event/command`, a few times a second, and how often it was."""

    async def scene(rig: Rig) -> None:
        for _ in range(1_000):
            tell(rig, None, id="y1")
        await asyncio.sleep(1)
        tell(rig, None, id="y1")
        await asyncio.sleep(1)
        told = rig.answers()
        assert {each.code for each in told} == {"bad_payload"}
        assert len(told) == 11
        assert sum(each.suppressed + 1 for each in told) == 1_001

    play(scene)


def test_flood_of_lines_is_cut_at_200_a_second(play: Play) -> None:
    """What is too much is `busy`; the rest is chat, and other commands are answered meanwhile."""

    async def scene(rig: Rig) -> None:
        for second in range(3):
            for number in range(400):
                tell(
                    rig, f"line {second} {number}", id=f"{second}-{number}", user=f"u{number % 40}"
                )
            rig.tell("cmd/ping", json.dumps({"id": f"ping{second}"}))
            await asyncio.sleep(1)
        await asyncio.sleep(1)
        events = rig.events("event/chat")
        lines = sum(len(getattr(each, "messages", (each,))) + each.suppressed for each in events)
        assert 3 * 200 - 3 <= lines <= 3 * 200  # a second's last one may come a hair too soon
        codes = [each.code for each in rig.answers() if each.command == "cmd/chat"]
        assert set(codes) == {"busy"}
        assert len(codes) < 30
        pings = [each for each in rig.answers() if each.command == "cmd/ping"]
        assert [each.id for each in pings] == ["ping0", "ping1", "ping2"]

    play(scene)


def test_flood_of_events_is_cut_too(play: Play) -> None:
    """Two hundred a second are taken, the rest is `busy`."""

    async def scene(rig: Rig) -> None:
        rig.tell("muted/set", "ON")
        for _ in range(300):
            rig.tell("cmd/event", '{"event": "tip", "user": "Ana", "amount": 1}')
        await asyncio.sleep(1)
        codes = [each.code for each in rig.answers() if each.command == "cmd/event"]
        assert (codes.count("ok"), codes.count("busy")) == (200, 10)

    play(scene)


def test_retained_line_is_refused_and_cleared(play: Play) -> None:
    """It would be chat again at each start."""

    async def scene(rig: Rig) -> None:
        line = {"platform": "youtube", "id": "y1", "user": "Ana", "text": "hello"}
        rig.tell("cmd/chat", json.dumps(line), retain=True)
        assert (await rig.until(rig.answers))[0].code == "retained"
        await asyncio.sleep(1)
        assert rig.events("event/chat") == []
        cleared = [each for each in rig.broker.log if each.topic.endswith("cmd/chat")]
        assert [each.payload for each in cleared] == [b""]

    play(scene)
