"""Names: what may be said in a text may be said in a name, in whichever way it is put together."""

from __future__ import annotations

import codecs

import pytest

from pickled.language.moderation.word_list import DEFAULT, parse_word_list
from tests.language.moderation.benign import CORPORA

OWN = parse_word_list(
    "block: [flarnox, grub king]\nallow: [flarnox tea, old flarnox house]\ndefault: false",
    source="words.yaml",
)


def _names(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


INNOCENT = _names((CORPORA / "names_innocent.txt").read_text("utf-8"))
BAD = [
    codecs.decode(each, "rot13")
    for each in _names((CORPORA / "names_bad.rot13").read_text("utf-8"))
]


@pytest.mark.parametrize("name", INNOCENT)
def test_innocent_name_is_not_masked(name: str) -> None:
    """Nobody is "somebody" for a cat, a place, a dish or a surname."""
    assert DEFAULT.find_all(name) == []


@pytest.mark.parametrize("name", BAD)
def test_bad_name_is_masked(name: str) -> None:
    """Put together from words, with an underscore or beside something allowed: it is found."""
    assert DEFAULT.find_all(name)


@pytest.mark.parametrize("allowed", ["flarnox tea", "old flarnox house"])
@pytest.mark.parametrize("form", ["{}", "My{}", "{}Mom", "The{}99"])
@pytest.mark.parametrize("gap", ["", "_"])
def test_what_the_owner_allows_is_allowed_in_a_name(allowed: str, form: str, gap: str) -> None:
    """In CamelCase and with underscores, within a longer name, too."""
    name = form.format(gap.join(each.capitalize() for each in allowed.split()))
    assert OWN.find_all(name) == []


@pytest.mark.parametrize(
    "name", ["FlarnoxTamer", "TeaFlarnox", "FlarnoxTeaFlarnox", "IAmAFlarnox", "TheGrubKing_1"]
)
def test_what_is_allowed_hides_nothing_beside_it(name: str) -> None:
    """Another order, once more, or a phrase of its own: that is not what was allowed."""
    assert OWN.find_all(name)
