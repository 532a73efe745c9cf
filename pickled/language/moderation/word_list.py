"""What must not be said: words and phrases in tiers, the bundled ones and the user's own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any, Literal, NamedTuple

from pickled import yaml_lines
from pickled.errors import ConfigError
from pickled.language.moderation import lookalikes, skeleton
from pickled.language.moderation.default_words import default_words
from pickled.language.moderation.folding import fold
from pickled.language.moderation.word_forms import ListedWord, Span, key
from pickled.language.moderation.word_search import WordSearch
from pickled.language.reading import Reading, read
from pickled.patterns import on_first_use, pattern

Tier = Literal["block", "mask"]
_FIRST_OF_EAST_ASIA = "\u2e80"
MOST_ENTRIES = 20_000
LONGEST_ENTRY = 80
_MOST_WORDS = 12
"""The last ones of a text, in which a phrase may have begun."""
_LISTS = ("block", "mask", "allow")
_TIERS: dict[str, Tier] = {"block": "block", "mask": "mask"}


class Match(NamedTuple):
    """A listed word in a text; which one is nobody's business."""

    tier: Tier
    start: int
    end: int
    """In the original text, all of it where the spelling tells no more."""


@dataclass(frozen=True)
class WordList:
    """Words and phrases, ready to be looked for in any spelling."""

    block: tuple[ListedWord, ...] = ()
    """What has them is not said at all."""
    mask: tuple[ListedWord, ...] = ()
    """These are left out of what is said."""
    allow: tuple[ListedWord, ...] = ()
    """Words and phrases that may be said although something listed is found in them."""
    default: bool = True
    """Is the bundled list in force too?"""

    def prepare(self) -> None:
        """Make ready what the first text would else wait for: milliseconds per hundred words."""
        self._search.prepare()
        self._allowed.prepare()
        self.may_begin("a word")

    def find(self, text: str | Reading) -> Match | None:
        """The first listed word, of those that block if there is one."""
        return min(self.find_all(text), key=lambda match: (match.tier, match.start), default=None)

    def find_all(self, text: str | Reading) -> list[Match]:
        """All listed words, in order, without those within something allowed."""
        reading = read(text)
        found = {Match(_TIERS[each.label], *each[:2]) for each in self._search.find(reading)}
        if not found:
            return []
        allowed = list(self._allowed.find(reading))
        return sorted(
            (match for match in found if not any(_within(match, each) for each in allowed)),
            key=lambda match: (match.start, match.end, match.tier),
        )

    def may_begin(self, text: str) -> bool:
        """Does a text end with the better part of a listed word or phrase?

        Less of it is the beginning of many others: `you` of a phrase.
        """
        joined = ""
        for word in reversed(_words(text)[-_MOST_WORDS:]):
            joined = word + joined
            begun = key(joined)
            if len(begun) > 1 and any(
                len(each) < 2 * len(begun) for each in self._keys_from(begun)
            ):
                return True
        return False

    def _keys_from(self, begun: str) -> Iterator[str]:
        after = range(bisect_left(self._keys, begun), len(self._keys))
        return takewhile(lambda each: each.startswith(begun), (self._keys[at] for at in after))

    @cached_property
    def _search(self) -> WordSearch:
        return WordSearch(self._listed)

    @cached_property
    def _keys(self) -> list[str]:
        return sorted({key("".join(each.words)) for each in self._listed})

    @cached_property
    def _listed(self) -> tuple[ListedWord, ...]:
        bundled = _bundled() if self.default else _NOTHING
        return (*self.block, *self.mask, *bundled.block, *bundled.mask)

    @cached_property
    def _allowed(self) -> WordSearch:
        return WordSearch((*self.allow, *(_bundled().allow if self.default else ())))


def _within(match: Match, allowed: Span) -> bool:
    return allowed.start <= match.start and match.end <= allowed.end


_NOTHING = WordList(default=False)
DEFAULT = WordList()
"""The bundled list alone."""


