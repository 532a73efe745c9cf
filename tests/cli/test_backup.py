"""`pickled backup` and `pickled restore`: what they say, ask and refuse."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pickled.backup import sealing
from pickled.memory.database import FILE_NAME
from pickled.memory.lock import only_one
from tests.backup.kept import PASSPHRASE, everything, fill
from tests.cli.command_line import Run


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder in which something of everything is kept."""
    monkeypatch.setattr(sealing, "_SCRYPT_COST", 2)
    asyncio.run(fill(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    """A file that holds it."""
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    return file


def test_backup_and_restore_say_what_is_in_it(run: Run, data_dir: Path, tmp_path: Path) -> None:
    """How much of what, and what is not."""
    file, new = str(tmp_path / "file.backup"), tmp_path / "new"
    ran = run("backup", file, "--data-dir", str(data_dir))
    assert ran.code == 0
    for told in ("3 viewers", "4 facts", "3 visits", "1 opt-outs", "settings.json"):
        assert told in ran.out
    assert "not in it: configuration" in ran.err
    assert "tokens" in ran.err
    ran = run("restore", file, "--data-dir", str(new))
    assert ran.code == 0
    assert "3 viewers" in ran.out
    assert everything(new) == everything(data_dir)
    refused = run("restore", file, "--data-dir", str(new))
    assert refused.code == 1
    assert "--yes" in refused.err
    ran = run("restore", file, "--data-dir", str(new), "--yes")
    assert ran.code == 0
    assert "memory.sqlite.replaced-" in ran.err


def test_backup_that_is_encrypted(
    run: Run, data_dir: Path, tmp_path: Path, passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a passphrase from a file, or asked for without echo; tokens only then."""
    file, here = str(tmp_path / "file.backup"), ("--data-dir", str(data_dir))
    assert run("backup", file, "--with-secrets", *here).code == 2
    assert run("backup", file, "--encrypt", *here).code == 2  # there is no terminal to ask on
    ran = run(
        "backup", file, "--encrypt", "--with-secrets", "--passphrase-file", str(passphrase), *here
    )
    assert ran.code == 0
    assert "encrypted" in ran.out
    assert "tokens.json" in ran.out
    assert "tokens" not in ran.err

    asked = []

    def prompt(text: str, *, hide_input: bool, confirmation_prompt: bool) -> str:
        assert hide_input
        asked.append((text, confirmation_prompt))
        return PASSPHRASE

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    new = tmp_path / "new"
    assert run("restore", file, "--data-dir", str(new)).code == 0
    assert everything(new) == everything(data_dir)
    assert run("backup", file, "--encrypt", *here).code == 0
    assert asked == [("Passphrase", False), ("Passphrase", True)]
    passphrase.write_text("another one\n")
    wrong = run("restore", file, "--passphrase-file", str(passphrase), "--data-dir", str(new))
    assert wrong.code == 1
    assert "is not empty" in wrong.err
    none = tmp_path / "none"
    wrong = run("restore", file, "--passphrase-file", str(passphrase), "--data-dir", str(none))
    assert wrong.code == 1
    assert "passphrase is wrong" in wrong.err
    passphrase.write_text("\n")
    assert run("backup", file, "--passphrase-file", str(passphrase), *here).code == 2


def test_what_goes_wrong_is_one_sentence(run: Run, data_dir: Path, tmp_path: Path) -> None:
    """No folder, no rights, a daemon, a foreign file."""
    here = ("--data-dir", str(data_dir))
    told = run("backup", str(tmp_path / "no" / "file"), *here)
    assert told.code == 1
    assert told.err.count("\n") == 1
    assert "is not there" in told.err
    file = str(tmp_path / "file")
    assert run("backup", file, *here).code == 0
    with only_one(data_dir / FILE_NAME):
        assert run("backup", file, *here).code == 0
        told = run("restore", file, "--yes", *here)
    assert told.code == 1
    assert "stop it first" in told.err
    told = run("restore", str(tmp_path / "nothing"), *here)
    assert (told.code, told.err.count("\n")) == (1, 1)


def test_backup_by_date_keeps_so_many(run: Run, data_dir: Path, tmp_path: Path) -> None:
    """As the timer makes them, each night one, in a folder that all instances share."""
    folder = tmp_path / "backups"
    command = ("backup", str(folder), "--keep", "2", "--data-dir", str(data_dir))
    refused = run(*command)
    assert (refused.code, "make it first" in refused.err) == (2, True)
    folder.mkdir()
    for night in ("2020-01-01", "2020-01-02"):
        (folder / f"data-{night}T0500Z.backup").touch()
    ran = run(*command)
    assert ran.code == 0, ran.err
    assert "older ones removed: 1" in ran.err
    newest = max(folder.iterdir())
    assert newest.name.startswith("data-2")
    assert len(list(folder.iterdir())) == 2
    assert run("restore", str(newest), "--data-dir", str(tmp_path / "new")).code == 0
