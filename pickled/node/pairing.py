"""One line that pairs a node with a broker: where it is, who the node is there, whom it trusts.

`pickled-node-1.PAYLOAD.CHECK`: base64url of packed JSON and certificate, and the beginning of its
SHA-256. It holds a password: whoever has it can play as that node.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import ssl
import zlib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from pickled.errors import UsageError
from pickled.messages.base import NodeName
from pickled.patterns import pattern

VERSION = 1
LONGEST_LINE = 8192
"""Characters; of whatever is longer only so much is looked at."""

_BEGINS = "pickled-node-"
_LINE = pattern(r"pickled-node-(?P<version>[0-9]{1,4})\.(?P<rest>[A-Za-z0-9_.\s-]*)")
_LARGEST = 16_384
_LENGTH_BYTES = 2
_CHECK_BYTES = 6
_ANEW = "print a new one on the server: `sudo pickled pair --node NAME`"


class Pairing(BaseModel):
    """What the line says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = Field(pattern=r"^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$")
    port: int = Field(ge=1, le=65535)
    tls: bool = False
    user: str = Field(pattern=r"^[^\x00-\x20/+#]{1,128}$")
    password: SecretStr = Field(min_length=1, max_length=256)
    instance: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    base: str = Field(default="pickled", pattern=r"^[^$+#/\x00\s][^+#\x00\s]{0,63}$")
    """`mqtt.base_topic`."""
    node: NodeName
    authority: bytes = Field(default=b"", exclude=True, max_length=4096)
    """Of the broker's certificate, DER; without one those that this system trusts."""

    @property
    def fingerprint(self) -> str:
        """Of the authority, for a person to compare; empty without one."""
        found = hashlib.sha256(self.authority).hexdigest() if self.authority else ""
        return ":".join(found[at : at + 2] for at in range(0, 32, 2)) if found else ""

    @property
    def pem(self) -> str:
        """The authority as programs want it in a file."""
        return ssl.DER_cert_to_PEM_cert(self.authority)


def der_of(pem: str) -> bytes:
    """The first certificate of a PEM text; raises ValueError."""
    end = "-----END CERTIFICATE-----"
    begin = pem.index("-----BEGIN CERTIFICATE-----")
    return ssl.PEM_cert_to_DER_cert(pem[begin : pem.index(end, begin) + len(end)])


def line_of(pairing: Pairing) -> str:
    """The line; it holds the password."""
    fields = pairing.model_dump(exclude_defaults=True)
    fields["password"] = pairing.password.get_secret_value()
    words = json.dumps(fields, separators=(",", ":")).encode()
    packed = zlib.compress(len(words).to_bytes(_LENGTH_BYTES, "big") + words + pairing.authority, 9)
    return f"{_BEGINS}{VERSION}.{_text(packed)}.{_check(packed)}"


def is_whole(text: str) -> bool:
    """Has the line come to its end, as far as can be seen?"""
    found = _LINE.search(text[:LONGEST_LINE])
    parts = _bare(found["rest"]).split(".") if found else []
    return len(parts) > 1 and len(parts[1]) >= len(_text(bytes(_CHECK_BYTES)))


def read_line(text: str) -> Pairing:
    """What a line says that somebody pasted, wrapped or with other lines around it.

    Raises UsageError with what to do, which repeats nothing of it.
    """
    found = _LINE.search(text[:LONGEST_LINE])
    if found is None:
        raise UsageError(
            f"That is no pairing line: it begins with {_BEGINS}{VERSION}. and is what "
            "`sudo pickled pair --node NAME` prints on the server."
        )
    if (version := int(found["version"])) != VERSION:
        newer = "this node is older than the server: install the same version of pickled here"
        older = f"the server is older than this node: install the same version there, and {_ANEW}"
        raise UsageError(
            f"That line is of another version: {newer if version > VERSION else older}."
        )
    packed = _packed(_bare(found["rest"]))
    words, authority = _unpacked(packed)
    try:
        pairing = Pairing.model_validate({**words, "authority": authority})
    except ValidationError as error:
        named = ".".join(str(each) for each in error.errors()[0]["loc"]) or "all of it"
        raise UsageError(f"That pairing line can't be used ({named}): {_ANEW}.") from None
    if authority:
        try:
            ssl.create_default_context(cadata=authority)
        except (ssl.SSLError, ValueError):
            raise UsageError(f"The certificate in that line is none: {_ANEW}.") from None
    return pairing


def _packed(rest: str) -> bytes:
    payload, _, more = rest.partition(".")
    try:
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except (binascii.Error, ValueError):
        packed = b""
    check = _text(bytes(_CHECK_BYTES))
    if not packed or _text(packed) != payload or more[: len(check)] != _check(packed):
        raise UsageError(
            "That pairing line is not whole, or something in it was changed: copy all of it, from "
            f"{_BEGINS} to its end, or {_ANEW}."
        )
    return packed


def _unpacked(packed: bytes) -> tuple[dict[str, Any], bytes]:
    """Raises UsageError; of what swells more than it may nothing is kept."""
    try:
        unpacking = zlib.decompressobj()
        whole = unpacking.decompress(packed, _LARGEST)
        if not unpacking.eof:
            raise ValueError("it does not end")
        end = _LENGTH_BYTES + int.from_bytes(whole[:_LENGTH_BYTES], "big")
        words = json.loads(whole[_LENGTH_BYTES:end])
    except (zlib.error, ValueError, RecursionError):
        raise UsageError(f"That pairing line can't be read: {_ANEW}.") from None
    if not isinstance(words, dict):
        raise UsageError(f"That pairing line can't be read: {_ANEW}.")
    return words, whole[end:]


def _check(packed: bytes) -> str:
    return _text(hashlib.sha256(packed).digest()[:_CHECK_BYTES])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bare(text: str) -> str:
    """Without the breaks of a line that a window wrapped."""
    return "".join(text.split())
