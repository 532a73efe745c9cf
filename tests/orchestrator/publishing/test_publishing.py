"""What goes out, how often, and what is counted when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pickled.messages.chat import ChatMessage
from pickled.messages.command import CommandEvent
from pickled.messages.decision import Decision
from pickled.messages.response import Recipient, ResponseState
from pickled.messages.state import MoodState, QueueState
from pickled.mqtt import Incoming
from pickled.mqtt.in_process import MemoryBroker, MemoryBus
from pickled.orchestrator.intake.chat_feed import BATCH_BYTES, ChatFeed
from pickled.orchestrator.publishing.events import LONGEST_QUEUE, MOST_KEPT, Events
from pickled.orchestrator.publishing.state import States, without_text
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.topics import topic
from tests.stand_ins.virtual_time import BEGIN, in_virtual_time, virtual_clock


def _with_bus(scene: Callable[[MemoryBroker, MemoryBus], Awaitable[None]]) -> None:
    async def work() -> None:
        broker = MemoryBroker()
        await scene(broker, broker.bus(announce=False))

    in_virtual_time(work)


async def _running(events: Events, work: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.create_task(events.run())
    await work()
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_state_that_is_a_number_goes_out_once_a_second_with_its_latest_value() -> None:
    """The first at once, the last of the rest when the second is over."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        states = States(bus, tap=PublishingTap())
        for volume in range(50):
            states.set("volume/state", float(volume))
            await asyncio.sleep(0.05)
        await asyncio.sleep(2)
        sent = broker.sent("volume/state")
        assert (sent[0], sent[-1]) == (0, 49)
        assert len(sent) <= 4
        states.close()

    _with_bus(scene)


def test_state_that_switches_goes_out_at_once_and_only_on_change() -> None:
    """A light bulb follows without delay."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        states = States(bus, tap=PublishingTap())
        for value in (True, True, False, False, True):
            states.set("speaking/state", value)
        assert broker.sent("speaking/state") == ["ON", "OFF", "ON"]
        states.set("speaking/state", True, again=True)
        assert len(broker.sent("speaking/state")) == 4

    _with_bus(scene)


def test_state_that_waits_is_sent_at_the_end() -> None:
    """Nothing is lost on a clean stop."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        states = States(bus, tap=PublishingTap())
        states.set("queue/state", QueueState(waiting=1))
        states.set("queue/state", QueueState(waiting=2))
        states.close()
        assert [each.waiting for each in broker.sent("queue/state")] == [1, 2]

    _with_bus(scene)


def test_events_above_their_rate_are_counted_in_the_next_one() -> None:
    """Nothing is left out in silence."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        events = Events(bus, tap=PublishingTap())
        rate = int(topic("event/decision").max_rate or 0)

        async def flood() -> None:
            for _ in range(rate + 25):
                events.emit("event/decision", Decision(ts=BEGIN, event_type="skip"))
            await asyncio.sleep(1)
            events.emit("event/decision", Decision(ts=BEGIN, event_type="skip"))

        await _running(events, flood)
        sent = broker.sent("event/decision")
        assert len(sent) == rate + 1
        assert sent[-1].suppressed == 25

    _with_bus(scene)


def test_events_while_the_broker_is_away_are_counted_and_not_kept() -> None:
    """An event is not told late."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        events = Events(bus, tap=PublishingTap())

        async def away() -> None:
            bus.disconnect()
            for _ in range(3):
                events.emit("event/decision", Decision(ts=BEGIN, event_type="skip"))
            await asyncio.sleep(0.1)
            await bus.reconnect()
            events.emit("event/decision", Decision(ts=BEGIN, event_type="answer"))

        await _running(events, away)
        sent = broker.sent("event/decision")
        assert [(each.event_type, each.suppressed) for each in sent] == [("answer", 3)]

    _with_bus(scene)


