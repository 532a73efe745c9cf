"""Doctor: each check says what, why and how to mend it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from paho.mqtt import publish

from pickled.doctor import Check, examination, examine
from pickled.topics import Root
from tests.stand_ins.broker import Broker, free_port

ROOT = Root()
NO_BROKER = f"mqtt: {{port: {free_port()}}}"


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
async def test_table_with_a_mistake(tmp_path: Path) -> None:
    """The file of an owner's that extends ours, its line, and what would be right."""
    (tmp_path / "words" / "privacy").mkdir(parents=True)
    file = tmp_path / "words" / "privacy" / "gazetteer.txt"
    file.write_text("[towns]\nEntenhausen\n[hamlets]\nOz\n")
    found = (await examined(tmp_path, NO_BROKER))["safety"]
    assert found.status == "fail"
    assert f"{file}:4: 'Oz': it has to stand under a head: [countries], [towns]" in found.remedy
    file.write_text("[towns]\nEntenhausen\n")
    found = (await examined(tmp_path, NO_BROKER))["safety"]
    assert found.status == "warn"
    assert found.what.endswith("words extends privacy/gazetteer")


@pytest.mark.usefixtures("parts")
async def test_check_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check that never ends doesn't keep the others from being seen."""

    async def hang(*_: object) -> tuple[Check, ...]:
        await asyncio.Event().wait()
        return ()

    monkeypatch.setattr(examination, "check_ladder", hang)
    monkeypatch.setattr(examination, "LONGEST_CHECK_S", 0.3)
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


async def test_doctor_says_what_memory_holds_and_when_it_is_damaged(tmp_path: Path) -> None:
    """An empty one is fine; one that can't be read is named with the way out."""
    found = await examined(tmp_path, "data_dir: data\nmemory: {embedder: null}\n" + NO_BROKER)
    assert (found["memory"].status, found["embedder"].status) == ("ok", "ok")
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "memory.sqlite").write_bytes(b"this is no database at all" * 99)
    found = await examined(tmp_path, "data_dir: data\n" + NO_BROKER)
    assert found["memory"].status == "fail"
    assert "pickled memory check" in found["memory"].remedy
