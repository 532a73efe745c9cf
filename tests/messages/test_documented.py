"""Schemas tell what stands below the fields in the source."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field, RootModel, TypeAdapter

from pickled.messages.base import Message, Published
from pickled.messages.documented import Documented


class _Inner(Message):
    count: int = 0
    """How many."""
    plain: str = ""


class _Outer(_Inner):
    """Everything that a field can be."""

    plain: str = "changed"
    inner: _Inner = _Inner()
    """Has a schema
    of its own."""
    many: tuple[_Inner, ...] = ()
    """Several."""
    level: int = Field(0, validation_alias=AliasChoices("value", "level"))
    """Has two names."""
    since: str = Field("", alias="from")
    """Has another name."""
    own: str = Field("", description="As it says.")
    """Not this."""


class _Root(RootModel[dict[str, _Inner]]):
    """A table."""


def properties(model: Any, mode: Any = "validation") -> dict[str, Any]:
    """The schema's fields."""
    schema = TypeAdapter(model).json_schema(mode=mode, schema_generator=Documented)
    found: dict[str, Any] = schema["properties"]
    return found


def test_fields_are_described() -> None:
    """By their own string, whatever they are called in JSON."""
    told = {name: each.get("description") for name, each in properties(_Outer).items()}
    assert told == {
        "count": "How many.",
        "plain": None,
        "inner": "Has a schema\nof its own.",
        "many": "Several.",
        "value": "Has two names.",
        "from": "Has another name.",
        "own": "As it says.",
    }
    told = {
        name: each.get("description") for name, each in properties(_Outer, "serialization").items()
    }
    assert (told["level"], told["from"]) == ("Has two names.", "Has another name.")


def test_inner_models_are_described() -> None:
    """Those in tables, too."""
    schema = TypeAdapter(_Root).json_schema(schema_generator=Documented)
    assert schema["description"] == "A table."
    assert schema["$defs"]["_Inner"]["properties"]["count"]["description"] == "How many."


def test_inherited_fields_are_described() -> None:
    """Every event says what `suppressed` is."""
    assert "left out" in properties(Published)["suppressed"]["description"]
