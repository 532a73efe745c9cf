"""Tokens are counted by script: rather too many than too few."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pickled.language.tokens import tokens

COUNTED = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "corpora" / "token_counts.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
"""Texts, and how many tokens they are for the vocabularies `tokenizer.model.v1` and
`tekken_240911` of the package mistral-common 1.x; counted once, as it is no dependency."""


@pytest.mark.parametrize("counted", COUNTED, ids=[each["script"] for each in COUNTED])
def test_tokens_are_no_fewer_than_real_vocabularies_count(counted: dict[str, Any]) -> None:
    """In any script, and not so many more that half of the room stays empty."""
    real = max(counted["tokens_32k"], counted["tokens_131k"])
    assert real <= tokens(counted["text"]) <= 2 * real


def test_tokens_of_nothing() -> None:
    """No text takes no room."""
    assert tokens("") == 0
