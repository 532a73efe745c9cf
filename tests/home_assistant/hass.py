"""A real Home Assistant, headless: started, logged in, joined to a broker, asked and steered."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.house import House
from tests.stand_ins.broker import HOST, Broker, free_port
from tests.stand_ins.processes import ROOT, Process, started

START_S = 90.0
"""The first start installs what its integrations need."""

WAIT_S = 10.0
_ABOUT_US = re.compile(r"pickled|mqtt|automation|blueprint|lovelace|template", re.IGNORECASE)
_CONFIGURATION = """\
homeassistant: {{name: Home, time_zone: UTC, packages: !include_dir_named packages}}
http: {{server_host: {host}, server_port: {port}}}
api:
config:
frontend:
automation: !include automations.yaml
"""
_DASHBOARD = """\
lovelace:
  dashboards:
    pickled-home: {mode: yaml, title: Pickled, filename: hass/dashboard.yaml}
"""


def runner() -> str:
    """The `hass` program; skips the test where there is none."""
    if found := os.environ.get("PICKLED_HASS"):
        return found
    pytest.skip("PICKLED_HASS names no `hass` runner: `make hass` makes one, as root")


@dataclass
class HomeAssistant:
    """One that runs, with an owner who is logged in."""

    folder: Path
    port: int
    token: str = ""
    _stack: ExitStack = field(default_factory=ExitStack)
    _process: Process | None = None
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> str:
        """What it has written since its last start."""
        assert self._process
        return self._process.log

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [runner(), "-c", str(self.folder)]
        context = started("hass", command, folder=self.folder.parent, environ=dict(os.environ))
        self._process = self._stack.enter_context(context)
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            assert not self._process.ended, self.log[-2000:]
            try:
                async with self._session() as session, session.get("/api/onboarding"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
        raise AssertionError(f"Home Assistant does not start:\n{self.log[-2000:]}")

    async def stop(self) -> None:
        """End it as the system does: it keeps what it knows."""
        assert self._process
        self._process.terminate()
        await asyncio.to_thread(self._process.wait, 30)

    async def restart(self) -> None:
        """Off and on again."""
        await self.stop()
        await self.start()

    async def settle_in(self, broker: Broker) -> None:
        """Be its owner, confirm its port, join the broker."""
        owner = {"name": "Ann", "username": "ann", "password": "ann", "language": "en"}
        code = (await self._post("/api/onboarding/users", owner | {"client_id": self.url}))[
            "auth_code"
        ]
        form = {"grant_type": "authorization_code", "code": code, "client_id": self.url}
        async with self._session() as session, session.post("/auth/token", data=form) as reply:
            self.token = (await reply.json())["access_token"]
        await self.ask("http/config/promote")
        flow = await self._post("/api/config/config_entries/flow", {"handler": "mqtt"})
        given = _defaults(flow["data_schema"])
        given |= {"broker": broker.host, "port": broker.port}
        ended = await self._post(f"/api/config/config_entries/flow/{flow['flow_id']}", given)
        assert ended["type"] == "create_entry", ended

    async def listen_below(self, prefix: str) -> None:
        """Give MQTT's discovery another prefix."""
        path = "/api/config/config_entries/entry"
        async with self._session() as session, session.get(path) as reply:
            (entry,) = [each for each in await reply.json() if each["domain"] == "mqtt"]
        flows = "/api/config/config_entries/options/flow"
        flow = await self._post(flows, {"handler": entry["entry_id"]})
        given = _defaults(flow["data_schema"]) | {"discovery_prefix": prefix}
        ended = await self._post(f"{flows}/{flow['flow_id']}", given)
        assert ended["type"] == "create_entry", ended

    async def state(self, entity_id: str) -> dict[str, Any]:
        """State and attributes; an empty object if there is no such entity."""
        async with self._session() as session, session.get(f"/api/states/{entity_id}") as reply:
            return await reply.json() if reply.status == 200 else {}

    async def states(self) -> dict[str, str]:
        """Entity → state, of all."""
        async with self._session() as session, session.get("/api/states") as reply:
            return {each["entity_id"]: each["state"] for each in await reply.json()}

    async def until(
        self, entity_id: str, wanted: str | Callable[[str], bool], *, within: float = WAIT_S
    ) -> dict[str, Any]:
        """Wait until an entity's state is that; all of it."""
        end = time.monotonic() + within
        while True:
            found = await self.state(entity_id)
            said = found.get("state")
            if said is not None and (wanted(said) if callable(wanted) else wanted == said):
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{entity_id} is {found or 'not there'}, not {wanted}")
            await asyncio.sleep(0.05)

    async def call(self, service: str, entity_id: str, **data: Any) -> int:
        """Call a service on an entity; the HTTP status."""
        path = f"/api/services/{service.replace('.', '/')}"
        given = {"entity_id": entity_id} | data
        async with self._session() as session, session.post(path, json=given) as reply:
            await reply.read()
            return reply.status

    async def render(self, template: str, **variables: Any) -> str:
        """What it makes of a template."""
        given = {"template": template, "variables": variables}
        async with self._session() as session, session.post("/api/template", json=given) as reply:
            text = await reply.text()
            assert reply.status == 200, text
            return text

    async def ask(self, kind: str, **fields: Any) -> Any:
        """A command of the WebSocket interface; its result."""
        async with self._session() as session, session.ws_connect("/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            assert (await socket.receive_json())["type"] == "auth_ok"
            number = next(self._count)
            await socket.send_json({"id": number, "type": kind} | fields)
            reply = await socket.receive_json()
            assert reply.get("success"), reply
            return reply["result"]

    async def entities(self) -> dict[str, dict[str, Any]]:
        """What its registry knows of MQTT: entity → entry, also of what is gone."""
        listed = await self.ask("config/entity_registry/list")
        return {each["entity_id"]: each for each in listed if each["platform"] == "mqtt"}

    async def devices(self) -> dict[str, dict[str, Any]]:
        """Its registry: our identifier → device."""
        listed = await self.ask("config/device_registry/list")
        return {
            identifier: each
            for each in listed
            for domain, identifier in each["identifiers"]
            if domain == "mqtt"
        }

    def complaints(self) -> list[str]:
        """Warnings and errors in its log that are about us."""
        lines = re.split(r"\n(?=\d{4}-\d\d-\d\d )", self.log)
        loud = [each for each in lines if re.search(r"\b(WARNING|ERROR|CRITICAL)\b", each[:60])]
        return [each for each in loud if _ABOUT_US.search(each)]

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._session() as session, session.post(path, json=body) as reply:
            found = await reply.json()
            assert reply.status in (200, 201), found
            return dict(found)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        limit = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(self.url, headers=headers, timeout=limit) as session:
            yield session


async def both(home: House, hass: HomeAssistant) -> tuple[Process, Process]:
    """Daemon and node run, and Home Assistant shows them."""
    daemon, node = await home.daemon(), await home.node()
    await hass.until("binary_sensor.pickled_home_node_laptop_online", "on")
    await hass.until("switch.pickled_home_paused", lambda said: said in ("on", "off"))
    return daemon, node


def _defaults(schema: list[dict[str, Any]]) -> dict[str, Any]:
    """A form as it stands, in all of its sections."""
    given: dict[str, Any] = {}
    for each in schema:
        selector = each.get("selector", {})
        if each.get("type") == "expandable":
            given[each["name"]] = _defaults(each["schema"])
        elif "default" in each:
            given[each["name"]] = each["default"]
        elif each.get("required") and "boolean" in selector:
            given[each["name"]] = False
        elif each.get("required") and "select" in selector:
            given[each["name"]] = selector["select"]["options"][0]
    return given


@contextmanager
def home_assistant(folder: Path, broker: Broker) -> Iterator[HomeAssistant]:
    """One with an empty house, and what `hass/` of the checkout has; it ends with the test."""
    runner()
    config = folder / "config"
    config.mkdir()
    (config / "packages").mkdir()
    (config / "automations.yaml").write_text("[]\n")
    ours = ROOT / "hass"
    if ours.is_dir():
        shutil.copytree(ours, config / "hass")
    for each in ("blueprints", "packages"):
        if (ours / each).is_dir():
            shutil.copytree(ours / each, config / each, dirs_exist_ok=True)
    found = HomeAssistant(config, free_port())
    text = _CONFIGURATION.format(host=HOST, port=found.port)
    (config / "configuration.yaml").write_text(text + _DASHBOARD * ours.is_dir())

    async def begin() -> None:
        await found.start()
        await found.settle_in(broker)

    with found._stack:
        asyncio.run(begin())
        yield found
