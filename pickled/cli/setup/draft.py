"""The configuration as it will be: kept apart until its owner has seen it."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pickled.cli.setup.written import with_settings
from pickled.cli.steps import write_whole
from pickled.config import Config, load
from pickled.config.config import FILE_NAME
from pickled.errors import ConfigError, UsageError
from pickled.text_files import read_text
from pickled.yaml_lines import Where

BEFORE = ".before"
"""Ends the name of the copy that is kept of a file that is changed."""


@dataclass
class Draft:
    """A `pickled.yaml` that is being made, or changed."""

    path: Path
    before: str
    """What the file holds; empty if there is none."""
    environ: Mapping[str, str]
    settings: dict[Where, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path | None, *, environ: Mapping[str, str], cwd: Path) -> Draft:
        """The file that is named, else the one that `pickled run` would find, else a new one here.

        Raises ConfigError for a file that can't be used, UsageError for one that can't be written.
        """
        wanted = cwd / path.expanduser() if path else None
        there = wanted is None or wanted.exists()
        found = load(wanted, environ=environ, cwd=cwd).path if there else None
        target = (wanted or found or cwd / FILE_NAME).absolute()
        if not target.parent.is_dir():
            raise UsageError(f"There is no folder {target.parent}: make it first.")
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise UsageError(
                f"{target} can't be written by this user: write another one with --config FILE, "
                "or run this as the one who may."
            )
        return cls(target, read_text(target) if target.exists() else "", environ)

    def set(self, value: Any, *path: str | int) -> None:
        """A value that will stand there; the one that is in force already changes nothing."""
        self.settings[path] = value

    def set_part(self, section: str, kind: str, options: Mapping[str, Any]) -> None:
        """A part of that kind: options of the same kind that are there already stay."""
        same = _kind(self.before, section) == kind
        if not same:
            self.set({"kind": kind, **options}, section)
            return
        for name, value in options.items():
            self.set(value, section, name)

    def text(self) -> str:
        """What the file will hold."""
        return with_settings(self.before, self.settings)

    def config(self) -> Config:
        """What that means; raises ConfigError."""
        with self.beside(self.text()) as file:
            return load(file, environ=self.environ, cwd=self.path.parent).config

    @contextmanager
    def beside(self, text: str) -> Iterator[Path]:
        """A file with that text, for a moment, where paths in it mean the same."""
        handle, name = tempfile.mkstemp(".yaml", f".{self.path.stem}-", self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def keep_secret(self, name: str, secret: str) -> None:
        """In a file beside the configuration that nobody else may read; raises ConfigError."""
        path = self.path.parent / name
        try:
            write_whole(path, f"{secret}\n".encode(), 0o600)
        except OSError as error:
            raise ConfigError(f"{path} can't be written: {error.strerror}") from error

    def changes(self) -> list[str]:
        """What is added and taken out, a line each, with + or - in front."""
        lines = difflib.unified_diff(
            self.before.splitlines(), self.text().splitlines(), lineterm="", n=0
        )
        return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]

    def write(self) -> Path | None:
        """Put it in place, all of it or nothing; the copy of what was there before."""
        copy = None
        text = self.text()
        try:
            if self.before:
                copy = self.path.with_name(self.path.name + BEFORE)
                _put(copy, self.before, like=self.path)
            _put(self.path, text, like=self.path)
        except OSError as error:
            raise ConfigError(f"{self.path} can't be written: {error.strerror}") from error
        return copy


def _kind(text: str, section: str) -> str | None:
    node = yaml.compose(text, Loader=yaml.SafeLoader) if text.strip() else None
    for path in (section, "kind"):
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == path), None)
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _put(path: Path, text: str, *, like: Path) -> None:
    mode = like.stat().st_mode & 0o777 if like.exists() else 0o644
    write_whole(path, text.encode(), mode)
