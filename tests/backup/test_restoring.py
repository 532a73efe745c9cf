"""A backup gives everything back on an empty machine, and is looked at before it changes one."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

import apsw
import pytest

from pickled.backup import sealing
from pickled.backup.archive import Manifest
from pickled.backup.contents import is_ours
from pickled.backup.making import make
from pickled.backup.restoring import Restored, restore
from pickled.errors import BackupError, StoreError
from pickled.memory.database import FILE_NAME
from pickled.memory.lock import only_one
from tests.backup.kept import GONE, NOW, OUT, PASSPHRASE, everything, fill, forget
from tests.memory.shelf import open_shelf

ANA, BOB = "70000001", "80000002"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data folder in which something of everything is kept."""
    asyncio.run(fill(tmp_path / "old"))
    return tmp_path / "old"


@pytest.fixture
def file(tmp_path: Path, old: Path) -> Path:
    """A backup of it."""
    backed_up(old, tmp_path / "file.backup")
    return tmp_path / "file.backup"


def backed_up(folder: Path, file: Path, passphrase: str | None = None) -> Manifest:
    """Make a backup; with a passphrase the tokens are in it."""
    return make(folder, file, now=NOW, passphrase=passphrase, with_secrets=bool(passphrase))


def put_back(file: Path, folder: Path, *, yes: bool = False, word: str | None = None) -> Restored:
    """Restore it."""
    return restore(file, folder, passphrase=word, replace=yes)


def test_restore_gives_everything_back(tmp_path: Path, old: Path) -> None:
    """Every row of every table, and the settings; beside a daemon, which goes on writing."""
    before = everything(old)
    with only_one(old / FILE_NAME):
        made = backed_up(old, tmp_path / "file")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert made.counts["viewers"] == 3
    assert made.counts["visits"] == 3
    assert made.counts["facts"] == 4
    assert made.counts["opt-outs"] == 1
    done = put_back(tmp_path / "file", tmp_path / "new")
    assert everything(tmp_path / "new") == before
    assert (done.set_aside, done.still_forgotten, done.lost) == ((), 0, 0)
    assert not list(tmp_path.glob("*/.backup-*"))
    assert not (tmp_path / "new" / "tokens.json").exists()


def test_restored_memory_goes_on(tmp_path: Path, file: Path) -> None:
    """Who comes back is known; who opted out is not recorded again."""
    put_back(file, tmp_path / "new")

    async def go_on() -> None:
        async with open_shelf(tmp_path / "new") as shelf:
            shelf.count, texts = 100, await shelf.texts()
            shelf.later(days=1)
            await shelf.chat("I love soup", user="u4", user_id=OUT)
            assert await shelf.texts() == texts
            await shelf.chat("I love soup")
            assert "ana's dog is ill" in await shelf.facts(ANA)
            assert "ana loves soup" in await shelf.facts(ANA)

    asyncio.run(go_on())


