"""One connection to the broker, where aiomqtt alone would stumble."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from pickled.config import MqttConfig
from pickled.mqtt.wire import Wire


async def test_socket_that_is_closed_before_the_loop_watches_it_is_no_fault() -> None:
    """A broker that restarts while something is written: the loop logged a traceback."""
    loop, faults = asyncio.get_running_loop(), list[dict[str, Any]]()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    wire = Wire(
        MqttConfig(),
        name="pickled-test",
        will=None,
        tls=None,
        keepalive=5,
        timeout=1.0,
        send_buffer=None,
        receive=lambda _: None,
    )
    with socket.socket() as sock:
        wire._on_socket_register_write(wire._client, None, sock)
    passed = asyncio.Event()
    loop.call_soon(passed.set)
    await passed.wait()
    assert faults == []