def test_chat_above_fifty_a_second_goes_out_in_batches_within_their_limits() -> None:
    """At most ten a second, 64 KiB each, and every line is in one or counted."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        events, clock = Events(bus, tap=PublishingTap()), virtual_clock()
        feed = ChatFeed(events, clock)

        async def flood() -> None:
            for number in range(4_000):
                feed.add(
                    ChatMessage(
                        ts=clock.wall(),
                        id=str(number),
                        user="ann",
                        user_id="1",
                        text="\u6f22" * 400,
                    )
                )
                await asyncio.sleep(0.0005)
            feed.close()

        await _running(events, flood)
        batches = [each for each in broker.sent("event/chat") if each.event_type == "batch"]
        calm = [each for each in broker.sent("event/chat") if each.event_type == "message"]
        told = sum(len(each.messages) + each.suppressed for each in batches)
        assert told + len(calm) == 4_000
        assert 10 < len(batches) <= 21
        assert all(len(each.payload) <= BATCH_BYTES for each in broker.log)

    _with_bus(scene)


def test_text_is_left_out_at_every_depth_and_the_rest_stays() -> None:
    """Names of the fields stay, their words go."""
    said = ResponseState(
        turn="abcdefghijkl",
        persona="John",
        emotion="happy",
        text="secret",
        heard="secret",
        outcome="finished",
        to=(Recipient(source="chat", user="ana", text="secret"),),
        at=BEGIN,
    )
    bare = without_text(said)
    assert "secret" not in bare.model_dump_json()
    assert (bare.outcome, bare.to[0].user) == ("finished", "ana")
    assert type(bare).model_validate_json(bare.model_dump_json()) == bare


def test_answers_to_commands_are_bounded_like_all_events() -> None:
    """When nothing goes out, the oldest answers are dropped, and counted in the next ones."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        events = Events(bus, tap=PublishingTap())
        asked = Incoming(topic=bus.root("cmd/ping"), row=topic("cmd/ping"), node=None, payload=b"")
        event = CommandEvent(ts=BEGIN, event_type="accepted", command="cmd/ping", code="ok")
        for _ in range(LONGEST_QUEUE + 5):
            events.emit("event/command", event, answer_to=asked)
        assert len(events._answers) == LONGEST_QUEUE
        await _running(events, lambda: asyncio.sleep(0))
        sent = broker.sent("event/command")
        assert len(sent) + sum(each.suppressed for each in sent) == LONGEST_QUEUE + 5

    _with_bus(scene)


def _answer(number: int) -> CommandEvent:
    fields = {"ts": BEGIN, "event_type": "accepted", "command": "volume/set", "code": "ok"}
    return CommandEvent.model_validate({**fields, "id": f"c{number}"})


def test_answers_that_a_broker_missed_are_sent_when_it_is_back() -> None:
    """In order and before what is new; other events are counted instead."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        events = Events(bus, tap=PublishingTap())
        decision = Decision(ts=BEGIN, event_type="skip", reason="command")

        async def work() -> None:
            bus.disconnect()
            for number in range(3):
                events.emit("event/command", _answer(number))
                events.emit("event/decision", decision)
            await asyncio.sleep(10)
            assert broker.sent("event/command") == []
            await bus.reconnect()
            events.emit("event/command", _answer(3))
            await asyncio.sleep(0.1)

        await _running(events, work)
        assert [each.id for each in broker.sent("event/command")] == ["c0", "c1", "c2", "c3"]
        assert broker.sent("event/decision") == []

    _with_bus(scene)


def test_answers_that_wait_for_a_broker_are_bounded() -> None:
    """The latest are kept; how many went is told with the next one."""

    async def scene(broker: MemoryBroker, bus: MemoryBus) -> None:
        events = Events(bus, tap=PublishingTap())

        async def work() -> None:
            bus.disconnect()
            for number in range(MOST_KEPT + 7):
                events.emit("event/command", _answer(number))
            await asyncio.sleep(1)
            await bus.reconnect()
            await asyncio.sleep(0.1)
            events.emit("event/command", _answer(-1))

        await _running(events, work)
        sent = broker.sent("event/command")
        assert len(sent) == MOST_KEPT + 1
        assert (sent[0].id, sent[-1].suppressed) == ("c7", 7)

    _with_bus(scene)


def test_mood_keeps_its_label_where_no_text_is_published() -> None:
    """One of five words of ours; the contract knows no other."""
    mood = MoodState(score=0.4, label="happy", chatters=3, window_s=60)
    assert without_text(mood) == mood
