"""Which tables there are, and what may stand in each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Check = Callable[[str], str]
"""Why an entry can't be one; empty where it can."""

LONGEST_WORDS = 80
"""Characters."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a table's entries are."""

    entry: Check
    under: Mapping[str, Check] = field(default_factory=lambda: MappingProxyType({}))
    """Heads whose entries are of another kind."""
    head: Check | None = None
    """What heads an owner may add; None: none. An entry is then under one head only."""
    instead: str = ""
    """The setting that names the owner's own list, where a table is not extended by a file."""

    def why_not(self, head: str, entry: str) -> str:
        """What is wrong with an entry under that head."""
        return self.under.get(head, self.entry)(entry)


def _word(entry: str) -> str:
    if entry.split() != [entry] or entry != entry.lower():
        return "a line is one word in small letters"
    return _words(entry)


def _words(entry: str) -> str:
    if len(entry) > LONGEST_WORDS or any(each < " " for each in entry):
        return f"a line is at most {LONGEST_WORDS} characters, and none that controls a terminal"
    return ""


def _name(entry: str) -> str:
    return "a line is one name, without spaces" if entry.split() != [entry] else _words(entry)


def _pair(entry: str) -> str:
    before, colon, after = entry.partition(": ")
    if not (colon and before.strip() and after.strip()):
        return "a line is `what is said: what is meant`"
    return _words(before) or _words(after[:LONGEST_WORDS])


def _expression(entry: str) -> str:
    try:
        compiled = re.compile(f"(?:x|{entry})", re.VERBOSE if r"\ " in entry else 0)
    except re.error as error:
        return f"this is no regular expression: {error.msg}"
    return "it fits every text" if compiled.match("") else ""


def _valence(head: str) -> str:
    try:
        fits = -1 <= float(head) <= 1
    except ValueError:
        fits = False
    return "" if fits else "a head is a number from -1 to 1"


FORMS: Mapping[str, TableForm] = MappingProxyType(
    {
        "bots": TableForm(_word),
        "facts/words": TableForm(_word, under={"sensitive": _expression}),
        "feeling/degrees": TableForm(_word),
        "feeling/emoji": TableForm(_name, instead="emotes_file"),
        "feeling/emotes": TableForm(_name, instead="emotes_file"),
        "feeling/solemn": TableForm(_words),
        "feeling/suffixes": TableForm(_name, instead="emotes_file"),
        "feeling/words": TableForm(_word, head=_valence),
        "injection/echo_words": TableForm(_word),
        "injection/names": TableForm(_words),
        "looking": TableForm(_words),
        "meaning/chat_words": TableForm(
            _word,
            under={
                **dict.fromkeys(("short for", "phrases", "same", "asked", "said"), _pair),
                **dict.fromkeys(("emotes", "brands"), _name),
            },
        ),
        "meaning/common_words": TableForm(_word),
        "moderation/common": TableForm(_word),
        "moderation/default": TableForm(_words, instead="safety.words_file"),
        "moderation/lookalikes": TableForm(_pair, instead="safety.words_file"),
        "normalization/actions": TableForm(_word),
        "normalization/smileys": TableForm(_name),
        "privacy/addresses": TableForm(
            _expression, under=dict.fromkeys(("no name", "hints"), _word)
        ),
        "privacy/gazetteer": TableForm(_words),
        "privacy/lodging": TableForm(_expression),
        "privacy/personal": TableForm(_word),
        "privacy/place_patterns": TableForm(_expression),
        "privacy/place_words": TableForm(
            _expression, under=dict.fromkeys(("abroad words", "no place", "games"), _word)
        ),
        "sentences": TableForm(_word, under={"begins": _name}),
        "sites": TableForm(_word),
        "talk": TableForm(_words, under={"sounds": _expression}),
        "thoughts": TableForm(_name, under={"think": _pair, "begin": _pair, "token": _expression}),
    }
)
"""By the name of the file, without its ending."""
