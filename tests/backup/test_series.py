"""Backups by date: the newest stay, and nothing else in the folder is touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pickled.backup.series import Series
from pickled.errors import UsageError

NOW = datetime(2026, 11, 30, 5, 7, tzinfo=UTC)


def test_series_keeps_the_newest(tmp_path: Path) -> None:
    """Of its own instance only; what is called otherwise stays."""
    others = ("other-2020-01-01T0000Z.backup", "home.backup", "home-notes.txt", "home-2.backup")
    for name in others:
        (tmp_path / name).touch()
    series = Series(tmp_path, "home")
    for night in range(9):
        series.next(NOW + timedelta(days=night)).touch()
    gone = series.thin(7)
    assert [each.name for each in gone] == [
        "home-2026-11-30T0507Z.backup", "home-2026-12-01T0507Z.backup",
    ]  # fmt: skip
    left = sorted(each.name for each in tmp_path.iterdir())
    assert len(left) == 7 + len(others)
    assert set(others) < set(left)
    assert series.thin(7) == ()


def test_series_takes_a_name_as_it_is(tmp_path: Path) -> None:
    """A name with signs of a pattern finds its own files, and no other's."""
    (tmp_path / "ab-2020-01-01T0000Z.backup").touch()
    series = Series(tmp_path, "[a]b*")
    series.next(NOW).touch()
    series.next(NOW + timedelta(days=1)).touch()
    assert len(series.thin(1)) == 1
    assert (tmp_path / "ab-2020-01-01T0000Z.backup").exists()


def test_series_wants_a_folder(tmp_path: Path) -> None:
    """One that isn't there is not made: it may be a disk that is not mounted."""
    with pytest.raises(UsageError, match="make it first"):
        Series(tmp_path / "disk", "home").next(NOW)
