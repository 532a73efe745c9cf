"""`pickled memory consolidate`: streams that nobody summed up yet."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pickled.memory.database import FILE_NAME
from pickled.memory.lock import only_one
from tests.cli.command_line import Run
from tests.memory.shelf import OTHER_CHANNEL, open_shelf
from tests.stand_ins.broker import free_port


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A memory of two streams, and of one in another channel."""

    async def fill() -> None:
        async with open_shelf(tmp_path) as shelf:
            for stream in ("s1", "s2"):
                for text in ("the tram is late", "we missed the tram", "a tram at last"):
                    await shelf.chat(f"{text} in {stream}", stream=stream)
                shelf.later(days=7)
            await shelf.chat("soup is ready", scope=OTHER_CHANNEL)

    asyncio.run(fill())
    return tmp_path


def consolidated(run: Run, data_dir: Path, *arguments: str) -> dict[str, int]:
    """What it told."""
    ran = run("memory", "consolidate", "--json", "--data-dir", str(data_dir), *arguments)
    assert ran.code == 0, ran.err
    counts = json.loads(ran.out)
    assert isinstance(counts, dict)
    return counts


def test_all_that_waits(run: Run, data_dir: Path) -> None:
    """Each stream and its regulars, once."""
    first = consolidated(run, data_dir, "--no-model")
    assert (first["streams"], first["episodes"]) == (3, 5)
    again = consolidated(run, data_dir, "--no-model")
    assert (again["streams"], again["episodes"]) == (0, 0)
    found = run("memory", "search", "tram", "-k", "9", "--words-only", "--data-dir", str(data_dir))
    assert "chat wrote 3 messages, mostly about tram" in found.out


def test_one_stream_again(run: Run, data_dir: Path) -> None:
    """A stream that is named is looked at again; what is there is kept."""
    only = ("--no-model", "--channel", "walks", "--stream", "s1")
    assert consolidated(run, data_dir, *only)["episodes"] == 2
    assert consolidated(run, data_dir, *only)["kept"] == 2


def test_model_that_is_not_there(run: Run, data_dir: Path) -> None:
    """It is said, and counted instead."""
    config = data_dir / "pickled.yaml"
    url = f"http://127.0.0.1:{free_port()}"
    config.write_text(f"llm: {{kind: ollama, host: '{url}'}}\n", encoding="utf-8")
    ran = run("memory", "consolidate", "--data-dir", str(data_dir), "--config", str(config))
    assert ran.code == 0
    assert "no model, so it is counted" in ran.err
    assert "5 episodes" in ran.out


def test_daemon_that_runs(run: Run, data_dir: Path) -> None:
    """It does that by itself."""
    with only_one(data_dir / FILE_NAME):
        ran = run("memory", "consolidate", "--data-dir", str(data_dir))
    assert ran.code == 1
    assert "The daemon runs" in ran.err


def test_no_memory(run: Run, tmp_path: Path) -> None:
    """None is made."""
    ran = run("memory", "consolidate", "--data-dir", str(tmp_path / "none"))
    assert ran.code == 1
    assert "no memory yet" in ran.err
    assert not (tmp_path / "none").exists()
