"""Parts of another package that do what no part should: each fault is an option's value."""

from __future__ import annotations

from importlib import import_module

from pickled.plugins import Plug

FOLDERS = ("inputs", "llm", "tts", "outputs")


def faulty(folder: str, fault: str) -> Plug:
    """The part of that folder, with that fault."""
    module = import_module(f"{__name__}.{folder}")
    return Plug(folder, "faulty", module.Options(fault=fault), module)
