"""The personas that ship, their schema, and `pickled personas check`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from pickled.brain.persona import parse_persona
from pickled.brain.safety import GateRules, check
from pickled.brain.selection import addressed
from pickled.cli.personas import app, schema_text
from tests.brain.stage import chat

FOLDER = Path(__file__).parents[2] / "personas"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_schema_is_printed() -> None:
    """The schema beside the personas is the one that the code has."""
    written = (FOLDER / "persona.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run `pickled personas check --write-schema`"


def test_three_personas_ship() -> None:
    """There are three, and the default one is John, the voice of chat."""
    assert len(FILES) == 3
    john = parse_persona((FOLDER / "default.yaml").read_text(encoding="utf-8"), source="default")
    assert (john.name, john.triggers) == ("John", ("john", "pickle", "pickled"))
    assert addressed(chat("@Pickled hi"), john.triggers)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_persona_is_fine(file: Path) -> None:
    """A persona that ships is valid, and has something to say without a model, in many ways."""
    text = file.read_text(encoding="utf-8")
    persona = parse_persona(text, source=file.name)
    jsonschema.validate(yaml.safe_load(text), json.loads(schema_text()))
    for reason in ("mention", "question", "chance"):
        phrases = persona.readout[reason]
        assert len(set(phrases)) >= 4
        assert all("{user}" in each and "{text}" in each for each in phrases)
    for phrases in persona.readout.values():
        for phrase in phrases:
            said = phrase.format(user="Ana", text="nice street", count=14)
            assert check(said, gate=GateRules()).text == said


def test_check_tells_mistakes_with_their_lines(tmp_path: Path) -> None:
    """Each mistake of each file is on a line of its own, and the exit code is 1."""
    (tmp_path / "a.yaml").write_text("name: A\npersonality: p\nstlye: x\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes(b"name: \xff")
    result = CliRunner().invoke(app, ["check", str(tmp_path), str(tmp_path / "c.yaml")])
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert f"{tmp_path / 'a.yaml'}:3: stlye is unknown; did you mean style?" in told
    assert f"{tmp_path / 'b.yaml'}: is not UTF-8 text" in told
    assert any(each.startswith(f"{tmp_path / 'c.yaml'}: can't be read") for each in told)


def test_check_of_good_files(tmp_path: Path) -> None:
    """Good files are told to be fine; the schema is written beside them on demand."""
    (tmp_path / "a.yaml").write_text("name: A\npersonality: p\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(tmp_path), "--write-schema"])
    assert (result.exit_code, result.stdout) == (0, "1 persona is fine\n")
    assert (tmp_path / "persona.schema.json").read_text(encoding="utf-8") == schema_text()


def test_check_without_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without files the folder here is checked, else the one that ships; an empty one fails."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["check"]).stdout == "3 personas are fine\n"
    (tmp_path / "personas").mkdir()
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    assert "no persona files" in result.stderr


def test_check_tells_openers_that_the_gate_stops(tmp_path: Path) -> None:
    """A persona is loaded with them, and never says them; better to know before."""
    (tmp_path / "a.yaml").write_text("name: A\npersonality: p\nopeners: ['Kill yourself,']\n")
    result = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "openers: the gate does not let 'Kill yourself,' through" in result.stderr
