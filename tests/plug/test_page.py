"""The page on writing a part: its examples have the types that it promises, and its paths exist."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pickled.language.table_forms import FORMS
from pickled.messages.state import Component
from pickled.plug_form import _METHODS
from tests.plug.page import BLOCKS, GROUPS, MODULES, PAGE
from tests.test_architecture import PACKAGE, ROOT


def test_page_has_an_example_of_each_sort() -> None:
    """Two inputs (one with threads), a voice, a model, an output."""
    assert GROUPS == {
        "linefeed": "inputs", "beeps": "tts", "oracle": "llm", "lamp": "outputs",
        "discord": "inputs",
    }  # fmt: skip
    assert set(MODULES) == set(GROUPS)
    assert max(code.count("\n") for code in BLOCKS) <= 70


def test_examples_use_nothing_but_the_door() -> None:
    """What is promised to stay is enough."""
    used = {line for code in BLOCKS for line in re.findall(r"(?:from|import) (pickled\S*)", code)}
    assert used == {"pickled.plug"}


def test_examples_have_the_types_that_are_promised(tmp_path: Path) -> None:
    """`mypy --strict` finds nothing, with our annotations as a stranger's package sees them."""
    paths = []
    for number, code in enumerate(BLOCKS):
        if "import discord" not in code:  # its client is not installed everywhere
            paths.append(tmp_path / f"example_{number}.py")
            paths[-1].write_text(code, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir",
         str(tmp_path / "cache"), *map(str, paths)],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("folder", sorted(_METHODS))
def test_page_names_what_a_folder_asks_for(folder: str) -> None:
    """The table has each folder, with the methods that are looked for."""
    (row,) = re.findall(rf"^\| `pickled\.{re.escape(folder)}` .*$", PAGE, re.M)
    for method in _METHODS[folder]:
        assert re.search(r"(\w+)\(", method).group(1) + "(" in row  # type: ignore[union-attr]


def test_wheel_holds_what_is_no_code(tmp_path: Path) -> None:
    """Whoever installs us gets the page and the tables; a type checker reads our annotations."""
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT],
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    tables = {f"pickled/language/{name}.txt" for name in FORMS}
    assert {"pickled/py.typed", "pickled/plug/README.md"} | tables <= held
    assert (PACKAGE / "plug" / "README.md").exists()


def test_names_in_health_are_those_of_the_page() -> None:
    """`input.<kind>` and `output.<kind>` are components."""
    pattern = Component.__metadata__[0].metadata[0].pattern  # type: ignore[attr-defined]
    assert all(re.match(pattern, name) for name in ("input.linefeed", "input.linefeed.2"))
    assert "`input.<kind>.2`" in PAGE
