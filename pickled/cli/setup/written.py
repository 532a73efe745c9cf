"""`pickled.yaml` with other values: what its owner wrote beside them stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard

import yaml

from pickled.yaml_lines import Where

Settings = Mapping[Where, Any]
"""Keys and positions from the top to a value, and that value."""

COMMENTS = {
    "instance": "the name of this co-host in all its topics: pickled/NAME/…",
    "channel": "read-only chat of any channel, no account needed",
    "mqtt": "where the broker is",
    "llm": "who words the answers; without it, it reads out what matters",
    "tts": "who speaks; the voice of this machine is always behind it",
    "persona": "whose character it has: a file in personas/",
    "inputs": "what it hears",
}
_COMMENT_AT = 36
_HEAD = "# pickled: `pickled setup` writes it, `pickled doctor` checks it, `pickled run` uses it.\n"
_MORE = """
# More of what can be set is in the README, under "Configure it":
# memory: {retention_days: 30}       # how long chat is kept
# safety: {chat_hold_s: 2, private_words_file: private.txt}
# schedule: [{at: "22:00", persona: maple}]
"""


def with_settings(text: str, settings: Settings) -> str:
    """The same text with those values; an empty one becomes a new file, with comments.

    The text has to be YAML with a mapping at its top; raises yaml.YAMLError.
    """
    fresh = not text.strip()
    result = _HEAD if fresh else text
    for path, value in _gathered(settings, result).items():
        result = _with(result, path, value)
    return result + _MORE if fresh else result


def _gathered(settings: Settings, text: str) -> Settings:
    """What is said of a section that is not there yet, as one value."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    there = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    result: dict[Where, Any] = {}
    sections: dict[str, Any] = {}
    for path, value in settings.items():
        top, *rest = path
        if top in there or any(isinstance(each, int) for each in rest):
            result[path] = value
        elif not rest:
            sections[str(top)] = value
        else:
            into = sections.setdefault(str(top), {})
            for key in rest[:-1]:
                into = into.setdefault(key, {})
            into[rest[-1]] = value
    return result | {(top,): value for top, value in sections.items()}


def _with(text: str, path: Where, value: Any) -> str:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return _appended(text, path, value)
    for depth, key in enumerate(path):
        rest = path[depth + 1 :]
        found = _child(node, key)
        if found is None:
            if depth == 0 and not node.flow_style:
                return _appended(text, path, value)
            return _inserted(text, node, key, _nested(rest, value))
        name, inner = found
        if not rest and _says(text, inner, value):
            return text
        if not rest or not _leads_on(inner, rest[0]):
            return _replaced(text, name, inner, _nested(rest, value))
        node = inner
    return text


def _child(node: yaml.CollectionNode, key: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    """The key's node, where there is one, and the value's."""
    if isinstance(node, yaml.SequenceNode):
        number = key if isinstance(key, int) else len(node.value)
        return (None, node.value[number]) if number < len(node.value) else None
    return next(((name, inner) for name, inner in node.value if name.value == str(key)), None)


def _says(text: str, node: yaml.Node, value: Any) -> bool:
    """Is it that value already, however it is written?"""
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return bool(node.value == value)
    try:
        return bool(yaml.safe_load(text[node.start_mark.index : _end(text, node)]) == value)
    except yaml.YAMLError:  # a tag of ours, as `!secret`
        return False


def _leads_on(node: yaml.Node, key: str | int) -> TypeGuard[yaml.CollectionNode]:
    return isinstance(node, yaml.SequenceNode if isinstance(key, int) else yaml.MappingNode)


def _nested(rest: Iterable[str | int], value: Any) -> Any:
    for key in reversed(tuple(rest)):
        value = {key: value}
    return value


def _flow(value: Any) -> str:
    """On one line."""
    dumped: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000
    )
    return dumped.removesuffix("\n").removesuffix("\n...")


def _appended(text: str, path: Where, value: Any) -> str:
    key = str(path[0])
    line = f"{key}: {_flow(_nested(path[1:], value))}"
    if comment := COMMENTS.get(key):
        short = len(line) < _COMMENT_AT
        line = f"{line:<{_COMMENT_AT}} # {comment}" if short else f"# {comment}\n{line}"
    gap = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{gap}{line}\n"


def _replaced(text: str, name: yaml.Node | None, old: yaml.Node, value: Any) -> str:
    begin, end = old.start_mark.index, _end(text, old)
    if name is not None:  # a block begins on the line below its key
        begin = text.index(":", name.end_mark.index) + 1
    new = ("" if name is None else " ") + _flow(value)
    if end > begin and text[end - 1] == "\n":
        new += "\n"
    return text[:begin] + new + text[max(begin, end) :]


def _inserted(text: str, node: yaml.Node, key: str | int, value: Any) -> str:
    """As the last entry of a mapping or a list that is there."""
    entry = _flow(value) if isinstance(node, yaml.SequenceNode) else f"{key}: {_flow(value)}"
    if getattr(node, "flow_style", False):
        at = node.end_mark.index - 1
        if node.value:
            at = _end(text, _last(node))
            entry = f", {entry}"
        return text[:at] + entry + text[at:]
    first = node.value[0]
    column = (first[0] if isinstance(first, tuple) else first).start_mark.column
    dash = "- " if isinstance(node, yaml.SequenceNode) else ""
    line = " " * (column - len(dash)) + dash + entry
    end = _end(text, _last(node))
    if text[end - 1] != "\n":  # behind what follows on that line, as a comment
        end = text.find("\n", end) + 1 or len(text)
    gap = "" if text[end - 1] == "\n" else "\n"
    return f"{text[:end]}{gap}{line}\n{text[end:]}"


def _last(node: yaml.Node) -> yaml.Node:
    last = node.value[-1]
    found: yaml.Node = last[1] if isinstance(last, tuple) else last
    return found


def _end(text: str, node: yaml.Node) -> int:
    """Where a value ends; a block's own mark stands behind the comments that follow it."""
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if block and node.value:
        return max(_end(text, each) for each in _leaves(node))
    return node.end_mark.index


def _leaves(node: yaml.Node) -> Iterator[yaml.Node]:
    for each in node.value:
        yield from each if isinstance(each, tuple) else (each,)
