"""A real Home Assistant with what is in `hass/`, installed as its README tells."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.hass.printed_broker import SECRETS
from tests.hass.tables import HASS
from tests.stand_ins.broker import HOST, Broker, free_port
from tests.stand_ins.processes import started

_PATIENCE_S = 60.0
_CLIENT = "http://127.0.0.1/"
_OURS = """
template:
  - light:
      - name: studio
        turn_on: []
        turn_off: []
        set_level: []
        set_rgb: []
input_boolean:
  doorbell:
  live:
  started:
"""


def needs_home_assistant() -> str:
    """The program that starts one; skips the test where there is none."""
    if not (program := os.environ.get("PICKLED_HASS")):
        pytest.skip("PICKLED_HASS names no `hass` runner: `make hass` makes one, as root")
    return program


@dataclass
class HomeAssistant:
    """Its REST and WebSocket interfaces, for its owner."""

    url: str
    config: Path
    session: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Any:
        """What it answers."""
        async with self.session.get(f"{self.url}/api/{path}", headers=self.headers) as answer:
            return await answer.json()

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The same, for what changes something."""
        at = f"{self.url}/{path}"
        async with self.session.post(at, headers=self.headers, json=body) as answer:
            assert answer.status < 300, (path, answer.status, (await answer.text())[:300])
            return await answer.json()

    async def state(self, entity: str) -> str | None:
        """An entity's; None if there is no such entity."""
        found = await self.get(f"states/{entity}")
        return found.get("state")

    async def call(self, service: str, **data: Any) -> None:
        """A service, as from its pages."""
        await self.post(f"api/services/{service.replace('.', '/')}", data)

    async def ask(self, kind: str, **fields: Any) -> Any:
        """One request over its WebSocket."""
        async with self.session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json(timeout=_PATIENCE_S)
            token = self.headers["Authorization"].removeprefix("Bearer ")
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.receive_json(timeout=_PATIENCE_S)
            await socket.send_json({"id": 1, "type": kind, **fields})
            answer = await socket.receive_json(timeout=_PATIENCE_S)
            assert answer["success"], answer
            return answer["result"]

    async def until(self, true: Callable[[], Any], what: str) -> Any:
        """Wait until an awaitable of that callable is true."""
        found = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                while not (found := await true()):
                    await asyncio.sleep(0.2)
        assert found, f"never: {what}"
        return found

    async def until_state(self, entity: str, wanted: Callable[[str], bool]) -> None:
        """Wait until an entity is that."""

        async def true() -> bool:
            state = await self.state(entity)
            return state is not None and wanted(state)

        await self.until(true, entity)

    @property
    def log(self) -> str:
        """What it has complained of."""
        return (self.config / "home-assistant.log").read_text(errors="replace")


