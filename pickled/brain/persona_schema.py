"""The JSON schema of a persona file, for editors and for `personas/persona.schema.json`."""

from __future__ import annotations

from typing import Any

from pickled.brain.persona import Persona
from pickled.brain.readout_phrases import READOUT_REASONS
from pickled.messages.documented import Documented
from pickled.messages.stream import STREAM_EVENT_TYPES


def persona_schema() -> dict[str, Any]:
    """JSON schema of a persona file, for editors and for `personas/persona.schema.json`."""
    schema = Persona.model_json_schema(mode="validation", schema_generator=Documented)
    behavior = schema["$defs"]["Behavior"]["properties"]
    behavior["spontaneous_rate"] = {
        "description": "The prototype's word for spontaneity, from 0 to 1.",
        "type": "number",
        "minimum": 0,
        "maximum": 1,
    }
    openers, text = schema["properties"]["openers"], schema["$defs"]["Opener"]["properties"]["text"]
    openers["items"] = {"anyOf": [text, openers["items"]]}
    name = schema["$defs"]["AllowedAction"]["properties"]["name"]
    schema["properties"]["actions"]["items"] = {
        "anyOf": [name, schema["properties"]["actions"]["items"]]
    }
    for path in ("triggers", "style", "emotions", "openers", "actions"):
        _or_one(schema["properties"], path)
    _or_one(schema["$defs"]["Opener"]["properties"], "emotions")
    readout = schema["properties"]["readout"]
    readout["propertyNames"] = {"enum": list(READOUT_REASONS)}
    _or_one(readout, "additionalProperties")
    events = schema["properties"]["events"]
    events["propertyNames"] = {"enum": list(STREAM_EVENT_TYPES)}
    _or_one(events, "additionalProperties")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _or_one(where: dict[str, Any], key: str) -> None:
    """A list that may be written as one text."""
    listed = where[key]
    about = {
        name: listed.pop(name) for name in ("description", "title", "default") if name in listed
    }
    where[key] = {"anyOf": [listed, listed["items"]], **about}
