"""Values changed at run time, kept in `data_dir/settings.json` over restarts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from pathlib import Path
from typing import Any

import structlog
from pydantic import Field, ValidationError

from pickled.errors import ConfigError
from pickled.messages.base import Strict

log = structlog.get_logger()

FILE_NAME = "settings.json"


class Setting(Strict):
    """One value, and the configured one that it replaced."""

    value: Any
    configured: Any = None


class _File(Strict):
    version: int = Field(default=1, ge=1, le=1)
    values: dict[str, Setting] = Field(default_factory=dict)


class Settings:
    """A value set at run time wins until the configured value that it replaced changes."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._values: dict[str, Setting] = {}
        self._saving = asyncio.Lock()
        self.unsaved = asyncio.Event()
        """Set while something is in force that the file does not have."""

    @property
    def folder(self) -> Path:
        """Where the file is."""
        return self._path.parent

    def load(self) -> None:
        """Read the file; a broken one is moved aside, named in the log, and replaced.

        Raises ConfigError if there is one that can't be read: a mute may stand in it.
        """
        try:
            self._load()
        except OSError as error:
            raise ConfigError(f"{self._path} can't be read: {error.strerror}") from error

    def _load(self) -> None:
        try:
            file = _File.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return
        except ValidationError as error:
            aside = self._path.with_suffix(".broken")
            self._path.replace(aside)
            log.error("settings can't be read, the configured ones are used", moved_to=str(aside),
                      why=str(error)[:200])  # fmt: skip
            return
        self._values = dict(file.values)

    def get(self, name: str, configured: Any) -> Any:
        """The value in force."""
        setting = self._values.get(name)
        if setting is None or setting.configured != configured:
            return configured
        return setting.value

    def set(self, name: str, value: Any, *, configured: Any) -> None:
        """Take a value; None goes back to the configured one. `save` makes it last."""
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = Setting(value=value, configured=configured)
        self.unsaved.set()

    async def save(self) -> None:
        """Write what is unsaved, whole or not at all; raises OSError if the disk does not take it.

        Not to be cancelled: two writes must not meet.
        """
        async with self._saving:
            if not self.unsaved.is_set():
                return
            self.unsaved.clear()  # before it is written: what is set meanwhile is unsaved again
            values = {name: each.model_dump() for name, each in sorted(self._values.items())}
            text = json.dumps({"version": 1, "values": values}, indent=2, ensure_ascii=False)
            try:
                await asyncio.to_thread(_replace, self._path, text.encode())
            except BaseException:
                self.unsaved.set()
                raise


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()  # half a file takes room that is missing already
        raise
