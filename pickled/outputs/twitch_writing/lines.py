"""How a text looks as lines of chat: short enough, cut at words, and never a command."""

from __future__ import annotations

from pickled.patterns import pattern

LONGEST = 500
"""Characters, as Twitch takes them."""

MOST_LINES = 3
"""A text that is longer is cut off: chat is no place for a speech."""

_COMMAND = pattern(r"^[\s/!.\\]+")
_CONTROL = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def lines_of(text: str, *, longest: int = LONGEST) -> tuple[str, ...]:
    """The text in lines; none if nothing is left of it. The last one ends with … if it was cut."""
    left = " ".join(_CONTROL.sub(" ", text).split())
    lines: list[str] = []
    while (left := _COMMAND.sub("", left)) and len(lines) < MOST_LINES:
        line, left = _first(left, longest)
        lines.append(line)
    if left and lines:
        lines[-1] = _first(lines[-1], longest - len(" …"))[0] + " …"
    return tuple(lines)


def _first(text: str, longest: int) -> tuple[str, str]:
    """One line of it, up to a word's end where there is one, and the rest."""
    if len(text) <= longest:
        return text, ""
    at = text.rfind(" ", 0, longest + 1)
    at = at if at > 0 else longest
    return text[:at].rstrip(), text[at:].lstrip()
