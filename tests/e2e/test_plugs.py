"""Parts of others, each a wheel of its own, work in the real daemon."""

from __future__ import annotations

import asyncio
import json
import os
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pickled.messages.response import ResponseState
from pickled.messages.state import Health
from tests.e2e.house import House, house
from tests.plug.page import install
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

STOP_S = 5.0


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the examples of the page are installed."""
    folder = tmp_path_factory.mktemp("packages")
    install(("linefeed", "beeps", "oracle", "lamp"), target=folder / "site", work=folder / "work")
    return folder / "site"


class LineServer:
    """Whom `linefeed` calls."""

    port = 0

    def __init__(self) -> None:
        self._callers: list[asyncio.StreamWriter] = []
        self._called = asyncio.Event()

    async def send(self, *lines: str) -> None:
        """To the one who called last, once there is one."""
        await asyncio.wait_for(self._called.wait(), 20)
        self._callers[-1].write("".join(f"{line}\n" for line in lines).encode())

    def answer(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody calls."""
        self._callers.append(writer)
        self._called.set()

    def close(self) -> None:
        """Hang up."""
        for each in self._callers:
            each.close()


@asynccontextmanager
async def line_server() -> AsyncIterator[LineServer]:
    """A server on a free port."""
    lines = LineServer()
    server = await asyncio.start_server(lines.answer, "127.0.0.1")
    lines.port = server.sockets[0].getsockname()[1]
    async with server:
        yield lines
        lines.close()


async def health(at_home: House, component: str, status: str) -> str:
    """Wait until a component is so; its detail."""

    def fits(text: str) -> bool:
        found = Health.model_validate_json(text).root.get(component)
        return found is not None and found.status == status

    seen = await at_home.until("health/state", fits)
    return Health.model_validate_json(seen.payload).root[component].detail


async def until_lamp(file: Path, state: str) -> None:
    """Wait until the lamp is on, or off."""
    async with asyncio.timeout(10):
        while not file.exists() or file.read_text() != state:
            await asyncio.sleep(0.02)


def loudest(path: Path) -> int:
    """The highest sample of a WAV file."""
    with wave.open(str(path)) as file:
        frames = file.readframes(file.getnframes())
    return max(abs(sample) for sample in memoryview(frames).cast("h"))


async def test_input_voice_model_and_output_of_others_work(
    tmp_path: Path, broker: Broker, packages: Path
) -> None:
    """A line comes in, the model answers, the voice sounds, the lamp follows; then it ends."""
    async with line_server() as lines:
        parts: dict[str, Any] = {
            "inputs": [{"kind": "linefeed", "port": lines.port}],
            "llm": {"kind": "oracle", "answers": ["One two three four five six."]},
            "tts": {"kind": "beeps", "word_ms": 150},
            "outputs": [{"kind": "lamp"}],
        }
        async with house(tmp_path, broker, **parts) as at_home:
            at_home.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(packages)))
            node = await at_home.node()
            daemon = await at_home.daemon()
            for component in ("input.linefeed", "output.lamp", "llm", "tts"):
                await health(at_home, component, "up")
            await lines.send("ana: John, will it rain?")
            await until_lamp(tmp_path / "lamp.txt", "on")
            seen = await at_home.until("response/state")
            said = ResponseState.model_validate_json(seen.payload)
            assert (said.outcome, said.heard) == ("finished", "One two three four five six.")
            await until_lamp(tmp_path / "lamp.txt", "off")
            chat = await at_home.until("event/chat")
            assert json.loads(chat.payload)["source"] == "linefeed"

            begun = time.monotonic()
            daemon.terminate()
            assert await asyncio.to_thread(daemon.wait, 2 * STOP_S) == 0
            assert time.monotonic() - begun < STOP_S
            assert "Traceback" not in daemon.log, daemon.log
            node.terminate()
            await asyncio.to_thread(node.wait)
            assert loudest(tmp_path / "laptop.wav") > 1000


async def test_doctor_tries_a_part_of_others(
    tmp_path: Path, broker: Broker, packages: Path
) -> None:
    """With the options that the configuration has for it; each check is fine."""
    async with line_server() as lines:
        inputs = [{"kind": "linefeed", "port": lines.port}]
        async with house(tmp_path, broker, inputs=inputs, contract=False) as at_home:
            at_home.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(packages)))
            trying = asyncio.create_task(
                at_home.run(
                    "doctor", "--json", "--config", str(at_home.config),
                    "--part", "inputs:linefeed", "--seconds", "1",
                )
            )  # fmt: skip
            await lines.send("ana: hello", "ben: hi")
            code, written = await trying
            checks = {each["name"]: each for each in json.loads(written)["checks"]}
            assert code == 0, written
            assert "pickled-linefeed 0.1.0" in checks["found"]["what"]
            assert checks["events"]["what"] == "2 ChatMessage"
            assert {each["status"] for each in checks.values()} == {"ok"}
