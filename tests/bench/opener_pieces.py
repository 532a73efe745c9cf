"""The pieces of answers that begin with an opener: heads with it, and what follows.

`opener_pieces.mjs` made the table, once, and saw to it that a head and what follows are cut alone
as they are together. `python -m tests.bench.opener_pieces` prints what it cuts.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pickled.brain.openers import fits
from pickled.brain.persona import parse_persona
from tests.bench.pieces import ANSWERS, EMOTION, VOCABULARY, NotCutError

TABLE = Path(__file__).with_name("opener_pieces.json")

JOHN = Path(__file__).parents[2] / "personas" / "default.yaml"

FORMS = ("string", "key", "object")


def openers() -> list[str]:
    """Those of the persona that plays, which fit the answers; "" is none of those offered."""
    john = parse_persona(JOHN.read_text(encoding="utf-8"), source=JOHN.name)
    return ["", *(each.text for each in john.openers if fits(each, EMOTION))]


def head(form: str, opener: str) -> str:
    """An answer up to its text."""
    match form:
        case "string":
            return f'"{EMOTION} {opener or "-"}'
        case "key":
            return f'{{"{EMOTION}": "{opener}", "text": "'
    return f'{{"emotion": "{EMOTION}", "opener": "{opener}", "text": "'


def plain_head(form: str) -> str:
    """The same where no opener is offered."""
    known = {"string": f'"{EMOTION}', "key": f'{{"{EMOTION}": "'}
    return known.get(form, f'{{"emotion": "{EMOTION}", "text": "')


def tail(form: str, text: str) -> str:
    """What follows."""
    return f' {text}"' if form == "string" else f'{text}"}}'


def wanted() -> list[dict[str, list[str]]]:
    """All that the bench's models write, form by form."""
    return [
        {
            "heads": [plain_head(form), *(head(form, each) for each in openers())],
            "tails": [tail(form, each) for each in ANSWERS],
        }
        for form in FORMS
    ]


def cut(head: str, tail: str, vocabulary: str = VOCABULARY) -> list[str]:
    """Both in their pieces; raises NotCutError for what the table does not have."""
    known = _table().get(vocabulary, {})
    try:
        return [*known[head], *known[tail]]
    except KeyError as error:
        raise NotCutError(f"{TABLE.name} has no {error}; {__name__} says how to make it") from error


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    kept: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return {name: {"".join(each): each for each in cuts} for name, cuts in kept.items()}


if __name__ == "__main__":
    json.dump(wanted(), sys.stdout)
