"""What goes out of the house and comes back: addresses, keys, other people's texts in errors."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from pickled.messages.base import Strict
from pickled.patterns import pattern

URL_PATTERN = r"^https?://[^\s/@?#]+(/[^\s@?#]*)?$"
"""An address without a name or a password in it."""

_HOME = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localhost")
_LONGEST_READ = 4000
_LONGEST_REASON = 200
_KEY = pattern(r"\b(?:sk|pk|key|gsk|xai)-[\w*-]{4,}")


class Account(Strict):
    """Where a service is, and with which key."""

    base_url: str = Field(pattern=URL_PATTERN)
    api_key: SecretStr | None = None
    """Better in a file: `api_key_file`. No vendor's variable is read."""

    @property
    def key(self) -> str:
        """The key itself; empty without one."""
        return self.api_key.get_secret_value() if self.api_key else ""

    @field_validator("api_key")
    @classmethod
    def _not_in_clear_text(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        return refuse_clear_text(info.data.get("base_url", ""), key)


def is_outside(url: str) -> bool:
    """Does the address lead out of the house? Bare names and private addresses don't."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_HOME)


def refuse_clear_text(url: str, key: SecretStr | None) -> SecretStr | None:
    """The key, unless everybody on the way could read it: raises ValueError."""
    if key is not None and url.lower().startswith("http://") and is_outside(url):
        raise ValueError("the key would go out in clear text; begin base_url with https://")
    return key


def sendable(text: str) -> str:
    """A text as it can be sent: no lone surrogates."""
    return text.encode("utf-8", "replace").decode()


def readable(reason: object, key: str) -> str:
    """A server's text in one short line without the key; empty for a page for a browser."""
    if not isinstance(reason, str) or "<" in reason[:1000]:
        return ""
    text = reason[:_LONGEST_READ].replace(key, "***") if key else reason[:_LONGEST_READ]
    text = " ".join(_KEY.sub("***", text).split())
    return "".join(filter(str.isprintable, text))[:_LONGEST_REASON]
