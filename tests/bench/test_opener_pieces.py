"""The bench's model can say every opener of the persona, in the pieces of real vocabularies."""

from __future__ import annotations

import json

import pytest

from tests.bench.opener_pieces import FORMS, TABLE, cut, head, openers, plain_head, tail
from tests.bench.pieces import ANSWERS, NotCutError


@pytest.mark.parametrize("vocabulary", sorted(json.loads(TABLE.read_text(encoding="utf-8"))))
@pytest.mark.parametrize("form", FORMS)
def test_every_opener_is_cut(form: str, vocabulary: str) -> None:
    """With each answer; whoever adds an opener to the persona makes the table anew."""
    for begun in [plain_head(form), *(head(form, each) for each in openers())]:
        for each in ANSWERS:
            behind = tail(form, each)
            pieces = cut(begun, behind, vocabulary)
            assert "".join(pieces) == begun + behind
            assert all(pieces)
            assert json.loads(begun + behind)


@pytest.mark.parametrize(("form", "most"), [("string", 5), ("key", 8), ("object", 17)])
def test_opener_comes_with_few_pieces(form: str, most: int) -> None:
    """A string has the least before its end, an object the most."""
    assert "Oh," in "".join(cut(head(form, "Oh,"), tail(form, ANSWERS[0]))[:most])


def test_what_was_not_cut_is_told() -> None:
    """Rather than cut in some other way."""
    with pytest.raises(NotCutError, match="says how to make it"):
        cut(head("string", "Never heard,"), tail("string", ANSWERS[0]))
