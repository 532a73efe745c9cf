"""The forms in which people write a channel, a broker, a prefix, an instance or a path."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pickled.patterns import pattern

_CHANNEL = pattern(r"[a-z0-9_]{1,25}")
_TWITCH = pattern(
    r"(?i)(?:https?://)?(?:(?:www|m|go)\.)?twitch\.tv/(?:popout/|moderator/|u/)?(?P<name>[^/?#]*).*"
)
_INSTANCE = pattern(r"[a-z0-9-]{1,32}")
_VARIABLE = pattern(r"\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))")
_OF_WINDOWS = pattern(r"[A-Za-z]:[\\/]|\\\\")
_NO_LEVEL = pattern(r"[+#\x00\s]")
_LONGEST_PREFIX = 64
PORT, TLS_PORT = 1883, 8883
"""Where a broker listens, and where for TLS, unless told otherwise."""
_WANTED = "write the host's name alone, as in `mqtt: {host: 192.168.1.5, port: 1883}`"
_LARGEST_PORT = 65535
_SCHEMES = {"": False, "mqtt": False, "tcp": False, "mqtts": True, "ssl": True, "tls": True}
"""Does it mean TLS?"""


def channel_name(text: str) -> str:
    """The login that a pasted address or an @name means; raises ValueError that says what to write.

    Also for what is none: `https://www.youtube.com/@name` must not become somebody's login.
    """
    asked = "write the name alone, as in `channel: yourname`"
    plain = text.strip()
    if address := _TWITCH.fullmatch(plain):
        plain = address["name"]
    plain = plain.removeprefix("#").removeprefix("@").rstrip("/").strip().lower()
    if not plain:
        raise ValueError(f"is empty; {asked}")
    if _CHANNEL.fullmatch(plain):
        return plain
    if "://" in plain or "/" in plain:
        raise ValueError(f"is not the address of a Twitch channel; {asked}")
    raise ValueError(
        "is not a Twitch login (letters, digits and _, at most 25): "
        "write what follows twitch.tv/ in its address"
    )


def instance_name(text: str) -> str:
    """An instance's name; raises ValueError with the nearest one that can be used."""
    plain = text.strip()
    if _INSTANCE.fullmatch(plain):
        return plain
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    nearest = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:32].strip("-") or "home"
    raise ValueError(
        f"can have small letters, digits and - alone, at most 32: write `instance: {nearest}`"
    )


def prefix(text: str, *, levels: bool) -> str:
    """The beginning of topics, without slashes at its ends; raises ValueError."""
    plain = text.strip().strip("/")
    if plain.startswith("$"):
        raise ValueError("can't begin with $, those topics are the broker's own: write `pickled`")
    if not plain:
        raise ValueError("is empty: write a word, or leave the key out")
    if _NO_LEVEL.search(plain):
        raise ValueError("can't hold +, # or spaces: write a plain word")
    if "/" in plain and not levels:
        raise ValueError(f"has to be one word without /: write `{plain.replace('/', '-')}`")
    if "//" in plain:
        raise ValueError("has an empty level: write it without //")
    if len(plain) > _LONGEST_PREFIX:
        raise ValueError(f"can have at most {_LONGEST_PREFIX} characters: write a shorter one")
    return plain


@dataclass(frozen=True)
class BrokerAddress:
    """What somebody wrote for the broker's host."""

    host: str
    port: int | None = None
    username: str | None = None
    tls: bool | None = None


def broker_address(text: str, *, wanted: str = _WANTED) -> BrokerAddress:
    """Its parts; raises ValueError that says what to write, and never repeats a password."""
    plain = text.strip()
    if "://" not in plain and plain.count(":") > 1 and not plain.startswith("["):
        return BrokerAddress(plain)  # an IPv6 address
    try:
        url = urlsplit(plain if "://" in plain else f"//{plain}")
        port, host = url.port, url.hostname
    except ValueError as error:
        raise ValueError(f"is not an address; {wanted}") from error
    if url.password is not None:
        raise ValueError(
            "holds a password, which others may read there: take it out, write it into a file, "
            "and name that in `password_file` (--password-file)"
        )
    tls = _SCHEMES.get(url.scheme)
    if tls is None:
        raise ValueError(f"begins with {url.scheme}://, and it is MQTT that is wanted; {wanted}")
    if not host or url.path.strip("/") or url.query or url.fragment or " " in host:
        raise ValueError(f"is not the name of a host; {wanted}")
    if port == 0:
        raise ValueError(f"needs a port from 1 to {_LARGEST_PORT}; {wanted}")
    username = unquote(url.username) if url.username else None
    return BrokerAddress(host, port, username, tls or None)


def path(text: str, environ: Mapping[str, str]) -> str:
    """With `~` and `$NAME` filled in; raises ValueError that says what to write."""
    if _OF_WINDOWS.match(text) and os.name != "nt":
        raise ValueError("is a path of Windows, and this is none: write it with /, from / or ~ on")

    def value(found: re.Match[str]) -> str:
        name = found["braced"] or found["plain"]
        if not environ.get(name):
            raise ValueError(f"names ${name}, which is not set: write the path itself")
        return environ[name]

    filled = _VARIABLE.sub(value, text.strip())
    if filled == "~" or filled.startswith("~/"):
        filled = environ.get("HOME", "~") + filled[1:]
    try:
        return str(Path(filled).expanduser())
    except RuntimeError as error:
        raise ValueError("names the home of a user who is not known here: write it out") from error
