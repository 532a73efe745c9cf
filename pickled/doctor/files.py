"""The files: personas, lists, the data folder and the memory in it."""

from __future__ import annotations

import errno
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pickled.brain.persona import parse_persona
from pickled.config import Config, shared_data_dir
from pickled.daemon.tables import load_tables
from pickled.doctor.check import Check
from pickled.errors import ConfigError, StoreError
from pickled.orchestrator.controls.personas import bundled_dir
from pickled.text_files import read_text

_PROBE = 64 * 1024
"""On a full disk an empty file, and perhaps a small one, can still be made, bytes."""


async def check_memory(config: Config) -> tuple[Check, ...]:
    """Can its file be read, and what does it hold?"""
    from pickled.daemon.folder import is_older
    from pickled.memory.database import FILE_NAME, open_database
    from pickled.memory.long_term import LongTerm

    assert config.data_dir is not None
    path = config.data_dir / FILE_NAME
    if not path.exists():
        older = config.data_dir.parent
        if older == shared_data_dir() and is_older(older) and not config.data_dir.exists():
            what = f"in {older}, as an older version left it: the next `pickled run` takes it over"
            return (Check("memory", "ok", what),)
        return (Check("memory", "ok", "empty: it begins with the first `pickled run`"),)
    try:
        async with open_database(path, read_only=True) as database:
            state = await LongTerm(database, None, lambda: datetime.now(UTC)).stats()
    except StoreError as error:
        remedy = f"{error} `pickled memory check` says more."
        return (Check("memory", "fail", f"{path} can't be read", remedy=remedy),)
    held = f"{state.entries} entries, {state.viewers} viewers, {state.size_bytes / 1e6:.1f} MB"
    return (Check("memory", "ok", held),)


def check_lists(config: Config) -> tuple[Check, ...]:
    """Can the lists be read, and does the owner know what no list can see?"""
    try:
        extended = load_tables(config).extended
    except ConfigError as error:
        return (Check("safety", "fail", "a list can't be used", remedy=str(error)),)
    safety, remedies = config.safety, []
    if safety.words_file is None:
        remedies.append("Name your own words in `safety.words_file`.")
    if safety.private_words_file is None:
        remedies.append(
            "Name your street and your family in `safety.private_words_file`: "
            "they are then never spoken or published."
        )
    what = "the bundled list is in force" if safety.words_file is None else str(safety.words_file)
    if extended:
        what += f"; {config.words_dir} extends {', '.join(extended)}"
    why = "A word list can't see what is vile in clean words, nor irony, nor a lie about somebody."
    return (Check("safety", "warn" if remedies else "ok", what, why, " ".join(remedies)),)


def check_personas(config: Config) -> tuple[Check, ...]:
    files: dict[str, Path] = {}
    for folder in (bundled_dir(), config.personas_dir):
        files |= {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    wrong = []
    for path in files.values():
        try:
            parse_persona(read_text(path), source=str(path))
        except ConfigError as error:
            wrong.append(str(error))
    names = ", ".join(sorted(files)) or "none"
    if config.persona not in files:
        remedy = f"Write {config.personas_dir / config.persona}.yaml, or name another `persona`."
        return (Check("personas", "fail", names, f"there is no {config.persona}", remedy),)
    wrong += [
        f"schedule: there is no persona {each.persona!r}."
        for each in config.schedule
        if each.persona not in files
    ]
    if wrong:
        return (Check("personas", "fail", names, remedy=" ".join(wrong)),)
    return (Check("personas", "ok", names),)


def check_data_dir(config: Config) -> tuple[Check, ...]:
    folder = config.data_dir or Path()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        if existing == folder:
            with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
                file.write(bytes(_PROBE))
        elif not (existing.is_dir() and os.access(existing, os.W_OK)):
            raise PermissionError(13, f"it can't be created in {existing}")
    except OSError as error:
        remedy = "Give the user that runs pickled the right to write there, or set `data_dir`."
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "Free some room there: what can't be saved waits in the daemon until then."
        return (Check("data", "fail", f"{folder} can't be written", str(error), remedy),)
    return (Check("data", "ok", f"{folder} can be written"),)
