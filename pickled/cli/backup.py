"""`pickled backup` and `pickled restore`: everything that is kept, as one file, and back."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pickled import log
from pickled.backup.archive import Manifest
from pickled.backup.contents import MEMORY
from pickled.backup.making import make
from pickled.backup.restoring import needs_passphrase
from pickled.backup.restoring import restore as put_back
from pickled.backup.series import Series
from pickled.cli.memory_file import DataDir, note
from pickled.cli.talk import Config
from pickled.config import load
from pickled.errors import BackupError, UsageError

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="Its first line is the passphrase; default: asked for."),
]


def backup(
    file: Annotated[
        Path,
        typer.Argument(
            help="Into this file, an older backup is replaced; or a folder, see --keep."
        ),
    ],
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", min=1, max=1000, help="Into that folder, by date; so many of them stay there."
        ),
    ] = None,
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Nobody reads it without the passphrase.")
    ] = False,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Tokens, too; with --encrypt only.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Write everything that is kept into one file; also beside a running daemon."""
    log.only_errors()
    encrypt = encrypt or passphrase_file is not None
    if with_secrets and not encrypt:
        raise UsageError("--with-secrets needs --encrypt: whoever has a token is you.")
    folder, now = _folder(data_dir, config), datetime.now(UTC)
    series = Series(file, folder.name) if keep is not None else None
    if series is not None:
        file = series.next(now)
    passphrase = _passphrase(passphrase_file, new=True) if encrypt else None
    try:
        made = make(folder, file, now=now, passphrase=passphrase, with_secrets=with_secrets)
        removed = series.thin(keep) if series is not None and keep is not None else ()
    except OSError as error:
        raise BackupError(f"{error.filename or file}: {error.strerror}") from error
    print(f"{file}: {_told(made)}{', encrypted' if encrypt else ''}")
    if removed:
        note(f"older ones removed: {len(removed)}")
    left_out = ["configuration, word lists and personas (files of yours: keep them beside it)"]
    left_out += [] if with_secrets else ["tokens and passwords"]
    note(f"not in it: {'; '.join(left_out)}")


def restore(
    file: Annotated[Path, typer.Argument(help="What `pickled backup` wrote.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Move aside what is there, and don't ask.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Put everything back that a backup holds, while no daemon runs on that data folder."""
    log.only_errors()
    folder = _folder(data_dir, config)
    passphrase = None
    if needs_passphrase(file):
        passphrase = _passphrase(passphrase_file, new=False)
    try:
        done = put_back(file, folder, passphrase=passphrase, replace=yes)
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror}") from error
    made = done.manifest
    print(f"{folder}: {_told(made)}, of {made.made_at:%d %B %Y %H:%M} UTC")
    for aside in done.set_aside:
        note(f"what was there is kept as {aside.name}: delete it once all is well")
    if done.still_forgotten:
        note(f"{done.still_forgotten} viewers were forgotten here since: they stay forgotten")
    if done.lost:
        note(
            f"{done.lost} wishes to be forgotten belong to another memory, and are only in what"
            " was moved aside"
        )


def _told(manifest: Manifest) -> str:
    """`120 entries, 14 viewers, 20 facts, 31 visits, 2 opt-outs, settings.json`"""
    counts = manifest.counts.items()
    some = [f"{count} {what}" for what, count in counts if count]
    files = [part.name for part in manifest.parts if part.name != MEMORY]
    return ", ".join(some + files) or "an empty memory"


def _passphrase(file: Path | None, *, new: bool) -> str:
    if file is not None:
        try:
            given = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file} can't be read: {error}") from error
    elif sys.stdin.isatty():
        given = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new)
    else:
        raise UsageError("There is no terminal to ask for the passphrase: --passphrase-file FILE.")
    if not given:
        raise UsageError("The passphrase is empty.")
    return str(given)


def _folder(data_dir: Path | None, config: Path | None) -> Path:
    """Which data folder is meant; `--data-dir` needs no configuration."""
    if data_dir is not None:
        return data_dir
    known = load(config, environ=os.environ, cwd=Path.cwd()).config
    assert known.data_dir is not None
    return known.data_dir
