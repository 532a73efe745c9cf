"""YAML with the line of every key, so that a mistake can be pointed at."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from pickled.errors import ConfigError

Where = tuple[str | int, ...]
"""Keys and positions from the top to a value."""

_QUOTES = "put the value in quotes"
_INDENTED = "is indented differently from the lines around it, or lacks a comma, bracket or quote"
_MEANINGS = (
    (r"character '\\t'", "begins with a tab: YAML is indented with spaces"),
    (r"cannot start any token|found undefined alias|alphabetic or numeric", f"{_QUOTES}"),
    (r"mapping values are not allowed", f"has one colon too many, or a wrong indent; {_QUOTES}"),
    (r"could not find expected ':'", "is no `key: value`, or the line before it is none"),
    (r"expected <block end>|expected a comment", _INDENTED),
    (r"expected ',' or|node content", "a bracket is not closed, or a comma is missing"),
    (r"escape", r"in double quotes \ has a meaning of its own: take single quotes, or /"),
    (r"unexpected end of stream", "a quote that begins here is not closed"),
    (r"determine a constructor", "has a tag that is not known here: write the value itself"),
    (r"single document", "holds a second document: take out the line ---"),
    (r"special characters", "is not YAML: it holds characters that are no text; save it as UTF-8"),
)
"""What the parser says, and what it means to whoever wrote the file."""
_AT_NAME = r"@\w+"
_MOST_NAMES = 100


@dataclass(frozen=True)
class Document:
    """What a text holds."""

    values: dict[str, Any]
    lines: dict[Where, int]
    texts: dict[Where, str] = field(default_factory=dict)
    """As written: what without quotes became a number, a date, true, false or nothing."""


class _Mistake(Exception):
    def __init__(self, problem: str, node: yaml.Node) -> None:
        super().__init__(problem)
        self.line = node.start_mark.line + 1


def read(text: str, source: str) -> tuple[dict[str, Any], dict[Where, int]]:
    """The mapping that a text holds and the line of each of its parts; raises ConfigError."""
    document = parse(text, source)
    return document.values, document.lines


def parse(text: str, source: str, *, secret: Callable[[str], str] | None = None) -> Document:
    """All that a text holds; `!secret name` is looked up there. Raises ConfigError."""
    for _ in range(_MOST_NAMES):
        try:
            return _parse(text, source, secret)
        except yaml.MarkedYAMLError as error:
            quoted = _with_quoted_name(text, error)
            if quoted is None:
                raise ConfigError(f"{source}:{_line(error)}: {_meaning(error)}") from error
            text = quoted
        except _Mistake as error:
            raise ConfigError(f"{source}:{error.line}: {error}") from error
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise ConfigError(f"{source}:1: {_meaning(error)}") from error
    raise ConfigError(f"{source}:1: put what begins with @ in quotes")


def line_of(path: Where, lines: Mapping[Where, int]) -> int:
    """The line of the innermost part of the path that is in the file."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _parse(text: str, source: str, secret: Callable[[str], str] | None) -> Document:
    loader = yaml.SafeLoader(text)
    node = loader.get_single_node()
    builder = _Builder(loader, text, secret)
    data = {} if node is None else builder.build(node, ())
    if not isinstance(data, dict):
        raise ConfigError(f"{source}:1: it consists of `key: value` lines{_spaced(data)}")
    return Document(data, builder.lines, builder.texts)


def _spaced(data: object) -> str:
    return ", with a space after the colon" if isinstance(data, str) and ":" in data else ""


class _Builder:
    """Makes the values of the nodes, and notes what is known of each."""

    def __init__(
        self, loader: yaml.SafeLoader, text: str, secret: Callable[[str], str] | None
    ) -> None:
        self._loader = loader
        self._text = text
        self._secret = secret
        self._seen: set[int] = set()
        self.lines: dict[Where, int] = {(): 1}
        self.texts: dict[Where, str] = {}

    def build(self, node: yaml.Node, path: Where) -> Any:
        """The node's value."""
        if id(node) in self._seen:
            raise _Mistake("anchors are not used here", node)
        self._seen.add(id(node))
        if node.tag.startswith("!"):
            return self._tagged(node)
        if isinstance(node, yaml.SequenceNode):
            for index, each in enumerate(node.value):
                self.lines[*path, index] = each.start_mark.line + 1
            return [self.build(each, (*path, index)) for index, each in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Where) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "a key"
            if key in built or not isinstance(key_node, yaml.ScalarNode):
                problem = f"{key} is given twice" if key in built else "a key is a plain word"
                raise _Mistake(problem, key_node)
            self.lines[*path, key] = key_node.start_mark.line + 1
            built[key] = self.build(value_node, (*path, key))
        return built

    def _scalar(self, node: yaml.Node, path: Where) -> Any:
        try:
            value = self._loader.construct_object(node)
        except (ValueError, LookupError):  # looks like a date or a number, and is none
            return str(node.value)
        if value is None and not node.value:
            self.texts[path] = self._comment_after(node)
        elif not isinstance(value, str):
            self.texts[path] = str(node.value)
        return value

    def _comment_after(self, node: yaml.Node) -> str:
        """`#name` where somebody wrote that for a value; else nothing."""
        rest = self._text[node.start_mark.index :].partition("\n")[0].strip()
        return rest if re.fullmatch(r"#\S+", rest) else ""

    def _tagged(self, node: yaml.Node) -> str:
        if self._secret is None or node.tag != "!secret" or not isinstance(node, yaml.ScalarNode):
            known = "only `!secret name` is" if self._secret else "write the value itself"
            what = f"{node.tag} is not known here: {known}"
            raise _Mistake(what if len(node.tag) > 1 else "put what begins with ! in quotes", node)
        try:
            return self._secret(str(node.value))
        except LookupError as error:
            raise _Mistake(str(error.args[0]), node) from error


def _with_quoted_name(text: str, error: yaml.MarkedYAMLError) -> str | None:
    """An @name needs quotes that nobody writes; nothing else can begin like that."""
    mark = error.problem_mark
    name = re.compile(_AT_NAME).match(text, mark.index) if mark else None
    if name is None or "cannot start any token" not in str(error.problem):
        return None
    return f'{text[: name.start()]}"{name.group()}"{text[name.end() :]}'


def _line(error: yaml.MarkedYAMLError) -> int:
    """Where it begins, for what is left open; where it is noticed, for all else."""
    opened = re.search(r"end of stream|expected ',' or|could not find", str(error.problem))
    mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _meaning(error: Exception) -> str:
    said = str(error)
    if isinstance(error, yaml.MarkedYAMLError):
        said = f"{error.context} {error.problem}"
    told = (meant for form, meant in _MEANINGS if re.search(form, said))
    return next(told, "is not YAML: look at the colons, quotes and the indent")
