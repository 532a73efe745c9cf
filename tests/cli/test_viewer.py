"""`pickled viewer`: on a memory in a folder, and through a daemon that holds it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pickled.memory.database import FILE_NAME
from pickled.memory.lock import only_one
from tests.cli.command_line import Run, StandInDaemon
from tests.memory.shelf import OTHER_CHANNEL, open_shelf
from tests.stand_ins.broker import Broker

ID = "70000001"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A memory of ana, in two channels, and of bob."""

    async def fill() -> None:
        async with open_shelf(tmp_path) as shelf:
            await shelf.chat("hello", user="ana_before")
            await shelf.chat("my dog is ill, and I love ramen")
            await shelf.chat("my cat is called Miso", scope=OTHER_CHANNEL)
            await shelf.chat("I love the rain here", user="bob", user_id="80000002")

    asyncio.run(fill())
    return tmp_path


def test_show(run: Run, data_dir: Path) -> None:
    """Names, counts and facts, for each place; found by a former name too."""
    ran = run("viewer", "show", "ana_before", "--data-dir", str(data_dir))
    assert (ran.code, ran.err) == (0, "")
    for told in (
        f"ana (id {ID}), as default knows them in walks:",
        "names: ana_before, ana",
        "2 messages",
        "- ana's dog is ill (05 May 2026, 75% sure, from message message-2)",
        "- ana's cat is called Miso",
        "3 memories are by or about them",
    ):
        assert told in ran.out
    assert "bob" not in ran.out


def test_show_one_channel(run: Run, data_dir: Path) -> None:
    """Without what is known elsewhere."""
    ran = run(
        "viewer", "show", f"id:{ID}", "--channel", "cooking", "--json", "--data-dir", str(data_dir)
    )
    shown = json.loads(ran.out)
    assert [each["channel"] for each in shown["profiles"]] == ["cooking"]
    assert shown["entries"] == 1


def test_export(run: Run, data_dir: Path) -> None:
    """All of it, to a file or to the terminal."""
    out = data_dir / "viewer-ana.json"
    here = ("--data-dir", str(data_dir))
    told = run("viewer", "export", "ana", *here)
    assert run("viewer", "export", "ana", "--out", str(out), *here).code == 0
    exported = json.loads(out.read_text(encoding="utf-8"))
    assert exported == json.loads(told.out)
    assert {each["text"] for each in exported["entries"]} == {
        "hello",
        "my dog is ill, and I love ramen",
        "my cat is called Miso",
    }
    assert exported["ids"] == [ID]
    failed = run("viewer", "export", "ana", "--out", str(data_dir / "no" / "file"), *here)
    assert failed.code == 1
    assert "can't be written" in failed.err


def test_unknown_viewer(run: Run, data_dir: Path) -> None:
    """Is said, and ends with 1."""
    ran = run("viewer", "show", "nobody9", "--data-dir", str(data_dir))
    assert ran.code == 1
    assert "Nothing is kept of nobody9" in ran.err


def test_no_memory_yet(run: Run, tmp_path: Path) -> None:
    """Nothing is made by looking or by forgetting."""
    for arguments in (("show", "ana"), ("export", "ana"), ("forget", "ana", "--yes")):
        ran = run("viewer", *arguments, "--data-dir", str(tmp_path / "none"))
        assert ran.code == 1
        assert "no memory yet" in ran.err
    assert not (tmp_path / "none").exists()


def test_forget_asks_first(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No is no."""
    monkeypatch.setattr("typer.confirm", _says_no)
    assert run("viewer", "forget", "ana", "--data-dir", str(data_dir)).code == 1
    assert run("viewer", "show", "ana", "--data-dir", str(data_dir)).code == 0


def test_forget(run: Run, data_dir: Path) -> None:
    """Nothing is left, and others are untouched."""
    here = ("--data-dir", str(data_dir))
    ran = run("viewer", "forget", "ana", "--yes", *here)
    assert ran.code == 0
    assert "2 viewers" in ran.out
    assert "3 entries" in ran.out
    assert run("viewer", "show", "ana", *here).code == 1
    assert run("viewer", "show", "bob", *here).code == 0
    assert "backup" in ran.err
    again = run("viewer", "forget", "ana", "--yes", *here)
    assert (again.code, again.out) == (1, "")
    assert "Nothing is kept of ana: nobody was forgotten" in again.err
    assert ID.encode() not in b"".join(each.read_bytes() for each in data_dir.glob("memory*"))


def test_forget_and_opt_out(run: Run, data_dir: Path) -> None:
    """Nothing is kept of them again; the counts may be read by a program."""
    ran = run(
        "viewer", "forget", "ana", "--yes", "--opt-out", "--json", "--data-dir", str(data_dir)
    )
    assert json.loads(ran.out)["entries"] == 3

    async def opted_out() -> bool:
        async with open_shelf(data_dir) as shelf:
            return await shelf.viewers.is_opted_out(ID)

    assert asyncio.run(opted_out())


@pytest.mark.integration
def test_forget_through_the_daemon(run: Run, data_dir: Path, broker: Broker) -> None:
    """While it holds the memory, it is asked, and its answer told: nobody is a failure, too."""
    arguments = ("viewer", "forget", "ana", "--yes", "--data-dir", str(data_dir))
    removed = {"viewers": 2, "entries": 3, "lines": 0}
    with only_one(data_dir / FILE_NAME):
        with StandInDaemon(broker, removed=removed) as daemon:
            ran = run(*arguments, "--broker", broker.url)
            counted = run(*arguments, "--opt-out", "--json", "--broker", broker.url)
        with StandInDaemon(broker, code="unknown_viewer"):
            refused = run(*arguments, "--broker", broker.url)
    assert (ran.code, ran.out) == (0, "forgotten: 2 viewers, 3 entries\n")
    assert json.loads(counted.out) == removed
    (path, fields), (_, opting_out) = daemon.heard
    assert path == "cmd/forget"
    assert (fields["viewer"], fields["confirm"]) == ("ana", True)
    assert "opt_out" not in fields
    assert opting_out["opt_out"] is True
    assert refused.code == 1
    assert "unknown_viewer" in refused.err


def _says_no(_text: str, *, abort: bool) -> bool:
    import typer

    assert abort
    raise typer.Abort
