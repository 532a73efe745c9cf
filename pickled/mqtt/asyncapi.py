"""The contract as AsyncAPI 3.0 and JSON Schema, printed from its table."""

from __future__ import annotations

import json
from typing import Any

import yaml
from pydantic import AliasChoices, BaseModel, TypeAdapter

from pickled.messages.documented import Documented
from pickled.mqtt.examples import examples
from pickled.topic_rows import Topic
from pickled.topics import TOPICS

Json = dict[str, Any]

CONTRACT_VERSION = "1.0.0"
_DRAFT = "application/schema+json;version=draft-07"
_ABOUT = """\
Everything that pickled shows and everything that it can be told.

States are retained; commands never are. A command's payload is the bare value, or a JSON object if
its first byte is `{`. Each command is answered on `event/command`. The document is written from the
daemon's side: it sends states and events, and receives commands.
"""
_CONTENT = {
    "json": "application/json",
    "scalar": "text/plain",
    "binary": "application/octet-stream",
}


def name(row: Topic) -> str:
    """A row's name in files and references: `muted.state`, `node.tts.begin`."""
    return row.path.replace("{node}/", "").replace("/", ".")


def schema(row: Topic) -> Json | None:
    """The JSON Schema of a row's payload; None if it is binary.

    For a command it is that of the JSON form; a bare payload stands for `{"value": …}`.
    """
    if row.form == "binary":
        return None
    adapter: TypeAdapter[Any] = TypeAdapter(row.payload)
    if row.kind != "command":
        return adapter.json_schema(mode="serialization", schema_generator=Documented)
    found = adapter.json_schema(mode="validation", schema_generator=Documented)
    _allow_all_names(found, row.payload)
    return found


def document() -> str:
    """`asyncapi.yaml`."""
    whole = {
        "asyncapi": "3.0.0",
        "info": {"title": "pickled", "version": CONTRACT_VERSION, "description": _ABOUT},
        "servers": {
            "home": {"host": "localhost:1883", "protocol": "mqtt", "protocolVersion": "5.0"},
        },
        "channels": {_key(row): _channel(row) for row in TOPICS},
        "operations": {f"{_action(row)}_{_key(row)}": _operation(row) for row in TOPICS},
        "components": {
            "parameters": {
                "instance": {"description": "`instance` of pickled.yaml.", "default": "home"},
                "node": {"description": "An audio-node's name."},
            },
            "messages": {_key(row): _message(row) for row in TOPICS},
        },
    }
    return yaml.dump(whole, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


class _Plain(yaml.SafeDumper):
    """No anchors: each part is written out where it stands. Lines stay lines."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Plain.add_representer(str, _Plain.represent_str)


def _key(row: Topic) -> str:
    return name(row).replace(".", "_")


def _action(row: Topic) -> str:
    """What the daemon does with it."""
    receives = row.kind == "command" and "pickled" in row.to
    return "send" if "pickled" in row.by and not receives else "receive"


def _channel(row: Topic) -> Json:
    parameters = ["instance", *(["node"] if "{node}" in row.path else [])]
    found: Json = {
        "address": f"pickled/{{instance}}/{row.path}",
        "description": row.doc,
        "parameters": {each: {"$ref": f"#/components/parameters/{each}"} for each in parameters},
        "messages": {_key(row): {"$ref": f"#/components/messages/{_key(row)}"}},
        "x-kind": row.kind,
        "x-built": row.built,
        "x-published-by": sorted(row.by),
        "x-read-by": sorted(row.to),
    }
    if row.max_rate is not None:
        found["x-max-rate"] = row.max_rate
    return found


def _operation(row: Topic) -> Json:
    binding: Json = {"qos": row.qos, "retain": row.retain}
    if row.expiry_s is not None:
        binding["messageExpiryInterval"] = row.expiry_s
    found: Json = {
        "action": _action(row),
        "channel": {"$ref": f"#/channels/{_key(row)}"},
        "summary": row.doc,
        "bindings": {"mqtt": {**binding, "bindingVersion": "0.2.0"}},
    }
    if row.kind == "command" and _action(row) == "receive":
        found["reply"] = {"channel": {"$ref": "#/channels/event_command"}}
    return found


def _message(row: Topic) -> Json:
    kind = "application/json" if row.kind == "command" else _CONTENT[row.form]
    found: Json = {"name": name(row), "summary": row.doc, "contentType": kind}
    if row.form == "binary":
        return found
    if row.kind == "command":
        bare = [each.decode() for each in examples(row) if not each.startswith(b"{")]
        found["description"] = (
            f"Bare payload: `{bare[0]}`, or the JSON object." if bare else "JSON only."
        )
    found["payload"] = {
        "schemaFormat": _DRAFT,
        "schema": {"$ref": f"./schemas/{name(row)}.json"},
    }
    found["examples"] = [{"payload": _as_json(row, each)} for each in examples(row)]
    return found


def _as_json(row: Topic, payload: bytes) -> Any:
    if row.form == "json" or payload.startswith(b"{"):
        return json.loads(payload)
    value: Any = payload.decode()
    if row.kind != "command":
        return row.decode(payload)
    if not value:
        return {}
    shape = (schema(row) or {})["properties"]["value"]
    numeric = "number" in json.dumps(shape)
    return {"value": float(value) if numeric else value}


def _allow_all_names(found: Json, command: type[BaseModel]) -> None:
    """A field that the bare payload fills may be called `value` or by its own name, never both."""
    for field in command.model_fields.values():
        if not isinstance(field.validation_alias, AliasChoices):
            continue
        names = [str(each) for each in field.validation_alias.choices]
        for each in names[1:]:
            found["properties"][each] = found["properties"][names[0]]
        if field.is_required():
            found["required"].remove(names[0])
            if not found["required"]:
                del found["required"]
            found["oneOf"] = [{"required": [each]} for each in names]
        else:
            found["not"] = {"required": names}
