"""The error tree: one root, and the drawing is the truth."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from pickled import errors
from pickled.errors import CommandRefused, PickledError, SourceError

PACKAGE = Path(__file__).parents[1] / "pickled"
CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_error_is_in_the_tree_and_in_its_drawing(error: type[Exception]) -> None:
    """Whoever catches the root catches all; the drawing shows each below its parent."""
    assert issubclass(error, PickledError)
    assert drawn_parent(error.__name__) == (
        None if error is PickledError else error.__mro__[1].__name__
    )


def test_drawing_shows_nothing_that_is_not_there() -> None:
    """Each name in the drawing is a class."""
    assert set(re.findall(r"\b[A-Z]\w*(?:Error|Refused)\b", errors.__doc__ or "")) == {
        each.__name__ for each in CLASSES
    }


def test_no_other_module_has_errors_of_its_own() -> None:
    """All errors that pickled raises are in the one tree; a private one stays in its module."""
    elsewhere = [
        f"{path.name}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and path.name != "errors.py" and node.name[0] != "_"
        and any(re.search(r"(Error|Exception)$", ast.unparse(base)) for base in node.bases)
    ]  # fmt: skip
    assert not elsewhere


def test_refusal_carries_what_the_answer_needs() -> None:
    """Code, message and field go into `event/command`."""
    refused = CommandRefused("out_of_range", "at most 100", field="value")
    assert (refused.code, str(refused), refused.field) == ("out_of_range", "at most 100", "value")


def test_source_error_is_passing_by_default() -> None:
    """A lost service is tried again, unless that can't help."""
    assert not SourceError("gone").permanent
    assert SourceError("banned", permanent=True).permanent


def drawn_parent(name: str) -> str | None:
    """Which class the drawing shows above that one."""
    above: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([│├└─ ]*)(\w+(?:Error|Refused))\b", line)
        if not found:
            continue
        depth = len(found[1]) // 4
        above[depth] = found[2]
        if found[2] == name:
            return above.get(depth - 1)
    raise AssertionError(f"{name} is not drawn")
