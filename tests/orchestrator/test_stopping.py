"""Mute wins: over the model, the voice, restarts, and old settings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.messages.chat import ChatCleared, ChatDeleted
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]

LONG = "One two three four five six seven eight nine ten. " * 3


def _long_answer() -> ScriptedModel:
    return ScriptedModel(lambda _: answer(LONG))


def test_mute_stops_the_answer_and_nothing_is_said_until_off(play: Play) -> None:
    """The answer ends as `muted`; mentions wait, and expire."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.tell("muted/set", "ON")
        said = await rig.outcome()
        assert said.outcome == "muted"
        rig.chat("John, say something")
        await rig.until(lambda: rig.events("event/decision", "expire"), within=30)
        assert len(rig.broker.sent("response/state")) == 1
        rig.tell("muted/set", "OFF")
        rig.chat("John, and now?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")

    play(scene, model=_long_answer())


def test_panic_stops_mutes_and_empties_every_queue(play: Play) -> None:
    """Nothing that waited is said after the mute is released."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        rig.tell("cmd/say", "This waits.")
        rig.chat("John, and me?", user="ben")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.tell("cmd/panic", "anything")
        await rig.outcome()
        assert rig.state("muted/state") == "ON"
        rig.tell("muted/set", "OFF")
        await asyncio.sleep(30)
        spoken = {said.text for said in rig.broker.sent("response/state")}
        assert "This waits." not in spoken
        assert len(rig.model.prompts) == 1

    play(scene, model=_long_answer())


def test_panic_survives_a_restart(play: Play) -> None:
    """Daemon gone and started again: still muted, until an explicit OFF."""

    async def panic(rig: Rig) -> None:
        rig.tell("cmd/panic")
        await rig.until(rig.answers)

    async def after(rig: Rig) -> None:
        rig.chat("John?")
        await asyncio.sleep(5)
        assert rig.state("muted/state") == "ON"
        assert rig.broker.sent("response/state") == []

    play(panic)
    play(after)


def test_node_that_is_muted_mutes_the_daemon_on_its_start(play: Play) -> None:
    """The node's disk remembers a panic that the daemon slept through."""

    async def scene(rig: Rig) -> None:
        rig.nodes.append(StandInNode(rig.broker, "second", muted=True))
        running = asyncio.create_task(rig.nodes[-1].run())
        await rig.until(lambda: rig.state("muted/state") == "ON", within=2)
        rig.tell("muted/set", "OFF")
        await rig.until(lambda: rig.state("muted/state") == "OFF", within=2)
        await asyncio.sleep(3)
        assert rig.state("muted/state") == "OFF"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    play(scene)


def test_toggle_is_decided_against_the_effective_mute_and_told_to_the_nodes(play: Play) -> None:
    """One key mutes and releases, wherever the mute sits."""

    async def scene(rig: Rig) -> None:
        node = rig.nodes[0]
        rig.tell("muted/set", "TOGGLE")
        await rig.until(lambda: node.muted and rig.state("muted/state") == "ON", within=2)
        rig.tell("muted/set", "TOGGLE")
        await rig.until(lambda: not node.muted and rig.state("muted/state") == "OFF", within=2)

    play(scene)


def test_message_deleted_while_it_is_answered_stops_the_answer(play: Play) -> None:
    """It leaves voice, queue and memory, and what was published about it is taken back."""

    async def scene(rig: Rig) -> None:
        gone = rig.chat("John, read this nasty thing")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id=gone))
        said = await rig.outcome()
        assert said.outcome == "interrupted"
        taken_back = rig.events("event/retraction", "message")[0]
        removed = {name: count for name, count in taken_back.removed.items() if count}
        assert removed == {"crowd": 1, "short_term": 1, "answerable": 1, "voice": 1}
        rig.chat("John?", user="ben")
        await rig.until(lambda: len(rig.model.prompts) == 2)
        assert "nasty" not in str(rig.model.prompts[1])

    play(scene, model=_long_answer())


def test_viewer_who_is_banned_leaves_queue_and_states(play: Play) -> None:
    """Also what was already answered is no longer shown."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, look at my nasty name", user="troll")
        await rig.outcome()
        rig.happen(ChatCleared(ts=rig.clock.wall(), user="troll", user_id="id-troll"))
        await rig.until(lambda: rig.state("response/state").to == (), within=3)
        assert b"nasty" not in b"".join(rig.broker.retained.values())

    play(scene)


def test_broker_that_goes_away_and_returns_gets_all_states_again(play: Play) -> None:
    """What changed meanwhile is right at once, and availability comes last."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.outcome()
        bus = rig.bus
        bus.disconnect()
        await asyncio.sleep(1)
        rig.broker.retained.clear()
        await bus.reconnect()
        await asyncio.sleep(0.1)
        names = {name.removeprefix("pickled/home/") for name in rig.broker.retained}
        assert {"muted/state", "info", "health/state", "availability", "response/state"} <= names
        assert rig.state("availability") == "online"

    play(scene)


def test_flood_of_chat_is_answered_merged_or_counted(play: Play) -> None:
    """5,000 lines a second: every one has a verdict, commands still work, answers stay fresh."""

    async def scene(rig: Rig) -> None:
        for second in range(6):
            for number in range(5_000):
                rig.chat(f"line {number} of {second}", user=f"u{number % 500}")
            rig.tell("volume/set", str(second))
            await asyncio.sleep(1)
        await asyncio.sleep(10)
        assert len(rig.answers()) == 6

    rig = play(scene)
    answered = rig.events("event/decision", "answer")
    queue = rig.broker.value("queue/state")
    assert sum(queue.dropped.values()) + sum(len(each.messages) for each in answered) == 30_000
    batches = rig.events("event/chat", "batch")
    calm = rig.events("event/chat", "message")
    told = sum(len(each.messages) + each.suppressed for each in batches) + len(calm)
    assert told == 30_000
    assert max(len(m.payload) for m in rig.broker.log if "event/chat" in m.topic) < 64 * 1024


def test_topic_that_the_broker_forbids_is_reported(play: Play) -> None:
    """A wrong access list shows in health and as an error, not only in a log."""

    async def scene(rig: Rig) -> None:
        rig.bus.refuse("pickled/home/event/chat")

        def degraded() -> bool:
            broker = rig.state("health/state").root.get("broker")
            return broker is not None and broker.status == "degraded"

        await rig.until(degraded)
        assert rig.events("event/error")[0].code == "forbidden"

    play(scene)


def test_rival_of_the_same_name_shows_in_health_until_it_is_gone(play: Play) -> None:
    """Two daemons that kick each other out: health names it though we are connected just now."""

    async def scene(rig: Rig) -> None:
        def status() -> tuple[str, str]:
            broker = rig.state("health/state").root.get("broker")
            return (broker.status, broker.detail) if broker else ("", "")

        rig.bus.rival = "another process uses the same name"
        rig.bus.disconnect("cut")
        await rig.bus.reconnect()
        await rig.until(lambda: status() == ("degraded", rig.bus.rival))
        rig.bus.rival = ""
        await rig.until(lambda: status() == ("up", ""))

    play(scene)
