"""`pickled install systemd`: which files and commands, for which of its units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pickled.cli.install_systemd import (
    Places,
    daemon_steps,
    hidden,
    node_steps,
    text_of,
    web_steps,
)
from pickled.cli.installing import Wish, carry_out
from pickled.cli.steps import CommandStep, Step

PROGRAM = Path("/opt/pickled/bin/pickled")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Where nothing of this machine lies."""
    folders = {name: tmp_path / name for name in Places.__dataclass_fields__}
    return replace(Places(), **folders)


def files_only(steps: list[Step]) -> list[Step]:
    """Without the commands, which need a systemd that runs."""
    return [each for each in steps if not isinstance(each, CommandStep)]


def commands(steps: list[Step], *, removing: bool = False) -> list[str]:
    """What is run, in order."""
    ordered = list(reversed(steps)) if removing else steps
    found = (each for each in ordered if isinstance(each, CommandStep))
    told = (each.told(removing=removing) for each in found)
    return [each for each in told if each]


def test_daemon_is_installed_and_started(places: Places) -> None:
    """Units, a configuration, a folder for secrets that only root reads; then systemd is told."""
    steps, afterwards = daemon_steps(PROGRAM, None, places, version=252)
    carry_out("it", files_only(list(steps)), Wish(yes=True))
    assert sorted(each.name for each in places.units.iterdir()) == [
        "pickled-backup.service", "pickled-backup.timer", "pickled.service",
    ]  # fmt: skip
    assert (places.configuration / "credentials").stat().st_mode & 0o777 == 0o700
    assert "mqtt: {host: 127.0.0.1}" in (places.configuration / "pickled.yaml").read_text()
    reload, enable = commands(list(steps))
    assert "daemon-reload" in reload
    assert "enable --now pickled.service pickled-backup.timer" in enable
    assert "journalctl -u pickled`" in afterwards


def test_daemon_is_stopped_before_its_units_go(places: Places) -> None:
    """Removed in reverse; systemd reads its units anew when they are gone."""
    steps, _ = daemon_steps(PROGRAM, None, places, version=252)
    disable, reload = commands(list(steps), removing=True)
    assert "disable --now pickled.service pickled-backup.timer" in disable
    assert "daemon-reload" in reload
    carry_out("it", files_only(list(steps)), Wish(yes=True))
    carry_out("it", files_only(list(steps)), Wish(yes=True, remove=True))
    assert list(places.units.iterdir()) == []
    assert (places.configuration / "pickled.yaml").exists()


def test_newer_systemd_waits_longer_after_each_failure(places: Places) -> None:
    """What Debian 12's does not know is put beside the unit, where it is known."""
    steps, _ = daemon_steps(PROGRAM, None, places, version=254)
    carry_out("it", files_only(list(steps)), Wish(yes=True))
    drop_in = places.units / "pickled.service.d" / "back-off.conf"
    assert "RestartMaxDelaySec=60s" in drop_in.read_text()


def test_more_channels_share_the_templates(places: Places) -> None:
    """One of two instances goes: its service is ended, the templates stay for the other."""
    steps, _ = daemon_steps(PROGRAM, "second", places, version=252)
    carry_out("it", files_only(list(steps)), Wish(yes=True))
    assert (places.configuration / "second.yaml").exists()
    wanted = places.units / "multi-user.target.wants"
    wanted.mkdir()
    (wanted / "pickled@second.service").touch()
    (wanted / "pickled@third.service").touch()
    steps, _ = daemon_steps(PROGRAM, "second", places, version=252)
    assert "disable --now pickled@second.service" in commands(list(steps), removing=True)[0]
    carry_out("it", files_only(list(steps)), Wish(yes=True, remove=True))
    assert (places.units / "pickled@.service").exists()
    (wanted / "pickled@third.service").unlink()
    steps, _ = daemon_steps(PROGRAM, "second", places, version=252)
    carry_out("it", files_only(list(steps)), Wish(yes=True, remove=True))
    assert not (places.units / "pickled@.service").exists()


def test_node_is_a_service_of_the_user(places: Places) -> None:
    """Its options are in a file of the user's, and its commands are for the user's systemd."""
    steps, afterwards = node_steps(PROGRAM, places)
    carry_out("it", files_only(list(steps)), Wish(yes=True))
    assert (places.user_units / "pickled-node.service").exists()
    assert "OPTIONS=--broker" in (places.user_configuration / "node.env").read_text()
    assert all("systemctl --user" in each for each in commands(list(steps)))
    assert "node.env" in afterwards


def test_pages_are_a_service_of_their_own(places: Places) -> None:
    """One unit beside the daemon's, which is left as it is when that one goes."""
    steps, afterwards = web_steps(PROGRAM, places)
    carry_out("it", files_only(list(steps)), Wish(yes=True))
    assert [each.name for each in places.units.iterdir()] == ["pickled-web.service"]
    assert "enable --now pickled-web.service" in commands(list(steps))[1]
    assert "disable --now pickled-web.service" in commands(list(steps), removing=True)[0]
    assert "http://127.0.0.1:8000" in afterwards
    carry_out("it", files_only(list(steps)), Wish(yes=True, remove=True))
    assert list(places.units.iterdir()) == []


def test_units_run_the_program_that_is_there() -> None:
    """Not the path that is printed in them."""
    text = text_of("pickled.service", Path("/srv/co-host/bin/pickled")).decode()
    assert "ExecStart=/srv/co-host/bin/pickled run --config /etc/pickled/pickled.yaml" in text
    assert "/opt/" not in text


@pytest.mark.parametrize(
    ("path", "wrong"),
    [("none", "there is no"), ("with space/pickled", "spaces"), ("fine/pickled", "sees nothing")],
)
def test_program_that_a_service_can_not_run_is_refused(
    tmp_path: Path, path: str, wrong: str
) -> None:
    """Missing, with signs in its path, or where the hardening hides it: each with the way out."""
    program = tmp_path / path
    if path != "none":
        program.parent.mkdir()
        program.touch()
    assert wrong in hidden(program, sees_home=False)
    if path == "fine/pickled":
        assert hidden(program, sees_home=True) == ""
