"""The files of `topics/`: what is printed from the contract, and what is kept for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import unified_diff

from pydantic import ValidationError

from pickled.errors import CommandRefused, ContractError
from pickled.messages.command import parse
from pickled.mqtt import acl, asyncapi, mosquitto
from pickled.mqtt.examples import examples
from pickled.topic_rows import Kind, Topic
from pickled.topics import TOPICS, Root

EXAMPLES = "examples/"
_ROWS = {asyncapi.name(row): row for row in TOPICS}
_KINDS: dict[Kind, str] = {
    "state": "States: retained, sent on connect and on every change",
    "command": "Commands: never retained, answered on `event/command`",
    "event": "Events: JSON, not retained",
    "stream": "Streams: sound and what belongs to it",
}


def files(existing: Mapping[str, bytes]) -> dict[str, bytes]:
    """What `topics/` should hold, by its path in there; `existing` is what it holds."""
    found: dict[str, bytes] = {
        "README.md": _readme().encode(),
        "asyncapi.yaml": asyncapi.document().encode(),
        "mosquitto/mosquitto.conf": mosquitto.configuration().encode(),
        "mosquitto/acl": acl.access_list(Root()).encode(),
    }
    for row in TOPICS:
        if (schema := asyncapi.schema(row)) is not None:
            text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            found[f"schemas/{asyncapi.name(row)}.json"] = text.encode()
        found |= _kept_examples(row, existing)
    return found


def problems(existing: Mapping[str, bytes]) -> list[str]:
    """What is wrong with the files of `topics/`: each a readable difference or sentence."""
    wanted = files(existing)
    found = [_difference(path, existing.get(path), content) for path, content in wanted.items()]
    stray = sorted(existing.keys() - wanted.keys())
    found += [f"{path}: is not printed any more; delete it" for path in stray]
    for path, content in sorted(existing.items()):
        if path.startswith(EXAMPLES) and (error := _misread(path, content)):
            found.append(f"{path}: an old example must still parse: {error}")
    return [each for each in found if each]


def _kept_examples(row: Topic, existing: Mapping[str, bytes]) -> dict[str, bytes]:
    """All that there are, and those of today that are not among them under the next number."""
    start = f"{EXAMPLES}{asyncapi.name(row)}."
    kept = {
        path: content
        for path, content in existing.items()
        if path.startswith(start) and path.removeprefix(start).split(".")[0].isdigit()
    }
    for payload in examples(row):
        if payload in kept.values():
            continue
        ending = "bin" if row.form == "binary" else "txt"
        if payload[:1] in (b"{", b"["):
            ending = "json"
        taken = [int(path.removeprefix(start).split(".")[0]) for path in kept]
        kept[f"{start}{max(taken, default=0) + 1}.{ending}"] = payload
    return kept


def _misread(path: str, content: bytes) -> str | None:
    row = _ROWS.get(path.removeprefix(EXAMPLES).rsplit(".", 2)[0])
    if row is None:
        return "there is no such topic"
    try:
        if row.kind == "command":
            parse(row.payload, content)
        else:
            row.decode(content)
    except CommandRefused as error:
        return f"{error.code}: {error}"
    except (ContractError, ValidationError) as error:
        return str(error)
    return None


def _difference(path: str, old: bytes | None, new: bytes) -> str | None:
    if old == new:
        return None
    if old is None:
        return f"{path}: is missing"
    before, after = (each.decode(errors="replace").splitlines() for each in (old, new))
    lines = list(unified_diff(before, after, path, f"{path} (now)", lineterm="", n=1))
    rest = [f"… and {len(lines) - 40} more lines"] if len(lines) > 40 else []
    return "\n".join([*lines[:40], *rest])


def _readme() -> str:
    head = (
        "# The MQTT contract\n\n"
        "Printed by `pickled topics write` from `pickled/topics.py`; `pickled topics check` fails "
        "when it is out of date.\n"
        "`~/` stands for `pickled/<instance>/`, by default `pickled/home/`.\n"
        "*later* marks what is agreed but not built yet: it is not published and not obeyed.\n\n"
        "- `asyncapi.yaml`: all of it as AsyncAPI 3.0; `schemas/`: each payload as JSON Schema\n"
        "- `examples/`: payloads as they are sent; old ones stay, and must still be read\n"
        "- `mosquitto/`: the broker's configuration and access list\n\n"
        "MQTT 5 response topics are `~/reply/<user>/…`, "
        "which the access list lets only that user read.\n"
    )
    return head + "".join(_table(kind, title) for kind, title in _KINDS.items())


def _table(kind: Kind, title: str) -> str:
    rows = (_line(row) for row in TOPICS if row.kind == kind)
    head = "| topic | what | example | by | read by |\n|---|---|---|---|---|\n"
    return f"\n## {title}\n\n{head}" + "\n".join(rows) + "\n"


def _line(row: Topic) -> str:
    what = row.doc if row.built else f"*later*: {row.doc}"
    by, to = (", ".join(sorted(roles)) for roles in (row.by, row.to))
    return f"| `~/{row.path}` | {what} | {_shown(row)} | {by} | {to} |"


def _shown(row: Topic) -> str:
    if row.form == "binary":
        return "binary"
    text = examples(row)[0].decode()
    if row.form == "json" and len(text) > 100:
        return f"[JSON](examples/{asyncapi.name(row)}.1.json)"
    return f"`{text}`".replace("|", "\\|") if text else "empty"
