"""Finds our key for what was written: other programs' names, capitals, dashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel

from pickled.config.config import Config
from pickled.config.layers import Layer, dotted
from pickled.config.other_names import KIND, OF_PARTS, REFUSED, TAKEN
from pickled.errors import ConfigError
from pickled.yaml_lines import Where

T = TypeVar("T")


class Given:
    """A layer while it is read: what is known of each place, and what its owner is told."""

    def __init__(self, layer: Layer, environ: Mapping[str, str]) -> None:
        self._layer = layer
        self.environ = environ
        self.lines = dict(layer.lines)
        self.texts = dict(layer.texts)
        self.notes: list[str] = []

    def refuse(self, at: Where, predicate: str) -> NoReturn:
        """Raise ConfigError: that place, and what to write."""
        raise ConfigError(f"{self._whence(at)}: {' '.join(f'{dotted(at)}{predicate}'.split())}.")

    def refuse_comment(self, at: Where) -> None:
        """Raise ConfigError where YAML took the value for a comment."""
        if self.texts.get(at, "").startswith("#"):
            self.refuse(at, ": what follows # is a comment: put the value in quotes")

    def checked(self, at: Where, check: Callable[[], T]) -> T:
        """What comes of it; a ValueError's text is why that place is refused."""
        try:
            return check()
        except ValueError as error:
            self.refuse(at, f" {error}")

    def moved(self, at: Where, to: Where) -> None:
        """Lines and texts go with a value that gets another place."""
        for known in (self.lines, self.texts):
            for place in [each for each in known if each[: len(at)] == at]:
                known[*to, *place[len(at) :]] = known.pop(place)  # type: ignore[assignment]  # one of both

    def into_list(self, at: Where) -> None:
        """A value became the only one of a list."""
        line = self.lines.get(at)
        self.moved(at, (*at, 0))
        if line is not None:
            self.lines[at] = line

    def note(self, at: Where, to: Where) -> None:
        self.notes.append(f"{self._whence(at)}: {dotted(at)} is taken as {dotted(to)}.")

    def _whence(self, at: Where) -> str:
        inner = at
        while inner and inner not in self.lines:
            inner = inner[:-1]
        return f"{self._layer.origin}:{self.lines[inner]}" if inner else self._layer.origin


def rename(values: dict[str, Any], sections: Mapping[str, type[BaseModel]], given: Given) -> Any:
    """All keys but those of parts, as ours; one that belongs to another section is put there."""
    result: dict[str, Any] = {}
    _take(values, Config, (), result, given)
    for name, model in sections.items():
        if isinstance(inner := result.get(name), dict):
            result[name] = {}
            _take(inner, model, (name,), result, given)
    return result


def _take(
    values: dict[str, Any], model: type[BaseModel], at: Where, result: dict[str, Any], given: Given
) -> None:
    """Ours first: what stands under its own name is not replaced by another one."""
    section = ".".join(str(each) for each in at)
    ours = {key: _ours(key, model.model_fields) for key in values}
    for key in sorted(values, key=lambda key: key not in model.model_fields):
        name, place = ours[key], (*at, key)
        if name not in model.model_fields and name in REFUSED.get(section, {}):
            given.refuse(place, f" {REFUSED[section][name]}")
        target = (*at, name)
        if name not in model.model_fields and name in TAKEN.get(section, {}):
            target = TAKEN[section][name]
            given.note(place, target)
        elif name not in model.model_fields:
            target = place
        _put(result, target, values[key], place, given)


def _put(result: dict[str, Any], to: Where, value: Any, at: Where, given: Given) -> None:
    if to == ("mqtt", "host") and isinstance(value, dict):  # `broker: {host: …}`
        to = ("mqtt",)
    inner = result
    for key in to[:-1]:
        inner = inner.setdefault(str(key), {})
        if not isinstance(inner, dict):
            given.refuse(at, f" and {dotted(to[:1])} can't be given both: write `{to[0]}: {{…}}`")
    last = str(to[-1])
    if isinstance(value, dict) and isinstance(inner.get(last), dict) and at != to:
        for key, each in value.items():
            _put(result, (*to, key), each, (*at, key), given)
        return
    if last in inner:
        given.refuse(at, f" and {dotted(to)} are both given: keep {dotted(to)}")
    if at != to:
        given.moved(at, to)
    inner[last] = value


def rename_in_part(values: dict[str, Any], at: Where, given: Given) -> dict[str, Any]:
    """The options of one part, as ours."""
    other = next((each for each in KIND if isinstance(values.get(each), str)), None)
    kind = values.get("kind", values.get(other or ""))
    names = dict(OF_PARTS.get(str(kind), {}))
    if other and "kind" not in values:
        names[other] = "kind"
    result: dict[str, Any] = {}
    for key, value in values.items():
        name = names.get(key, key)
        if name != key:
            if name in values:
                given.refuse((*at, key), f" and {name} are both given: keep {name}")
            given.note((*at, key), (*at, name))
            given.moved((*at, key), (*at, name))
        result[name] = value
    return result


def _ours(key: str, fields: Mapping[str, Any]) -> str:
    """With dashes and capitals as in other programs; itself, if that is no key of ours."""
    if key in fields:
        return key
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip())
    return re.sub(r"[-\s.]+", "_", words).lower()
