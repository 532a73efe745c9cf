"""Reads the YAML of `hass/` as Home Assistant does, with its `!input`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.hass.tables import HASS

BLUEPRINTS = sorted((HASS / "blueprints" / "automation" / "pickled").glob("*.yaml"))
DASHBOARD = HASS / "dashboard.yaml"
PACKAGES = sorted((HASS / "packages").glob("*"))
_ENTITY = re.compile(
    r"\b(?:switch|select|number|button|notify|text|sensor|binary_sensor|event|scene|script|input_\w+)"
    r"\.pickled_\w+"
)
_STATES = re.compile(r"\bstates\.(\w+\.pickled_\w+)")


class Input(str):
    """`!input name`."""

    __slots__ = ()


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!input", lambda loader, node: Input(loader.construct_scalar(node)))


def read(path: Path) -> Any:
    """What stands in it."""
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)


def leaves(of: Any) -> Iterator[Any]:
    """Each value in it that holds no others."""
    if isinstance(of, dict):
        for each in of.values():
            yield from leaves(each)
    elif isinstance(of, list):
        for each in of:
            yield from leaves(each)
    else:
        yield of


def mappings(of: Any) -> Iterator[dict[str, Any]]:
    """Each mapping in it, the outer ones first."""
    if isinstance(of, dict):
        yield of
        for each in of.values():
            yield from mappings(each)
    elif isinstance(of, list):
        for each in of:
            yield from mappings(each)


def entities(path: Path) -> set[str]:
    """The co-host's entities that a file names, in templates, too."""
    text = path.read_text(encoding="utf-8")
    named = {each.removesuffix("_") for each in _ENTITY.findall(text)}
    return named | {each.removesuffix(".attributes") for each in _STATES.findall(text)}
