"""What a release consists of: everything that the program needs, and nothing of anybody's own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.release.artefacts import build, lacking, names_in, surplus, unpacked

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    find_spec("hatchling") is None, reason="hatchling, which builds the wheel, is not installed"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Wheel and source archive of this checkout."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def test_wheel_has_all_that_the_program_reads(built: tuple[Path, Path]) -> None:
    """Modules, tables, word lists, personas, units: each file of the checkout that is shipped."""
    names = names_in(built[0])
    assert lacking(names) == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_archives_hold_nothing_that_is_nobodys_business(built: tuple[Path, Path]) -> None:
    """No tests in the wheel, no secrets, data, or what a run left behind in either."""
    assert [name for name in names_in(built[0]) if name.startswith("tests/")] == []
    for archive in built:
        assert surplus(names_in(archive)) == []


def test_source_archive_builds_the_same_wheel(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Whoever packages it for a distribution gets what we ship."""
    source = unpacked(built[1], tmp_path / "source")
    again, _ = build(source, tmp_path / "dist")
    assert names_in(again) == names_in(built[0])
