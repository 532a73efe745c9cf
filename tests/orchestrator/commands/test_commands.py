"""Every command is done at once and answered with a code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]

LONG = "One two three four five six seven eight nine ten. " * 3


@pytest.mark.parametrize(
    ("path", "payload", "state", "value"),
    [
        ("volume", "40", "volume/state", 40.0),
        ("cooldown", "12.5", "cooldown/state", 12.5),
        ("spontaneity", '{"value": 75}', "spontaneity/state", 75.0),
        ("paused", "ON", "paused/state", "ON"),
        ("paused", "TOGGLE", "paused/state", "ON"),
        ("mic_muted", " ON\n", "mic_muted/state", "ON"),
        ("voice", "bass", "voice/state", "bass"),
    ],
)
def test_set_changes_its_state_and_is_accepted(
    play: Play, path: str, payload: str, state: str, value: object
) -> None:
    """A bare value or JSON sets the value, and the state says so."""

    async def scene(rig: Rig) -> None:
        rig.tell(f"{path}/set", payload)
        done = (await rig.until(rig.answers))[0]
        assert (done.event_type, done.command, done.code) == ("accepted", f"{path}/set", "ok")
        await rig.until(lambda: rig.state(state) == value, within=2)

    play(scene)


def test_set_is_published_again_when_nothing_changed(play: Play) -> None:
    """Who sends the same value twice sees it twice."""

    async def scene(rig: Rig) -> None:
        before = len(rig.broker.sent("paused/state"))
        rig.tell("paused/set", "OFF")
        await rig.until(rig.answers)
        assert len(rig.broker.sent("paused/state")) == before + 1

    play(scene)


@pytest.mark.parametrize(
    ("path", "payload", "code"),
    [
        ("volume/set", "101", "out_of_range"),
        ("volume/set", "loud", "bad_payload"),
        ("volume/set", '{"value": 5, "foo": 1}', "bad_payload"),
        ("muted/set", "on", "bad_payload"),
        ("persona/set", "nobody", "unknown_persona"),
        ("voice/set", "nobody", "unknown_voice"),
        ("cmd/skip", "", "stale"),
        ("cmd/skip", "abcdefghijkl", "unknown_turn"),
        ("cmd/say", "", "bad_payload"),
        ("cmd/say", "🎉 *waves*", "bad_payload"),
        ("cmd/say", "x" * 5000, "too_large"),
        ("cmd/forget", '{"viewer": "ana"}', "bad_payload"),
        ("cmd/forget", '{"viewer": "ana", "memory": "m1", "confirm": true}', "bad_payload"),
        ("cmd/forget", '{"memory": "none", "confirm": true}', "bad_payload"),
        ("cmd/viewer", '{"viewer": "nobody"}', "unknown_viewer"),
        ("cmd/forget", '{"viewer": "nobody", "confirm": true}', "unknown_viewer"),
        ("cmd/forget", '{"viewer": "id:4711", "confirm": true}', "unknown_viewer"),
        ("cmd/rate", "up", "unavailable"),
        ("cmd/event", "raid", "bad_payload"),
        ("pickled/home/cmd/explode", "", "unknown_command"),
        ("pickled/home/colour/set", "red", "unknown_command"),
    ],
)
def test_command_that_is_refused_says_why_and_changes_nothing(
    play: Play, path: str, payload: str, code: str
) -> None:
    """The answer has the contract's code, and no state moves."""

    async def scene(rig: Rig) -> None:
        before = dict(rig.broker.retained)
        rig.tell(path, payload)
        refused = (await rig.until(rig.answers))[0]
        assert (refused.event_type, refused.code) == ("rejected", code)
        assert refused.message
        assert rig.broker.retained == before

    play(scene)


