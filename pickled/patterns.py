"""Expressions, tables and libraries that cost nothing at import: each is made when first used."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any, ParamSpec, TypeVar, cast

Made = TypeVar("Made")
Given = ParamSpec("Given")

_waiting: list[Callable[[], object]] = []
"""What makes those that `warm` has not seen yet."""

_libraries: list[Callable[[], object]] = []
"""Libraries that `warm` has not seen yet."""

_compiling = Lock()
"""Held by `warm` until it comes to libraries."""

_forgetting: list[Callable[[], object]] = []
"""What makes each of them as good as new."""


def pattern(expression: str | Callable[[], str], flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, compiled on first use; used as any other from then on.

    For what a module holds: what is made again and again is not for this, it is never let go.
    A broken expression raises `re.PatternError` (`re.error`) there, not here. One that is put
    together at some length is given as what does it.
    """
    made = _Pattern(expression, flags)
    _waiting.append(made.compiled)
    if not isinstance(expression, str):
        _forgetting.append(made.forget)
    return cast("re.Pattern[str]", made)


def lazy(expression: str, flags: int = 0) -> re.Pattern[str]:
    """The same for what is made again and again: let go when nobody needs it, not warmed."""
    return cast("re.Pattern[str]", _Pattern(expression, flags))


def on_first_use(make: Callable[[], Made]) -> Callable[[], Made]:
    """A decorator, for what a module draws from its own tables: `make` is called once, then."""
    made = cache(make)

    def forgotten() -> None:
        made.cache_clear()
        _waiting.append(made)

    _waiting.append(made)
    _forgetting.append(forgotten)
    return made


def remembered(most: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """A decorator: `lru_cache` for what is drawn from tables, which `forget` clears."""

    def decorate(of: Callable[Given, Made]) -> Callable[Given, Made]:
        made = lru_cache(maxsize=most)(of)
        _forgetting.append(made.cache_clear)
        return cast("Callable[Given, Made]", made)

    return decorate


def forget() -> None:
    """Make anew, on next use, what is drawn from tables; for when these are other ones."""
    for each in tuple(_forgetting):
        each()


def module(name: str, *, lean: str = "") -> Any:
    """What `import` gives, imported on first use: for a library of which the start needs nothing.

    That it is missing is told there, not here. `lean` is a module that it can do without, and does.
    """
    made = _Module(name, lean)
    _libraries.append(made.imported)
    return made


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Within, whoever imports one of these finds that it isn't there; loaded ones stay."""
    known: dict[str, Any] = sys.modules
    hidden = [each for each in modules if each and each not in known]
    known.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for each in hidden:
            if known.get(each, hidden) is None:
                del known[each]


def warm() -> int:
    """Make all that waits, so that no line of chat has to; how many. For a thread: it takes long.

    Others may use them meanwhile. Libraries come last: they lie where compiling left room.
    """
    with _compiling:
        count = _make(_waiting)
    return count + _make(_libraries)


def wait() -> None:
    """Until nothing is being compiled, for a thread that loads much: it finds room then, too."""
    with _compiling:
        pass


def _make(waiting: list[Callable[[], object]]) -> int:
    count = 0
    while True:
        try:
            make = waiting.pop()
        except IndexError:  # also where another thread took the last one
            return count
        make()
        count += 1


class _Module:
    """Passes everything on to the module; what was asked for once is an attribute of its own."""

    def __init__(self, name: str, lean: str) -> None:
        self._name = name
        self._lean = lean

    def imported(self) -> ModuleType:
        """Twice gives the same twice."""
        with without(self._lean):
            return import_module(self._name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self.imported(), name)
        setattr(self, name, value)
        return value


class _Pattern:
    """Becomes the compiled one: what was asked for once is an attribute of its own after that."""

    def __init__(self, expression: str | Callable[[], str], flags: int) -> None:
        self._expression = expression
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """Twice at the same time gives the same twice."""
        if self._compiled is None:
            text = self._expression if isinstance(self._expression, str) else self._expression()
            self._compiled = re.compile(text, self._flags)
        return self._compiled

    def forget(self) -> None:
        """Compile it anew on next use."""
        expression, flags = self._expression, self._flags
        self.__dict__.clear()
        self._expression, self._flags, self._compiled = expression, flags, None
        _waiting.append(self.compiled)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self.compiled(), name)
        setattr(self, name, value)  # `search` and the like are found at once from now on
        return value
