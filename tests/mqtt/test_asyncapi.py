"""The printed contract: schemas that agree with the examples, a document that hangs together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pickled.errors import CommandRefused
from pickled.messages.command import parse
from pickled.mqtt import printed
from pickled.mqtt.asyncapi import document, name, schema
from pickled.mqtt.examples import examples
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, topic

COMMITTED = Path(__file__).parents[2] / "topics"


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """The document as a reader sees it."""
    loaded: dict[str, Any] = yaml.safe_load(document())
    return loaded


@pytest.fixture(scope="module")
def committed() -> dict[str, bytes]:
    """What lies in the repository."""
    found = (path for path in COMMITTED.rglob("*") if path.is_file())
    return {path.relative_to(COMMITTED).as_posix(): path.read_bytes() for path in found}


def test_committed_files_are_those_of_the_table(committed: dict[str, bytes]) -> None:
    """`topics/` is printed, not written: `pickled topics write` mends a difference."""
    assert printed.problems(committed) == []


def test_printing_is_deterministic(committed: dict[str, bytes]) -> None:
    """The same table prints the same bytes, from nothing as from what is there."""
    assert printed.files({}) == printed.files({}) == printed.files(printed.files({}))
    assert printed.files(committed) == committed


def test_changed_file_is_a_problem_with_its_difference(committed: dict[str, bytes]) -> None:
    """Drift is shown line by line."""
    files = committed | {"README.md": committed["README.md"].replace(b"# The", b"# Thy", 1)}
    (problem,) = printed.problems(files)
    assert "-# Thy MQTT contract" in problem
    assert "+# The MQTT contract" in problem


def test_missing_and_stray_files_are_problems(committed: dict[str, bytes]) -> None:
    """What should not be there is named, as is what should."""
    files = {path: content for path, content in committed.items() if path != "mosquitto/acl"}
    assert printed.problems(files | {"schemas/old.json": b"{}"}) == [
        "mosquitto/acl: is missing",
        "schemas/old.json: is not printed any more; delete it",
    ]


def test_example_that_changes_leaves_the_old_one(committed: dict[str, bytes]) -> None:
    """Examples are kept for ever: today's becomes the next number beside an older one."""
    path = "examples/volume.state.1.txt"
    older = printed.files({path: b"75"})
    assert older[path] == b"75"
    assert older["examples/volume.state.2.txt"] == committed[path]
    assert printed.problems(committed | {"examples/volume.state.2.txt": b"75"}) == []


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("examples/muted.set.7.txt", b"MAYBE", "bad_payload"),
        ("examples/volume.state.7.txt", b"loud", "number"),
        ("examples/gone.state.1.txt", b"", "no such topic"),
    ],
)
def test_old_example_that_is_not_read_any_more_is_a_problem(
    committed: dict[str, bytes], path: str, content: bytes, why: str
) -> None:
    """A change that breaks what others wrote is refused."""
    found = printed.problems(committed | {path: content})
    assert any(path in each and why in each for each in found)


@pytest.mark.parametrize("row", TOPICS, ids=lambda row: row.path)
def test_examples_follow_their_schema(row: Topic) -> None:
    """Each row has an example that its schema and its reader accept."""
    assert examples(row)
    for payload in examples(row):
        if row.kind == "command":
            parse(row.payload, payload)
        else:
            assert row.encode(row.decode(payload)) == payload
    found = schema(row)
    if found is None:
        assert row.form == "binary"
        return
    jsonschema.Draft7Validator.check_schema(found)
    for payload in examples(row):
        if row.form == "json" or payload.startswith(b"{"):
            jsonschema.validate(json.loads(payload), found)


@pytest.mark.parametrize(
    ("path", "payload", "valid"),
    [
        ("cmd/say", {"text": "a"}, True),
        ("cmd/say", {"value": "a"}, True),
        ("cmd/say", {"value": "a", "text": "a"}, False),
        ("cmd/say", {}, False),
        ("cmd/say", {"text": "a", "loud": True}, False),
        ("cmd/skip", {}, True),
        ("cmd/skip", {"turn": "k5q2mz7abcde", "value": "k5q2mz7abcde"}, False),
        ("volume/set", {"value": 101}, False),
        ("volume/set", {"value": None}, True),
        ("cmd/forget", {"viewer": "a"}, False),
    ],
)
def test_command_schema_agrees_with_the_parser(path: str, payload: Any, valid: bool) -> None:
    """What the schema allows is what `parse` takes."""
    row = topic(path)
    found = schema(row)
    assert found
    assert jsonschema.Draft7Validator(found).is_valid(payload) == valid
    try:
        parse(row.payload, json.dumps(payload).encode())
    except CommandRefused:
        assert not valid
    else:
        assert valid


def test_document_has_every_row_once(whole: dict[str, Any]) -> None:
    """One channel, one operation and one message for each row."""
    addresses = {channel["address"] for channel in whole["channels"].values()}
    assert addresses == {f"pickled/{{instance}}/{row.path}" for row in TOPICS}
    assert len(whole["operations"]) == len(whole["components"]["messages"]) == len(TOPICS)


def test_document_has_no_dangling_reference(whole: dict[str, Any]) -> None:
    """Each `$ref` leads to a part of the document or to a printed schema."""
    files = printed.files({})
    for reference in _references(whole):
        if reference.startswith("./"):
            assert reference.removeprefix("./") in files
            continue
        inner: Any = whole
        for key in reference.removeprefix("#/").split("/"):
            inner = inner[key]


def test_operation_binding_carries_the_rows_qos_and_retain_flag(whole: dict[str, Any]) -> None:
    """MQTT's own settings stand on the operation."""
    for row in TOPICS:
        key = name(row).replace(".", "_")
        operation = next(
            each
            for each in whole["operations"].values()
            if each["channel"] == {"$ref": f"#/channels/{key}"}
        )
        binding = operation["bindings"]["mqtt"]
        assert (binding["qos"], binding["retain"]) == (row.qos, row.retain)
        assert whole["channels"][key]["x-built"] == row.built


def test_daemon_receives_commands_and_sends_states(whole: dict[str, Any]) -> None:
    """The document is written from the daemon's side."""
    operations = whole["operations"]
    assert operations["receive_muted_set"]["reply"]["channel"]["$ref"].endswith("/event_command")
    assert operations["send_muted_state"]["action"] == "send"
    assert "send_node_tts_audio" in operations
    assert "receive_node_played" in operations


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [each for inner in part.values() for each in _references(inner)]
    if isinstance(part, list):
        return [each for inner in part for each in _references(inner)]
    return []