def test_tokens_are_left_out_or_encrypted(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never in the clear; encrypted, nothing of a viewer can be read in the file either."""
    monkeypatch.setattr(sealing, "_SCRYPT_COST", 2)
    with pytest.raises(BackupError, match="only where all is encrypted"):
        make(old, tmp_path / "open", now=NOW, passphrase=None, with_secrets=True)
    assert not (tmp_path / "open").exists()
    backed_up(old, tmp_path / "sealed", PASSPHRASE)
    data = (tmp_path / "sealed").read_bytes()
    assert b"token" not in data
    assert b"settings" not in data
    with pytest.raises(BackupError, match="a passphrase is needed"):
        put_back(tmp_path / "sealed", tmp_path / "new")
    put_back(tmp_path / "sealed", tmp_path / "new", word=PASSPHRASE)
    assert everything(tmp_path / "new") == everything(old)
    tokens = tmp_path / "new" / "tokens.json"
    assert "canary" in tokens.read_text()
    assert tokens.stat().st_mode & 0o777 == 0o600


def test_later_backup_holds_nothing_of_who_was_forgotten(tmp_path: Path, old: Path) -> None:
    """No byte of it, in any part."""

    async def tell_and_forget() -> None:
        async with open_shelf(old) as shelf:
            shelf.count = 100
            await shelf.chat("I love zyxocanary soup", user="zyxocanary", user_id="7345198260")
            await shelf.database.copy()
            backed_up(old, tmp_path / "before")
            await forget(shelf, "7345198260")
            backed_up(old, tmp_path / "after")

    asyncio.run(tell_and_forget())
    assert b"zyxocanary" in unpacked(tmp_path / "before")
    for canary in (b"zyxocanary", b"7345198260"):
        assert canary not in unpacked(tmp_path / "after")
        assert all(canary not in each.read_bytes() for each in old.iterdir())


def test_restore_brings_back_nobody_who_was_forgotten_since(tmp_path: Path, old: Path) -> None:
    """Over the memory that knows of it, and goes on to know it; others come back."""
    backed_up(old, tmp_path / "file")

    async def forget_ana_and_bob() -> None:
        async with open_shelf(old) as shelf:
            shelf.later(days=1)
            await forget(shelf, ANA)
            await forget(shelf, BOB, opted_out=True)
            await forget(shelf, "90000009", opted_out=True)  # of whom the backup knows nothing

    asyncio.run(forget_ana_and_bob())
    done = put_back(tmp_path / "file", old, yes=True)
    assert (done.still_forgotten, done.lost) == (2, 0)

    async def look() -> None:
        async with open_shelf(old) as shelf:
            assert await shelf.texts() == []
            for user_id, out in ((ANA, False), (BOB, True), (OUT, True), ("90000009", True)):
                assert await shelf.viewers.is_opted_out(user_id) is out

    asyncio.run(look())
    assert b"Oslo" not in (old / FILE_NAME).read_bytes()


def test_restore_over_another_memory_says_what_it_loses(tmp_path: Path, file: Path) -> None:
    """Hashes of another origin can't be carried over, but for viewers whom the backup knows."""

    async def another() -> None:
        (tmp_path / "new").mkdir()
        async with open_shelf(tmp_path / "new") as shelf:
            await forget(shelf, ANA, opted_out=True)
            await forget(shelf, "90000009", opted_out=True)

    asyncio.run(another())
    done = put_back(file, tmp_path / "new", yes=True)
    assert (done.still_forgotten, done.lost) == (1, 1)

    async def look() -> None:
        async with open_shelf(tmp_path / "new") as shelf:
            assert await shelf.texts() == ["I live in Oslo"]
            assert await shelf.viewers.is_opted_out(ANA)
            assert await shelf.viewers.is_opted_out(OUT)
            assert not await shelf.viewers.is_opted_out(GONE)

    asyncio.run(look())


def test_restore_moves_aside_what_is_there(tmp_path: Path, old: Path, file: Path) -> None:
    """Only when told to; tokens stay where the backup has none; forgetting deletes what is kept."""
    tokens = (old / "tokens.json").read_text()
    with pytest.raises(BackupError, match=r"is not empty \(memory.sqlite, settings.json, tokens"):
        put_back(file, old)
    done = put_back(file, old, yes=True)
    assert [each.name.partition(".replaced-")[0] for each in done.set_aside] == [
        FILE_NAME,
        "settings.json",
    ]
    assert all(each.exists() for each in done.set_aside)
    assert (old / "tokens.json").read_text() == tokens

    async def forget_ana() -> None:
        async with open_shelf(old) as shelf:
            await forget(shelf, ANA)

    asyncio.run(forget_ana())
    assert not done.set_aside[0].exists()


def test_restore_refuses_while_a_daemon_runs(tmp_path: Path, old: Path, file: Path) -> None:
    """It would write into what is moved aside."""
    before = everything(old)
    with only_one(old / FILE_NAME), pytest.raises(StoreError, match="stop it first"):
        put_back(file, old, yes=True)
    assert everything(old) == before


@pytest.mark.parametrize("kept", [0, 10, 200, 0.5, 0.99])
def test_torn_file_changes_nothing(old: Path, file: Path, kept: float) -> None:
    """However much of it is left."""
    before, data = everything(old), file.read_bytes()
    file.write_bytes(data[: int(kept if kept >= 1 else len(data) * kept)])
    with pytest.raises(BackupError, match="torn"):
        put_back(file, old, yes=True)
    assert everything(old) == before
    assert not list(old.glob("*.replaced-*"))


def test_changed_byte_is_noticed(old: Path, file: Path) -> None:
    """Anywhere in the middle of the memory."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(BackupError, match="torn"):
        put_back(file, old, yes=True)


def test_foreign_files_are_refused(tmp_path: Path, old: Path) -> None:
    """A text, a folder, somebody's zip: none is restored, and none is written over."""
    text = tmp_path / "pickled.yaml"
    text.write_text("persona: default")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "hello")
    for foreign in (text, other, tmp_path, tmp_path / "none"):
        with pytest.raises(BackupError):
            put_back(foreign, tmp_path / "new")
    for foreign in (text, tmp_path):
        with pytest.raises(BackupError):
            backed_up(old, foreign)
    assert text.read_text() == "persona: default"


def test_newer_backup_is_refused(tmp_path: Path, old: Path, file: Path) -> None:
    """Of another form, or with a memory of another version, it names what updates this one."""
    changed = tmp_path / "changed"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        manifest = json.loads(source.read("manifest.json")) | {"format": 2, "pickled": "9.0"}
        target.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(BackupError, match=r"newer pickled \(9.0, this is .*git pull"):
        put_back(changed, tmp_path / "new")
    connection = apsw.Connection(str(old / FILE_NAME))
    connection.pragma("user_version", 99)
    connection.close()
    backed_up(old, changed)
    with pytest.raises(StoreError, match="of a newer pickled"):
        put_back(changed, tmp_path / "new")


def test_nothing_else_is_written(tmp_path: Path, file: Path) -> None:
    """A file that names something outside of the data folder, or else what it should not."""
    for name in ("../evil.json", "/evil.json", ".bashrc", "a/b/c.json", "evil.sh"):
        evil = tmp_path / "evil"
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(evil, "w") as target:
            manifest = json.loads(source.read("manifest.json"))
            manifest["parts"] = [manifest["parts"][-1] | {"name": name}]
            target.writestr("manifest.json", json.dumps(manifest))
            target.writestr(name, source.read("settings.json"))
        with pytest.raises(BackupError):
            put_back(evil, tmp_path / "new")
    assert not list(tmp_path.rglob("evil.*"))
    assert is_ours("tokens/twitch.json")
    assert not is_ours("personas/default.json")


def test_empty_folder_has_no_backup(tmp_path: Path) -> None:
    """Nothing is written where nothing is kept."""
    (tmp_path / "none").mkdir()
    with pytest.raises(BackupError, match="nothing"):
        backed_up(tmp_path / "none", tmp_path / "file")
    with pytest.raises(BackupError, match="not there"):
        backed_up(tmp_path / "nowhere", tmp_path / "file")
    assert not (tmp_path / "file").exists()


def unpacked(file: Path) -> bytes:
    """All that is in a backup, as it was before it was packed."""
    with zipfile.ZipFile(file) as archive:
        return b"".join(archive.read(each) for each in archive.namelist())
