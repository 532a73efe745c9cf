"""Home Assistant is told of daemon, nodes and vision-server, and what is no more is taken out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest

from pickled.messages.node import NodeInfo
from pickled.mqtt.discovery.devices import node_device
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.introduction.announced import Announced
from pickled.orchestrator.introduction.devices import MOST_DEVICES, Devices
from pickled.topics import Root
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode

Play = Callable[..., Rig]
DAEMON = "homeassistant/device/pickled_home/config"
LAPTOP = "homeassistant/device/pickled_home-node-laptop/config"
VISION = "homeassistant/device/pickled_home-vision/config"
BIRTH = "homeassistant/status"
OFF = {"options": {"home_assistant": {"enabled": False}}}
QUIET = {"publish_text": False}


def told(broker: MemoryBroker, topic: str) -> list[dict[str, Any]]:
    """What was announced there, oldest first, without repeats; an empty payload is `{}`."""
    payloads = [each.payload for each in broker.log if each.topic == topic]
    return [json.loads(payload or b"{}") for payload, _ in groupby(payloads)]


def whole(components: dict[str, Any], *keys: str) -> bool:
    """Could Home Assistant set these up?"""
    return all("unique_id" in components[key] for key in keys)


async def _nothing(_rig: Rig) -> None:
    await asyncio.sleep(5)


async def _birth(rig: Rig) -> None:
    rig.broker.send(BIRTH, "online")
    await asyncio.sleep(10)


def test_node_is_announced_after_the_daemon_and_once(play: Play) -> None:
    """`via_device` names a device that Home Assistant knows; a node that plays is told once."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", "Hello there.")
        await asyncio.sleep(10)
        topics = [each.topic for each in rig.broker.log if each.topic.endswith("/config")]
        assert list(dict.fromkeys(topics)) == [DAEMON, LAPTOP]
        (laptop,) = told(rig.broker, LAPTOP)
        assert laptop["components"]["muted"]["platform"] == "switch"

    play(scene)


def test_node_that_is_cleared_for_good_is_taken_out(play: Play) -> None:
    """Its retained info goes, and its device with it; a node that is only away keeps it."""

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(3)
        rig.broker.send("node/{node}/availability", "offline", node="laptop", retain=True)
        await asyncio.sleep(3)
        assert rig.broker.retained[LAPTOP]
        rig.broker.send("node/{node}/info", "", node="laptop", retain=True)
        await asyncio.sleep(3)
        assert LAPTOP not in rig.broker.retained
        await _birth(rig)
        again, gone = told(rig.broker, LAPTOP)[-2:]
        assert (whole(again["components"], "muted", "volume"), gone) == (True, {})

    play(scene)


def test_vision_server_is_announced_once_it_was_seen(play: Play) -> None:
    """Who has none has no device of it."""

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(2)
        assert not told(rig.broker, VISION)
        rig.broker.send("vision/availability", "online", retain=True)
        await asyncio.sleep(2)
        assert "online" in told(rig.broker, VISION)[0]["components"]
        rig.broker.send("vision/availability", "", retain=True)
        await asyncio.sleep(2)
        assert VISION not in rig.broker.retained

    play(scene)


@pytest.mark.parametrize("prefix", ["homeassistant", "ha/house"])
def test_home_assistant_that_comes_back_is_told_again(play: Play, prefix: str) -> None:
    """Its birth stays on `homeassistant/status` with a custom prefix; both are heard."""
    seen: list[int] = []

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(2)
        topic = DAEMON.replace("homeassistant", prefix)
        for status in {BIRTH, f"{prefix}/status"}:
            rig.broker.log.clear()
            rig.broker.send(status, "online")
            await asyncio.sleep(6)
            seen.append(len([each for each in rig.broker.log if each.topic == topic]))

    play(scene, mqtt={"discovery_prefix": prefix})
    assert seen
    assert set(seen) == {1}


def test_what_is_switched_off_goes_also_where_home_assistant_was_away(play: Play) -> None:
    """Words that are not published any more: told whole and taken out, at the start and at birth.

    Once Home Assistant has been there for it, no more is said of them.
    """
    broker = MemoryBroker()
    play(_nothing, broker=broker)
    words = ("caption", "response", "crowd_question")
    assert whole(json.loads(broker.retained[DAEMON])["components"], *words)

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(5)
        first, again, removed = told(rig.broker, DAEMON)
        for each in (first, removed):
            assert [each["components"][word] for word in words] == [{"platform": "sensor"}] * 3
        assert whole(again["components"], *words)
        await _birth(rig)
        again, removed = told(rig.broker, DAEMON)[-2:]
        assert whole(again["components"], *words)
        assert [removed["components"][word] for word in words] == [{"platform": "sensor"}] * 3

    broker.log.clear()
    play(scene, broker=broker, mqtt=QUIET)
    broker.log.clear()
    play(_birth, broker=broker, mqtt=QUIET)
    assert not set(words) & set(json.loads(broker.retained[DAEMON])["components"])
    assert all(not set(words) & set(each["components"]) for each in told(broker, DAEMON))


