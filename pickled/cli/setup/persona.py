"""Asks whose character it has."""

from __future__ import annotations

from pickled.cli.setup.draft import Draft
from pickled.cli.setup.interview import Choice, Interview
from pickled.orchestrator.controls.personas import load_personas

_LONGEST = 90


def ask_persona(questions: Interview, draft: Draft) -> None:
    """One that is there: a file of the owner's, or one that ships with pickled."""
    questions.heading("The character")
    config = draft.config()
    personas = load_personas([config.personas_dir], wanted=config.persona)
    choices = [
        Choice(name, f"{each.name}: {_short(each.personality)}") for name, each in personas.items()
    ]
    name = questions.choose("persona", "Which one", choices, default=config.persona)
    if name != config.persona or not draft.before:
        draft.set(name, "persona")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"
