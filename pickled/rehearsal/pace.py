"""How fast model and voice are where a recording doesn't tell, and an answer cut into pieces."""

from __future__ import annotations

import json
from collections.abc import Sequence

FIRST_TOKEN_MS = 400.0
"""From the request to a model's first piece."""

CHARS_PER_S = 15.0
"""How fast a voice speaks."""

FIRST_BYTE_MS = 150.0
"""From a clause to a voice's first sound."""


def answer_pieces(
    clauses: Sequence[tuple[float, str]], emotion: str, *, closed: bool
) -> list[tuple[float, str]]:
    """What a model would have written so that these clauses came at these moments (ms).

    One that is not `closed` stays open at its end: it was cut off.
    """
    pieces = []
    for number, (ms, text) in enumerate(clauses):
        written = json.dumps(text, ensure_ascii=False)[1:-1]
        begin = "" if number else f'{{"emotion": {json.dumps(emotion)}, "text": "'
        last = number == len(clauses) - 1
        # The space behind a clause lets it out: that is how its end is known.
        pieces.append((ms, f"{begin}{written}{chr(34) + '}' if last and closed else ' '}"))
    return pieces
