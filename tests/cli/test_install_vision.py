"""`pickled install systemd --vision`: its unit, and why it can't be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.cli import install_vision
from pickled.cli.install_vision import UNIT, vision_steps, why_not
from pickled.cli.installing import Wish, carry_out
from pickled.cli.steps import CommandStep


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vision-server as it is copied, where a service would see it."""
    monkeypatch.setattr(install_vision, "_HIDDEN", (tmp_path / "home",))
    folder = tmp_path / "opt" / "vision-server"
    for path in ("src/main.js", "node_modules/mqtt/package.json", "../topics/asyncapi.yaml"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    return folder


def test_vision_server_is_installed_with_the_folder_that_is_there(
    server: Path, tmp_path: Path
) -> None:
    """Its unit, a folder for its secrets that only root reads; then systemd is told."""
    units, configuration = tmp_path / "units", tmp_path / "etc"
    units.mkdir()
    steps, afterwards = vision_steps(server, units=units, configuration=configuration)
    carry_out("it", [each for each in steps if not isinstance(each, CommandStep)], Wish(yes=True))
    assert f"node {server}/src/main.js --config" in (units / UNIT).read_text()
    assert (configuration / "credentials.vision").stat().st_mode & 0o777 == 0o700
    told = [each.told(removing=False) for each in steps if isinstance(each, CommandStep)]
    assert f"enable --now {UNIT}" in told[-1]
    assert "journalctl -u pickled-vision" in afterwards


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        ("src/main.js", "there is no vision-server"),
        ("../topics/asyncapi.yaml", "lacks topics/"),
        ("node_modules/mqtt/package.json", "npm ci"),
    ],
)
def test_what_is_missing_is_named(server: Path, absent: str, why: str) -> None:
    """Before anything is changed."""
    assert why_not(server) == ""
    (server / absent).unlink()
    if absent.startswith("node_modules"):
        (server / "node_modules" / "mqtt").rmdir()
        (server / "node_modules").rmdir()
    assert why in why_not(server)


def test_folder_that_a_service_does_not_see_is_refused(server: Path, tmp_path: Path) -> None:
    """With where to put it."""
    home = tmp_path / "home"
    server.parent.rename(home)
    assert "/opt/pickled" in why_not(home / "vision-server")
