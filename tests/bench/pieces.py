"""The pieces in which a model writes the bench's answers, as real vocabularies cut them.

`pieces.mjs` made the table, once: Llama 3 (128k), Llama 2 (32k, SentencePiece; Phi 3.5 has it, too)
and GPT-2 (50k). `python -m tests.bench.pieces` prints what it cuts.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("pieces.json")
CHUNKS = Path(__file__).with_name("chunks.json")
"""Words of the bundled walk that are several pieces, made by `pieces.mjs`, too."""

_CHUNK = re.compile(r"\s*\S+|\s+")
_MARKS = re.compile(r"\s*[^\W\d_]+|\s*\d|\s*[^\w\s]+|\s*_+|\s+")

ANSWERS = (
    "Hello everybody, it is good to see so many of you here. We are at the old harbour, and the "
    "sun has just come out.\n"
    "That is the fish market over there!\n"
    "Good question, chat has been asking that all day. Two more stops, then we are at the "
    "lighthouse and sit down for a while.\n"
    "No idea, but it smells like fresh bread around this corner."
).splitlines()
"""One after the other, round and round: two sentences, one sentence."""

EMOTION = "happy"

VOCABULARY = "llama2"
"""Of the model by whose name the bench asks."""


class NotCutError(Exception):
    """The table has no such vocabulary or text."""


def texts() -> list[str]:
    """All that the bench's models write: each answer as JSON, and alone."""
    return [*(json.dumps({"emotion": EMOTION, "text": each}) for each in ANSWERS), *ANSWERS]


def vocabularies() -> tuple[str, ...]:
    """Their names."""
    return tuple(_table())


def cut(text: str, vocabulary: str = VOCABULARY) -> list[str]:
    """A whole text in its pieces; raises NotCutError for what the table does not have."""
    try:
        return list(_table()[vocabulary][text])
    except KeyError as error:
        raise NotCutError(f"{TABLE.name} has no {error}; {__name__} says how to make it") from error


def in_pieces(text: str, vocabulary: str = VOCABULARY) -> list[str]:
    """Any text in its pieces: words that `chunks.json` does not have are cut at their marks alone.

    No piece reaches over a space, so that a text is cut as its words with the space before each.
    """
    known = _chunks()[vocabulary]
    chunks = _CHUNK.findall(text)
    return [piece for each in chunks for piece in known.get(each) or _MARKS.findall(each)]


@cache
def _chunks() -> dict[str, dict[str, list[str]]]:
    kept: dict[str, list[list[str]]] = json.loads(CHUNKS.read_text(encoding="utf-8"))
    return {name: {"".join(each): each for each in cuts} for name, cuts in kept.items()}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    kept: dict[str, list[list[str]]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return {name: {"".join(each): each for each in cuts} for name, cuts in kept.items()}


if __name__ == "__main__":
    json.dump(texts(), sys.stdout)
