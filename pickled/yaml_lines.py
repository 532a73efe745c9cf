"""YAML with the line of every key, so that a mistake can be pointed at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pickled.errors import ConfigError

Where = tuple[str | int, ...]
"""Keys and positions from the top to a value."""


def read(text: str, source: str) -> tuple[dict[str, Any], dict[Where, int]]:
    """The mapping that a text holds and the line of each of its parts; raises ConfigError."""
    lines: dict[Where, int] = {(): 1}
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        data = {} if node is None else _build(loader, node, (), lines, set())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigError(f"{source}:{line}: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{source}:1: is not YAML: {str(error)[:200]}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{source}:1: it consists of `key: value` lines")
    return data, lines


def _build(
    loader: yaml.SafeLoader, node: yaml.Node, path: Where, lines: dict[Where, int], seen: set[int]
) -> Any:
    """The node's value; notes the line of every key and item."""
    if id(node) in seen:
        raise yaml.MarkedYAMLError(
            problem="anchors are not used here", problem_mark=node.start_mark
        )
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, each in enumerate(node.value):
            lines[*path, index] = each.start_mark.line + 1
        return [
            _build(loader, each, (*path, index), lines, seen)
            for index, each in enumerate(node.value)
        ]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "a key"
        if key in built or not isinstance(key_node, yaml.ScalarNode):
            problem = f"{key} is given twice" if key in built else "a key is a plain word"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
        lines[*path, key] = key_node.start_mark.line + 1
        built[key] = _build(loader, value_node, (*path, key), lines, seen)
    return built


def line_of(path: Where, lines: Mapping[Where, int]) -> int:
    """The line of the innermost part of the path that is in the file."""
    while path not in lines:
        path = path[:-1]
    return lines[path]
