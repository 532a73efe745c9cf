"""What a model that is held to a schema writes; a schema that can't be kept is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema

Schema = dict[str, Any]

_NOT_IN_A_STRING = str.maketrans({'"': "'", "\\": "/", "\n": " "})


class SchemaError(ValueError):
    """No grammar lets the answer through, or none can be made."""


def written(emotion: str, text: str, schema: Schema | str | None, opens: bool = False) -> str:
    """The answer in the form that the schema leaves; without any, the usual object.

    `opens`: with the first opener that the schema offers to that emotion, if any.
    """
    openers = offered(emotion, schema)
    opener = openers[0] if opens and openers else ""
    match schema:
        case {"type": "string"}:
            begun = f"{opener or '-'} " if openers else ""
            said: object = f"{emotion} {begun}{text.translate(_NOT_IN_A_STRING)}"
        case {"anyOf": _}:
            said = {emotion: opener, "text": text} if openers else {emotion: text}
        case _:
            said = {"emotion": emotion, "opener": opener, "text": text}
            known = schema["properties"] if isinstance(schema, dict) else ("emotion", "text")
            said = {key: each for key, each in said.items() if key in known}
    if isinstance(schema, dict):
        for error in jsonschema.Draft202012Validator(schema).iter_errors(said):
            raise SchemaError(f"no grammar lets that through: {error.message}")
    return json.dumps(said, ensure_ascii=False)


def offered(emotion: str, schema: Schema | str | None) -> list[str]:
    """The openers that a schema lets stand before an answer with that emotion."""
    match schema:
        case {"type": "string", "pattern": str(pattern)}:
            for emotions, openers in re.findall(r"\(([a-z|]+)\) \(([^)]+)\|-\)", pattern):
                if emotion in emotions.split("|"):
                    return [re.sub(r"\[(.)\]", r"\1", each) for each in openers.split("|")]
        case {"anyOf": ways}:
            enums = [each["properties"].get(emotion, {}).get("enum", []) for each in ways]
            return [opener for enum in enums for opener in enum if opener]
        case {"properties": {"opener": {"enum": enum}}}:
            return [each for each in enum if each]
    return []