def install(config: Path, automations: list[dict[str, Any]]) -> None:
    """The steps of the README: copy three things, and add to `configuration.yaml`."""
    readme = (HASS / "README.md").read_text()
    (script,) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    (settings,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    for line in script.replace("CONFIG", str(config)).splitlines():
        _do(line.split())
    more = "frontend:\nhistory:\nlogbook:\nmqtt:\nautomation manual: !include automations.yaml\n"
    (config / "configuration.yaml").write_text(settings + more + _OURS)
    (config / "automations.yaml").write_text(json.dumps(automations))


def _do(command: list[str]) -> None:
    match command:
        case ["mkdir", "-p", *folders]:
            for each in folders:
                Path(each).mkdir(parents=True, exist_ok=True)
        case ["cp", "-r", source, target]:
            shutil.copytree(HASS.parent / source, Path(target) / Path(source).name)
        case ["cp", source, target]:
            shutil.copy(HASS.parent / source, target)
        case _:
            raise AssertionError(f"the README has a step that this test can't do: {command}")


def _listen_on(config: Path, port: int) -> None:
    """On loopback. In YAML these would be on trial, and it would end after five minutes."""
    stable = {
        "server_port": port,
        "server_host": [HOST],
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": False,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    data = {"stable": stable, "pending": None, "yaml_migration_done": True}
    storage = config / ".storage"
    storage.mkdir(exist_ok=True)
    kept = {"version": 3, "minor_version": 1, "key": "http", "data": data}
    (storage / "http").write_text(json.dumps(kept))


@asynccontextmanager
async def home_assistant(
    folder: Path, *, port: int | None = None, fresh: bool = True
) -> AsyncIterator[HomeAssistant]:
    """Started on a folder where all is installed; a `fresh` one is given its owner."""
    program, port = needs_home_assistant(), port or free_port()
    _listen_on(folder, port)
    command = [program, "-c", str(folder)]
    with started("hass", command, folder=folder, environ=dict(os.environ)) as process:
        async with aiohttp.ClientSession() as session:
            there = HomeAssistant(f"http://{HOST}:{port}", folder, session)
            await there.until(lambda: _answers(there, fresh=fresh), "Home Assistant answers")
            await _let_in(there, fresh=fresh)
            await there.until(lambda: _runs(there), "Home Assistant is up")
            yield there
            await there.call("homeassistant.stop")
        await asyncio.to_thread(process.wait, _PATIENCE_S)


async def _answers(there: HomeAssistant, *, fresh: bool) -> bool:
    """A fresh one asks for its owner, any other for a token."""
    path, status = ("onboarding", 200) if fresh else ("config", 401)
    try:
        async with there.session.get(f"{there.url}/api/{path}") as answer:
            return answer.status == status
    except aiohttp.ClientError:
        return False


async def _runs(there: HomeAssistant) -> bool:
    """Automations listen only when all is started."""
    return bool((await there.get("config"))["state"] == "RUNNING")


async def _let_in(there: HomeAssistant, *, fresh: bool) -> None:
    """Make the owner, or come back as him."""
    kept = there.config / "token"
    if fresh:
        owner = {"client_id": _CLIENT, "name": "Wren", "username": "wren", "language": "en"}
        made = await there.post("api/onboarding/users", owner | {"password": "a-long-secret"})
        asked = {"grant_type": "authorization_code", "code": made["auth_code"]}
        form = asked | {"client_id": _CLIENT}
        async with there.session.post(f"{there.url}/auth/token", data=form) as answer:
            tokens = await answer.json()
        kept.write_text(tokens["refresh_token"])
        there.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return
    form = {"grant_type": "refresh_token", "refresh_token": kept.read_text(), "client_id": _CLIENT}
    async with there.session.post(f"{there.url}/auth/token", data=form) as answer:
        tokens = await answer.json()
    there.headers["Authorization"] = f"Bearer {tokens['access_token']}"


async def join_broker(there: HomeAssistant, broker: Broker) -> None:
    """Set up its MQTT integration, as by its dialog."""
    flow = await there.post("api/config/config_entries/flow", {"handler": "mqtt"})
    wanted = {
        "broker": broker.host,
        "port": broker.port,
        "username": "hass",
        "password": SECRETS["hass"],
    }
    for _ in range(4):
        if flow["type"] == "create_entry":
            return
        if flow["type"] == "menu":
            answer: dict[str, Any] = {"next_step_id": "broker"}
        else:
            answer = dict(_filled(flow["data_schema"], wanted))
        flow = await there.post(f"api/config/config_entries/flow/{flow['flow_id']}", answer)
        assert not flow.get("errors"), flow["errors"]
    assert flow["type"] == "create_entry", flow


def _filled(schema: list[dict[str, Any]], wanted: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for each in schema:
        name = each["name"]
        if name in wanted:
            yield name, wanted[name]
        elif each.get("type") == "expandable":
            yield name, dict(_filled(each["schema"], wanted))
        elif "default" in each:
            yield name, each["default"]
        elif each.get("required"):
            yield name, "off" if "select" in each.get("selector", {}) else False
