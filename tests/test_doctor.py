"""Doctor: each check says what, why and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from paho.mqtt import publish
from pydantic import BaseModel

from pickled import doctor
from pickled.config import Config, MqttConfig, PartConfig
from pickled.doctor import Check, check_input, check_ladder, examine
from pickled.errors import ConfigError, ModelError
from pickled.inputs import Emit
from pickled.messages.prompt import Prompt
from pickled.mqtt.acl import access_list
from pickled.mqtt.probe import look
from pickled.plugins import Plug, Surroundings
from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker, free_port

ROOT = Root()
NO_BROKER = f"mqtt: {{port: {free_port()}}}"


class Options(BaseModel):
    """What the stand-in for a plug takes."""

    url: str = ""
    fault: str = ""


class Part:
    """A model or a voice that is fine, broken, or hangs."""

    name = "stand-in"
    bounded = False

    def __init__(self, fault: str) -> None:
        self._fault = fault

    async def run(self, emit: Emit) -> None:
        """Nobody listens."""

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Nobody asks for an answer."""
        raise AssertionError(prompt)
        yield ""

    async def probe(self) -> None:
        """As the fault wants it."""
        if self._fault == "hangs":
            await asyncio.Event().wait()
        if self._fault:
            raise ModelError(f"{self._fault}: start it")


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any kind is found, and is a stand-in."""

    @asynccontextmanager
    async def start(options: Options, _: Surroundings) -> AsyncIterator[Part]:
        yield Part(options.fault)

    def find(folder: str, part: PartConfig) -> Plug:
        if part.kind == "misspelt":
            raise ConfigError("there is no kind misspelt")
        module = ModuleType(part.kind)
        module.start = start  # type: ignore[attr-defined]  # what a plug is
        return Plug(folder, part.kind, Options.model_validate(part.options), module)

    monkeypatch.setattr(doctor, "find", find)
    monkeypatch.setattr(doctor, "LONGEST_PROBE_S", 0.1)


def part(kind: str, *fallback: PartConfig, **options: Any) -> PartConfig:
    """A part's section."""
    return PartConfig.model_validate({"kind": kind, "fallback": fallback, **options})


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("asked", "status", "text"),
    [
        (part("a"), "ok", "answers"),
        (part("a", part("b"), fault="gone"), "warn", "a: gone: start it"),
        (part("a", fault="gone"), "warn", "stand-in takes its place"),
        (part("a", fault="hangs"), "warn", "no answer within"),
        (part("readout", fault="gone"), "fail", "readout: gone"),
        (part("misspelt"), "fail", "no kind misspelt"),
    ],
)
async def test_ladder(asked: PartConfig, status: str, text: str) -> None:
    """The first rung that answers counts; why the others don't is told."""
    (check,) = await check_ladder("model", "llm", asked, Config())
    assert check.status == status
    assert text in f"{check.what} {check.remedy}"


@pytest.mark.usefixtures("parts")
async def test_input_whose_service_answers() -> None:
    """A TCP connection is enough to call it reachable."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        (check,) = await check_input("chat", part("x", url=f"ws://127.0.0.1:{port}"), Config())
    assert check.status == "ok"


@pytest.mark.usefixtures("parts")
async def test_input_whose_service_is_away() -> None:
    """The address is named, and the option that holds it."""
    (check,) = await check_input("chat", part("x", url=f"ws://127.0.0.1:{free_port()}"), Config())
    assert check.status == "fail"
    assert "127.0.0.1" in check.what
    assert "option url" in check.remedy


@pytest.mark.usefixtures("parts")
async def test_input_that_does_not_exist() -> None:
    """A wrong kind is a failure with its own words."""
    (check,) = await check_input("chat", part("misspelt"), Config())
    assert (check.status, check.remedy) == ("fail", "there is no kind misspelt")


async def examined(folder: Path, text: str) -> dict[str, Check]:
    """All checks of a configuration, by name."""
    (folder / "pickled.yaml").write_text(text)
    found = await examine(None, environ={"HOME": str(folder)}, cwd=folder)
    return {check.name: check for check in found}


async def test_broken_configuration_is_the_only_finding(tmp_path: Path) -> None:
    """Nothing else can be checked; the remedy is the configuration's."""
    found = await examined(tmp_path, "chanel: me")
    assert set(found) == {"machine", "configuration"}
    assert "did you mean channel?" in found["configuration"].remedy


