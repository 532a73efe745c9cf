"""`pickled personas new`: a file that is valid as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.persona import parse_persona
from pickled.cli.persona_draft import file_name, first_draft
from pickled.errors import UsageError
from tests.cli.command_line import Run


def test_new_persona_is_written_and_checked(run: Run, tmp_path: Path) -> None:
    """It speaks its language with a voice of this machine, and says what to do next."""
    ran = run("personas", "new", "Frau Renate", "--language", "de")
    assert ran.code == 0, ran.err
    assert "pickled set persona frau-renate" in ran.out
    persona = parse_persona((tmp_path / "personas/frau-renate.yaml").read_text(), source="x")
    assert (persona.name, persona.language) == ("Frau Renate", "de")
    assert persona.voice.choose("local")[0] == "espeak-de"
    assert persona.readout["question"][0] == "{user} fragt: {text}"
    assert run("personas", "check", "personas").code == 0


def test_persona_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    """Somebody's work is in it."""
    run("personas", "new", "Ana")
    file = tmp_path / "personas/ana.yaml"
    file.write_text("mine")
    ran = run("personas", "new", "ana")
    assert ran.code == 2
    assert "is there already" in ran.err
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("new", "…"), "a letter or a digit"), (("new", "a", "--language", "german!"), "is none")],
)
def test_what_can_not_be_written_is_refused(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    """With what to write instead."""
    ran = run("personas", *arguments)
    assert ran.code == 2
    assert told in ran.err
    assert not (tmp_path / "personas").exists()


@given(name=st.text(min_size=1, max_size=40), language=st.sampled_from(["en", "de", "pt-BR", "xh"]))
def test_any_name_makes_a_valid_file_or_is_refused(name: str, language: str) -> None:
    """Quotes, colons and brackets in it included."""
    try:
        stem = file_name(name)
    except UsageError:
        return
    assert stem == file_name(stem)
    persona = parse_persona(first_draft(name, language), source=stem)
    assert persona.language == language
