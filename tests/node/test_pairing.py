"""The line that pairs a node: whole, wrapped, cut, changed, of another version, hostile."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pickled.cli.certificates import new_authority
from pickled.errors import ConfigError, UsageError
from pickled.node.paired import PairedFiles
from pickled.node.pairing import Pairing, der_of, is_whole, line_of, read_line

SECRET = "s3cret-that-nobody-shall-see"


def pairing(**changed: Any) -> Pairing:
    """One without a certificate, unless told otherwise."""
    fields: dict[str, Any] = {
        "host": "192.168.1.10", "port": 1883, "user": "node-laptop",
        "password": SecretStr(SECRET), "instance": "home", "node": "laptop",
    }  # fmt: skip
    return Pairing(**fields | changed)


def of_words(words: object, *, version: int = 1) -> str:
    """A line with a right check around any words."""
    text = json.dumps(words).encode()
    return of_bytes(zlib.compress(len(text).to_bytes(2, "big") + text), version=version)


def of_bytes(packed: bytes, *, version: int = 1) -> str:
    coded, check = (
        base64.urlsafe_b64encode(each).decode().rstrip("=")
        for each in (packed, hashlib.sha256(packed).digest()[:6])
    )
    return f"pickled-node-{version}.{coded}.{check}"


def test_line_with_a_certificate_is_read_as_it_was_written() -> None:
    """In one line that a QR code can hold, and with the authority as it was."""
    authority = der_of(new_authority().certificate.decode())
    given = pairing(
        tls=True, port=8883, authority=authority, instance="studio", user="studio.node-laptop"
    )
    line = line_of(given)
    assert len(line.split()) == 1
    assert len(line) < 1500
    assert SECRET not in line
    assert read_line(line) == given
    assert der_of(given.pem) == authority
    assert len(given.fingerprint.split(":")) == 16
    assert SECRET not in repr(given)


@pytest.mark.parametrize("width", [7, 20, 80, 5000])
def test_line_that_a_window_wrapped_is_read_all_the_same(width: int) -> None:
    """With other lines around it, and a picture behind it."""
    line = line_of(pairing())
    wrapped = "\r\n".join(line[at : at + width] for at in range(0, len(line), width))
    text = f"$ sudo pickled pair --node laptop\n{wrapped}\n\n█▀▀▀█ ▄ \nUser node-laptop."
    assert is_whole(text) == (width > 12)  # the beginning itself is never broken so early
    if width > 12:
        assert read_line(text) == pairing()


def test_line_is_not_whole_before_its_end() -> None:
    """So whoever reads it piece by piece knows when to go on."""
    line = line_of(pairing())
    assert [is_whole(line[:end]) for end in range(len(line) + 1)].index(True) == len(line)


@pytest.mark.parametrize("cut", [1, 4, 9, 30])
def test_line_that_is_cut_is_refused(cut: int) -> None:
    """With what to do."""
    with pytest.raises(UsageError, match=r"not whole.*copy all of it"):
        read_line(line_of(pairing())[:-cut])


def test_line_with_one_letter_changed_is_refused() -> None:
    """Wherever it is."""
    line = line_of(pairing())
    for at in range(len("pickled-node-1."), len(line)):
        other = "A" if line[at] != "A" else "B"
        with pytest.raises(UsageError) as refused:
            read_line(line[:at] + other + line[at + 1 :])
        assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no pairing line"),
        ("mqtt://node-laptop@192.168.1.10", "is no pairing line"),
        (of_words({}, version=0), "the server is older"),
        (of_words({}, version=2), "this node is older"),
        (of_words({}), r"can't be used \(host\)"),
        (of_words([]), "can't be read"),
        (of_bytes(b"no zlib"), "can't be read"),
        (of_bytes(zlib.compress(b"\0" * 2_000_000)), "can't be read"),
        (of_bytes(zlib.compress(b"\xff\xff[[[[")), "can't be read"),
    ],
)
def test_line_of_no_use_is_refused_with_the_remedy(text: str, told: str) -> None:
    """Each by its cause."""
    with pytest.raises(UsageError, match=told) as refused:
        read_line(text)
    assert "pickled pair --node" in str(refused.value) or "install the same" in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "a b"), ("host", "-x"), ("port", 0), ("port", 70_000), ("user", "a/b"),
        ("user", "x#"), ("password", ""), ("instance", "Home"), ("node", "../etc"),
        ("base", "a/#"), ("node", "a" * 40),
    ],
)  # fmt: skip
def test_line_with_a_value_that_no_broker_can_have_is_refused(field: str, value: object) -> None:
    """Whoever made it: it becomes a topic, a file's name, a login."""
    words = json.loads(pairing().model_dump_json()) | {"password": SECRET, field: value}
    with pytest.raises(UsageError, match=f"can't be used \\({field}\\)"):
        read_line(of_words(words))


def test_line_with_something_that_is_no_certificate_is_refused() -> None:
    """Before anything is kept."""
    with pytest.raises(UsageError, match="certificate in that line is none"):
        read_line(line_of(pairing(tls=True, authority=b"no certificate")))


@given(st.text(max_size=300))
def test_any_text_is_refused_in_words(text: str) -> None:
    """Never with another error."""
    for each in (text, f"pickled-node-1.{text}", f"pickled-node-1.{text}.{text}"):
        with pytest.raises(UsageError):
            read_line(each)


def test_kept_pairing_is_for_its_user_alone(tmp_path: Path) -> None:
    """Mode 600, whole, and found again with its authority; the later one counts."""
    files = PairedFiles(tmp_path / "paired")
    authority = der_of(new_authority().certificate.decode())
    files.save(pairing(node="ear", user="node-ear"))
    first = files.save(pairing(tls=True, port=8883, authority=authority))
    assert first.stat().st_mode & 0o777 == 0o600
    assert first.parent.stat().st_mode & 0o777 == 0o700
    found = files.find()
    assert found is not None
    assert (found.node, found.authority) == ("laptop", authority)
    mqtt = files.mqtt(found)
    assert (mqtt.tls, mqtt.insecure, mqtt.username) == (True, False, "node-laptop")
    assert mqtt.ca_file is not None
    assert der_of(mqtt.ca_file.read_text()) == authority
    ear = files.find("ear")
    assert ear is not None
    assert files.mqtt(ear).insecure
    assert files.mqtt(ear).ca_file is None
    files.save(pairing())  # the same node, now without a certificate
    again = files.find("laptop")
    assert again is not None
    assert files.mqtt(again).ca_file is None
    assert sorted(each.name for each in first.parent.iterdir()) == ["ear.json", "laptop.json"]
    assert files.forget("ear") == ["ear"]
    assert files.forget() == ["laptop"]
    assert files.find() is None
    assert files.forget() == []
    assert list(first.parent.iterdir()) == []


def test_kept_pairing_that_is_broken_is_named(tmp_path: Path) -> None:
    """With the remedy, and without what is in it."""
    files = PairedFiles(tmp_path)
    path = files.save(pairing())
    path.write_text(path.read_text()[:-5])
    with pytest.raises(ConfigError, match="pickled node pair") as refused:
        files.find()
    assert SECRET not in str(refused.value)
