"""Tokens, and how often somebody may guess one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pickled.errors import ConfigError
from pickled.web.keys import TOKEN_FILE, Guesses, Keys, kept_token

KEYS = Keys("a long enough token")


def test_overlay_token_is_no_key_to_the_rest() -> None:
    """What stands in OBS's scene file signs nobody in, and nobody gets the token from it."""
    assert KEYS.is_overlay(KEYS.overlay)
    assert not KEYS.is_owner(KEYS.overlay)
    assert not KEYS.is_overlay(KEYS.token)
    assert not Keys("another long token").is_overlay(KEYS.overlay)


@pytest.mark.parametrize("given", ["", ".", "x.y", "99999999999999.a", "²0.a", "200.é", "200"])
def test_pass_that_is_none_opens_nothing(given: str) -> None:
    """Whatever a browser shows, only what we signed counts."""
    assert not KEYS.is_pass(given, 100)


def test_pass_ends_at_its_time() -> None:
    """It holds until then, cannot be prolonged, and ends with the token."""
    shown = KEYS.pass_until(200)
    assert KEYS.is_pass(shown, 199)
    assert not KEYS.is_pass(shown, 200)
    assert not KEYS.is_pass(shown.replace("200.", "900."), 199)
    assert not Keys("another long token").is_pass(shown, 199)


def test_guesses_cost_more_and_more() -> None:
    """Five are free, each further one doubles the wait, up to a quarter of an hour."""
    guesses = Guesses()
    waits = []
    for _ in range(14):
        guesses.wrong("somebody", 0.0)
        waits.append(guesses.wait_s("somebody", 0.0))
    assert waits[:7] == [0, 0, 0, 0, 10, 20, 40]
    assert waits[-1] == 900
    assert guesses.wait_s("somebody else", 0.0) == 0
    guesses.right("somebody")
    assert guesses.wait_s("somebody", 0.0) == 0


def test_token_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """It stays the same over restarts, and nobody else on the machine reads it."""
    token = kept_token(tmp_path / "web")
    path = tmp_path / "web" / TOKEN_FILE
    assert kept_token(tmp_path / "web") == token
    assert len(token) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_token_file_that_is_of_no_use_is_refused(tmp_path: Path) -> None:
    """An emptied file must not mean that anything signs in."""
    (tmp_path / TOKEN_FILE).write_text("\n")
    with pytest.raises(ConfigError, match="delete it, or write one"):
        kept_token(tmp_path)
