"""IRC lines as Twitch writes them: cut out of frames, and taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_LINE = 16_384
"""Bytes; IRC allows 8,191 of tags and 512 of message, what is longer is no line."""

_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}


@dataclass(frozen=True, slots=True)
class IrcMessage:
    """One line, taken apart; nothing in it is trusted."""

    command: str
    params: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    nick: str = ""
    """Who sent it; empty for the server."""

    @property
    def text(self) -> str:
        """What follows the channel's name; empty if nothing does."""
        return self.params[1] if len(self.params) > 1 else ""


class LineSplitter:
    """Puts lines together from pieces that were cut anywhere, also within a character."""

    def __init__(self) -> None:
        self.too_long = 0
        """Lines that were thrown away because they had no end."""
        self._rest = b""
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[str]:
        """The lines that are complete now; at most LONGEST_LINE bytes are kept for later."""
        *complete, self._rest = (self._rest + data).split(b"\n")
        for each in complete:
            if self._skipping or len(each) > LONGEST_LINE:
                self.too_long += 1
                self._skipping = False
            elif line := each.removesuffix(b"\r").decode("utf-8", "replace"):
                yield line
        if len(self._rest) > LONGEST_LINE:
            self._rest, self._skipping = b"", True


def parse_line(line: str) -> IrcMessage | None:
    """Take a line apart; None if it is not IRC."""
    rest = line.strip("\r\n")
    tags: dict[str, str] = {}
    nick = ""
    if rest.startswith("@"):
        written, _, rest = rest[1:].partition(" ")
        tags = _tags(written)
        rest = rest.lstrip(" ")
    if rest.startswith(":"):
        prefix, _, rest = rest[1:].partition(" ")
        nick = prefix.partition("!")[0] if "!" in prefix else ""
        rest = rest.lstrip(" ")
    head, colon, trailing = rest.partition(" :")
    words = head.split(" ")
    command, *params = [word for word in words if word] or [""]
    if not command.isascii() or not command.isalnum():
        return None
    if colon:
        params.append(trailing)
    return IrcMessage(command=command.upper(), params=tuple(params), tags=tags, nick=nick)


def unescape(value: str) -> str:
    r"""A tag's value as it was meant: `\s` is a space, `\:` a semicolon."""
    if "\\" not in value:
        return value
    pieces = iter(value)
    text = ""
    for each in pieces:
        if each == "\\":
            escaped = next(pieces, "")
            text += _ESCAPES.get(escaped, escaped)
        else:
            text += each
    return text


def _tags(written: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in written.split(";") if each)
    return {name: unescape(value) for name, _, value in pairs}
