"""Finds texts and lines that are about somebody: by their ids, or by a name within the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pickled.language.facts.words import ordinary

_SHORTEST_NAME = 3
_SHORTEST_ID = 5


@dataclass(frozen=True)
class Person:
    """Somebody, by all that is known of them."""

    ids: frozenset[str]
    """The service's ids."""
    names: frozenset[str]
    """All names over time."""
    messages: frozenset[str] = frozenset()
    """Ids of what they wrote."""

    def is_mentioned(self, text: str) -> bool:
        """Is one of their names or ids a word of that text?

        A name that is an ordinary word, or very short, counts only as `@name`: somebody who calls
        themselves "dog" can't take away all that others told of dogs.
        """
        return bool(self._pattern.search(text))

    def is_named(self, name: str) -> bool:
        """Is that one of their names?"""
        return name.casefold() in self._folded

    def is_of(self, line: str) -> bool:
        """Is a line of an export (JSON, else any text) about them?"""
        try:
            values = _strings(json.loads(line))
        except (ValueError, RecursionError):
            return self.is_mentioned(line)
        return any(
            each in self.ids
            or each in self.messages
            or self.is_named(each)
            or self.is_mentioned(each)
            for each in values
        )

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(each.casefold() for each in self.names)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = [f"@{re.escape(each)}" for each in self.names]
        words += [re.escape(each) for each in self.names if _is_telling(each)]
        words += [re.escape(each) for each in self.ids if len(each) >= _SHORTEST_ID]
        return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)" if words else r"(?!)", re.I)


def _is_telling(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME and name.casefold() not in ordinary()


def _strings(value: Any) -> Iterator[str]:
    """All strings in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)
