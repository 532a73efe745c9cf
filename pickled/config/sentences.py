"""What is wrong with a value of the configuration or of a command, in a sentence of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT = "has to be one text, in quotes where it looks like something else"
_WHOLE = "has to be a whole number"
_NUMBER = "has to be a number"
_SWITCH = "is a switch: write true or false"
_TIME = 'has to be a time of day: write it as "22:00"'
_SECTION = "has keys of its own: write `{{key: value}}`"
_LIST = "has to be a list: write it in brackets, as in [first, second]"
_PATH = "has to be the path of a file or folder, one text"

_KINDS = {
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "model_type": _SECTION,
    "model_attributes_type": _SECTION,
    "dict_type": _SECTION,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "path_type": _PATH,
    "missing": "is missing: write it",
    "extra_forbidden": "is not a known key",
    "string_pattern_mismatch": "is not of the form that is wanted here",
    "greater_than_equal": "has to be at least {ge}",
    "greater_than": "has to be greater than {gt}",
    "less_than_equal": "has to be at most {le}",
    "less_than": "has to be less than {lt}",
    "string_too_short": "has to have at least {min_length} characters",
    "string_too_long": "can have at most {max_length} characters",
    "too_short": "has to have at least {min_length} entries",
    "too_long": "can have at most {max_length} entries",
    "literal_error": "has to be one of these: {expected}",
    "enum": "has to be one of these: {expected}",
}
"""Pydantic's kind of error: the predicate, to which its limits are given."""

_FORMS = {
    "kind": "has to be a name in small letters, as `ollama`",
    "context": "has to be small letters, digits and _, as in heart_rate",
    "prefix": "has to be a word in small letters, digits and _, as in `prefix: pickle`",
    "channel": "has to be the name alone, as what follows twitch.tv/ in its address",
    "base_topic": "has to be one word without /, + and #: write `pickled`",
    "discovery_prefix": "has to be without + and #: write `homeassistant`",
    "host": "has to be an address: write it as http://127.0.0.1:11434",
    "base_url": "has to be an address: write it as http://127.0.0.1:8080/v1",
    "url": "has to be an address: write it as tcp://127.0.0.1:10200",
    "irc_url": "has to be an address: write it as wss://host:port",
}
"""What a key with a form of its own looks like."""


def sentence(error: Mapping[str, Any]) -> str:
    """The predicate to a key's name, in our words; `error` is one of pydantic's `errors()`."""
    kind, limits = error["type"], error.get("ctx") or {}
    if kind == "value_error":
        return ": " + str(error["msg"]).removeprefix("Value error, ")
    names = [key for key in error["loc"] if isinstance(key, str)]
    if kind == "string_pattern_mismatch" and names and names[-1] in _FORMS:
        return " " + _FORMS[names[-1]]
    if kind in ("string_too_short", "too_short") and limits.get("min_length") == 1:
        return " can't be empty"
    told = _KINDS.get(kind, "is not what is wanted here")
    return " " + told.format_map({name: _plain(each) for name, each in limits.items()})


def _plain(limit: object) -> str:
    return f"{limit:g}" if isinstance(limit, float) else str(limit).replace("'", "")
