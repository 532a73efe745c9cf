"""Installers: everything is told first, nothing is done half, and all of it can be taken back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pickled.cli.installing import Wish, carry_out
from pickled.cli.steps import CallStep, CommandStep, FileStep, FolderStep, Step
from pickled.errors import InstallError, UsageError

OURS = b"# written by `pickled install something`\nvalue = 1\n"
DO, UNDO = Wish(yes=True), Wish(yes=True, remove=True)


def steps(folder: Path) -> list[Step]:
    """A folder, a file of ours, one that becomes the owner's, and a command."""
    note = "import pathlib, sys; p = pathlib.Path(sys.argv[2]); "
    made, gone = note + "p.write_text(sys.argv[1])", note + "p.unlink()"
    ran = str(folder / "ran")
    return [
        FolderStep(folder / "etc", "configuration", mode=0o700),
        FileStep(folder / "etc/unit", OURS, "the unit", mode=0o640),
        FileStep(folder / "etc/mine", b"a: 1\n", "yours from then on", keep=True),
        CommandStep(
            (sys.executable, "-c", made, "started", ran),
            (sys.executable, "-c", gone, "", ran),
            "starts it",
        ),
    ]


def test_installing_does_what_it_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each file and command is named before it is done; modes are as told."""
    carry_out("it", steps(tmp_path), DO, afterwards="Now look.")
    told = capsys.readouterr().out
    for each in (
        "etc/",
        "etc/unit  (the unit)",
        "etc/mine",
        "run     ",
        "(starts it)",
        "Now look.",
    ):
        assert each in told
    assert (tmp_path / "etc").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "etc/unit").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "etc/unit").read_bytes() == OURS
    assert (tmp_path / "ran").read_text() == "started"


def test_dry_run_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says the same, and does nothing."""
    carry_out("it", steps(tmp_path), Wish(dry_run=True))
    assert "etc/unit" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_installing_again_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is there stays, what the owner wrote stays, and an older file of ours is replaced."""
    carry_out("it", steps(tmp_path), DO)
    (tmp_path / "etc/mine").write_text("a: 2\n")
    (tmp_path / "etc/unit").write_bytes(OURS + b"old = 1\n")
    carry_out("it", steps(tmp_path), DO)
    assert (tmp_path / "etc/mine").read_text() == "a: 2\n"
    assert (tmp_path / "etc/unit").read_bytes() == OURS
    assert "(yours)" in capsys.readouterr().out


def test_removing_takes_back_what_is_ours(tmp_path: Path) -> None:
    """The owner's file stays, and with it the folder; the rest is gone; twice does no harm."""
    carry_out("it", steps(tmp_path), DO)
    carry_out("it", steps(tmp_path), UNDO)
    assert [each.name for each in sorted(tmp_path.rglob("*"))] == ["etc", "mine"]
    carry_out("it", steps(tmp_path)[:3], UNDO)
    (tmp_path / "etc/mine").unlink()
    carry_out("it", steps(tmp_path)[:3], UNDO)
    assert not (tmp_path / "etc").exists()


def test_foreign_file_is_never_touched(tmp_path: Path) -> None:
    """One that somebody else wrote stops the installation before its first step, and stays."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/unit").write_text("somebody else's")
    with pytest.raises(InstallError, match=r"not written by pickled.*Nothing was done"):
        carry_out("it", steps(tmp_path), DO)
    assert not (tmp_path / "etc/mine").exists()
    carry_out("it", steps(tmp_path)[:3], UNDO)
    assert (tmp_path / "etc/unit").read_text() == "somebody else's"


def test_failing_step_says_how_far_it_came(tmp_path: Path) -> None:
    """The command's own words, what was done before, and both ways on."""
    failing = CommandStep((sys.executable, "-c", "import sys; sys.exit('no such unit')"))
    with pytest.raises(InstallError, match=r"no such unit .*1 of 2 steps.*--remove"):
        carry_out("it", [steps(tmp_path)[0], failing], DO)


def test_missing_program_stops_it_before_anything(tmp_path: Path) -> None:
    """A program that isn't there is known beforehand."""
    lacking = CommandStep(("no-such-program-at-all",))
    with pytest.raises(InstallError, match=r"no-such-program-at-all is not on this machine"):
        carry_out("it", [*steps(tmp_path), lacking], DO)
    assert list(tmp_path.iterdir()) == []


def test_without_terminal_it_wants_a_yes(tmp_path: Path) -> None:
    """Nobody can be asked, so nothing is done."""
    with pytest.raises(UsageError, match="--yes"):
        carry_out("it", steps(tmp_path), Wish())
    assert list(tmp_path.iterdir()) == []


def test_steps_are_taken_back_in_reverse() -> None:
    """What was done last goes first."""
    done: list[str] = []
    made = [
        CallStep(lambda _: "", lambda n=n: done.append(n), lambda n=n: done.append(f"no {n}"))
        for n in ("one", "two")
    ]
    carry_out("it", made, DO)
    carry_out("it", made, UNDO)
    assert done == ["one", "two", "no two", "no one"]
