"""Says where a configuration is wrong: the file and its line, or the variables."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from pickled.config.config import FILE_NAME, Config
from pickled.config.kinds import model_at
from pickled.config.later import LATER_SECTIONS
from pickled.config.layers import Layer, dotted
from pickled.config.sentences import sentence
from pickled.yaml_lines import Where

_MOST_TOLD = 3


def explain(error: ValidationError, values: dict[str, Any], layers: Sequence[Layer]) -> str:
    """The first mistakes, one after the other."""
    told: dict[Where, str] = {}
    for each in error.errors(include_url=False, include_input=False):
        place = _within(values, each["loc"])
        what = sentence({**each, "loc": place})
        if each["type"] == "extra_forbidden":
            what += _nearest(place)
        told[place] = f"{told[place]}, or{what}" if place in told else what
    problems = [f"{origin(place, layers)}: {dotted(place)}{what}" for place, what in told.items()]
    left = len(problems) - _MOST_TOLD
    rest = f" (and {left} more)" if left > 0 else ""
    text = " ".join(("; ".join(problems[:_MOST_TOLD]) + rest).split())
    return text if text.endswith("?") else f"{text}."


def origin(place: Where, layers: Sequence[Layer]) -> str:
    """Where a value comes from, or what it belongs to if it is missing."""
    for inner in (place, place[:-1]):
        for layer in reversed(layers):
            if inner and (where := layer.where(inner)):
                return where
    return FILE_NAME


def _within(values: Any, place: Where) -> Where:
    """Without what pydantic adds where a value may be of several types."""
    for length, key in enumerate(place):
        if not isinstance(values, dict | list):
            return place[:length]
        try:
            values = values[key]  # type: ignore[index]  # a key, or a position
        except (KeyError, IndexError, TypeError):
            return place[: length + 1]
    return place


def _nearest(place: Where) -> str:
    model = model_at(Config, place[:-1])
    known = [each for each in model.model_fields if each != "base_dir"]
    if model is Config:
        known += LATER_SECTIONS
    near = get_close_matches(str(place[-1]), known, 1)
    return f"; did you mean {near[0]}?" if near else f" (there are {', '.join(known)})"