@on_first_use
def _bundled() -> WordList:
    block, mask, allow = map(_entries_of, _LISTS)
    return WordList(block, mask, allow)


def _entries_of(name: str) -> tuple[ListedWord, ...]:
    return tuple(found for each in default_words(name) for found in entries(each, label=name))


def parse_word_list(text: str, *, source: str) -> WordList:
    """The list that a YAML file holds; raises ConfigError with the line of the first mistake.

    `block`, `mask` and `allow` are lists of whole words or phrases; a `*` at either end of one
    stands for more letters there. `default: false` puts the bundled list out of force.
    """
    data, lines = yaml_lines.read(text, source)
    for name in data:
        if name not in {*_LISTS, "default"}:
            raise _error(source, lines, (name,), f"unknown key {name}, known: {_KNOWN}")
    default = data.get("default", True)
    if not isinstance(default, bool):
        raise _error(source, lines, ("default",), "default is true or false")
    parts = {name: tuple(_entries(data, name, source, lines)) for name in _LISTS}
    if sum(map(len, parts.values())) > MOST_ENTRIES:
        raise ConfigError(f"{source}:1: more than {MOST_ENTRIES} words are too many")
    return WordList(**parts, default=default)


_KNOWN = ", ".join((*_LISTS, "default"))


def _entries(
    data: Mapping[str, Any], name: str, source: str, lines: Mapping[yaml_lines.Where, int]
) -> Iterator[ListedWord]:
    listed = data.get(name)
    if listed is None:
        return
    if not isinstance(listed, list):
        raise _error(source, lines, (name,), f"{name} is a list of words")
    for place, each in enumerate(listed):
        if not isinstance(each, str):
            told = "yes, no, on, off and numbers need quotes" if each is not None else "empty"
            raise _error(source, lines, (name, place), f"{name}: a word is a text ({told})")
        if why := _why_not(each):
            raise _error(source, lines, (name, place), f"{name}: {why}")
        yield from entries(each, label=name)


def entries(listed: str, *, label: str = "block") -> list[ListedWord]:
    """What is looked for when this is listed.

    Words of another script are also looked for as they read among Latin letters.
    """
    bare = listed.strip()
    before, after = bare.startswith("*"), bare.endswith("*")
    bare = bare.strip("*").strip()
    spellings = [_words(bare), _words(f"{bare} latin")[:-1], _own_words(bare)]
    return [
        ListedWord(words, label, before, after)
        for place, words in enumerate(dict.fromkeys(spellings))
        if words and (place == 0 or len("".join(words)) > 3)
    ]


def _words(text: str) -> tuple[str, ...]:
    folded = fold(text.lower() if text.isascii() else text)
    return tuple(each.text for each in skeleton.tokens(folded, "symbols part"))


def _own_words(text: str) -> tuple[str, ...]:
    """The words of a script whose letters look like Latin ones, as they are among their own."""
    own = "".join(map(lookalikes.folded, text.casefold())).casefold()
    at_home = all(lookalikes.script(each) in _ALIKE for each in own if each.isalpha())
    return tuple(_WORD.findall(own)) if at_home else ()


_WORD = pattern(r"[^\W_]+")
_ALIKE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN"})


def _why_not(listed: str) -> str:
    bare = listed.strip().strip("*").strip()
    letters = sum(map(str.isalnum, bare))
    if "*" in bare:
        return f"{listed[:40]!r}: a * stands at an end"
    if letters < 2 and not any(each >= _FIRST_OF_EAST_ASIA for each in bare):
        return f"{listed[:40]!r}: a word has two letters or more"
    if len(bare) > LONGEST_ENTRY:
        return f"{listed[:40]!r}…: longer than {LONGEST_ENTRY} characters"
    return ""


def _error(
    source: str,
    lines: Mapping[yaml_lines.Where, int],
    path: yaml_lines.Where,
    problem: str,
) -> ConfigError:
    return ConfigError(f"{source}:{yaml_lines.line_of(path, lines)}: {problem}")
