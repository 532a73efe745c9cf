"""Parts of others: whatever their package gets wrong is said in one paragraph that names it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pickled.errors import ConfigError
from pickled.plugins import find, kinds, overlooked
from tests.test_plugins import part


class Package:
    """A package of somebody else's, as pip would have installed it."""

    name = "pickled-linefeed"
    module = "somebodys_linefeed"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def install(self, code: str, *, kind: str = "linefeed") -> None:
        """Its module, and the entry point that makes it an input."""
        (self._folder / f"{self.module}.py").write_text(code)
        told = self._folder / "pickled_linefeed-1.0.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {self.name}\nVersion: 1.0\n")
        (told / "entry_points.txt").write_text(f"[pickled.inputs]\n{kind} = {self.module}\n")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """A folder from which it is imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Package(tmp_path)
    sys.modules.pop(Package.module, None)


PORT = """
from pickled.messages.base import Strict
class Options(Strict):
    port: int
    host: str = "localhost"
def start(options, surroundings): ...
"""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "import no_such_serial.tools",
            "needs the package no_such_serial: install it beside pickled",
        ),
        ("import pickled.nowhere", "can't be loaded: ModuleNotFoundError: No module named"),
        ("def start(:", "can't be loaded: SyntaxError: "),
        ("1 / 0", "can't be loaded: ZeroDivisionError: division by zero"),
        ("raise RuntimeError('one\\ntwo')", "can't be loaded: RuntimeError: one two"),
        ("", "has no Options, so it is no plug"),
    ],
)
def test_broken_package_is_named(package: Package, code: str, told: str) -> None:
    """Whoever installed it reads which package it is, in one paragraph."""
    package.install(code)
    with pytest.raises(ConfigError) as refused:
        find("inputs", part("linefeed"))
    assert f"inputs: linefeed (from the package pickled-linefeed) {told}" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_package_with_the_name_of_ours_is_told(package: Package) -> None:
    """Ours is used, and the log says whose is not."""
    package.install(PORT, kind="replay")
    plug = find("inputs", part("replay", file="irl_walk"))
    assert plug.module.__name__ == "pickled.inputs.replay"
    (told,) = overlooked([plug, plug])
    assert "replay (from the package pickled-linefeed) is not used: ours" in told


def test_kind_of_a_package_may_have_dashes(package: Package) -> None:
    """It is listed, and can be named."""
    package.install(PORT, kind="line-feed")
    assert "line-feed" in kinds("inputs")
    assert find("inputs", part("line-feed", port=9)).options.model_dump()["port"] == 9


def test_misspelt_option_is_told_beside_the_missing_one(package: Package) -> None:
    """One mistake makes two errors; both are named."""
    package.install(PORT)
    with pytest.raises(ConfigError) as refused:
        find("inputs", part("linefeed", prt=9))
    assert str(refused.value) == (
        "inputs: linefeed: port is missing: write it; it has no option 'prt'; did you mean port?"
    )
