"""`pickled memory`, on a folder of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pickled.cli.memory import app
from pickled.memory.lock import only_one
from tests.backup.kept import GONE, OUT, fill

LINES = [
    {
        "id": "m1",
        "at": "2026-05-01T18:30:00.000Z",
        "author": "ana",
        "text": "my dog is ill",
        "source": "chat",
        "channel": "walks",
        "persona": "default",
        "importance": 0.5,
        "author_id": "70000001",
        "origins": ["x1"],
    },
    {
        "id": "m2",
        "at": "2026-05-02T18:30:00.000Z",
        "author": "bob",
        "text": "no dog ever liked me",
        "source": "import",
        "channel": "walks",
        "persona": "default",
        "importance": 0.9,
    },
    {
        "id": "m3",
        "at": "2026-05-02T18:30:00.000Z",
        "author": "bob",
        "text": "a dog in another channel",
        "source": "chat",
        "channel": "cooking",
        "persona": "grumpy",
        "importance": 0.5,
    },
]

Memory = Callable[..., Result]


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Runs `pickled memory …` on a folder, where no configuration is."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(tmp_path / "data")])

    return call


@pytest.fixture
def filled(memory: Memory, tmp_path: Path) -> Memory:
    """The same, with three memories."""
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    ran = memory("import", str(file), "--words-only")
    assert ran.exit_code == 0, ran.output
    assert "3 of 3 memories are new" in ran.stdout
    return memory


def test_memory_export_is_what_was_imported(filled: Memory, tmp_path: Path) -> None:
    """All fields come back, ids kept; importing it again changes nothing."""
    ran = filled("export", str(tmp_path / "out.jsonl"))
    assert "3 memories" in ran.stdout
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == LINES
    again = filled("import", str(tmp_path / "out.jsonl"), "--words-only")
    assert "0 of 3 memories are new" in again.stdout


def test_memory_search_says_why(filled: Memory) -> None:
    """Hits come with score, date, id and what the score is made of; -k and scope narrow them."""
    ran = filled("search", "dog ill")
    assert "ana (01 May 2026): my dog is ill" in ran.stdout
    assert "m1: words" in ran.stdout
    hits = json.loads(filled("search", "dog", "-k", "1", "--json").stdout)
    assert len(hits) == 1
    there = json.loads(filled("search", "dog", "--persona", "grumpy", "--json").stdout)
    assert [hit["id"] for hit in there] == ["m3"]
    anas = json.loads(filled("search", "dog", "--viewer", "Ana", "--json").stdout)
    assert [hit["id"] for hit in anas] == ["m1"]
    assert "nothing fits" in filled("search", "submarine").stdout


def test_memory_search_queries_answer_line_by_line(filled: Memory, tmp_path: Path) -> None:
    """A file of queries gives one line of hits each, in order."""
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "a", "text": "dog ill", "k": 1}\n\n{"id": "b", "text": "zebra"}\n')
    ran = filled("search", "--queries", str(queries))
    first, second = (json.loads(line) for line in ran.stdout.splitlines())
    assert first["id"] == "a"
    assert [hit["id"] for hit in first["hits"]] == ["m1"]
    assert set(first["hits"][0]) == {"id", "score", "text"}
    assert second == {"id": "b", "hits": []}


def test_memory_looking_works_beside_the_daemon_and_changing_does_not(
    filled: Memory, tmp_path: Path
) -> None:
    """Whoever holds the lock is named when something would be changed."""
    with only_one(tmp_path / "data" / "memory.sqlite"):
        assert filled("search", "dog").exit_code == 0
        assert filled("stats").exit_code == 0
        assert filled("check").exit_code == 0
        ran = filled("import", str(tmp_path / "in.jsonl"), "--words-only")
        assert ran.exit_code != 0
        assert "is in use by process" in str(ran.exception)


def test_memory_stats_and_check_for_programs(filled: Memory) -> None:
    """Counts as JSON; a whole memory has no findings."""
    counted = json.loads(filled("stats", "--json").stdout)
    assert counted["entries"] == 3
    assert counted["vectors"] == 0
    checked = filled("check", "--json")
    assert checked.exit_code == 0
    assert json.loads(checked.stdout.splitlines()[-1]) == {"whole": True, "findings": []}


@pytest.mark.parametrize(
    "line", ["nothing", '{"id": "x"}', "[1]", '{"id": "x", "at": 5, "text": ""}']
)
def test_memory_import_names_the_line_that_is_wrong(
    memory: Memory, tmp_path: Path, line: str
) -> None:
    """Nothing is taken in of a file with a line that is no memory."""
    file = tmp_path / "in.jsonl"
    file.write_text(f"{json.dumps(LINES[0])}\n{line}\n")
    ran = memory("import", str(file), "--words-only")
    assert "line 2 is no memory" in str(ran.exception)
    assert "there is no memory yet" in str(memory("stats").exception)


def test_memory_export_to_a_dash_is_to_the_terminal(filled: Memory) -> None:
    """As other programs have it; no file of that name is left."""
    ran = filled("export", "-")
    assert ran.stdout == filled("export").stdout
    assert not Path("-").exists()


def test_memory_export_says_what_it_leaves_out(memory: Memory, tmp_path: Path) -> None:
    """Whoever takes it for a backup is told of the one that is."""
    asyncio.run(fill(tmp_path / "data"))
    ran = memory("export", str(tmp_path / "out.jsonl"))
    assert ran.exit_code == 0
    for told in ("3 viewers", "4 facts", "3 visits", "1 opt-outs", "pickled backup FILE"):
        assert told in ran.stderr
    assert "pickled backup" not in memory("export").stdout


def test_memory_import_honours_opt_outs(memory: Memory, tmp_path: Path) -> None:
    """Nothing comes in of who opted out, nor what is older than a wish to be forgotten."""
    asyncio.run(fill(tmp_path / "data"))
    lines = [
        LINES[0] | {"author_id": OUT, "at": "2030-05-01T18:30:00.000Z"},
        LINES[1] | {"author_id": GONE},
        LINES[2] | {"author_id": GONE, "at": "2030-05-01T18:30:00.000Z"},
        LINES[2] | {"id": "m4", "about": [OUT], "text": "they talked of trams"},
    ]
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    ran = memory("import", str(file), "--words-only")
    assert "1 of 4 memories are new" in ran.stdout
    assert "3 are left out" in ran.stderr
    exported = memory("export").stdout
    assert '"m3"' in exported
    assert not {'"m1"', '"m2"', '"m4"'} & set(exported.replace(",", " ").split())
