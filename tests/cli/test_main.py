"""The command line as a whole: help, exit codes, errors as one readable paragraph."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from paho.mqtt import publish

import pickled
from pickled.cli import main
from pickled.cli.program import COMMANDS, EXAMPLES
from tests.cli.command_line import Run
from tests.stand_ins.broker import Broker

REPOSITORY = Path(__file__).parents[2]


def test_help_names_every_command(run: Run) -> None:
    """`pickled --help` lists what there is, and `pickled` alone shows it too."""
    ran = run("--help")
    assert ran.code == 0
    for name in COMMANDS:
        assert f" {name} " in ran.out
    assert "demo" in (run().out + run().err)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_works_and_has_an_example(run: Run, name: str) -> None:
    """No command is listed that can't be imported; each shows how it is called."""
    ran = run(name, "--help")
    assert ran.code == 0
    assert "Example: pickled" in ran.out
    module, attribute, _ = COMMANDS[name]
    assert hasattr(importlib.import_module(f"pickled.cli.{module}"), attribute)
    assert name == "node" or f"pickled {name}" in EXAMPLES[name]


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("say",), ("say", "a", "--loud"), ("set", "a")]
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """Unknown commands, options and missing arguments end with 2."""
    assert run(*arguments).code == 2


def test_near_miss_is_suggested(run: Run) -> None:
    """The command that was meant is named."""
    assert "'watch'" in run("wacth").err


def test_version(run: Run) -> None:
    """The version, and nothing else."""
    assert run("--version").out == f"pickled {pickled.__version__}\n"


@pytest.mark.parametrize("name", ["pickled.nowhere", "no_such_package_at_all", None])
def test_fault_of_ours_stays_a_traceback(monkeypatch: pytest.MonkeyPatch, name: str | None) -> None:
    """Only a package that an extra brings is told in a sentence: the rest is for us to mend."""

    def load(_: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr("pickled.cli.program._load", load)
    monkeypatch.setattr("sys.argv", ["pickled", "watch"])
    with pytest.raises(ModuleNotFoundError):
        main()


@pytest.mark.parametrize("command", ["run", "doctor", "watch"])
def test_bad_configuration_is_one_paragraph(run: Run, command: str, tmp_path: Path) -> None:
    """Exit code 1, the place and the remedy; no traceback."""
    (tmp_path / "pickled.yaml").write_text("mqtt: {hots: a}")
    ran = run(command)
    assert ran.code == 1
    assert "did you mean host?" in (ran.err + ran.out).replace("\n", " ")
    assert "Traceback" not in ran.err + ran.out


def test_topics_check_finds_the_repository_in_order(run: Run) -> None:
    """What is committed is what the code says."""
    ran = run("topics", "check", "--folder", str(REPOSITORY / "topics"))
    assert (ran.code, ran.err) == (0, "")


def test_topics_write_then_check(run: Run, tmp_path: Path) -> None:
    """What is written passes; what is changed fails, and writing again mends it."""
    assert run("topics", "write").code == 0
    assert run("topics", "check").code == 0
    (tmp_path / "topics" / "README.md").write_text("# mine\n")
    (tmp_path / "topics" / "stray.txt").write_text("")
    changed = run("topics", "check")
    assert changed.code == 1
    assert "-# mine" in changed.out
    assert "stray.txt" in changed.out
    assert run("topics", "write").code == 0
    assert run("topics", "check").code == 0
    assert not (tmp_path / "topics" / "stray.txt").exists()


def test_topics_check_elsewhere(run: Run) -> None:
    """Outside of the repository it says where to run it."""
    ran = run("topics", "check")
    assert (ran.code, "--folder" in ran.err) == (2, True)


def test_topics_acl_for_own_nodes(run: Run) -> None:
    """An access list for one's own instance and machines."""
    out = run("topics", "acl", "--instance", "attic", "--node", "a", "--node", "b").out
    assert "user attic.node-a\n" in out
    assert "topic readwrite pickled/attic/node/b/#" in out
    assert "laptop" not in out.split("user attic.pickled")[1]


@pytest.mark.integration
def test_interrupted_command_ends_silently(broker: Broker, tmp_path: Path) -> None:
    """Ctrl-C is no failure to explain."""
    publish.single("pickled/home/muted/state", "ON", 1, True, broker.host, broker.port)
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        [sys.executable, "-m", "pickled", "watch", "--json", "--broker", broker.url],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environ,
    ) as watching:  # fmt: skip
        assert watching.stdout
        assert b"muted" in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        out, err = watching.communicate(timeout=20)
    assert (watching.returncode, out, err) == (130, b"", b"")
