"""What doctor says of the vision-server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from pickled.config import Config, MqttConfig, PartConfig
from pickled.doctor.check import Check
from pickled.doctor.vision import check_vision
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import peer
from tests.stand_ins.served import served

FINE = {"status": "up", "detail": "", "kind": "obs"}
STATUS: dict[str, Any] = {
    "looks": True, "why": "", "frames": 12, "calls": 3, "source": FINE, "backend": FINE,
}  # fmt: skip


@pytest.fixture
async def page() -> AsyncIterator[dict[str, Any]]:
    """Its page, with what it says."""
    told: dict[str, Any] = dict(STATUS)

    async def status(_: web.Request) -> web.Response:
        return web.json_response(told)

    app = web.Application()
    app.router.add_get("/vision/status", status)
    async with served(app) as port:
        told["port"] = port
        yield told


async def looked_at(broker: Broker, port: int, *, online: bool) -> Check:
    """The one check, with that at the broker."""
    if online:
        async with peer(broker) as other:
            await other.publish("pickled/home/vision/availability", "online", retain=True)
    eye = PartConfig.model_validate({"kind": "vision", "server": f"http://127.0.0.1:{port}"})
    mqtt = MqttConfig(host=broker.host, port=broker.port)
    (check,) = await check_vision(Config(mqtt=mqtt, inputs=(eye,)))
    return check


async def test_nothing_is_said_where_nobody_wants_to_see() -> None:
    """No section, no check."""
    assert await check_vision(Config()) == ()


async def test_vision_server_that_looks_is_fine(broker: Broker, page: dict[str, Any]) -> None:
    """With what it has done."""
    check = await looked_at(broker, page["port"], online=True)
    assert (check.status, check.what) == ("ok", "looks; 12 pictures seen, 3 described")


async def test_vision_server_that_is_not_there_is_named(broker: Broker) -> None:
    """With how it is started."""
    check = await looked_at(broker, 9, online=False)
    assert check.status == "warn"
    assert "npm start" in check.remedy


async def test_part_of_it_that_is_down_is_named(broker: Broker, page: dict[str, Any]) -> None:
    """A camera that is gone, with its own words."""
    page["source"] = {"kind": "url", "status": "down", "detail": "no route to the camera"}
    check = await looked_at(broker, page["port"], online=True)
    assert (check.status, check.remedy) == ("warn", "no route to the camera")
    assert "source (url)" in check.what


async def test_vision_server_without_the_broker_is_named(
    broker: Broker, page: dict[str, Any]
) -> None:
    """It is asked at its page meanwhile."""
    check = await looked_at(broker, page["port"], online=False)
    assert check.status == "warn"
    assert "not online at the broker" in check.what
