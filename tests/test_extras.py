"""Extras: the table is pyproject's, each remedy names the checkout, each command its extra."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pickled.extras import PACKAGES, extras_of, missing, needs, remedy, update
from tests.stand_ins.broker import free_port

HERE = Path(__file__).parent.parent
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TOLD = [
    *(HERE / name for name in ("README.md", "CONTRIBUTING.md", "Makefile", ".ci/setup")),
    *sorted((HERE / "pickled").rglob("*.py")),
]
ALL = tuple(package for packages in PACKAGES.values() for package in packages)
NOT_THE_NODES = tuple(package for package in ALL if package not in PACKAGES["node"])

Ran = subprocess.CompletedProcess[str]
Without = Callable[..., Ran]


@pytest.fixture
def without(tmp_path: Path) -> Without:
    """Run a command as if those packages were not installed, its children too."""

    def run(hidden: tuple[str, ...], *arguments: str) -> Ran:
        hide = f"import sys\nsys.modules.update(dict.fromkeys({hidden}))\n"
        (tmp_path / "sitecustomize.py").write_text(hide)
        return subprocess.run(
            [sys.executable, "-m", "pickled", *arguments],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "PYTHONPATH": os.pathsep.join((str(tmp_path), str(HERE))),
                "PICKLED_MQTT__PORT": str(free_port()),
            },
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )

    return run


def test_table_is_that_of_pyproject() -> None:
    """Every extra, and every package that it brings on each system."""
    asked = {
        extra: {
            each.name.removesuffix("-sdk").replace("-", "_")
            for each in map(Requirement, lines)
            if each.marker is None
        }
        for extra, lines in PROJECT["optional-dependencies"].items()
    }
    assert asked == {extra: set(packages) for extra, packages in PACKAGES.items()}


@pytest.mark.parametrize(
    ("package", "extras"),
    [
        ("apsw", ("server",)),
        ("wyoming.audio", ("server",)),
        ("sounddevice", ("node",)),
        ("torch", ("server", "embeddings")),
        ("openai", ("server", "openai")),
        ("pydantic", ()),
        ("pickled.nowhere", ()),
    ],
)
def test_extras_of(package: str, extras: tuple[str, ...]) -> None:
    """What is of use beside the server only is named with it."""
    assert extras_of(package) == extras


def test_missing_looks_and_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is not there is found out without loading those that are."""
    monkeypatch.setitem(sys.modules, "apsw", None)
    assert missing("server") == ("apsw",)


def test_remedies_are_those_of_the_checkout() -> None:
    """What a person can copy."""
    install = "`pip install '.[server,embeddings]'` in the checkout of pickled"
    assert remedy("server", "embeddings") == install
    assert update("server").startswith("`git pull && pip install '.[server]'`")
    assert needs("pydantic") == needs(None) == ""
    assert needs("torch") == f"This needs the package torch, of the extra embeddings: {install}."


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.relative_to(HERE).as_posix())
def test_nothing_makes_pip_look_for_us_on_an_index(path: Path) -> None:
    """Neither `pickled`, which is somebody else's there, nor our own name, which is nobody's."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"pip3? install[^\n`]*\bpickled(-cohost)?\b", text)
    assert not re.search(r"\bpickled(-cohost)?\[", text)
    assert "update pickled" not in text


def test_our_name_is_not_the_one_that_is_taken() -> None:
    """Command and import are `pickled`, the distribution is not."""
    assert PROJECT["name"] == "pickled-cohost"
    assert set(PROJECT["scripts"]) == {"pickled", "pickled-node"}


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("demo", "--wav", "out.wav"),
        ("replay", "irl_walk"),
        ("memory", "stats"),
        ("viewer", "show", "ana"),
    ],
    ids=lambda command: command[0],
)
def test_command_of_the_server_names_its_extra(without: Without, command: tuple[str, ...]) -> None:
    """Where only the node's packages are: one sentence with the way out, and exit code 1."""
    ran = without(NOT_THE_NODES, *command)
    assert ran.returncode == 1
    assert re.search(r"pickled: This needs the package \w+, of the extra server: ", ran.stderr)
    assert "`pip install '.[server]'` in the checkout" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert "No module named" not in ran.stderr


@pytest.mark.parametrize("command", [("record", "a.jsonl", "--seconds", "1"), ("set", "volume")])
def test_command_of_the_base_needs_no_extra(without: Without, command: tuple[str, ...]) -> None:
    """What only talks over MQTT goes as far as the broker."""
    assert "pip install" not in without(ALL, *command).stderr


def test_node_without_its_package_names_the_extra(without: Without) -> None:
    """The system's library is no remedy for a Python package that is missing."""
    ran = without(PACKAGES["node"], "node", "devices")
    assert ran.returncode == 1
    assert "The package sounddevice is not installed: `pip install '.[node]'`" in ran.stderr
    assert "libportaudio2" not in ran.stderr


@pytest.mark.parametrize(
    ("hidden", "status", "told"),
    [(NOT_THE_NODES, "warn", "A node can run here"), (ALL, "fail", "Neither")],
    ids=["node", "base"],
)
def test_doctor_works_without_the_server(
    without: Without, hidden: tuple[str, ...], status: str, told: str
) -> None:
    """It says what is missing, and looks at what a node needs: the broker."""
    ran = without(hidden, "doctor", "--json")
    assert (ran.returncode, ran.stderr) == (1, "")
    checks = {each["name"]: each for each in json.loads(ran.stdout)["checks"]}
    assert set(checks) == {"machine", "configuration", "broker"}
    assert checks["machine"]["status"] == status
    assert checks["machine"]["why"].startswith(told)
    assert "pip install '.[server" in checks["machine"]["remedy"]


def test_doctor_names_the_one_package_that_is_missing(without: Without, tmp_path: Path) -> None:
    """A server that lacks something is looked at as far as it goes."""
    (tmp_path / "pickled.yaml").write_text("data_dir: data\nllm: {kind: readout}\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "memory.sqlite").touch()
    ran = without(("apsw",), "doctor", "--json")
    checks = {each["name"]: each for each in json.loads(ran.stdout)["checks"]}
    assert checks["machine"]["status"] == "fail"
    assert checks["machine"]["why"] == "apsw: not installed"
    assert checks["memory"]["status"] == "fail"
    assert "the package apsw, of the extra server" in checks["memory"]["remedy"]
    assert checks["personas"]["status"] == "ok"
