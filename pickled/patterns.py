"""Regular expressions that cost nothing at import: each is compiled when it is first used."""

from __future__ import annotations

import re
from typing import Any, cast

_waiting: list[_Pattern] = []
"""Those that `warm` has not seen yet."""


def pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, compiled on first use; used as any other from then on.

    For what a module holds: what is made again and again is not for this, it is never let go.
    A broken expression raises `re.PatternError` (`re.error`) there, not here.
    """
    made = _Pattern(expression, flags)
    _waiting.append(made)
    return cast("re.Pattern[str]", made)


def warm() -> int:
    """Compile all that wait, so that no line of chat has to; how many. For a thread: it takes long.

    Others may use them meanwhile.
    """
    count = 0
    while True:
        try:
            _waiting.pop().compiled()
        except IndexError:
            return count
        count += 1


class _Pattern:
    """Becomes the compiled one: what was asked for once is an attribute of its own after that."""

    def __init__(self, expression: str, flags: int) -> None:
        self._expression = expression
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """Twice at the same time gives the same twice."""
        if self._compiled is None:
            self._compiled = re.compile(self._expression, self._flags)
        return self._compiled

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self.compiled(), name)
        setattr(self, name, value)  # `search` and the like are found at once from now on
        return value
