"""Each planted fault is found and met with its remedy: on a server, a laptop, a bare install."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import needs_mosquitto
from tests.doctor.planted import FAULTS
from tests.doctor.planting import Scene
from tests.stand_ins.installs import Install, clean

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

EXTRAS = {"server": ("server", "node"), "laptop": ("node",), "bare": ()}
ALWAYS = {
    "wrong password", "untrusted certificate", "nothing retained for wildcards", "misspelt key",
    "node that can't be heard", "no such sound output",
}  # fmt: skip
"""Tried each time where no daemon can run; the others in `make prove`."""


def _cases() -> list[Any]:
    """Each fault on each install where it can be met."""
    return [
        pytest.param(
            name,
            where,
            id=f"{name}-{where}",
            marks=[] if where == "server" or name in ALWAYS else [pytest.mark.prove],
        )
        for name, fault in FAULTS.items()
        for where in EXTRAS
        if where == "server" or fault.everywhere
    ]


@pytest.fixture(scope="session")
def installs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Install]:
    """The packages of each, and no others."""
    folder = tmp_path_factory.mktemp("installs")
    return {name: Install(folder / name, *extras) for name, extras in EXTRAS.items()}


def test_enough_is_planted() -> None:
    """On each of the three."""
    assert len(FAULTS) >= 25
    assert sum(fault.everywhere for fault in FAULTS.values()) >= 25


@pytest.mark.parametrize(("name", "where"), _cases())
def test_planted_fault_is_found(
    name: str, where: str, installs: dict[str, Install], tmp_path: Path
) -> None:
    """By the check that it belongs to; the others go on, and nothing ends in a traceback."""
    needs_mosquitto()
    fault = FAULTS[name]
    with ExitStack() as stack:
        scene = Scene(tmp_path, stack)
        fault.plant(scene)
        scene.write()
        done = installs[where].run(
            "doctor", "--json", *scene.arguments,
            cwd=tmp_path, environ=clean(tmp_path, **scene.environ),
        )  # fmt: skip
    assert "Traceback" not in done.stderr
    checks = {each["name"]: each for each in json.loads(done.stdout)["checks"]}
    found = checks[fault.check]
    assert (found["status"], fault.told in f"{found['why']} {found['remedy']}") == (
        fault.status, True,
    ), found  # fmt: skip
    assert done.returncode == (1 if any(x["status"] == "fail" for x in checks.values()) else 0)
