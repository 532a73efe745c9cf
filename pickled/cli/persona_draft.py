"""A persona file to begin with: every field that one wants to change first, with its comment."""

from __future__ import annotations

import json
import unicodedata

from pickled.errors import UsageError
from pickled.language.readout import languages, phrases
from pickled.patterns import pattern
from pickled.tts.local import LANGUAGES

_LANGUAGE = pattern(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SHOWN = ("mention", "question", "streamer", "idle")
"""The reasons whose phrases stand in the file; the others are in force as they are."""
_LONGEST_NAME = 40

_DRAFT = """\
# yaml-language-server: $schema=persona.schema.json
# {name}: saved changes are in force with the next answer; `pickled personas check` finds mistakes.
name: {quoted}

# Who it is: the model reads this. Say what it cares about, and what it never does.
personality: |
  You are {name}, the co-host of a live stream in which somebody shows their life.
  You are on the streamer's side, curious about the place, the people and the food.
  You tease like an old friend would, and you get out of the way when something happens.

# How it talks, one rule each.
style:
  - Talk as one talks, not as one writes. Short words, no speeches.
  - Pick up one detail of what was said instead of praising everything.

# The names that it answers to.
triggers: [{trigger}]

# What it speaks; `pickled voices --language {language}` lists the voices that do.
language: {language}
{voice}
behavior:
  spontaneity: 20      # %: how often it answers what nobody asked it
  cooldown: 5          # s of silence after its last sound; a call of its name need not wait
  max_sentences: 2     # the longest answer
  idle_after: 240      # s of silence until it says something by itself

# What it says without a model, by reason; {{user}} and {{text}} are filled in.{note}
readout:
{readout}
"""


def file_name(name: str) -> str:
    """As `persona/set` takes it; raises UsageError if nothing is left of it."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    kept = "-".join("".join(each if each.isalnum() else " " for each in letters).split())
    if not kept or len(name) > _LONGEST_NAME:
        raise UsageError(f"A name needs a letter or a digit, and at most {_LONGEST_NAME} of them.")
    return kept


def first_draft(name: str, language: str) -> str:
    """The text of the file; raises UsageError for what is no language."""
    if not _LANGUAGE.fullmatch(language):
        raise UsageError(f"--language {language!r} is none: write its code, as de, en or pt-BR.")
    shown = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    own = language.partition("-")[0].lower()
    note = (
        ""
        if own in languages()
        else "\n# In English: nobody has written them in that language yet."
    )
    lines = [
        f"  {reason}: {json.dumps(list(said), ensure_ascii=False)}"
        for reason, said in phrases(language).items()
        if reason in _SHOWN
    ]
    return _DRAFT.format(
        name=shown,
        quoted=json.dumps(shown, ensure_ascii=False),
        trigger=json.dumps(shown.lower(), ensure_ascii=False),
        language=language,
        voice=_voice(language),
        note=note,
        readout="\n".join(lines),
    )


def _voice(language: str) -> str:
    """The local voice of that language; each other service has its own names."""
    tags = {tag.lower(): name for name, tag in reversed(LANGUAGES.items())}
    name = tags.get(language.lower()) or tags.get(language.partition("-")[0].lower())
    if name is None:
        return (
            "# voice: {voice_id: NAME}          # no voice of this machine speaks that language\n"
        )
    return (
        "voice:\n"
        "  # voice_id: NAME     # at the first voice; without it, that one's own choice\n"
        f"  fallback: {{local: {{voice_id: {name}}}}}\n"
    )
