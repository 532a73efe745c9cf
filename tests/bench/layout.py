"""What a connection of its own for sound, and TCP_NODELAY, are worth: frames on their way."""

from __future__ import annotations

import asyncio
import struct
import time
from contextlib import AsyncExitStack, suppress

import aiomqtt

from pickled.config import MqttConfig
from pickled.mqtt import Incoming
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from pickled.topics import Root
from tests.bench.figures import Figure, percentile
from tests.stand_ins.broker import Broker

ABOUT = (
    "50 frames of 960 bytes a second at QoS 0 and ten JSON states a second at QoS 1, from the "
    "publisher to a subscriber through a real Mosquitto: everything on one connection with the "
    "defaults of library and broker, beside ours (two connections, TCP_NODELAY, small buffer)"
)
FRAME_S, STATES_EVERY = 0.02, 5
TURN = b"x" * 940


async def measure(how: str) -> list[Figure]:
    """Both layouts, one after the other."""
    count = {"quick": 150, "bench": 1000, "prove": 5000}[how]
    with Broker(settings=("set_tcp_nodelay false",)) as broker:
        defaults = await _defaults(broker, count)
    with Broker() as broker:
        ours = await _ours(broker, count)
    return [
        Figure(what="frame on its way, p50", value=percentile(ours, 50), unit="ms"),
        Figure(what="frame on its way, p95", value=percentile(ours, 95), unit="ms"),
        Figure(
            what="one connection, all defaults: frame on its way, p95",
            value=percentile(defaults, 95),
            unit="ms",
            note=f"p50 {percentile(defaults, 50):.1f} ms",
        ),
        Figure(
            what="ours sooner, p95",
            value=percentile(defaults, 95) / percentile(ours, 95),
            unit="×",
            at_least=5,
        ),
    ]


async def _defaults(broker: Broker, count: int) -> list[float]:
    times: list[float] = []
    async with AsyncExitStack() as stack:
        version = aiomqtt.ProtocolVersion.V5
        sender, *readers = [
            await stack.enter_async_context(
                aiomqtt.Client(broker.host, broker.port, protocol=version)
            )
            for _ in range(4)
        ]
        for each in readers:
            await each.subscribe("bench/#", qos=0)
        tasks = [asyncio.create_task(_read(each, times, n == 0)) for n, each in enumerate(readers)]
        for number in range(count):
            await sender.publish("bench/audio", _frame(), qos=0)
            if number % STATES_EVERY == 0:
                await sender.publish("bench/state", b'{"playing": true}', qos=1)
            await asyncio.sleep(FRAME_S)
        await _end(tasks)
    return times


async def _read(client: aiomqtt.Client, times: list[float], counts: bool) -> None:
    async for message in client.messages:
        if counts and str(message.topic).endswith("audio"):
            times.append(_age_ms(bytes(message.payload)))  # noqa: PERF401 - what came until then


async def _ours(broker: Broker, count: int) -> list[float]:
    mqtt, root = MqttConfig(host=broker.host, port=broker.port), Root()
    times: list[float] = []

    def take(message: Incoming) -> None:
        times.append(_age_ms(message.payload))

    def connection(name: str, buffer: int | None = None) -> Connection:
        return Connection(mqtt, root, name=name, announce=False, send_buffer=buffer)

    states, sender = connection("bench"), connection("bench-audio", AUDIO_SEND_BUFFER)
    readers = [connection(f"bench-reader-{number}") for number in range(3)]
    readers[0].on("node/{node}/tts/audio", take)
    for each in readers[1:]:
        each.on("node/{node}/tts/audio", lambda _: None)
    for each in readers:
        each.on("latency/state", lambda _: None)
    everyone = [states, sender, *readers]
    tasks = [asyncio.create_task(each.run()) for each in everyone]
    async with asyncio.timeout(20):
        while not all(each.connected for each in everyone):
            await asyncio.sleep(0.05)
    for number in range(count):
        await sender.publish("node/{node}/tts/audio", _frame(), node="bench")
        if number % STATES_EVERY == 0:
            await states.publish("latency/state", {"gate": 1.0})
        await asyncio.sleep(FRAME_S)
    await _end(tasks)
    return times


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.sleep(0.5)
    for each in tasks:
        each.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)


def _frame() -> bytes:
    return struct.pack("<20xd", time.monotonic()) + TURN[:932]


def _age_ms(payload: bytes) -> float:
    return (time.monotonic() - float(struct.unpack_from("<d", payload, 20)[0])) * 1000
