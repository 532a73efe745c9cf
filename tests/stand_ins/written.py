"""What a model that is held to a schema writes; a schema that can't be kept is refused."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

Schema = dict[str, Any]

_NOT_IN_A_STRING = str.maketrans({'"': "'", "\\": "/", "\n": " "})


class SchemaError(ValueError):
    """No grammar lets the answer through, or none can be made."""


def written(emotion: str, text: str, schema: Schema | str | None) -> str:
    """The answer in the form that the schema leaves; without any, the usual object."""
    match schema:
        case {"type": "string"}:
            said: object = f"{emotion} {text.translate(_NOT_IN_A_STRING)}"
        case {"anyOf": _}:
            said = {emotion: text}
        case _:
            said = {"emotion": emotion, "text": text}
            if isinstance(schema, dict):
                said = {key: each for key, each in said.items() if key in schema["properties"]}
    if isinstance(schema, dict):
        for error in jsonschema.Draft202012Validator(schema).iter_errors(said):
            raise SchemaError(f"no grammar lets that through: {error.message}")
    return json.dumps(said, ensure_ascii=False)
