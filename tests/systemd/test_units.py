"""The units as they are shipped: what systemd makes of them, and that they don't drift apart."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pickled.cli.install_systemd import text_of

UNITS = Path(__file__).parents[2] / "systemd"
SYSTEM = ("pickled", "pickled@", "pickled-backup", "pickled-backup@")
ALL = (*SYSTEM, "pickled-web")
MOST_EXPOSED = 1.2
"""As Debian 12's systemd counts; 10 is a service that hides nothing."""


def sections(unit: str) -> dict[str, list[str]]:
    """Section → its settings, as they stand."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / unit).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = inside = []
        elif line and not line.startswith("#"):
            inside.append(line)
    return found


def analyze(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """`systemd-analyze`, where it is."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    environ = os.environ | ({"HOME": str(home), "XDG_RUNTIME_DIR": str(home)} if home else {})
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env=environ, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_unit_is_hardly_exposed(name: str) -> None:
    """What an attacker who took it over could still do, as systemd counts it."""
    told = analyze("security", "--offline=true", "--no-pager", str(UNITS / f"{name}.service"))
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", told.stdout)
    assert level is not None, told.stdout + told.stderr
    assert float(level[1]) <= MOST_EXPOSED


@pytest.mark.parametrize(
    "unit", [path.name for path in sorted(UNITS.glob("*.*")) if path.suffix != ".md"]
)
def test_systemd_has_nothing_to_say_about_a_unit(unit: str, tmp_path: Path) -> None:
    """It only prints a line about a key that it does not know, so every line is one too many."""
    program = tmp_path / "pickled"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for each in UNITS.glob("pickled*"):
        name = each.name.replace("@.", "@home.")
        (tmp_path / name).write_bytes(text_of(each.name, program))
    whose = "--user" if unit == "pickled-node.service" else "--system"
    told = analyze(whose, "verify", str(tmp_path / unit.replace("@.", "@home.")), home=tmp_path)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_one_user_owns_all_state() -> None:
    """With users of their own, a backup would take the folder from the running daemon."""
    services = [sections(f"{name}.service")["Service"] for name in SYSTEM]
    for lines in services:
        assert "DynamicUser=yes" in lines
        assert "User=pickled" in lines
    first = [next(line for line in lines if line.startswith("StateDirectory=")).split("=")[1]
             for lines in services]  # fmt: skip
    assert [each.split()[0] for each in first] == [
        "pickled/home", "pickled/%i", "pickled/home", "pickled/%i",
    ]  # fmt: skip


def test_units_are_hardened_alike() -> None:
    """From the first line of the hardening on, the five services are the same."""
    begin = "NoNewPrivileges=yes"
    hardened = [sections(f"{name}.service")["Service"] for name in ALL]
    parts = [lines[lines.index(begin) :] for lines in hardened]
    assert all(part == parts[0] for part in parts)
    assert "SystemCallErrorNumber=EPERM" in parts[0]
    every = " ".join(parts[0])
    assert "MemoryDenyWriteExecute" not in every
    assert "~@resources" not in every


@pytest.mark.parametrize("name", ["pickled", "pickled-backup"])
@pytest.mark.parametrize("ending", ["service", "timer"])
def test_template_is_the_unit_for_another_name(name: str, ending: str) -> None:
    """Nothing else differs between the one and the template for more channels."""
    if (name, ending) == ("pickled", "timer"):
        pytest.skip("the daemon has no timer")

    def plain(unit: str) -> list[str]:
        lines = [line for part in sections(unit).values() for line in part]
        text = "\n".join(line for line in lines if line != "Environment=PICKLED_INSTANCE=%i")
        for of_one, of_all in (
            (" (%i)", ""), (" of %i", ""), ("credentials.%i", "credentials"),
            ("%i.yaml", "pickled.yaml"), ("pickled/%i", "pickled/home"),
        ):  # fmt: skip
            text = text.replace(of_one, of_all)
        return text.split("\n")

    assert plain(f"{name}@.{ending}") == plain(f"{name}.{ending}")


def test_death_by_a_plain_kill_is_no_end() -> None:
    """For `on-failure`, a death by SIGTERM is none: it would stay away until the next boot."""
    for name in ("pickled", "pickled@", "pickled-node", "pickled-web"):
        unit = f"{name}.service"
        service = sections(unit)["Service"]
        assert "Restart=always" in service
        assert any(line.startswith("RestartSec=") for line in service)
        assert "Type=notify" in service


def test_every_optional_credential_has_a_stand_in() -> None:
    """One that is missing would keep the unit from starting, before any line of ours."""
    for name in ("pickled", "pickled@", "pickled-web"):
        service = sections(f"{name}.service")["Service"]
        loaded = {line.split("=")[1].split(":")[0] for line in service
                  if line.startswith("LoadCredential=")}  # fmt: skip
        stood_in = dict(line.removeprefix("SetCredential=").split(":", 1) for line in service
                        if line.startswith("SetCredential="))  # fmt: skip
        assert loaded == set(stood_in) == {"pickled"}
        assert set(stood_in.values()) == {"none"}
