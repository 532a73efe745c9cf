"""What the owner's lists say is in force when the daemon answers its first line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pickled.config import Config
from pickled.daemon.tables import load_tables
from pickled.errors import ConfigError
from pickled.language import tables
from pickled.language.bots import known_bots
from pickled.language.privacy import places
from pickled.language.reading import Reading


@pytest.fixture(autouse=True)
def ours_again() -> Iterator[None]:
    """The next test has the tables of the package."""
    yield
    tables.extend({})


def test_own_table_is_in_force(tmp_path: Path) -> None:
    """From load on; without the folder all is as before."""
    (tmp_path / "bots.txt").write_text("mybot2000\n- nightbot\n")
    assert load_tables(Config(words_dir=tmp_path)).extended == ("bots",)
    assert "mybot2000" in known_bots()
    assert "nightbot" not in known_bots()
    assert load_tables(Config(words_dir=tmp_path / "none")).extended == ()
    assert "nightbot" in known_bots()


def test_expression_that_fits_only_by_itself_is_told(tmp_path: Path) -> None:
    """At the start, and not by the first line of chat."""
    (tmp_path / "privacy").mkdir()
    (tmp_path / "privacy" / "place_patterns.txt").write_text("[place]\n(?<=PLACE) hut\n")
    with pytest.raises(ConfigError, match="can't be used beside ours"):
        load_tables(Config(words_dir=tmp_path))
    load_tables(Config(words_dir=tmp_path / "none"))
    assert places.spots(Reading("near the station"))
