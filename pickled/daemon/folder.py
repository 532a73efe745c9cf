"""The data folder: one for each instance; what lay there before that has an owner at once."""

from __future__ import annotations

from pathlib import Path

import structlog

from pickled.config import shared_data_dir
from pickled.errors import StoreError
from pickled.memory.database import FILE_NAME as MEMORY
from pickled.memory.lock import is_held, only_one
from pickled.orchestrator.controls.settings import FILE_NAME as SETTINGS

log = structlog.get_logger()

_ON_ITS_WAY = ".taken-over"
"""Holds what is moved until all of it is there: a start that was cut off goes on with it."""


def is_older(shared: Path) -> bool:
    """Does the folder hold the data of a version that gave no instance a folder of its own?"""
    return _holds_data(shared) or (shared / _ON_ITS_WAY).is_dir()


def take_over(data_dir: Path) -> None:
    """Make what such a version left the instance's own, where that one has nothing yet.

    Never from a daemon that still uses it. Raises StoreError if it can't be moved.
    """
    shared = data_dir.parent
    if data_dir.exists() or not is_older(shared) or shared != shared_data_dir():
        return
    try:
        with only_one(shared / MEMORY):
            if not is_older(shared):  # another instance was quicker
                return
            _move(shared, data_dir)
    except StoreError:
        if not is_held(shared / MEMORY):
            raise
        log.warning("the older data folder is in use: this instance starts empty",
                    folder=str(data_dir))  # fmt: skip
    except OSError as error:
        raise _refusal(shared, data_dir, str(error.strerror)) from error
    else:
        log.info("data folder taken over", before=str(shared), now=str(data_dir))


def _move(shared: Path, data_dir: Path) -> None:
    """The last step alone shows it, so it is whole or not there."""
    moving = shared / _ON_ITS_WAY
    moving.mkdir(exist_ok=True)
    stays = {moving.name, f"{MEMORY}.lock"}
    for each in sorted(shared.iterdir()):
        if each.name in stays or _is_of_an_instance(each):
            continue
        if (moving / each.name).exists():
            raise _refusal(shared, data_dir, f"{each.name} is there and in {moving}")
        each.rename(moving / each.name)
    moving.rename(data_dir)


def _refusal(shared: Path, data_dir: Path, why: str) -> StoreError:
    return StoreError(
        f"{shared} can't be taken over as {data_dir}: {why}; move it yourself, or name a `data_dir`"
    )


def _is_of_an_instance(path: Path) -> bool:
    return path.is_dir() and _holds_data(path)


def _holds_data(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (MEMORY, SETTINGS))
