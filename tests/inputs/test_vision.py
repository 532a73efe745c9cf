"""The input of what is seen: over MQTT, and from the vision-server's page while MQTT is away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from pickled.inputs.vision import LONGEST_TEXT, Options, start
from pickled.messages.base import iso_ms
from pickled.messages.events import Event
from pickled.messages.vision import Scene
from pickled.mqtt.in_process import MemoryBroker
from pickled.offers import Offers
from pickled.plugins import Surroundings
from tests.stand_ins.served import served
from tests.stand_ins.virtual_time import in_virtual_time


def scene(text: str, *, at: datetime | None = None, **more: Any) -> bytes:
    """As the vision-server says it."""
    now = datetime.now(UTC)
    told = {"event_type": "scene", "ts": iso_ms(now), "captured_at": iso_ms(at or now)}
    return json.dumps(told | {"text": text, "model": "seer"} | more).encode()


class Listened:
    """What the input emitted and reported."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.health: list[tuple[str, str]] = []
        self.broker = MemoryBroker()
        self._more = asyncio.Event()

    def take(self, event: Event) -> None:
        self.events.append(event)
        self._more.set()

    def report(self, status: str, detail: str) -> None:
        self.health.append((status, detail))
        self._more.set()

    async def until(self, true: Callable[[], Any]) -> None:
        async with asyncio.timeout(200):
            while not true():
                self._more.clear()
                await self._more.wait()

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.events if isinstance(each, Scene)]


@asynccontextmanager
async def listening(**options: Any) -> AsyncIterator[Listened]:
    """The input, with a bus of its own."""
    heard = Listened()
    bus = heard.broker.bus()
    around = Surroundings(Path(), Path(), heard.report, Offers(bus=bus))
    async with start(Options(**{"server": "http://127.0.0.1:9"} | options), around) as source:
        running = [asyncio.create_task(bus.run()), asyncio.create_task(source.run(heard.take))]
        await asyncio.sleep(0.05)
        try:
            yield heard
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)


def virtually(work: Callable[[Listened], Awaitable[None]]) -> None:
    async def run() -> None:
        async with listening() as heard:
            await work(heard)

    in_virtual_time(run)


def test_what_is_seen_is_emitted_once() -> None:
    """A scene that comes a second time, or late, is known."""

    async def work(heard: Listened) -> None:
        at = datetime.now(UTC)
        for payload in (scene("A dog.", at=at), scene("A dog.", at=at)):
            heard.broker.send("event/vision", payload)
        later, before = at + timedelta(seconds=1), at - timedelta(seconds=1)
        heard.broker.send("event/vision", scene("A cat.", at=later))
        heard.broker.send("event/vision", scene("Old.", at=before))
        await heard.until(lambda: len(heard.events) > 1)
        await asyncio.sleep(1)
        assert heard.texts == ["A dog.", "A cat."]
        assert heard.health[-1] == ("up", "")

    virtually(work)


def test_what_is_no_scene_is_passed_over() -> None:
    """Garbage from whoever may write there breaks nothing."""

    async def work(heard: Listened) -> None:
        hostile = (b"", b"{", b"[]", b"\xff", b'{"text": 1}', b"x" * 100_000, scene("A", ts="soon"))
        for payload in hostile:
            heard.broker.send("event/vision", payload)
        heard.broker.send("event/vision", scene("word " * 1000))
        await heard.until(lambda: heard.events)
        assert [len(text) for text in heard.texts] == [LONGEST_TEXT]

    virtually(work)


def test_clock_that_is_wrong_only_tells_ages() -> None:
    """A machine an hour ahead, or behind, took its picture two seconds before it says so."""

    async def work(heard: Listened) -> None:
        for hours in (-1, 1):
            theirs = datetime.now(UTC) + timedelta(hours=hours)
            at = theirs - timedelta(seconds=2)
            heard.broker.send("event/vision", scene(f"{hours}", at=at, ts=iso_ms(theirs)))
        await heard.until(lambda: len(heard.events) == 2)
        for event in heard.events:
            assert isinstance(event, Scene)
            assert abs((datetime.now(UTC) - event.captured_at).total_seconds() - 2) < 1

    virtually(work)


def test_vision_server_that_is_nowhere_is_said_with_the_remedy() -> None:
    """And waited for."""

    async def work(heard: Listened) -> None:
        await heard.until(lambda: heard.health)
        status, detail = heard.health[-1]
        assert status == "down"
        assert "neither on MQTT nor at its address" in detail
        assert detail.endswith("start it")
        heard.broker.send("vision/availability", "online", retain=True)
        await heard.until(lambda: heard.health[-1] == ("up", ""))

    virtually(work)


async def test_page_is_asked_while_mqtt_is_silent() -> None:
    """With the token; each scene once; and no more once it speaks on MQTT."""
    seen, asked = ["A dog."], []

    async def latest(request: web.Request) -> web.Response:
        asked.append(request.headers.get("authorization"))
        if asked[-1] != "Bearer sesame":
            return web.Response(status=401)
        at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(seconds=len(seen))
        return web.Response(body=scene(seen[-1], at=at)) if seen[-1] else web.Response(status=204)

    app = web.Application()
    app.router.add_get("/vision/latest", latest)
    async with served(app) as port:
        page = {"server": f"http://127.0.0.1:{port}", "poll_s": 0.5}
        async with listening(**page) as heard:
            await heard.until(lambda: heard.health)
            assert heard.health[-1][1].endswith("answers 401; is the token right?")
        async with listening(**page, token="sesame") as heard:
            await heard.until(lambda: heard.events)
            seen.append("")
            asked_before = len(asked)
            await asyncio.sleep(0.6)
            seen.append("A cat.")
            await heard.until(lambda: len(heard.events) == 2)
            assert len(asked) > asked_before
            assert heard.texts == ["A dog.", "A cat."]
            heard.broker.send("vision/availability", "online", retain=True)
            await heard.until(lambda: heard.health[-1] == ("up", ""))
            count = len(asked)
            await asyncio.sleep(1.2)
            assert len(asked) <= count + 1
