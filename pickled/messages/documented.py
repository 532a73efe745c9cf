"""JSON Schema of our models with what stands below each field, which is read only for that."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema


class Documented(GenerateJsonSchema):
    """A `schema_generator` that describes each field by the string below it in the source.

    pydantic's `use_attribute_docstrings` says the same, but reads the source at each import.
    """

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """That of one model."""
        found = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        for name, field in model.model_fields.items():
            text = _text_below(model, name)
            for key in _keys(name, field) & found.get("properties", {}).keys():
                if text:
                    found["properties"][key].setdefault("description", text)
        return found


def _keys(name: str, field: FieldInfo) -> set[str]:
    """All that a field may be called in JSON."""
    alias = field.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else (alias,)
    return {
        name,
        *(each for each in (*choices, field.serialization_alias) if isinstance(each, str)),
    }


def _text_below(model: type[BaseModel], name: str) -> str:
    """What stands below a field where it was declared last; empty if nothing does."""
    declared = (each for each in model.__mro__ if name in vars(each).get("__annotations__", {}))
    return _texts(next(declared)).get(name, "")


@cache
def _texts(model: type) -> dict[str, str]:
    """What stands below the names that a class annotates."""
    declaration = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(declaration, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(declaration.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
