"""JSON that leaves no doubt: no key twice, no NaN, no number too large, no half characters."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from pickled.errors import CommandRefused

_LARGEST_WHOLE = 2**53


def parse_object(text: str) -> dict[str, Any]:
    """The fields of a JSON object; raises CommandRefused for whatever leaves a doubt."""
    try:
        fields = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_reasonable,
            object_pairs_hook=_no_repeats,
        )
        _check_text(fields)
    except (ValueError, RecursionError) as error:
        raise CommandRefused("bad_payload", f"not valid JSON: {error}"[:200]) from error
    assert isinstance(fields, dict)
    return fields


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise CommandRefused("out_of_range", "a number is too large")
    return number


def _reasonable(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST_WHOLE:
        raise CommandRefused("out_of_range", "a number is too large")
    return number


def _check_text(value: object) -> None:
    """JSON's escapes can smuggle in what no text in UTF-8 has."""
    match value:
        case str():
            value.encode()  # raises ValueError for half a character
            if "\0" in value:
                raise ValueError("contains a NUL character")
        case dict():
            for key, inner in value.items():
                _check_text(key)
                _check_text(inner)
        case list():
            for inner in value:
                _check_text(inner)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is given twice")
    return fields
