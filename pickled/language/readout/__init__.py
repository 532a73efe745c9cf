"""What is said without a model, in the persona's language: a file for each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

Phrases = Mapping[str, tuple[str, ...]]
"""Reason → phrases, with `{user}`, `{text}` and `{count}` to be filled in."""

DEFAULT = "en"


def languages() -> tuple[str, ...]:
    """Those that there are phrases in."""
    found = (each.name for each in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def phrases(language: str) -> Phrases:
    """Of that language, `de` or `de-AT`; in English where there are none of it."""
    own = language.replace("_", "-").partition("-")[0].lower()
    return _read(own if own in languages() else DEFAULT)


@cache
def _read(language: str) -> Phrases:
    text = files(__name__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return {reason: tuple(given) for reason, given in yaml.safe_load(text).items()}
