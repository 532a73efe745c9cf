"""One word, one meaning, one owner: the table of words in CONTRIBUTING.md, and the classes."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pickled"
EVERYWHERE = {"Options"}
"""What each part has, by the form of parts."""


def _words() -> list[tuple[str, str]]:
    """Each word of the table, and where it lives."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"(?m)^\| word \|.*\n\|[-|]+\n((?:\|.*\n)+)", page)
    rows = (row.strip("| ").split(" | ") for row in table.splitlines())
    return [(word, home.strip("`")) for word, _, home in rows]


def _classes() -> dict[str, list[str]]:
    """Public classes by name, each with the modules in which it stands."""
    found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(PACKAGE).as_posix())
    return dict(found)


WORDS = _words()
CLASSES = _classes()


def _singular(text: str) -> str:
    """Its words in small letters, without the s of a plural: `FollowedTurns` is `followed turn`."""
    parts = re.findall(r"[A-Z]?[a-z0-9]+", text)
    return " ".join(part.lower().removesuffix("s") for part in parts)


def _module(home: str) -> str:
    return f"{home}__init__.py" if home.endswith("/") else home


def test_no_class_name_stands_twice() -> None:
    """Who reads a class's name in one place knows what it is in all others."""
    twice = {name: at for name, at in CLASSES.items() if len(at) > 1 and name not in EVERYWHERE}
    assert not twice, "rename one of each: whichever the table of words does not name"


def test_words_are_told_once() -> None:
    """The table has each word once, in alphabetical order."""
    words = [word for word, _ in WORDS]
    assert words == sorted(set(words))


@pytest.mark.parametrize(("word", "home"), WORDS)
def test_word_lives_where_the_table_says(word: str, home: str) -> None:
    """Its module bears it: in its own name, in a class's, or in its opening sentence."""
    path = PACKAGE / _module(home)
    opening = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    classes = (name for name, at in CLASSES.items() if _module(home) in at)
    borne = map(_singular, (home.removesuffix(".py"), *classes, opening.split("\n\n")[0]))
    assert any(f" {_singular(word)} " in f" {each} " for each in borne)


@pytest.mark.parametrize(("word", "home"), WORDS)
def test_word_is_borne_by_no_other_class(word: str, home: str) -> None:
    """A class that is called just like it stands where the word lives, and nowhere else."""
    bearers = CLASSES.get(word.title().replace(" ", ""), [])
    assert set(bearers) <= {_module(home)}
