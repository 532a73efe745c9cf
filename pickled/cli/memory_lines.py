"""The JSON lines that `pickled memory` reads and writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel, Field, ValidationError

from pickled.errors import PickledError, UsageError
from pickled.messages.memory import Entry


class Query(BaseModel):
    """One line of `--queries`."""

    id: str
    text: str
    k: int = Field(default=3, ge=1, le=1000)


def entries_in(file: Path) -> Iterator[Entry]:
    """The memories of a file; raises UsageError that names the line."""
    for number, line in _lines(file):
        try:
            yield Entry.model_validate({"source": "import", **_with_zone(json.loads(line))})
        except (ValueError, TypeError, AttributeError) as error:
            raise UsageError(f"{file}, line {number} is no memory: {_why(error)}") from error


def _with_zone(line: dict[str, Any]) -> dict[str, Any]:
    """A moment without a time zone is meant in UTC."""
    at = line.get("at")
    if isinstance(at, str) and (moment := datetime.fromisoformat(at)).tzinfo is None:
        return line | {"at": moment.replace(tzinfo=UTC)}
    return line


def queries_in(file: Path) -> Iterator[Query]:
    """The queries of a file; raises UsageError that names the line."""
    for number, line in _lines(file):
        try:
            yield Query.model_validate_json(line)
        except ValidationError as error:
            raise UsageError(f"{file}, line {number} is no query: {_why(error)}") from error


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8") as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read: {error}") from error


@contextmanager
def opened(file: Path | None) -> Iterator[TextIO]:
    """The file to write to, or the terminal."""
    if file is None:
        yield sys.stdout
        return
    try:
        with file.open("w", encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise PickledError(f"{file} can't be written: {error.strerror}") from error