@pytest.mark.usefixtures("parts")
async def test_everything_is_looked_at(tmp_path: Path) -> None:
    """One check each, and a broker that isn't there fails with its remedy."""
    text = f"mqtt: {{port: {free_port()}}}\ndata_dir: data\nchannel: me\nstt: {{kind: x}}"
    found = await examined(tmp_path, text)
    assert {"broker", "model", "voice", "personas", "data", "input twitch_anonymous"} < set(found)
    assert found["broker"].status == "fail"
    assert "Mosquitto" in found["broker"].remedy
    assert "stt" in found["configuration"].why
    assert [found[name].status for name in ("machine", "personas", "data")] == ["ok"] * 3


@pytest.mark.usefixtures("parts")
async def test_files_that_are_wrong(tmp_path: Path) -> None:
    """A data folder that is a file, and a persona that doesn't exist."""
    (tmp_path / "data").write_text("")
    found = await examined(tmp_path, "data_dir: data\npersona: nobody\n" + NO_BROKER)
    assert (found["data"].status, found["personas"].status) == ("fail", "fail")
    assert "nobody.yaml" in found["personas"].remedy


@pytest.mark.usefixtures("parts")
async def test_persona_with_a_mistake(tmp_path: Path) -> None:
    """The file and what is wrong with it."""
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "mine.yaml").write_text("nome: x")
    found = await examined(tmp_path, NO_BROKER)
    assert found["personas"].status == "fail"
    assert "mine.yaml" in found["personas"].remedy


@pytest.mark.usefixtures("parts")
async def test_check_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check that never ends doesn't keep the others from being seen."""

    async def hang(*_: object) -> tuple[Check, ...]:
        await asyncio.Event().wait()
        return ()

    monkeypatch.setattr(doctor, "check_ladder", hang)
    monkeypatch.setattr(doctor, "LONGEST_CHECK_S", 0.3)
    found = await examined(tmp_path, NO_BROKER)
    assert found["model"].status == "fail"
    assert found["personas"].status == "ok"


@pytest.mark.integration
@pytest.mark.usefixtures("parts")
async def test_open_broker(tmp_path: Path, broker: Broker) -> None:
    """It works, and is warned about; nodes and daemon that are online are named."""
    for topic in ("node/laptop/availability", "availability"):
        publish.single(ROOT(topic), "online", 1, True, broker.host, broker.port)
    found = await examined(tmp_path, f"mqtt: {{port: {broker.port}}}")
    assert found["broker"].status == "ok"
    assert found["users"].status == "warn"
    assert found["nodes"].what == "the daemon runs, online: laptop"


@pytest.mark.integration
def test_broker_with_the_printed_access_list() -> None:
    """Guarded, and our user may do what the check does; a user without rights may not."""
    needs_mosquitto()
    with Broker(users={"pickled": "a", "deck": "b"}, acl=access_list(ROOT)) as guarded:
        place = {"host": guarded.host, "port": guarded.port}
        ours = look(
            MqttConfig.model_validate({**place, "username": "pickled", "password": "a"}), ROOT
        )
        assert (ours.refused, ours.heard, ours.guarded, ours.open_to_all) == ("", True, True, False)
        deck = look(MqttConfig.model_validate({**place, "username": "deck", "password": "b"}), ROOT)
        assert "access list" in deck.refused


@pytest.mark.integration
def test_broker_with_one_user_and_no_access_list() -> None:
    """It works, but nobody is kept apart."""
    needs_mosquitto()
    with Broker(users={"me": "a"}) as plain:
        place = {"host": plain.host, "port": plain.port, "username": "me", "password": "a"}
        found = look(MqttConfig.model_validate(place), ROOT)
    assert (found.refused, found.heard, found.guarded, found.open_to_all) == (
        "",
        True,
        False,
        False,
    )


async def test_doctor_says_what_memory_holds_and_when_it_is_damaged(tmp_path: Path) -> None:
    """An empty one is fine; one that can't be read is named with the way out."""
    found = await examined(tmp_path, "data_dir: data\nmemory: {embedder: null}\n" + NO_BROKER)
    assert (found["memory"].status, found["embedder"].status) == ("ok", "ok")
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "memory.sqlite").write_bytes(b"this is no database at all" * 99)
    found = await examined(tmp_path, "data_dir: data\n" + NO_BROKER)
    assert found["memory"].status == "fail"
    assert "pickled memory check" in found["memory"].remedy