def test_daemon_that_ends_while_it_takes_something_out_leaves_nothing_there(play: Play) -> None:
    """What is told whole for a moment would stay in Home Assistant."""
    broker = MemoryBroker()
    play(_nothing, broker=broker)

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: whole(told(rig.broker, DAEMON)[-1]["components"], "caption"))

    broker.log.clear()
    play(scene, broker=broker, mqtt=QUIET)
    assert json.loads(broker.retained[DAEMON])["components"]["caption"] == {"platform": "sensor"}


def test_discovery_that_is_switched_off_takes_the_devices_along(play: Play) -> None:
    """All of them, also when Home Assistant was away; switched on again, they are back."""
    broker = MemoryBroker()
    play(_nothing, broker=broker)
    assert {DAEMON, LAPTOP} <= broker.retained.keys()
    play(_nothing, broker=broker, **OFF)
    assert not {DAEMON, LAPTOP} & broker.retained.keys()
    broker.log.clear()
    play(_birth, broker=broker, **OFF)
    for topic in (DAEMON, LAPTOP):
        sent = told(broker, topic)
        assert [bool(each) for each in sent] == [True, False] * 2
        assert whole(sent[0]["components"], "muted", "volume")
    broker.log.clear()
    play(_birth, broker=broker, **OFF)
    assert not told(broker, DAEMON)
    play(_nothing, broker=broker)
    assert {DAEMON, LAPTOP} <= broker.retained.keys()


def test_discovery_that_was_never_on_says_nothing(play: Play) -> None:
    """Nobody asks a broker for rights that are not needed."""
    rig = play(_birth, **OFF)
    assert not [each for each in rig.broker.log if each.topic.endswith("/config")]


@pytest.mark.parametrize(
    ("former", "taken_out"), [("offline", True), ("online", False), (None, False)]
)
def test_former_name_is_taken_out_unless_somebody_lives_there(
    play: Play, former: str | None, taken_out: bool
) -> None:
    """After a rename its mute would act on nobody; a copy of the folder is no rename."""
    first = MemoryBroker()
    play(_nothing, broker=first)
    second = MemoryBroker(Root(instance="studio"))
    second.retained |= {topic: first.retained[topic] for topic in (DAEMON, LAPTOP)}
    if former is not None:
        second.retained[Root()("availability")] = former.encode()
    play(_nothing, broker=second, options={"instance": "studio"}, nodes=[StandInNode(second)])
    assert (DAEMON not in second.retained) == taken_out
    assert (LAPTOP not in second.retained) == taken_out
    assert DAEMON.replace("pickled_home", "pickled_studio") in second.retained


def test_former_prefix_is_left_clean(play: Play) -> None:
    """Home Assistant would find the device twice, once it is told to listen there again."""
    broker = MemoryBroker()
    play(_nothing, broker=broker)
    play(_nothing, broker=broker, mqtt={"discovery_prefix": "ha"})
    assert DAEMON not in broker.retained
    assert "ha/device/pickled_home/config" in broker.retained


def test_what_was_told_may_be_anything_by_now(play: Play) -> None:
    """A settings file that somebody wrote into costs nothing but that knowledge."""
    broker = MemoryBroker()
    rig = play(_nothing, broker=broker)
    file = rig.data_dir / "settings.json"
    settings = json.loads(file.read_text())
    for odd in ([], {"a": 1}, "x", {DAEMON: {"base": 1}}):
        settings["values"]["home_assistant"] = {"value": odd, "configured": None}
        file.write_text(json.dumps(settings))
        play(_nothing, broker=broker)
        assert broker.retained[DAEMON]


def test_texts_are_there_for_who_comes_late_also_when_they_are_empty(play: Play) -> None:
    """An empty retained payload is none: Home Assistant would show `unknown` after a restart."""

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(2)
        assert not rig.broker.retained.get(rig.broker.root("caption/state"))
        texts = rig.state("texts/state")
        assert (texts.caption, texts.crowd_question) == ("", "")
        rig.tell("cmd/say", "Hello there.")
        await rig.until(lambda: rig.state("texts/state").caption == "Hello there.")
        assert rig.state("caption/state") == "Hello there."
        await rig.until(lambda: rig.state("texts/state").caption == "")

    play(scene)


def test_texts_are_empty_where_none_is_published(play: Play) -> None:
    """`publish_text: false` holds for them, too."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", "Hello there.")
        await asyncio.sleep(10)
        sent = rig.broker.sent("texts/state")
        assert {(each.caption, each.crowd_question) for each in sent} == {("", "")}

    play(scene, mqtt=QUIET)


def test_devices_have_a_limit() -> None:
    """Those that are gone count, until Home Assistant has seen them go."""
    kept: list[dict[str, Any]] = []
    bus = MemoryBroker().bus()
    announced = Announced(None, kept.append)
    devices = Devices(bus, announced, dict)
    for number in range(MOST_DEVICES + 5):
        info = NodeInfo(session=1)
        device = node_device(bus.root, prefix="ha", name=f"n{number}", info=info)
        devices.announce(device)
        devices.remove(device.topic)
    assert len(kept[-1]) == MOST_DEVICES