def test_command_that_is_retained_is_refused_and_removed(play: Play) -> None:
    """It would fire again on every start."""

    async def scene(rig: Rig) -> None:
        rig.tell("paused/set", "ON", retain=True)
        refused = (await rig.until(rig.answers))[0]
        assert refused.code == "retained"
        assert rig.state("paused/state") == "OFF"
        assert rig.broker.root("paused/set") not in rig.broker.retained
        assert len(rig.answers()) == 1

    play(scene)


def test_command_with_a_known_id_is_done_once_and_answered_twice(play: Play) -> None:
    """A TOGGLE that is sent again does not toggle back."""

    async def scene(rig: Rig) -> None:
        for _ in range(2):
            rig.tell("paused/set", '{"value": "TOGGLE", "id": "a1"}')
        both = await rig.until(lambda: rig.answers() if len(rig.answers()) == 2 else None)
        assert [each.id for each in both] == ["a1", "a1"]
        assert rig.state("paused/state") == "ON"

    play(scene)


def test_command_redelivered_without_an_id_is_not_done_again(play: Play) -> None:
    """The broker can't tell whether we had it."""

    async def scene(rig: Rig) -> None:
        rig.tell("paused/set", "TOGGLE", dup=True)
        rig.tell("cmd/say", "again", dup=True)
        rig.tell("volume/set", "30", dup=True)
        codes = await rig.until(lambda: len(rig.answers()) == 3 and rig.answers())
        assert [each.code for each in codes] == ["stale", "stale", "ok"]

    play(scene)


def test_command_is_answered_on_the_response_topic_with_its_correlation(play: Play) -> None:
    """MQTT 5's request and response."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/ping", "", response_topic="me/answers", correlation=b"42")
        sent = await rig.until(lambda: [m for m in rig.broker.log if m.topic == "me/answers"])
        assert json.loads(sent[0].payload)["code"] == "ok"
        assert sent[0].correlation == b"42"

    play(scene)


def test_settings_survive_a_restart(play: Play) -> None:
    """Persona, volume, cooldown, mute: what was accepted is in force after the next start."""

    async def set_all(rig: Rig) -> None:
        for path, payload in (("volume", "35"), ("cooldown", "9"), ("muted", "ON")):
            rig.tell(f"{path}/set", payload)
        await rig.until(lambda: len(rig.answers()) == 3)

    async def look(rig: Rig) -> None:
        await rig.until(lambda: rig.state("volume/state") == 35)
        assert (rig.state("cooldown/state"), rig.state("muted/state")) == (9, "ON")

    play(set_all)
    play(look)


def test_hostile_payloads_are_each_answered(play: Play) -> None:
    """10,000 of them at once: no crash, one code each, and the next command works."""
    import random

    dice = random.Random(4)
    paths = ("muted/set", "volume/set", "cmd/say", "cmd/inhibit", "cmd/event", "cmd/skip")
    pieces = (
        b"{",
        b'"value"',
        b":",
        b"ON",
        b"\xff\xfe",
        b"NaN",
        b"1e999",
        b"\0",
        b"[[",
        b"}",
        b" ",
    )

    async def scene(rig: Rig) -> None:
        for number in range(10_000):
            junk = b"".join(dice.choices(pieces, k=number % 9)) + dice.randbytes(number % 5)
            rig.tell(paths[number % len(paths)], junk.replace(b"ON", b"O N"))
        await asyncio.sleep(5)
        assert len(rig.answers()) == 10_000
        rig.tell("muted/set", "OFF")
        rig.tell("cmd/say", "Still here.")
        await rig.until(
            lambda: any(s.text == "Still here." for s in rig.broker.sent("response/state"))
        )

    rig = play(scene)
    assert {each.event_type for each in rig.answers()} == {"accepted", "rejected"}


def test_command_takes_effect_while_a_long_answer_is_spoken(play: Play) -> None:
    """Commands never wait for a turn."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        began = rig.clock.now()
        rig.tell("paused/set", "ON")
        await rig.until(rig.answers)
        assert rig.clock.now() - began < 0.2

    play(scene, model=ScriptedModel(lambda _: answer(LONG)))
