"""Does what is being said quote a line of chat, or name its author?"""

from __future__ import annotations

from collections.abc import Sequence

from pickled.brain.event_texts import spoken_name
from pickled.language.address import folded
from pickled.language.injection.comparable import runs, weight, words
from pickled.messages.chat import ChatMessage

RUN = 4
"""Words of a line in a row that are a quotation."""

_TELLING = 2
"""So many of them tell something; a shorter line is quoted where all of it is said."""

_ENOUGH, _MOST = 3, 0.75
"""Of so many words that tell something, such a share is the line in other words."""

_MOST_LINES = 200

_SHORTEST_NAME = 3


def quotes(said: str, lines: Sequence[ChatMessage], *, names: bool) -> bool:
    """Does it quote one of these lines? With `names`: also, does it name who wrote one?"""
    spoken = words(said)
    if not spoken:
        return False
    known = {length: frozenset(runs(spoken, length)) for length in range(1, RUN + 1)}
    lines = lines[-_MOST_LINES:]
    if names and any(_names(each, said) for each in {line.user for line in lines}):
        return True
    told = frozenset(spoken)
    return any(
        _quotes(known, line) or _tells(told, line) for line in (words(each.text) for each in lines)
    )


def _quotes(known: dict[int, frozenset[tuple[str, ...]]], line: Sequence[str]) -> bool:
    length = min(RUN, len(line))
    shared = (each for each in runs(line, length) if each in known.get(length, ()))
    return any(weight(each) >= _TELLING for each in shared)


def _tells(told: frozenset[str], line: Sequence[str]) -> bool:
    """Nearly all that means something in it is said, in whatever order."""
    telling = {each for each in line if weight((each,))}
    return len(telling) >= _ENOUGH and len(telling & told) >= _MOST * len(telling)


def _names(user: str, said: str) -> bool:
    text = f" {' '.join(words(said))} "
    called = {folded(user), folded(spoken_name(user))}
    return any(
        len(each) >= _SHORTEST_NAME and f" {' '.join(words(each))} " in text for each in called
    )
