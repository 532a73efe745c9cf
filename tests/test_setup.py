"""What sets up a bare machine: `.ci/setup`, and the lock files that it installs from."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

HERE = Path(__file__).parent.parent
LOCKS = (HERE / "requirements.lock", HERE / ".ci" / "requirements-dev.lock")
EMBEDDINGS = HERE / ".ci" / "requirements-embeddings.lock"
TOOLS = [
    "sh",
    "cat",
    "cksum",
    "dirname",
    "env",
    "grep",
    "head",
    "ls",
    "mktemp",
    "rm",
    "sed",
    "tail",
    "tr",
    "uname",
]


class Machine:
    """A copy of the checkout and a PATH with nothing but what is put there."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.calls = folder / "calls"
        self._bin = folder / "bin"
        self._bin.mkdir()
        (self.checkout / ".ci").mkdir(parents=True)
        for path in (HERE / "pyproject.toml", *LOCKS, EMBEDDINGS):
            shutil.copy(path, self.checkout / path.relative_to(HERE))
        shutil.copy(HERE / ".ci" / "setup", self.checkout / ".ci" / "setup")
        for tool in TOOLS:
            (self._bin / tool).symlink_to(str(shutil.which(tool)))
        for tool in ("mosquitto", "ldconfig"):
            self.has(tool)
        self.has("id", says="1000")
        venv = self.checkout / ".venv" / "bin"
        self.has("python", at=venv)
        (venv / "pip").write_text(f"#!{venv}/python\n")
        (venv / "pip").chmod(0o755)

    def has(
        self, name: str, *, says: str = "", at: Path | None = None, fails: bool = False
    ) -> None:
        """A command that notes its call, and answers that."""
        path = (at or self._bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        end = "case $* in *install*) exit 1 ;; esac" if fails else ""
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.calls}\necho "{says}"\n{end}\n')
        path.chmod(0o755)

    def set_up(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        return subprocess.run(
            ["sh", ".ci/setup", "demo", "--wav", *arguments],
            cwd=self.checkout,
            env={"PATH": str(self._bin)} | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def called(self, text: str) -> bool:
        return text in self.calls.read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with Mosquitto and without a voice."""
    return Machine(tmp_path)


def test_setup_without_rights_names_the_command_and_ends(machine: Machine) -> None:
    """Without sudo the administrator's command is named, and nothing is tried."""
    machine.has("apt-get")
    result = machine.set_up()
    assert result.returncode == 1
    assert "apt-get install -y --no-install-recommends flite" in result.stderr
    assert not machine.called("apt-get")
    assert not machine.called("pip")


def test_setup_elsewhere_names_that_systems_command(machine: Machine) -> None:
    """Where there is no apt, the system's own package manager is named."""
    machine.has("dnf")
    result = machine.set_up()
    assert result.returncode == 1
    assert "sudo dnf install flite" in result.stderr


def test_setup_installs_only_what_is_missing(machine: Machine) -> None:
    """As root, and only then, it installs the one thing that isn't there."""
    machine.has("apt-get")
    machine.has("id", says="0")
    result = machine.set_up()
    assert result.returncode == 0, result.stderr
    assert machine.called("install -y --no-install-recommends flite\n")


def test_setup_with_everything_there_asks_for_nothing(machine: Machine) -> None:
    """The second time neither packages nor pip are touched; after a change only pip is."""
    for tool in ("apt-get", "espeak-ng"):
        machine.has(tool)
    assert machine.set_up().returncode == 0
    assert machine.called("-m pip")
    assert machine.set_up().returncode == 0
    assert not machine.called("-m pip")
    with (machine.checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    machine.set_up()
    assert machine.called("--require-hashes")
    assert not machine.called("apt-get")


def test_setup_adds_the_embeddings_only_when_asked(machine: Machine) -> None:
    """Torch is nobody's surprise; once it is there it is left alone."""
    machine.has("espeak-ng")
    assert machine.set_up().returncode == 0
    assert not machine.called("torch")
    assert machine.set_up(EXTRAS="embeddings").returncode == 0
    assert machine.called("torch==")
    assert machine.called("--require-hashes --requirement .ci/requirements-embeddings.lock")
    assert machine.set_up(EXTRAS="embeddings").returncode == 0
    assert not machine.called("-m pip")


def test_setup_goes_on_without_the_embeddings(machine: Machine) -> None:
    """Where torch can't be had the rest is tested, and somebody is told."""
    machine.has("espeak-ng")
    machine.set_up()
    machine.has("python", at=machine.checkout / ".venv" / "bin", fails=True)
    result = machine.set_up(EXTRAS="embeddings")
    assert result.returncode == 0
    assert "going on without" in result.stderr
    assert not machine.called("requirements-embeddings.lock")


@pytest.mark.parametrize("path", [*LOCKS, EMBEDDINGS], ids=lambda path: path.name)
def test_lock_has_a_hash_for_everything_and_no_address(path: Path) -> None:
    """A lock file names versions and hashes, and nowhere to get them from."""
    text = path.read_text()
    assert not re.search(r"https?:|file:|--index-url|--find-links| @ ", text)
    for entry in re.split(r"\n(?=[a-z])", text.partition("\n")[2]):
        if not entry.startswith("#"):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_lock_follows_pyproject() -> None:
    """What pyproject.toml asks for is locked in a version that it allows: else `make lock`."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text())
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    runtime = [*project["project"]["dependencies"], *extras["server"], *extras["node"]]
    wanted = {
        LOCKS[0]: [*runtime, *groups["build"]],
        LOCKS[1]: [*runtime, *groups["build"], *groups["test"], *groups["check"]],
        EMBEDDINGS: [*extras["embeddings"], *groups["model"]],
    }
    for path, lines in wanted.items():
        lines = [line for line in lines if not line.startswith("torch")]  # the machine's own
        locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(), re.MULTILINE))
        for requirement in map(Requirement, lines):
            version = locked.get(requirement.name.lower().replace("_", "-"))
            assert version, f"{requirement} is not in {path.name}: run `make lock`"
            assert requirement.specifier.contains(version), f"{requirement}, {path.name}: {version}"


def test_locks_agree() -> None:
    """Tests run with the versions that users get, and without gigabytes."""
    pins = [_pins(path) for path in (*LOCKS, EMBEDDINGS)]
    assert pins[0].items() <= pins[1].items()
    for name in pins[1].keys() & pins[2].keys():
        assert pins[1][name] == pins[2][name]
    for each in pins:
        assert not any(name == "torch" or name.startswith("nvidia-") for name in each)


def _pins(path: Path) -> dict[str, set[str]]:
    """The versions of each package; there may be one for each Python."""
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins
